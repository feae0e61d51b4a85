"""Files that students handed in, in a folder or a zip, read with suspicion.

Nothing is unpacked to disk, no link is followed, and no more is read than the limits allow, whatever an archive says of itself.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from nnlab.grading.intake.text import LONGEST_NAME
from nnlab.grading.intake.text import name as cleaned
from nnlab.languages import say

LARGEST = 50_000_000  # bytes of a file that is read; a notebook of the course has some 100,000
MOST_BYTES = 200_000_000  # unpacked, of the archive that one student handed in
MOST_FILES = 1_000  # in the archive that one student handed in
MOST_FILES_OF_A_CLASS = 100_000

UTF_8 = 0x800  # flag of a zip entry: its name is UTF-8
ENCRYPTED = 0x1
HEADER = b"PK\x01\x02"  # before each entry of a zip's table of contents
HIDDEN = re.compile(r"(^|/)(\.(?!\.?(/|$))|__MACOSX/)")  # folders of systems and editors, such as .ipynb_checkpoints
BAD_NAME = re.compile(r"[\x00-\x1f\x7f]|^/|^[A-Za-z]:|(^|/)\.\.(/|$)")
CHINESE = re.compile(rb"(?:[\x00-\x7f]|[\x81-\xfe][\x80-\xfe])*")  # pairs of bytes, as GBK has them; an umlaut stands alone
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError, ValueError, OSError)


class Refused(ValueError):
    """A file is not read; the message says why and what to do."""


@dataclass(frozen=True)
class Found:
    """A file: its path inside the folder or archive, when it was last written (where that is known), and how to read it."""

    path: str
    time: datetime | None
    read: Callable[[], bytes]


@contextmanager
def opened(place: Path) -> Iterator[list[Found]]:
    """Open a folder, or a zip of a class, and give its files in order of their paths.

    Parameters
    ----------
    place : Path

    Raises
    ------
    Refused
        If it is a zip that cannot be read at all. A single bad file in it says so when it is read.
    """
    with ExitStack() as stack:
        if place.is_dir():
            files = list(_in_folder(place))
        else:
            archive = stack.enter_context(_archive(place, place.name))
            if len(archive.filelist) > MOST_FILES_OF_A_CLASS:
                raise Refused(
                    say(
                        "{file} holds more than {most:,} files. Unpack it, and give the folder.",
                        file=place.name,
                        most=MOST_FILES_OF_A_CLASS,
                    )
                )
            inside = {info: _name(info) for info in archive.infolist() if not info.is_dir()}
            top = f"{place.stem}/"  # a folder that was zipped
            cut = len(top) if all(name.startswith(top) for name in inside.values() if not HIDDEN.search(name)) else 0
            files = [_found(archive, info, name[cut:]) for info, name in inside.items()]
        yield sorted((file for file in files if not HIDDEN.search(file.path)), key=lambda file: file.path)


def unpacked(file: Found) -> list[Found]:
    """Return the files in an archive that a student handed in, with the time at which it was handed in.

    Raises
    ------
    Refused
        If it breaks a limit, hides something or cannot be read.
    """
    data, name = file.read(), cleaned(file.path)
    if data.count(HEADER) > MOST_FILES:
        raise Refused(say("{file} holds more than {most:,} files. Submit the notebook itself.", file=name, most=MOST_FILES))
    archive = _archive(io.BytesIO(data), name)
    if sum(info.file_size for info in archive.filelist) > MOST_BYTES:
        raise Refused(say("{file} unpacks to more than {most} MB. Submit the notebook itself.", file=name, most=MOST_BYTES // 1_000_000))
    for info in archive.filelist:
        if reason := _why_not(info):
            raise Refused(
                say("{file} {what}: {inside}. Submit the notebook itself.", file=name, what=reason, inside=ascii(_name(info))[:100])
            )
    inside = [info for info in archive.filelist if not info.is_dir() and not HIDDEN.search(_name(info))]
    if any(_name(info).lower().endswith(".zip") for info in inside):
        raise Refused(say("{file} holds another archive. Submit the notebook itself.", file=name))
    return [Found(f"{file.path}/{_name(info)}", file.time, partial(_unpack, archive, info, f"{name}/{_name(info)}")) for info in inside]


def _in_folder(folder: Path) -> Iterator[Found]:
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            name = path.relative_to(folder).as_posix()
            yield Found(name, _time(partial(datetime.fromtimestamp, int(path.lstat().st_mtime))), partial(_read, path, cleaned(name)))


def _read(path: Path, name: str) -> bytes:
    try:
        if path.is_symlink() or not path.is_file():
            raise Refused(say("{file} is a link or no ordinary file. Submit the notebook itself.", file=name))
        _require_small(path.stat().st_size, name)
        return path.read_bytes()
    except OSError as error:
        raise Refused(say("{file} cannot be read: {error}. Check its permissions.", file=name, error=error.strerror)) from error


def _archive(source: Path | io.BytesIO, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except BROKEN as error:
        kind = type(error).__name__
        raise Refused(
            say("{file} is no zip archive that can be read ({kind}). Submit the notebook itself.", file=name, kind=kind)
        ) from error


def _found(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Found:
    """Return an entry of a class's archive; where it is a trick, reading it says so."""
    return Found(name, _time(partial(datetime, *info.date_time)), partial(_unpack, archive, info, cleaned(name)))


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    if reason := _why_not(info):
        raise Refused(say("{file} {what}. Submit the notebook itself.", file=name, what=reason))
    _require_small(info.file_size, name)
    try:
        return archive.read(info)  # never more than the size it declares
    except BROKEN as error:
        kind = type(error).__name__
        raise Refused(say("{file} cannot be unpacked ({kind}): the archive is damaged. Submit again.", file=name, kind=kind)) from error


def _why_not(info: zipfile.ZipInfo) -> str:
    """Say what is wrong with an entry, or nothing."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    reasons = {
        say("has a name of more than {most:,} characters", most=LONGEST_NAME): len(info.orig_filename) > LONGEST_NAME,
        say("has a path that leads elsewhere or holds control characters"): BAD_NAME.search(info.orig_filename.replace("\\", "/")),
        say("holds a link or no ordinary file"): kind not in (0, stat.S_IFREG, stat.S_IFDIR),
        say("is encrypted"): info.flag_bits & ENCRYPTED,
        say("is packed in a way that is not read here"): info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _require_small(size: int, name: str) -> None:
    if size > LARGEST:
        raise Refused(say("{file} has more than {most} MB. Clear its outputs and submit again.", file=name, most=LARGEST // 1_000_000))


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's path. Without a flag that says so, a name is as good as always UTF-8 too, or the code page of a Chinese Windows."""
    name = info.filename.replace("\\", "/")
    if info.flag_bits & UTF_8:
        return name
    raw = name.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        return raw.decode("gbk", "backslashreplace") if CHINESE.fullmatch(raw) else raw.decode("utf-8", "backslashreplace")


def _time(make: Callable[[], datetime]) -> datetime | None:
    """Return a time as this machine tells it, or None where it is none that a calendar has, or the earliest of zip's."""
    try:
        time = make().astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return time if time.year > 1980 else None
