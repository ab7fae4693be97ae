"""Files in a bucket: whole or not at all, in parts, and nothing of the account in what is said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from credentials.files.addresses import BucketAddress
from credentials.files.disk import DiskStorage
from credentials.files.errors import FileStoreFailed, FileStoreUnknown, FileUnknown
from credentials.files.s3 import PART_BYTES, BucketStorage
from credentials.files.storage import open_storage
from tests.files.bucket_server import BucketServer
from tests.files.places import KEY, OTHER, Gone, cut_off

LATER = datetime.now(UTC) + timedelta(days=365)
# moto says of every upload that it began in 2010.
EARLIER = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    """A store that runs for all of these tests."""
    made = BucketServer()
    yield made
    made.stop()


@pytest.fixture
def storage(server: BucketServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketStorage]:
    """An empty bucket."""
    for name, value in server.environment(tmp_path / "nothing").items():
        monkeypatch.setenv(name, value)
    client = boto3.session.Session().client("s3")
    client.create_bucket(Bucket="work", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    server.log.clear()
    yield BucketStorage(BucketAddress.parse("s3://work/here"))
    server.failing = None
    for one in client.list_objects_v2(Bucket="work").get("Contents", ()):
        client.delete_object(Bucket="work", Key=one["Key"])
    for one in client.list_multipart_uploads(Bucket="work").get("Uploads", ()):
        client.abort_multipart_upload(Bucket="work", Key=one["Key"], UploadId=one["UploadId"])
    client.delete_bucket(Bucket="work")


def test_what_is_put_comes_back(storage: BucketStorage) -> None:
    storage.put(KEY, iter((b"one ", b"", b"two")))

    assert b"".join(storage.open(KEY)) == b"one two"
    assert list(storage.keys(LATER)) == [KEY]
    assert list(storage.keys(EARLIER)) == []


def test_a_long_file_goes_in_parts(storage: BucketStorage, server: BucketServer) -> None:
    piece = bytes(range(256)) * 4096
    count = 2 * PART_BYTES // len(piece) + 1
    storage.put(KEY, (piece for _ in range(count)))

    assert len([line for line in server.log if "partNumber" in line]) == 3
    assert b"".join(storage.open(KEY)) == piece * count


def test_what_is_cut_off_is_not_there(storage: BucketStorage) -> None:
    with pytest.raises(Gone):
        storage.put(KEY, cut_off(bytes(PART_BYTES), b"half"))

    assert list(storage.keys(LATER)) == []
    with pytest.raises(FileUnknown):
        storage.open(KEY)
    assert boto3.session.Session().client("s3").list_multipart_uploads(Bucket="work").get("Uploads", []) == []


def test_what_a_crash_left_is_swept(storage: BucketStorage) -> None:
    client = boto3.session.Session().client("s3")
    client.create_multipart_upload(Bucket="work", Key=f"here/RS/{KEY}")
    storage.sweep(EARLIER)
    assert len(client.list_multipart_uploads(Bucket="work").get("Uploads", [])) == 1

    storage.sweep(LATER)
    assert client.list_multipart_uploads(Bucket="work").get("Uploads", []) == []


def test_removing(storage: BucketStorage) -> None:
    storage.put(KEY, iter((b"x",)))
    storage.put(OTHER, iter((b"y",)))
    storage.remove(KEY)
    storage.remove(KEY)

    assert list(storage.keys(LATER)) == [OTHER]


@pytest.mark.parametrize("key", ["", "../../etc/passwd", KEY.lower(), f"{KEY}.exe"])
def test_no_other_key_is_asked_for(key: str, storage: BucketStorage, server: BucketServer) -> None:
    for attempt in (lambda: storage.put(key, iter((b"x",))), lambda: storage.open(key), lambda: storage.remove(key)):
        with pytest.raises(FileUnknown):
            attempt()
    assert server.log == []


@pytest.mark.parametrize("failing", [(403, "AccessDenied"), (400, "NoSuchBucket"), (404, "NoSuchBucket")])
def test_a_bucket_that_refuses(failing: tuple[int, str], storage: BucketStorage, server: BucketServer) -> None:
    server.failing = failing
    attempts = (
        lambda: storage.put(KEY, iter((b"x",))),
        lambda: storage.open(KEY),
        lambda: storage.remove(KEY),
        lambda: list(storage.keys(LATER)),
        lambda: storage.sweep(LATER),
    )
    for attempt in attempts:
        with pytest.raises(FileStoreFailed) as caught:
            attempt()
        assert "secret" not in str(caught.value)
        assert failing[1] in str(caught.value)


def test_a_bucket_without_a_server(tmp_path: Path, server: BucketServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment(tmp_path / "nothing").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")

    with pytest.raises(FileStoreFailed):
        BucketStorage(BucketAddress("work")).open(KEY)


def test_the_place_that_a_setting_names(tmp_path: Path) -> None:
    assert isinstance(open_storage("", tmp_path), DiskStorage)
    assert repr(open_storage("s3://work", tmp_path)) == "BucketStorage('work')"
    assert BucketAddress.parse("s3://work/a/b") == BucketAddress("work", "a/b")
    assert BucketAddress.parse("s3://work/") == BucketAddress("work", "files")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "work",
        "s3:work",
        "s3://",
        "s3://W",
        "s3://wo rk",
        "s3://work/../x",
        "s3://key:secret@work",
        "https://work/x",
        "s3://work/" + "a" * 201,
    ],
)
def test_an_address_that_is_none(text: str, tmp_path: Path) -> None:
    with pytest.raises(FileStoreUnknown) as caught:
        open_storage(text, tmp_path)
    assert "secret" not in str(caught.value)
