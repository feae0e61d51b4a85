"""Hostile archives are refused with a sentence, and the rest of the class is marked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT

from nnlab.grading.intake import archive
from nnlab.grading.intake.collect import CollectError, Submission, collect

CHAPTER = "03_forward_propagation"
NOTEBOOK = (ROOT / "chapters" / f"{CHAPTER}.ipynb").read_bytes()


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, **attributes: int) -> bytes:
    """Return a zip; `attributes` are set on each entry."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            file.writestr(info, content)
    return data.getvalue()


def raw(data: bytes, old: bytes, new: bytes) -> bytes:
    """Change what zipfile would not write."""
    assert old in data
    return data.replace(old, new)


def marked_encrypted(data: bytes) -> bytes:
    """Set the flag of encryption in both headers of a zip of one file."""
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(header) + offset
        data = data[:place] + struct.pack("<H", 1) + data[place + 2 :]
    return data


LINK = (stat.S_IFLNK | 0o777) << 16
FIFO = (stat.S_IFIFO | 0o644) << 16
ZEROS = bytes(60_000_000)
PATH = "a path that leads elsewhere or holds control characters"

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"rubbish", "li.zip is no zip archive that can be read (BadZipFile)"),
    "half a zip": (lambda: packed({"03.ipynb": NOTEBOOK})[:-300], "li.zip is no zip archive"),
    "empty": (lambda: packed({}), "li.zip has no notebook in it"),
    "way up": (lambda: packed({"../../03.ipynb": NOTEBOOK}), PATH),
    "way up in the middle": (lambda: packed({"a/../../03.ipynb": NOTEBOOK}), PATH),
    "way up for Windows": (lambda: packed({"a\\..\\..\\03.ipynb": NOTEBOOK}), PATH),
    "absolute": (lambda: packed({"/etc/cron.d/03.ipynb": NOTEBOOK}), PATH),
    "drive": (lambda: packed({"C:/03.ipynb": NOTEBOOK}), PATH),
    "line feed": (lambda: packed({"03\n.ipynb": NOTEBOOK}), PATH),
    "terminal command": (lambda: packed({"03\x1b[2J.ipynb": NOTEBOOK}), PATH),
    "NUL": (lambda: raw(packed({"03.ipynb#.png": NOTEBOOK}), b"03.ipynb#.png", b"03.ipynb\0.png"), PATH),
    "long name": (lambda: packed({"a" * 2000 + ".ipynb": NOTEBOOK}), "a name of more than 1,000 characters"),
    "link": (lambda: packed({"03.ipynb": b"/etc/passwd"}, external_attr=LINK), "holds a link or no ordinary file: '03.ipynb'"),
    "pipe": (lambda: packed({"03.ipynb": b""}, external_attr=FIFO), "holds a link or no ordinary file"),
    "bomb of one file": (lambda: packed({"03.ipynb": ZEROS}), "li.zip/03.ipynb has more than 50 MB"),
    "bomb of several": (lambda: packed({f"{i}.ipynb": ZEROS for i in range(4)}), "li.zip unpacks to more than 200 MB"),
    "bomb that lies": (lambda: lies(packed({"03.ipynb": ZEROS})), "li.zip/03.ipynb cannot be unpacked (BadZipFile)"),
    "many files": (lambda: packed({f"{i}": b"" for i in range(1001)}), "li.zip holds more than 1,000 files"),
    "zip in a zip": (lambda: packed({"a.ZIP": packed({"03.ipynb": NOTEBOOK})}), "li.zip holds another archive"),
    "encrypted": (lambda: marked_encrypted(packed({"03.ipynb": NOTEBOOK})), "li.zip is encrypted"),
    "LZMA": (lambda: packed({"03.ipynb": NOTEBOOK}, zipfile.ZIP_LZMA), "is packed in a way that is not read here"),
    "name that lies": (lambda: raw(packed({"€.ipynb": NOTEBOOK}), "€".encode(), b"\xff\xfe\xfd"), "li.zip is no zip archive"),
    "damaged": (lambda: raw(packed({"03.ipynb": NOTEBOOK}, zipfile.ZIP_STORED), b'"cells"', b'"celks"'), "cannot be unpacked (BadZipFile)"),
}


def lies(data: bytes) -> bytes:
    """Declare 100 bytes where there are 60 million."""
    return data.replace(struct.pack("<L", len(ZEROS)), struct.pack("<L", 100))


def by_student(found: list[Submission]) -> dict[str, Submission]:
    """Return submissions by student."""
    return {each.student: each for each in found}


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_archives(tmp_path: Path, trick: str) -> None:
    """Each is refused with a sentence that names it; nothing is written, and the others are read."""
    make, sentence = HOSTILE[trick]
    (tmp_path / "li.zip").write_bytes(make())
    (tmp_path / "mei.ipynb").write_bytes(NOTEBOOK)
    before = sorted(tmp_path.parent.rglob("*"))
    found = by_student(collect(tmp_path, CHAPTER))
    assert sentence in found["li"].problem
    assert "ubmit" in found["li"].problem
    assert found["li"].notebook is None
    assert found["mei"].problem == ""
    assert sorted(tmp_path.parent.rglob("*")) == before


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_archives_in_the_zip_of_a_class(tmp_path: Path, trick: str) -> None:
    """As a student uploaded them to Moodle."""
    make, sentence = HOSTILE[trick]
    files = {"Li_1_assignsubmission_file/li.zip": make(), "Mei_2_assignsubmission_file/03.ipynb": NOTEBOOK}
    (tmp_path / "class.zip").write_bytes(packed(files))
    found = by_student(collect(tmp_path / "class.zip", CHAPTER))
    assert sentence in found["Li (1)"].problem
    assert found["Mei (2)"].problem == ""


@pytest.mark.parametrize(
    ("name", "student", "sentence"),
    [
        ("Li_1_assignsubmission_file/../../03.ipynb", "Li (1)", PATH),
        ("../03.ipynb", "..", PATH),
        ("/li/03.ipynb", "/li/03.ipynb", PATH),
        ("Li_1_assignsubmission_file/a\x1b.ipynb", "Li (1)", PATH),
        ("Li_1_assignsubmission_file/" + "a" * 2000 + ".ipynb", "Li (1)", "a name of more than 1,000 characters"),
    ],
)
def test_tricks_in_the_zip_of_a_class(tmp_path: Path, name: str, student: str, sentence: str) -> None:
    """A name in the class's own zip costs no one else their mark."""
    (tmp_path / "class.zip").write_bytes(packed({name: NOTEBOOK, "Mei_2_assignsubmission_file/03.ipynb": NOTEBOOK}))
    found = by_student(collect(tmp_path / "class.zip", CHAPTER))
    assert sentence in found[student].problem
    assert found["Mei (2)"].problem == ""
    assert len(found) == 2


def test_a_good_notebook_beside_a_bad_archive(tmp_path: Path) -> None:
    """The notebook is graded, and the student is told about the archive."""
    (tmp_path / "li").mkdir()
    (tmp_path / "li" / "a.zip").write_bytes(packed({"../03.ipynb": NOTEBOOK}))
    (tmp_path / "li" / "03.ipynb").write_bytes(NOTEBOOK)
    (found,) = collect(tmp_path, CHAPTER)
    assert (found.source, found.problem) == ("li/03.ipynb", "")
    assert f"Not used: li/a.zip has {PATH}" in found.note


@pytest.mark.parametrize("name", ["03.ipynb", "my work/03.ipynb", "练习.ipynb", "a\\03.ipynb"])
def test_honest_archives(tmp_path: Path, name: str) -> None:
    """A student may hand in a zip of one notebook; what systems put beside it does not count."""
    beside = {"__MACOSX/._03.ipynb": b"\0", ".ipynb_checkpoints/03-checkpoint.ipynb": NOTEBOOK, "notes.txt": b"x", "a/": b""}
    (tmp_path / "li.zip").write_bytes(packed({name: NOTEBOOK, **beside}))
    (found,) = collect(tmp_path, CHAPTER)
    assert (found.problem, found.source) == ("", f"li.zip/{name}".replace("\\", "/"))


def test_names_without_a_flag(tmp_path: Path) -> None:
    """Names as a Chinese Windows writes them are read; of another encoding they are shown escaped. The notebook is graded."""
    data = raw(packed({"####.ipynb": NOTEBOOK}), b"####", "练习".encode("gbk"))
    (tmp_path / "li.zip").write_bytes(data)
    (found,) = collect(tmp_path, CHAPTER)
    assert (found.problem, found.source) == ("", "li.zip/练习.ipynb")
    data = raw(packed({"####.ipynb": NOTEBOOK}), b"####", "aüb!".encode("cp437"))
    (tmp_path / "li.zip").write_bytes(data)
    (found,) = collect(tmp_path, CHAPTER)
    assert (found.problem, found.source) == ("", "li.zip/a\\x81b!.ipynb")


@pytest.mark.parametrize(
    ("data", "message"), [(b"rubbish", "class.zip is no zip archive"), (packed({"notes.txt": b"x"}), "has no notebooks in it")]
)
def test_no_class_in_it(tmp_path: Path, data: bytes, message: str) -> None:
    """A zip that cannot be read, or without notebooks, is named."""
    (tmp_path / "class.zip").write_bytes(data)
    with pytest.raises(CollectError, match=message):
        collect(tmp_path / "class.zip", CHAPTER)


def test_a_class_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class has a limit too."""
    monkeypatch.setattr(archive, "MOST_FILES_OF_A_CLASS", 2)
    (tmp_path / "class.zip").write_bytes(packed({f"{i}.ipynb": NOTEBOOK for i in range(3)}))
    with pytest.raises(CollectError, match=r"class\.zip holds more than 2 files"):
        collect(tmp_path / "class.zip", CHAPTER)
