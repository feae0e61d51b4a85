"""`nnlab start` gives a folder to work in, and never writes over what a student wrote."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest
from support import EVERY, ROOT

from nnlab import start
from nnlab._files import write_atomically
from nnlab.cli import UNUSABLE, main
from nnlab.languages import VARIABLE, speak
from nnlab.start import FOLDER, NOTE, chosen, tongue, write_chapters

NAME = "03_forward_propagation.ipynb"
NEW = "03_forward_propagation_new.ipynb"


def notebook(answer: str = "# your code here", prose: str = "Read this.") -> bytes:
    """Return a chapter with one cell of ours and one exercise."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [prose]},
        {"cell_type": "code", "metadata": {"nnlab": {"exercise": "softmax"}}, "source": answer, "outputs": []},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """Return a folder with one released chapter."""
    (tmp_path / "released").mkdir()
    (tmp_path / "released" / NAME).write_bytes(notebook())
    return tmp_path / "released"


def test_all_chapters_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder has a default name; there, no name is needed any more; what is missing comes back."""
    monkeypatch.chdir(tmp_path)
    assert main(["start", "--no-open"]) == 0
    assert {path.name for path in Path(FOLDER).iterdir()} == {NOTE, *(f"{name}.ipynb" for name in EVERY)}
    assert (Path(FOLDER) / NAME).read_bytes() == (ROOT / "chapters" / NAME).read_bytes()
    monkeypatch.chdir(FOLDER)
    assert chosen(None) == Path()
    Path(NAME).unlink()
    capsys.readouterr()
    assert main(["start", "--no-open"]) == 0
    assert f"1 written, {len(EVERY) - 1} there already" in capsys.readouterr().out


def test_a_folder_keeps_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Day two is the plain line, also where the chapters are Chinese: it speaks Chinese, and lays no English chapter over or beside them."""
    monkeypatch.setenv(VARIABLE, "en")
    work = tmp_path / "work"
    assert main(["start", str(work), "--no-open", "--language", "zh"]) == 0
    speak("en")  # a new process
    written = {path.name: path.read_bytes() for path in work.iterdir()}
    capsys.readouterr()
    assert main(["start", str(work), "--no-open"]) == 0
    assert f"已有的 {len(EVERY)} 章保持原样" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in work.iterdir()} == written
    assert main(["start", str(work), "--no-open", "--language", "en"]) == 0
    assert (work / NAME).read_bytes() == (ROOT / "chapters" / NAME).read_bytes(), "where it is asked for, the other one comes"


def test_another_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Is said to be one: the course has not changed. What was begun stays, also on the way back, and the folder's note may be lost."""
    monkeypatch.setenv(VARIABLE, "en")
    work, turned = tmp_path / "work", "03_forward_propagation_zh.ipynb"
    write_chapters(work)
    begun = (work / NAME).read_text("utf-8").replace("Not attempted", "Attempted").replace('"outputs": []', '"outputs": [ ]')
    (work / NAME).write_text(begun, "utf-8")
    assert main(["start", str(work), "--no-open", "--language", "zh"]) == 0
    told = capsys.readouterr().out
    assert told.count("现在是中文版") == len(EVERY) - 1
    assert f"中文版放在它旁边：{turned}" in told
    assert "更新" not in told
    assert (work / turned).read_bytes() == (ROOT / "chapters" / "zh" / NAME).read_bytes()
    speak("en")
    (work / NOTE).unlink()
    assert main(["start", str(work), "--no-open"]) == 0
    assert f"已有的 {len(EVERY)} 章保持原样" in capsys.readouterr().out, "most of the chapters are Chinese"
    told_back = write_chapters(work, language="en")
    speak("en")
    assert told_back.kept == 1, "what was begun in English is there"
    assert told_back.beside == ()
    assert told_back.text.count("is in English now: you had not begun it") == len(EVERY) - 1
    assert (work / NAME).read_text("utf-8") == begun
    assert (work / turned).exists()


@pytest.mark.skipif(os.name == "nt", reason="no folder can be locked there")
def test_two_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In two languages, the second comes after the first: all chapters are of one language, and none is taken for the student's work."""

    def slowly(path: Path, content: str | bytes) -> None:
        time.sleep(0.01)
        write_atomically(path, content)

    monkeypatch.setattr(start, "write_atomically", slowly)
    work = tmp_path / "work"
    with ThreadPoolExecutor() as pool:
        started = list(pool.map(lambda language: write_chapters(work, language=language), ("en", "zh", "en", "zh")))
    assert not any(each.beside for each in started)
    assert [path.name for path in sorted(work.iterdir())] == [NOTE, *(f"{name}.ipynb" for name in EVERY)]
    assert len({tongue(path.read_bytes()) for path in work.glob("*.ipynb")}) == 1


def test_an_old_copy_beside_is_renewed(tmp_path: Path, released: Path) -> None:
    """Where nobody worked in it; one that was thrown away does not come again until the course changes."""
    work = tmp_path / "work"
    write_chapters(work, released)
    (work / NAME).write_bytes(mine := notebook("return e"))
    (released / NAME).write_bytes(notebook(prose="Read this twice."))
    write_chapters(work, released)
    (released / NAME).write_bytes(third := notebook(prose="Read this three times."))
    assert write_chapters(work, released).renewed == (NEW,)
    assert (work / NEW).read_bytes() == third
    (work / NEW).unlink()
    assert write_chapters(work, released).kept == 1
    assert {path.name for path in work.iterdir()} == {NOTE, NAME}
    assert (work / NAME).read_bytes() == mine


def test_work_is_never_written_over(tmp_path: Path, released: Path) -> None:
    """A changed chapter is laid beside a student's, once; a second change beside both, where the student worked in the first."""
    work = tmp_path / "work"
    write_chapters(work, released)
    (work / NAME).write_bytes(mine := notebook("return e / e.sum()"))
    assert write_chapters(work, released).kept == 1, "the course has not changed"
    (released / NAME).write_bytes(second := notebook(prose="Read this twice."))
    told = write_chapters(work, released)
    assert told.beside == ((NAME, NEW),)
    assert f"{NAME} has changed in the course. Yours is as you left it; the new one lies beside it: {NEW}." in told.text
    assert (work / NAME).read_bytes() == mine
    assert (work / NEW).read_bytes() == second
    assert write_chapters(work, released).kept == 1, "it is said once"
    (work / NEW).write_bytes(notebook("return e", "Read this twice."))
    (released / NAME).write_bytes(notebook(prose="Read this three times."))
    assert write_chapters(work, released).beside == ((NAME, "03_forward_propagation_new2.ipynb"),)
    assert (work / NAME).read_bytes() == mine
    assert (work / NEW).read_bytes() == notebook("return e", "Read this twice.")


def test_a_chapter_not_begun_is_renewed(tmp_path: Path, released: Path) -> None:
    """And said so."""
    write_chapters(tmp_path / "work", released)
    (released / NAME).write_bytes(second := notebook(prose="Read this twice."))
    told = write_chapters(tmp_path / "work", released)
    assert told.renewed == (NAME,)
    assert "you had not begun it" in told.text
    assert (tmp_path / "work" / NAME).read_bytes() == second


@pytest.mark.parametrize("note", [None, "{", "[]", "3", '{"other": 1}'])
@pytest.mark.parametrize(
    ("theirs", "happens"),
    [
        (notebook(), "kept"),
        (notebook("return e / e.sum()"), "kept"),
        (notebook("return e / e.sum()", "An older edition."), "beside"),
        (b"{", "beside"),
        (b'{"cells": [1]}', "beside"),
        (b"\xff", "beside"),
    ],
)
def test_a_folder_without_a_note(tmp_path: Path, released: Path, note: str | None, theirs: bytes, happens: str) -> None:
    """Of the bundle, say, or with a note that cannot be read: the cells that are ours tell which edition it is. Nothing is lost."""
    work = tmp_path / "work"
    work.mkdir()
    (work / NAME).write_bytes(theirs)
    if note is not None:
        (work / NOTE).write_text(note)
    told = write_chapters(work, released)
    assert (told.kept, len(told.beside)) == ((1, 0) if happens == "kept" else (0, 1))
    assert (work / NAME).read_bytes() == theirs
    assert ("cannot be read as a notebook" in told.text) == (theirs in (b"{", b"\xff"))


def test_a_chapter_lost_in_a_crash(tmp_path: Path, released: Path) -> None:
    """An empty file where the chapter was: it is said, and the chapter comes back beside it, once."""
    work = tmp_path / "work"
    write_chapters(work, released)
    (work / NAME).write_bytes(b"")
    told = write_chapters(work, released)
    assert told.beside == ((NAME, NEW),)
    assert "cannot be read as a notebook" in told.text
    assert ((work / NAME).read_bytes(), (work / NEW).read_bytes()) == (b"", notebook())
    assert write_chapters(work, released).kept == 1


def test_where_it_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The course's own folder, a file in the way, an nnlab without chapters, a machine without JupyterLab: a sentence, and status 2."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    places = {
        ROOT / "chapters": "holds the course's own",
        tmp_path / "file": "is a file. Name a",
        tmp_path / "file" / "a": "a lies below a",
    }
    for folder, said in places.items():
        assert main(["start", str(folder), "--no-open"]) == UNUSABLE
        assert said in capsys.readouterr().err
    with pytest.raises(ValueError, match=r"came without chapters\. Install nnlab-course"):
        write_chapters(tmp_path / "work", tmp_path / "empty")
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert main(["start", str(tmp_path / "work")]) == UNUSABLE
    told = capsys.readouterr()
    assert "written" in told.out
    assert "pip install jupyterlab" in told.err


@pytest.mark.parametrize(("user", "more"), [(1000, []), (0, ["--allow-root"])])
def test_jupyterlab_is_opened_over_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], user: int, more: list[str]
) -> None:
    """With the folder as its root; for root, too, who is told by JupyterLab to give an option that `nnlab start` does not take."""
    monkeypatch.setattr("nnlab._files.os.geteuid", lambda: user)
    opened: list[list[str]] = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", opened.append)
    assert main(["start", str(tmp_path / "work")]) == 0
    assert opened == [[str(tmp_path / "work"), *more]]
    assert "press Ctrl-C" in capsys.readouterr().out


def test_the_folder_of_a_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has chapters, and no note yet: `nnlab start` in it works there, and makes no second folder of empty chapters inside."""
    monkeypatch.chdir(tmp_path)
    assert chosen(None) == Path(FOLDER)
    Path(NAME).write_bytes(notebook())
    assert chosen(None) == Path()


def test_a_full_disk_and_its_like_name_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Some refusals name no file, others one that only we know: said is which chapter it was, in the reader's language."""
    refused = [OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read only", "/tmp/.x.abc")]
    for said in ("cannot be written: the disk is full", "lies on a disk that cannot be written to"):
        monkeypatch.setattr("nnlab._files.os.fsync", Mock(side_effect=refused.pop(0)))
        assert main(["start", str(tmp_path / "work"), "--no-open"]) == UNUSABLE
        told = capsys.readouterr().err
        assert said in told
        assert f"{EVERY[0]}.ipynb {said}" in told
    monkeypatch.setenv(VARIABLE, "en")
    assert main(["start", str(tmp_path / "work"), "--no-open", "--language", "zh"]) == UNUSABLE
    assert "磁盘不能写入" in capsys.readouterr().err
    assert not list((tmp_path / "work").iterdir()), "no half of a file stays"
