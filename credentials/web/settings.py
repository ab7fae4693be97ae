"""Every setting of the service, documented one by one, and the only reader of the environment.

A setting `example_name` is read from the environment variable `CREDENTIALS_EXAMPLE_NAME`; values given in code
(the command line's options) win over the environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from credentials.mail.smtp import MailServer
from credentials.web.errors import SettingInvalid
from credentials.web.setting_types import (
    Broker,
    Contact,
    Hosts,
    Https,
    NameServerList,
    Networks,
    Origin,
    Ports,
    Rate,
    Storage,
)

DEFAULT_BASE_URL = "http://127.0.0.1:8000"
DATABASE_FILE = "credentials.sqlite3"


class Settings(BaseSettings):
    """What an operator may set. Frozen: made once, handed to `open_service`."""

    model_config = SettingsConfigDict(env_prefix="CREDENTIALS_", frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder of everything the service writes: the database, what was published, and, unless "
        "keys_dir says otherwise, the keys.",
    )
    base_url: Origin | None = Field(
        default=None,
        description="Public origin of the service, such as https://credentials.example. It is inside every DID and "
        "link that is signed, so the first run fixes it with the data folder. On a first run without it: "
        f"{DEFAULT_BASE_URL}.",
    )
    sandbox: bool = Field(
        default=False,
        description="Make tests only: the service has issuers of its own whose credentials prove nothing, and its VC "
        "API issues and changes status for whoever asks. `credentials serve --sandbox` sets it. A folder is a "
        "sandbox's from its first run on or never, and no real issuer may be beside it.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="SQLAlchemy address of the database, such as postgresql://user@host/name. Without it: an SQLite "
        "file in the data folder.",
    )
    published_dir: Path | None = Field(
        default=None,
        description="Folder of the record of what was published, by which the service tells that an older database was "
        "restored. Without it: `published` in the data folder. If you back up the data folder as a whole, name a "
        "folder outside it that no backup takes in, such as `/var/lib/credentials-published`.",
    )
    keys_dir: Path | None = Field(
        default=None,
        description="Folder of the encrypted private keys. Without it: `keys` in the data folder if that was chosen, "
        "else `keys` where the program runs.",
    )
    passphrase: SecretStr | None = Field(
        default=None,
        description="Passphrase that unlocks the private keys. Without it the service makes a master secret of its "
        "own on first run, beside the keys, and says where it is.",
    )
    keys_backend: str = Field(
        default="",
        description="Where new private keys are made and sign. Empty: encrypted files. "
        "`pkcs11:token=NAME?module-path=/path/to/module.so` (RFC 7512; needs the pkcs11 extra): a token. "
        "`aws-kms://REGION` or `aws-kms://REGION/PREFIX` (needs the aws extra): AWS KMS. Keys that are in files go on "
        "signing from there.",
    )
    keys_pin: SecretStr | None = Field(
        default=None,
        description="User PIN of the token that `keys_backend` names. It is given here alone, never in that address.",
    )
    operator_token: SecretStr | None = Field(
        default=None,
        description="Bearer token that opens /metrics. Without it /metrics answers only to programs on this machine "
        "that come through no proxy.",
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks of reverse proxies, between commas. Only a request that comes from one of "
        "them may say the client's address and scheme (X-Forwarded-For, X-Forwarded-Proto) and carry its own "
        "X-Request-ID. Empty: none is believed.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severity that is logged."
    )
    log_format: Literal["json", "text"] = Field(
        default="json", description="`json`: one object a line on standard error; `text`: for people."
    )
    rate_lookup: Rate = Field(
        default="30 per minute",
        description="How often one client address may look up a 10-character code. Empty: no limit.",
    )
    rate_verify_page: Rate = Field(
        default="60 per minute", description="How often one client address may send the /verify form. Empty: no limit."
    )
    rate_verify_api: Rate = Field(
        default="1200 per minute",
        description="How often one client address may call POST /api/v1/verify. Empty: no limit.",
    )
    rate_issue: Rate = Field(
        default="600 per minute",
        description="How often one client address may call the issuing API. Empty: no limit.",
    )
    rate_sign_in: Rate = Field(
        default="20 per minute",
        description="How often one client address may send the forms of signing in. Empty: no limit.",
    )
    second_step: Literal["staff", "everybody", "nobody"] = Field(
        default="staff",
        description="Who must sign in with a second step, a passkey or a code beside the link: `staff` (people of "
        "companies, operators), `everybody`, or `nobody` but who has one. At an IP address nobody.",
    )
    limits_storage: Storage = Field(
        default="memory://",
        description="Where rate limits are counted: memory:// (each process for itself) or redis://host:6379/0 "
        "(shared; needs the redis extra).",
    )
    max_credential_bytes: int = Field(
        default=262_144, ge=1_024, le=16_777_216, description="Largest credential read, in bytes."
    )
    max_upload_bytes: int = Field(
        default=8_388_608,
        ge=1_024,
        le=67_108_864,
        description="Largest file taken by the /verify page (a photo of a QR code, say), in bytes.",
    )
    files_store: str = Field(
        default="",
        description="Where uploaded files are kept. Empty: `files` in the data folder. `s3://BUCKET` or "
        "`s3://BUCKET/PREFIX` (needs the aws extra): a bucket of Amazon S3, or of what speaks its protocol at the "
        "address that AWS_ENDPOINT_URL_S3 names.",
    )
    max_file_bytes: int = Field(
        default=2_147_483_648,
        ge=1_024,
        le=68_719_476_736,
        description="Largest file that is taken as a deliverable, in bytes; the most, too, of all files that one form "
        "sends together.",
    )
    max_company_files_bytes: int = Field(
        default=53_687_091_200,
        ge=1_024,
        description="Most bytes of all the files of one company together.",
    )
    outbound_timeout: float = Field(
        default=5.0, gt=0, le=60, description="Seconds within which another server must have answered in full."
    )
    outbound_cache_seconds: int = Field(
        default=60, ge=0, le=86_400, description="Longest time, in seconds, that others' keys and lists are reused."
    )

    outbound_ports: Ports = Field(
        default=(443,),
        description="Ports at which other servers are asked for keys and lists, between commas. An intranet whose "
        "issuers publish elsewhere names those too, such as 443,8443.",
    )
    outbound_private_hosts: Hosts = Field(
        default=(),
        description="Host names, between commas, that may have private addresses: the servers of an intranet's own "
        "issuers, such as issuer.corp.example. Every other name must lead to the public internet. Name no host whose "
        "pages strangers may ask this service to fetch.",
    )
    name_servers: NameServerList = Field(
        default=(),
        description="Name servers that are asked whether a company put its token into the DNS of its domain, between "
        "commas: IP addresses, with `:port` where that is not 53. They must resolve any name, and should check DNSSEC. "
        "Empty: those of the system.",
    )
    timestamp_authority: Https | None = Field(
        default=None,
        description="The https address of a timestamp authority (RFC 3161). Each signature gets a timestamp there "
        "after its release, so that it can still count if its key is stolen later. Needs `timestamp_roots`.",
    )
    timestamp_roots: Path | None = Field(
        default=None,
        description="File of certificates in PEM: the roots of the timestamp authorities that are believed, the "
        "service's own and others'. Without it no timestamp is believed.",
    )
    contact: Contact | None = Field(
        default=None,
        description="Where people may also write about a credential or an issuer, beside the form that every such page "
        "links to: an e-mail address, or the address of a page.",
    )

    smtp_host: str = Field(
        default="",
        description="Mail server that takes the service's letters. Empty: letters are kept for a week; whoever runs "
        "the service reads them with `credentials mail` or under /operator/mail.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65_535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="`starttls`: encrypted before anything is said, or not sent; `tls`: encrypted from the first byte "
        "(port 465); `none`: for a server on this machine.",
    )
    smtp_user: str = Field(default="", description="Name to log in at the mail server with. Empty: no log-in.")
    smtp_password: SecretStr | None = Field(default=None, description="Password that goes with smtp_user.")
    smtp_ca: Path | None = Field(
        default=None,
        description="File of the certificates that the mail server's is checked against, in PEM. Without "
        "it: those that the machine trusts.",
    )
    mail_from: str = Field(
        default="",
        description="Address that letters come from, such as `Northwind <credentials@northwind.example>`. Where they "
        "come back to, too. Without it: no-reply at the service's own host.",
    )
    tasks_broker: Broker = Field(
        default="",
        description="Where tasks (mail, webhooks, checks) are queued. Empty: in each serving process, which then does "
        "them too. redis://host:6379/1: shared; `credentials worker` does them (needs the redis extra).",
    )

    @property
    def keys_path(self) -> Path:
        """The folder of the keys, with the default applied."""
        if self.keys_dir is not None:
            return self.keys_dir
        return self.data_dir / "keys" if self.sandbox or "data_dir" in self.model_fields_set else Path("keys")

    @property
    def files_path(self) -> Path:
        """The folder of uploaded files, and of what is on its way to another place for them."""
        return self.data_dir / "files"

    @property
    def mail_server(self) -> MailServer | None:
        """The mail server, or None where letters are kept."""
        if not self.smtp_host:
            return None
        host = urlsplit(self.base_url or DEFAULT_BASE_URL).hostname
        return MailServer(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            user=self.smtp_user,
            password=self.smtp_password.get_secret_value() if self.smtp_password else "",
            sender=self.mail_from or f"no-reply@{host}",
            trusted=str(self.smtp_ca) if self.smtp_ca else None,
        )

    @property
    def published_path(self) -> Path:
        """The folder of the record of what was published, with the default applied."""
        return self.data_dir / "published" if self.published_dir is None else self.published_dir

    @property
    def database(self) -> str:
        """The address of the database, with the default applied. May contain a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / DATABASE_FILE).absolute()}"


def load_settings(**given: Any) -> Settings:
    """The settings from the environment, with the given values on top (None means not given).

    Raises:
        SettingInvalid: a value cannot be used; `where` names the setting. The value itself is not repeated.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise SettingInvalid(first["msg"].removeprefix("Value error, "), where=f"CREDENTIALS_{name.upper()}") from None
