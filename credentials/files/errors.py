"""What can be wrong with uploaded files."""

from __future__ import annotations

import errno
from typing import Final

from credentials.core.errors import BadInput, NotFound, Unavailable


class FileUnknown(NotFound):
    """There is no such file, or it is nothing for whoever asks; which of these is not said."""

    code = "file-unknown"
    title = "No such file"
    advice = "Check the address. A file that is not for everybody opens only for those whom it concerns, signed in."


class UploadTooLarge(BadInput):
    """The file has more bytes than the service takes."""

    code = "upload-too-large"
    title = "This file is too large"
    advice = "Make it smaller, or give a link to where it is."


class UploadEmpty(BadInput):
    """The file has no bytes."""

    code = "upload-empty"
    title = "This file is empty"
    advice = "Choose the file again. If it is meant to be empty, there is nothing to hand over."


class CompanyFull(BadInput):
    """The company's files take all the room that the service gives one company."""

    code = "company-files-full"
    title = "There is no more room for this company’s files"
    advice = "Remove files that are not needed, or give a link. Whoever runs the service can allow more."


class FileStoreUnknown(BadInput):
    """The setting that says where files are kept cannot be read."""

    code = "file-store-unknown"
    title = "The place for files cannot be read"
    advice = "Leave files_store empty for the data folder, or give s3://BUCKET or s3://BUCKET/PREFIX."


class FileStoreNotInstalled(Unavailable):
    """The package that reaches the store for files is not installed."""

    code = "file-store-not-installed"
    title = "What reaches the store for files is not installed"
    advice = "Install the aws extra: pip install 'verified-credentials-service[aws]'."


class FileStoreFailed(Unavailable):
    """The store for files could not be written or read."""

    code = "file-store-failed"
    title = "Files cannot be kept or read right now"
    advice = "Check that the store for files exists, that the service may write there, and that it has room."


class FileStoreFull(Unavailable):
    """There is no room left on the disk, or as much as this process may write, for a file that arrives."""

    code = "file-store-full"
    title = "There is no room left for files"
    advice = "Nothing of the file was kept. Make room on the disk of the data folder, then send it again."


FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when there is no room."""
