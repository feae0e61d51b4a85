"""`nnlab doctor` says what is there, what is missing and how to get it."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError

import pytest

from nnlab import doctor
from nnlab.cli import PARTLY, main
from nnlab.grading.sandbox import walls
from nnlab.languages import VARIABLE


def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the tests run, students' and instructors' packages are there."""
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    for line in ("ok       Python: 3.", "ok       packages for students: 7 packages", "ok       packages for grading"):
        assert line in said


def test_something_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, with the command that gets it; without what students need the status is 1."""

    def version(name: str) -> str:
        if name in ("ipywidgets", "jinja2"):
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(doctor, "version", version)
    assert main(["doctor"]) == PARTLY
    said = capsys.readouterr().out
    assert "missing  packages for students: missing: ipywidgets\n         pip install nnlab-course\n" in said
    assert 'missing  packages for grading: missing: jinja2\n         pip install "nnlab-course[grading]"\n' in said


@pytest.mark.parametrize(
    ("system", "program", "said"),
    [
        ("Windows", None, "bubblewrap needs Linux, and this is Windows. Grade in WSL 2"),
        ("Darwin", None, "bubblewrap needs Linux, and this is Darwin."),
        ("Linux", None, "bubblewrap is not installed. Install it: apt-get install bubblewrap"),
        ("Linux", "false", "bubblewrap does not work here (it says nothing). On Ubuntu 24.04 its AppArmor rule"),
    ],
)
def test_no_sandbox(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], system: str, program: str | None, said: str
) -> None:
    """The reason and the remedy fit the machine."""
    walls.why_not.cache_clear()
    monkeypatch.setattr(walls.platform, "system", lambda: system)
    monkeypatch.setattr(walls.shutil, "which", lambda name: program)
    monkeypatch.setattr(walls, "bubblewrap_command", lambda *args, **options: [program])
    try:
        assert main(["doctor"]) == 0, "students need no sandbox"
    finally:
        walls.why_not.cache_clear()
    assert said in capsys.readouterr().out


def test_bubblewrap_is_installed_only_where_we_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """As root on Debian or Ubuntu, and only where it is missing."""
    calls: list[list[str]] = []
    monkeypatch.setattr(doctor.subprocess, "run", lambda command, **options: calls.append(command))
    reason = {"text": ""}

    def why_not() -> str:
        return reason["text"]

    why_not.cache_clear = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(walls, "why_not", why_not)
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(doctor, "is_root", lambda: False)
    doctor.install_bubblewrap()
    reason["text"] = "bubblewrap is not installed."
    doctor.install_bubblewrap()
    assert calls == []
    monkeypatch.setattr(doctor, "is_root", lambda: True)
    doctor.install_bubblewrap()
    assert [command[-1] for command in calls] == ["update", "bubblewrap"]


@pytest.mark.parametrize("program", [None, "false"])
def test_in_chinese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], program: str | None) -> None:
    """Whatever is found: no English word stays but names and commands."""
    walls.why_not.cache_clear()
    monkeypatch.setenv(VARIABLE, "zh")
    monkeypatch.setattr(doctor, "_installed", lambda name: bool(program))
    monkeypatch.setattr(walls.shutil, "which", lambda name: program)
    monkeypatch.setattr(walls, "bubblewrap_command", lambda *args, **options: [program])
    try:
        main(["doctor"])
    finally:
        walls.why_not.cache_clear()
    said = capsys.readouterr().out
    assert "沙箱" in said
    assert not re.findall(r"(?i)\b(missing|packages|students|not installed|it says|instructors|only)\b", said)
