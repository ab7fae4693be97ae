"""A copied data folder is as good as one made from nothing, and no test sees what another did in its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, TemplateSyntaxError
from jinja2.bccache import Bucket

from credentials.core.errors import NotFound
from credentials.web.settings import Settings
from tests.web.conftest import make_draft, open_site, stock
from tests.web.prepared import OF_REQUESTS_ALONE, CompiledTemplates, may_be_copied, prepared


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file below a folder: who may read it, and what is in it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes()) for path in found}


def test_each_copy_is_its_own(tmp_path: Path) -> None:
    one, other = open_site(tmp_path / "one"), open_site(tmp_path / "other")
    later = one.service.issuer.issue("acme", make_draft(recipient_name="Bo Lind")).id

    assert one.issued == other.issued
    assert one.service.portfolio.signed(later).body
    with pytest.raises(NotFound):
        other.service.portfolio.signed(later)
    for site in (one, other):
        site.service.close()


def test_what_a_test_does_never_reaches_the_folder_that_is_copied(tmp_path: Path) -> None:
    before = files(prepared(stock).folder)
    site = open_site(tmp_path / "data")
    assert site.client.get(f"/c/{site.issued.id}").status_code == 200
    site.service.issuer.issue("acme", make_draft())
    site.service.close()

    assert files(prepared(stock).folder) == before
    assert files(tmp_path / "data") != before


def test_a_copy_is_what_was_made_to_the_byte_and_as_closed_to_others(tmp_path: Path) -> None:
    prepared(stock).copied(tmp_path / "data")

    made = files(prepared(stock).folder)
    assert files(tmp_path / "data") == made
    assert {mode & 0o077 for name, (mode, _) in made.items() if name.endswith((".secret", ".key"))} == {0}
    assert not [name for name in made if name.endswith(("-wal", "-shm"))]


def test_a_folder_with_something_in_it_is_not_written_into(tmp_path: Path) -> None:
    prepared(stock).copied(tmp_path)
    before = files(tmp_path)
    with pytest.raises(FileExistsError):
        prepared(stock).copied(tmp_path)

    assert files(tmp_path) == before


@pytest.mark.parametrize("name", sorted(Settings.model_fields.keys() - OF_REQUESTS_ALONE))
def test_with_any_other_setting_a_folder_is_made_from_nothing(name: str) -> None:
    assert not may_be_copied({name: object(), "rate_issue": ""})


def test_the_settings_that_leave_nothing_behind_are_settings() -> None:
    assert Settings.model_fields.keys() >= OF_REQUESTS_ALONE
    assert may_be_copied(dict.fromkeys(OF_REQUESTS_ALONE, ""))


def test_another_origin_has_signatures_of_its_own(tmp_path: Path) -> None:
    one = open_site(tmp_path / "one")
    other = open_site(tmp_path / "other", base_url="https://other.example")

    assert one.issued.id != other.issued.id
    assert (one.key, one.service.form_secret) != (other.key, other.service.form_secret)
    for site in (one, other):
        site.service.close()


def rendered(kept: CompiledTemplates, source: str) -> str:
    """What a template of this source says in an application of its own."""
    return (
        Environment(loader=DictLoader({"page": source}), bytecode_cache=kept, autoescape=True)
        .from_string("{% include 'page' %}")
        .render(name="<Ana>")
    )


def test_a_template_is_compiled_once_for_all_applications(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, compiled = CompiledTemplates(), list[str]()
    once = kept.dump_bytecode

    def counting(bucket: Bucket) -> None:
        compiled.append(bucket.key)
        once(bucket)

    monkeypatch.setattr(kept, "dump_bytecode", counting)

    assert {rendered(kept, "Hello {{ name }}") for _ in range(3)} == {"Hello &lt;Ana&gt;"}
    assert len(compiled) == 1


@pytest.mark.parametrize("changed", ["Hello {{ name }}.", "Hello {{name }}", "", "{{ name|upper }}"])
def test_another_source_of_the_same_name_is_another_template(changed: str) -> None:
    kept = CompiledTemplates()
    rendered(kept, "Hello {{ name }}")

    assert rendered(kept, changed) == rendered(CompiledTemplates(), changed)


def test_a_broken_template_is_told_each_time() -> None:
    kept = CompiledTemplates()
    for _ in range(2):
        with pytest.raises(TemplateSyntaxError):
            rendered(kept, "{% if %}")
