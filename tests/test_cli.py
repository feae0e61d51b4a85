"""The command line: exit statuses that scripts can use, and sentences that people can."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sample_class import sample_class
from support import ROOT

from nnlab.cli import PARTLY, UNUSABLE, main

CHAPTER = "03_forward_propagation"
FOLDER = sample_class(CHAPTER).folder


@pytest.mark.parametrize("command", ["", "build", "release", "grade", "export", "demo", "doctor"])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command explains itself."""
    with pytest.raises(SystemExit) as done:
        main([*command.split(), "--help"])
    assert done.value.code == 0
    assert "usage: nnlab" in capsys.readouterr().out


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["mark"],
        ["grade"],
        ["export", "paper", "x"],
        ["grade", "x", "--to", "y", "--workers", "0"],
        ["grade", "x", "--to", "y", "--sandbox", "no"],
    ],
)
def test_wrong_use(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What is not understood ends with status 2 and the usage."""
    with pytest.raises(SystemExit) as done:
        main(args)
    assert done.value.code == UNUSABLE
    assert "usage: nnlab" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is said."""
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("nnlab 0.")


def full_marks(tmp_path: Path) -> Path:
    """Make a class of one."""
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(FOLDER / "full_marks.ipynb", folder)
    return folder


def grade(folder: Path, tmp_path: Path, *more: str) -> int:
    """Run `nnlab grade` without a sandbox: the answers are ours."""
    return main(["grade", str(folder), "--to", str(tmp_path / "out"), "--course", str(ROOT), "--sandbox", "none", "--workers", "1", *more])


def test_grade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All graded: status 0, the table, and the way to the pages."""
    assert grade(full_marks(tmp_path), tmp_path) == 0
    said = capsys.readouterr().out
    assert "23/23" in said
    for written in ("class.html", "feedback", "marks.csv"):
        assert (tmp_path / "out" / written).exists()
        assert str(tmp_path / "out" / written) in said


def test_some_could_not_be_graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then the status is 1, and 2 where none could be."""
    folder = full_marks(tmp_path)
    (folder / "broken.ipynb").write_text("{")
    assert grade(folder, tmp_path) == PARTLY
    assert "not graded: broken.ipynb" in capsys.readouterr().out
    (folder / "full_marks.ipynb").unlink()
    assert grade(folder, tmp_path) == UNUSABLE


@pytest.mark.parametrize(
    ("make", "more", "message"),
    [
        (lambda path: path.mkdir(), [], "in has no notebooks in it. Expected NAME.ipynb files"),
        (lambda path: path.write_text("x"), [], "in is a file. Give the folder that holds the submissions."),
        (lambda path: None, [], "in does not exist. Give the folder"),
        (lambda path: (path.mkdir(), (path / "a.ipynb").write_text("{")), [], "says which chapter it is of. Name it with --chapter"),
        (lambda path: path.mkdir(), ["--chapter", "99"], "there is no chapter '99'. The chapters are: "),
    ],
)
def test_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], make: object, more: list[str], message: str) -> None:
    """A sentence that names the place and what to do, status 2, and nothing written."""
    make(tmp_path / "in")  # type: ignore[operator]
    assert grade(tmp_path / "in", tmp_path, *more) == UNUSABLE
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_outside_a_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says what a course is and how to name one."""
    assert main(["build", "--course", str(tmp_path)]) == UNUSABLE
    assert "is not in a course" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="limits on the size of files are Unix's")
def test_full_disk(tmp_path: Path) -> None:
    """Where no more can be written, the status is 2, the place is named, and no half file is left."""
    out = tmp_path / "out"
    command = f"ulimit -f 4; exec {sys.executable} -m nnlab.cli grade {full_marks(tmp_path)} --to {out} --course {ROOT} --sandbox none"
    temporary = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120, env=temporary)
    assert done.returncode == UNUSABLE
    assert "nnlab: " in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in out.rglob("*") if path.suffix in (".csv", ".html")] == []


def test_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Ctrl-C is answered with a sentence and the usual status."""

    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nnlab.grading.grade.grade", interrupt)
    assert grade(tmp_path, tmp_path) == 130
    assert "the same command goes on from there" in capsys.readouterr().err


def test_without_the_grading_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A student's install lacks what grading needs; the command says how to get it."""
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert grade(tmp_path, tmp_path) == UNUSABLE
    assert 'pip install "nnlab[grading]"' in capsys.readouterr().err


def test_build_check(capsys: pytest.CaptureFixture[str]) -> None:
    """The built notebooks of the repository are up to date."""
    assert main(["build", "--check", CHAPTER, "--course", str(ROOT)]) == 0
    assert "1 chapter(s) up to date." in capsys.readouterr().out


def test_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The students' bundle is made where it is asked for."""
    assert main(["release", "--to", str(tmp_path), "--course", str(ROOT)]) == 0
    assert next(tmp_path.glob("*.zip")).name in capsys.readouterr().out
