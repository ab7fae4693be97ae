"""The reference lists every kind with its meaning and its members, and the pauses that are made."""

from pathlib import Path

import pytest

from credentials.webhooks.kinds import KINDS

PAGE = (Path(__file__).parents[2] / "site/docs/reference/webhooks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_in_the_reference(name: str) -> None:
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    _, _, meaning, members, _ = (cell.strip() for cell in row.split("|"))
    assert meaning == KINDS[name].meaning
    assert {member.strip("`") for member in members.split(", ")} == KINDS[name].members
