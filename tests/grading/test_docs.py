"""What the how-to says about limits is what the grader does."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from support import ROOT

from nnlab.cli import parser
from nnlab.grading.sandbox.walls import Limits


def test_limits() -> None:
    """Each limit stands in the table, with its default."""
    text = (ROOT / "docs" / "grading.md").read_text("utf-8")
    told = {name: float(value.replace(",", "")) for name, value in re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", text, re.M)}
    assert told == asdict(Limits())


@pytest.mark.parametrize("page", ["own_course.md"])
def test_commands(page: str) -> None:
    """Each command that a page names exists, with the options that it is given there."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    commands = re.findall(r"`(nnlab [a-z][^`]*)`", text) + re.findall(r"^(nnlab .*)$", text, re.M)
    choices = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert len(commands) > 20
    for command in commands:
        _, name, *rest = command.split()
        assert name in choices, command
        known = choices[name].format_help()  # type: ignore[index]
        assert all(option in known for option in rest if option.startswith("--")), command
