"""The error family: codes are unique, stable and explained."""

import pickle

import pytest

from credentials.core import errors
from credentials.core.errors import CredentialError, NotJson, Unreadable, registry


def concrete() -> list[type[CredentialError]]:
    return [kind for kind in registry().values() if kind.__module__.startswith("credentials.core.")]


@pytest.mark.parametrize("kind", concrete(), ids=lambda kind: kind.code)
def test_each_says_what_it_is_and_what_to_do(kind: type[CredentialError]) -> None:
    assert kind.title
    assert kind.advice.endswith(".")
    assert not kind.title.endswith(".")
    assert (kind.__doc__ or "").strip()
    assert getattr(errors, kind.__name__) is kind
    assert kind.__name__ in errors.__all__


@pytest.mark.parametrize("kind", concrete(), ids=lambda kind: kind.code)
def test_each_is_of_exactly_one_kind(kind: type[CredentialError]) -> None:
    kinds = [base for base in kind.__mro__[1:] if issubclass(base, CredentialError) and "code" not in base.__dict__]
    assert kinds
    assert not any("code" in base.__dict__ and base is not CredentialError for base in kind.__mro__[1:])


def test_a_taken_code_is_refused() -> None:
    with pytest.raises(TypeError, match="belongs to NotJson"):
        type("Second", (Unreadable,), {"code": NotJson.code, "title": "x", "advice": "y."})


@pytest.mark.parametrize("code", ["", "Not-Kebab", "under_score", "-x", "x-", "a--b", "ümlaut", "a b"])
def test_a_badly_formed_code_is_refused(code: str) -> None:
    with pytest.raises(TypeError, match="kebab"):
        type("Bad", (Unreadable,), {"code": code, "title": "x", "advice": "y."})


@pytest.mark.parametrize("missing", ["title", "advice"])
def test_an_error_that_cannot_explain_itself_is_refused(missing: str) -> None:
    members = {"code": f"without-{missing}", "title": "x", "advice": "y."} | {missing: ""}
    with pytest.raises(TypeError, match="needs a title and an advice"):
        type("Mute", (Unreadable,), members)
    assert f"without-{missing}" not in registry()


def test_a_kind_needs_no_code() -> None:
    before = set(registry())
    type("Kind", (Unreadable,), {})
    assert set(registry()) == before


def test_the_registry_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError):
        registry()["x"] = NotJson  # type: ignore[index]


def test_it_reads_as_a_sentence() -> None:
    assert str(NotJson("cut off", where="/issuer")) == "cut off (/issuer)"
    assert str(NotJson("cut off")) == "cut off"
    assert str(NotJson()) == "Not a JSON object"
    assert str(Unreadable()) == "Unreadable"


def test_it_survives_a_process_boundary() -> None:
    back = pickle.loads(pickle.dumps(NotJson("cut off", where="/issuer")))  # noqa: S301
    assert (back.detail, back.where) == ("cut off", "/issuer")
