"""The operator's commands about issuers that look like somebody else."""

from pathlib import Path

from tests.cli.conftest import Credentials


def test_a_look_alike_is_listed_until_it_is_cleared(tmp_path: Path, credentials: Credentials) -> None:
    options = ("--data", tmp_path / "data", "--json")
    credentials("issuer", "create", "pp", "--name", "PayPa1 Careers", *options)
    credentials("issuer", "create", "tea", "--name", "Tutorial Tea", *options)
    confirmed = credentials("issuer", "confirm", "pp", "brightpath.example", *options).json()
    assert confirmed["looksLike"] == ["paypal.com"]
    assert credentials("issuer", "confirm", "tea", "tea.example", *options).json()["looksLike"] == []
    [found] = credentials("issuer", "look-alikes", *options).json()["lookAlikes"]
    assert (found["slug"], found["what"], found["resembles"]) == ("pp", "PayPa1 Careers", "paypal.com")
    cleared = credentials("issuer", "clear", "pp", "--note", "Rang them", *options)
    assert (cleared.code, cleared.json()) == (0, {"slug": "pp", "cleared": 1})
    assert credentials("issuer", "look-alikes", *options).json()["lookAlikes"] == []
    assert credentials("issuer", "clear", "pp", "--note", "Again", *options).json()["cleared"] == 0


def test_confirming_one_says_what_stands_in_the_way(tmp_path: Path, credentials: Credentials) -> None:
    options = ("--data", tmp_path / "data")
    credentials("issuer", "create", "pp", "--name", "PayPa1 Careers", *options)
    said = credentials("issuer", "confirm", "pp", "brightpath.example", *options).out
    assert "shown as unconfirmed until this is cleared: PayPa1 Careers looks like paypal.com" in said


def test_clearing_wants_a_known_issuer_and_a_word(tmp_path: Path, credentials: Credentials) -> None:
    options = ("--data", tmp_path / "data")
    credentials("issuer", "create", "pp", "--name", "PayPa1 Careers", *options)
    assert "issuer-unknown" in credentials("issuer", "clear", "nobody", "--note", "x", *options).err
    assert "clearing-unexplained" in credentials("issuer", "clear", "pp", "--note", " ", *options).err
    assert "Missing option '--note'" in credentials("issuer", "clear", "pp", *options).err
    assert len(credentials("issuer", "look-alikes", *options, "--json").json()["lookAlikes"]) == 1
