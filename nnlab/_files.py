"""Files that are whole or not there: a reader, or a run after a crash, never finds half of one."""

from __future__ import annotations

import errno
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

RELEASED = Path(__file__).parent / "released"  # the students' notebooks as they were released: in the wheel and in the bundle
REMEDIES = {
    errno.EEXIST: "is there already, and is no folder. Choose another place, or move it away",
    errno.ENOTDIR: "lies below a file. Choose another place",
    errno.EISDIR: "is a folder where a file is expected. Choose another place, or move it away",
    errno.EROFS: "lies on a disk that cannot be written to. Choose another place",
    errno.EACCES: "may not be read or written by you. Choose another place, or change its permissions",
    errno.ENOENT: "is not there",
    errno.ENOSPC: "cannot be written: the disk is full. Make room, then run the same command again",
}

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: the same files give the same bytes


def sentence(error: OSError) -> str:
    """Say what the system refused, of which file, and what to do."""
    where = error.filename2 or error.filename
    remedy = REMEDIES.get(error.errno or 0)
    return f"{where} {remedy}." if where and remedy else str(error)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` (text as UTF-8, newlines as they are) to `path`, whole or not at all.

    Raises
    ------
    OSError
        As the system reports it (disk full, no permission); the old file, if any, is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def zipped(contents: Mapping[str, bytes], date: tuple[int, int, int, int, int, int] = EPOCH) -> bytes:
    """Return a zip of files by name, all of one date, scripts executable; the same files give the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in sorted(contents.items()):
            entry = zipfile.ZipInfo(name, date)
            entry.external_attr = (0o755 if data.startswith(b"#!") else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, data)
    return archive.getvalue()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
