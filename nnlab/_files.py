"""Files that are whole or not there: a reader, or a run after a crash, never finds half of one."""

from __future__ import annotations

import errno
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from nnlab.languages import say

RELEASED = Path(__file__).parent / "released"  # the students' notebooks as they were released: in the wheel and in the bundle
REMEDIES = {
    errno.EEXIST: "{file} is there already, and is no folder. Choose another place, or move it away.",
    errno.ENOTDIR: "{file} lies below a file. Choose another place.",
    errno.EISDIR: "{file} is a folder where a file is expected. Choose another place, or move it away.",
    errno.EROFS: "{file} lies on a disk that cannot be written to. Choose another place.",
    errno.EACCES: "{file} may not be read or written by you. Choose another place, or change its permissions.",
    errno.ENOENT: "{file} is not there.",
    errno.ENOSPC: "{file} cannot be written: the disk is full. Make room, then run the same command again.",
    errno.EDQUOT: "{file} cannot be written: you have used up your share of the disk. Make room, then run the same command again.",
}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold: the same files give the same bytes


def released_chapters() -> Path:
    """Return the folder of the students' notebooks: those that came with nnlab, in a clone of the repository its `chapters`."""
    return RELEASED if RELEASED.is_dir() else RELEASED.parents[1] / "chapters"


def is_root() -> bool:
    """Whether we run as root: then a package can be installed, and JupyterLab opens only when told to."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def sentence(error: OSError) -> str:
    """Say what the system refused, of which file, and what to do."""
    where = error.filename2 or error.filename
    remedy = REMEDIES.get(error.errno or 0)
    return say(remedy, file=where) if where and remedy else str(error)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` (text as UTF-8, newlines as they are) to `path`, whole or not at all.

    Raises
    ------
    OSError
        As the system reports it (disk full, no permission), of `path`; the old file, if any, is untouched.
    """
    try:
        _write(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        if str(error.filename) not in map(str, path.parents):  # a full disk names no file, others the temporary one
            error.filename, error.filename2 = str(path), None
        raise


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
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
