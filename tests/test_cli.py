"""The command line: exit statuses that scripts can use, and sentences that people can."""

from __future__ import annotations

import argparse
import errno
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sample_class import sample_class
from support import ROOT

from nnlab._files import sentence
from nnlab.cli import AUDIENCES, PARTLY, UNREAD, UNUSABLE, main, parser
from nnlab.languages import VARIABLE

CHAPTER = "03_forward_propagation"
FOLDER = sample_class(CHAPTER).folder


@pytest.mark.parametrize("command", ["", *(each for names in AUDIENCES.values() for each in names)])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command explains itself."""
    with pytest.raises(SystemExit) as done:
        main([*command.split(), "--help"])
    assert done.value.code == 0
    assert f"usage: nnlab {command}".rstrip() in capsys.readouterr().out


def test_help_begins_with_students(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command stands there once, under those it is for; what students need comes first, and `nnlab start` before all."""
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    listed = re.findall(r"^  ([a-z]+) {2,}", said, re.M)
    (commands,) = (action.choices for action in parser()._actions if action.dest == "==SUPPRESS==" and isinstance(action.choices, dict))
    assert sorted(listed) == sorted(commands)
    assert listed[0] == "start"
    assert said.index("for students:") < said.index("for instructors")


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["mark"],
        ["grade"],
        ["grade", "x", "--to", "y", "--workers", "0"],
        ["grade", "x", "--to", "y", "--sandbox", "no"],
        ["grade", "x", "--to", "y", "--late", "-1"],
        ["grade", "x", "--to", "y", "--grace", "inf"],
        ["export", "moodle"],
    ],
)
def test_wrong_use(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What is not understood ends with status 2 and the usage."""
    with pytest.raises(SystemExit) as done:
        main(args)
    assert done.value.code == UNUSABLE
    assert "usage: nnlab" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["--workers", "two"], ["--workers", "-1"], ["--late", "a lot"], ["--late", "nan"]])
def test_a_wrong_number(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What is no number is told what was expected, and no name of ours."""
    with pytest.raises(SystemExit):
        main(["grade", "x", "--to", "y", *args])
    assert f"argument {args[0]}: expected a " in capsys.readouterr().err


def test_help_in_chinese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each text of each command is Chinese, and so are argparse's own words, in help and where something is wrong."""
    monkeypatch.setenv(VARIABLE, "zh")
    english = re.compile(r"^(?!.*[\u4e00-\u9fff]).*[A-Za-z]{2}", re.DOTALL)
    parsers = [parser()]
    for each in parsers:  # those of commands are added while it runs
        parsers += [one for action in each._actions if isinstance(action, argparse._SubParsersAction) for one in action.choices.values()]
        told = [str(each.description), *(str(action.help) for action in each._actions if action.help not in (None, argparse.SUPPRESS))]
        assert [text for text in told if english.match(text)] == []
    assert len(parsers) > len(AUDIENCES) + 1
    for args in (["start", "--help"], ["start", "--foo"], ["accept"], ["start", "--language", "fr"], ["start", "--language"]):
        with pytest.raises(SystemExit):
            main(args)
        said = capsys.readouterr()
        assert not re.search("usage|error|argument|options|show", said.out + said.err)


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


def test_report_and_similarity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The pages are written again from the gradebook, byte for byte, and a page of answers that are alike where it is asked for."""
    folder, out = full_marks(tmp_path), tmp_path / "out"
    grade(folder, tmp_path)
    pages = {path: path.read_bytes() for path in out.rglob("*.html")}
    assert {path.relative_to(out).as_posix() for path in pages} == {"class.html", "feedback/full_marks.html"}
    for path in pages:
        path.unlink()
    assert main(["report", str(out), "--course", str(ROOT)]) == 0
    assert {path: path.read_bytes() for path in out.rglob("*.html")} == pages
    assert main(["similarity", str(out), "--course", str(ROOT), "--chapter", "03"]) == 0
    assert "No answers stand out." in (out / "similarity.html").read_text("utf-8")
    assert "Alike is not copied: look before you judge." in capsys.readouterr().out


@pytest.mark.parametrize("command", ["report", "similarity"])
def test_nothing_was_graded(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then the status is 2, and a sentence says what is missing."""
    assert main([command, str(tmp_path), "--course", str(ROOT)]) == UNUSABLE
    assert "has no gradebook. Give the folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_some_could_not_be_graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Then the status is 1, and 2 where none could be."""
    folder = full_marks(tmp_path)
    (folder / "broken.ipynb").write_text("{")
    assert grade(folder, tmp_path) == PARTLY
    assert "not graded: broken.ipynb" in capsys.readouterr().out
    (folder / "full_marks.ipynb").unlink()
    assert grade(folder, tmp_path) == UNUSABLE


def test_roster_and_deadline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who is late loses points, who handed in nothing is listed and is no failure; another policy needs no new marking."""
    folder = full_marks(tmp_path)
    os.utime(folder / "full_marks.ipynb", times=(1_768_464_000,) * 2)  # 2026-01-15 08:00 UTC
    (tmp_path / "roster.csv").write_text("name,login\nMei Li,full_marks\nTom,tom\n")
    lists = ("--roster", str(tmp_path / "roster.csv"), "--gradebook", f"sqlite:///{tmp_path}/all.sqlite")
    assert grade(folder, tmp_path, *lists, "--deadline", "2026-01-15T07:00+00:00", "--late", "10") == 0
    said = capsys.readouterr().out
    assert "20.7/23" in said
    assert "Handed in nothing: Tom" in said
    assert "10 % of the points are taken off" in next((tmp_path / "out" / "feedback").glob("Mei_Li*")).read_text("utf-8")
    assert not (tmp_path / "out" / "gradebook.sqlite").exists()
    assert grade(folder, tmp_path, *lists, "--deadline", "2026-01-15T07:00+00:00", "--late", "10", "--grace", "60") == 0
    assert "23/23" in capsys.readouterr().out
    assert main(["export", "json", str(tmp_path / "out"), "--course", str(ROOT), *lists[2:]]) == 0
    assert '"received": "2026-01-15T08:00:00+00:00"' in (tmp_path / "out" / "marks.json").read_text("utf-8")


def test_download_of_moodle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A zip in place of a folder; what was handed in besides notebooks is named, and the marks find the way back."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.write(FOLDER / "full_marks.ipynb", "Mei Li_12345_assignsubmission_file/03.ipynb")
        archive.writestr("Mei Li_12345_assignsubmission_onlinetext/onlinetext.html", "<p>See the file.")
        archive.writestr("Tom_12346_assignsubmission_onlinetext/onlinetext.html", "<p>Later.")
    assert grade(tmp_path / "class.zip", tmp_path) == PARTLY
    assert "is no notebook. Submit the .ipynb file." in " ".join(capsys.readouterr().out.split())
    assert main(["export", "moodle", str(tmp_path / "out"), "--course", str(ROOT)]) == PARTLY
    assert "Participant 12345,Mei Li,,,23,23" in (tmp_path / "out" / "moodle-grades.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("make", "more", "message"),
    [
        (lambda path: path.mkdir(), ["--deadline", "soon"], "--deadline: 'soon' is not a time. Write it as 2026-05-01 23:59."),
        (lambda path: path.mkdir(), [], "in has no notebooks in it. Taken are: NAME.ipynb files"),
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


@pytest.mark.parametrize("setting", ["cel=3", "cell", "cell=fast", "cell=-1", "memory=1.5", "=3"])
def test_no_such_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str) -> None:
    """What cannot be limited so is named, with the limits there are."""
    assert grade(full_marks(tmp_path), tmp_path, "--limit", setting) == UNUSABLE
    said = capsys.readouterr().err
    assert f"--limit {setting}" in said
    assert "expected a number above zero for one of memory, cpu, " in said


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
    assert 'pip install "nnlab-course[grading]"' in capsys.readouterr().err


def test_build_check(capsys: pytest.CaptureFixture[str]) -> None:
    """The built notebooks of the repository are up to date."""
    assert main(["build", "--check", CHAPTER, "--course", str(ROOT)]) == 0
    assert "1 chapter(s) up to date." in capsys.readouterr().out


def test_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The students' bundle is made where it is asked for."""
    assert main(["release", "--to", str(tmp_path), "--course", str(ROOT)]) == 0
    archive = next(tmp_path.glob("*.zip"))
    assert archive.name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("out", "sentence"),
    [("file", "is there already, and is no folder"), ("file/below", "cannot be made|lies below a file")],
)
def test_where_results_cannot_go(tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, sentence: str) -> None:
    """A file where a folder is needed is a sentence that names it, not an error number."""
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "mei.ipynb").write_bytes((ROOT / "chapters" / "03_forward_propagation.ipynb").read_bytes())
    (tmp_path / "file").write_text("x")
    assert main(["grade", str(tmp_path / "class"), "--course", str(ROOT), "--sandbox", "none", "--to", str(tmp_path / out)]) == 2
    told = capsys.readouterr().err
    assert re.search(sentence, told)
    assert "Errno" not in told


def test_an_os_error_is_a_sentence() -> None:
    """Of each kind that a disk gives, with the file and what to do; an unknown one is told as the system tells it."""
    assert (
        sentence(OSError(errno.EROFS, "Read-only file system", "/a"))
        == "/a lies on a disk that cannot be written to. Choose another place."
    )
    assert sentence(IsADirectoryError(errno.EISDIR, "Is a directory", "/a")).startswith("/a is a folder where a file is expected.")
    assert sentence(OSError(errno.EFAULT, "Bad address")) == "[Errno 14] Bad address"


@pytest.mark.parametrize("command", [["doctor"], ["--help"], ["accept", "not there"]])
def test_a_reader_that_closes_early(command: list[str], tmp_path: Path) -> None:
    """As in `nnlab accept … | head -1`: no exception and no traceback, not even while Python ends; argparse overlooks it by itself."""
    closed, end = os.pipe()
    os.close(closed)
    said = tmp_path / "said"
    with said.open("w") as file:
        both = command[0] == "accept"  # what it says goes to standard error
        status = subprocess.call([sys.executable, "-m", "nnlab.cli", *command], stdout=end, stderr=end if both else file)
    os.close(end)
    assert (status, said.read_text()) == (0 if command == ["--help"] else UNREAD, "")


def test_letters_that_a_terminal_has_not(tmp_path: Path) -> None:
    """A ✓ or Chinese in a file of Windows, a terminal of old: question marks come, and the rest is said."""
    few = {**os.environ, "PYTHONIOENCODING": "cp1252", VARIABLE: "zh"}
    done = subprocess.run(
        [sys.executable, "-m", "nnlab.cli", "start", "a", "--no-open"], cwd=tmp_path, env=few, capture_output=True, check=True
    )
    assert b" a ??" in done.stdout
    assert done.stderr == b""
