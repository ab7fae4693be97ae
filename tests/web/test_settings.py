"""Settings: documented one by one, refused in one line, secrets never shown."""

import re
from pathlib import Path

import pytest

from credentials.identity.name_server import Server
from credentials.web.errors import SettingInvalid
from credentials.web.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CREDENTIALS_{name.upper()}", raising=False)


def test_every_setting_is_documented() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description[0].isupper() or field.description[0] == "`", name
        assert field.description.endswith("."), name


def test_the_environment_is_read_and_what_is_given_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_LOG_LEVEL", "error")
    monkeypatch.setenv("CREDENTIALS_DATA_DIR", "/srv/one")
    settings = load_settings(data_dir=Path("/srv/two"), base_url=None)
    assert settings.log_level == "error"
    assert settings.data_dir == Path("/srv/two")


def test_proxies_are_a_list_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1")
    assert [str(network) for network in load_settings().trusted_proxies] == ["10.0.0.0/8", "2001:db8::1/128"]


def test_no_proxy_is_trusted_by_default() -> None:
    assert load_settings().trusted_proxies == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_url", "ftp://x.example"),
        ("base_url", "https://x.example/path"),
        ("base_url", "https://user@x.example"),
        ("base_url", "not an address"),
        ("base_url", "https://x.example:port"),
        ("base_url", "https://[::1"),
        ("rate_lookup", "often"),
        ("rate_verify_api", "-3 per minute"),
        ("log_level", "loud"),
        ("log_format", "xml"),
        ("trusted_proxies", "everybody"),
        ("max_credential_bytes", "1"),
        ("max_credential_bytes", "many"),
        ("outbound_timeout", "0"),
        ("outbound_timeout", "nan"),
        ("outbound_ports", "https"),
        ("outbound_ports", "443,0"),
        ("outbound_ports", "65536"),
        ("outbound_private_hosts", "10.0.0.1"),
        ("outbound_private_hosts", "issuer.corp.example:8443"),
        ("outbound_private_hosts", "https://issuer.corp.example"),
        ("outbound_private_hosts", "a.example,*"),
        ("name_servers", "dns.example"),
        ("name_servers", "192.0.2.53:0"),
        ("name_servers", "192.0.2.53:65536"),
        ("name_servers", "192.0.2.300"),
        ("name_servers", "2001:db8::53:53:x"),
        ("contact", "javascript:alert(1)"),
        ("contact", "nobody"),
        ("contact", "a@b.example?cc=c@d.example"),
        ("contact", "https://"),
        ("contact", "a@b.example\nBcc: c@d.example"),
    ],
)
def test_a_bad_value_is_one_error_that_names_the_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CREDENTIALS_{name.upper()}", value)
    with pytest.raises(SettingInvalid) as caught:
        load_settings()
    assert caught.value.where.startswith(f"CREDENTIALS_{name.upper()}")
    assert "\n" not in str(caught.value)


def test_an_intranet_is_named_by_ports_and_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_settings().outbound_ports, load_settings().outbound_private_hosts) == ((443,), ())
    monkeypatch.setenv("CREDENTIALS_OUTBOUND_PORTS", "443, 8443")
    monkeypatch.setenv("CREDENTIALS_OUTBOUND_PRIVATE_HOSTS", "Issuer.Corp.example, other.corp.example")
    assert load_settings().outbound_ports == (443, 8443)
    assert load_settings().outbound_private_hosts == ("issuer.corp.example", "other.corp.example")


def test_name_servers_are_addresses_with_or_without_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().name_servers == ()
    monkeypatch.setenv("CREDENTIALS_NAME_SERVERS", "192.0.2.53, 127.0.0.1:5353, [2001:db8::53]:54, 2001:db8::1")
    found = [Server("192.0.2.53"), Server("127.0.0.1", 5353), Server("2001:db8::53", 54), Server("2001:db8::1")]
    assert load_settings().name_servers == tuple(found)


@pytest.mark.parametrize("contact", ["help@credentials.example", "https://credentials.example/help?about=1"])
def test_a_contact_is_an_address_of_either_kind(contact: str) -> None:
    assert load_settings(contact=contact).contact == contact


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(SettingInvalid):
        load_settings(colour="red")


def test_secrets_are_in_no_text_of_the_settings() -> None:
    settings = load_settings(
        passphrase="correct horse battery", operator_token="tok-123456", database_url="postgresql://u:hunter2@h/d"
    )
    shown = repr(settings) + str(settings) + str(settings.model_dump())
    for secret in ("correct horse battery", "tok-123456", "hunter2"):
        assert secret not in shown
    assert settings.database == "postgresql://u:hunter2@h/d"


def test_defaults_live_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert settings.keys_path == tmp_path / "keys"
    assert settings.database == f"sqlite:///{tmp_path}/credentials.sqlite3"


def test_an_origin_is_kept_in_one_form() -> None:
    assert load_settings(base_url="https://Credentials.Example/").base_url == "https://credentials.example"
    assert re.fullmatch(r"http://127\.0\.0\.1:8123", str(load_settings(base_url="http://127.0.0.1:8123").base_url))
