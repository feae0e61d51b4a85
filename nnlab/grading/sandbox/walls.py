"""What a sandbox is, said in one place: the limits, and the bubblewrap command that keeps student code from everything else."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import nnlab
from nnlab.grading.sandbox.inside import confine
from nnlab.languages import say

NOBODY = 64_321  # the ordinary user that a grader run by root becomes; a number that no account is likely to have
KIT = "/kit"
MB = 1 << 20

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp/work",
    "TMPDIR": "/tmp/work",
    "LANG": "C.UTF-8",
    "MPLCONFIGDIR": "/tmp/work/.matplotlib",
    "IPYTHONDIR": "/tmp/work/.ipython",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONPATH": KIT,
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "NNLAB_QUIET": "1",
    "JOBLIB_MULTIPROCESSING": "0",  # no semaphores behind the wall: without this scikit-learn's import warns into the notebook
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


class SandboxMissing(RuntimeError):
    """Student code cannot be kept apart here; the message says what is missing and how to get it."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            say(
                "no sandbox for student code: {reason} `--sandbox none` runs it with process limits alone: only for code you trust.",
                reason=reason,
            )
        )


@dataclass(frozen=True)
class Limits:
    """What one submission may use. A cell or call that asks for more fails; the rest of the notebook goes on."""

    memory: int = 4096  # MB of address space: numpy, matplotlib and scikit-learn take about 1,500
    cpu: int = 180  # seconds of processor time in all
    files: int = 256  # open at once
    threads: int = 256  # at once, where Linux counts them for each sandbox (5.14 and newer)
    file_size: int = 64  # MB of one file
    disk: int = 64  # MB in its folder
    output: int = 100_000  # characters of output kept of one cell
    drained: int = 256 * MB  # bytes that the kernel may send in all
    cell: float = 10.0  # seconds for one cell
    call: float = 5.0  # seconds for one call of a function
    wall: float = 180.0  # seconds for the whole submission, however many cells it has
    start: float = 60.0  # seconds until the kernel answers
    read_memory: int = 512  # MB of address space for reading the notebook
    read_cpu: int = 20  # seconds of processor time for that

    @classmethod
    def read(cls, settings: Iterable[str]) -> Limits:
        """Return the limits with some set anew, each given as "name=number".

        Raises
        ------
        ValueError
            If there is no limit of that name, or the number is none above zero.
        """
        kinds = {each.name: type(getattr(cls, each.name)) for each in fields(cls)}
        given = {}
        for name, _, number in (setting.partition("=") for setting in settings):
            try:
                given[name] = kinds[name](number)
            except (KeyError, ValueError):
                given[name] = 0
            if not given[name] > 0:
                raise ValueError(f"--limit {name}={number}: expected a number above zero for one of {', '.join(kinds)}.")
        return cls(**given)

    def rlimits(self, sandboxed: bool = True) -> dict[str, int]:
        """Return what the kernel sets on itself before any student code runs."""
        apart = sandboxed and _version(platform.release()) >= (5, 14)  # else all processes of the user count, also those elsewhere
        return {
            **({"RLIMIT_NPROC": self.threads} if apart else {}),
            "RLIMIT_AS": self.memory * MB,
            "RLIMIT_CPU": self.cpu,
            "RLIMIT_FSIZE": self.file_size * MB,
            "RLIMIT_NOFILE": self.files,
            "RLIMIT_CORE": 0,
        }


def _version(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", release)[:2])


@cache
def why_not() -> str:
    """Return why student code cannot be sandboxed here, or "" where it can. Tried once, for real."""
    if platform.system() != "Linux":
        return say(
            "bubblewrap needs Linux, and this is {system}. Grade in WSL 2 (Windows), a Linux machine or a container.",
            system=platform.system(),
        )
    if shutil.which("bwrap") is None:
        return say("bubblewrap is not installed. Install it: apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap (Fedora).")
    command = bubblewrap_command(["/usr/bin/env", "true"], kit=None, limits=Limits())
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode == 0:
        return ""
    said = (done.stderr.strip().splitlines() or [say("it says nothing")])[-1]
    return say(
        "bubblewrap does not work here ({said}). On Ubuntu 24.04 its AppArmor rule for user namespaces is the usual cause: "
        "install apparmor-profiles and load the profile bwrap-userns-restrict. In a container be an ordinary user, and give it the options "
        "that the Dockerfile names.",
        said=said,
    )


@cache
def can_filter() -> bool:
    """Return whether Linux can refuse system calls to one process here."""
    try:
        confine.call_numbers()
        return "\nSeccomp:" in Path("/proc/self/status").read_text()
    except OSError:
        return False


def can_fork() -> bool:
    """Return whether Linux can keep a fork apart from the process it was forked from, and from the forks after it."""
    return can_filter() and confine.landlock_version() >= confine.SCOPED


def walls() -> str:
    """Return what keeps student code apart here, in words, and which of the two ways that gives to start a submission."""
    landlock = confine.landlock_version()
    found = ["bubblewrap", *(["seccomp"] if can_filter() else []), *([f"Landlock (version {landlock})"] if landlock else [])]
    if can_fork():
        return say("{walls}. Submissions are forked from a warm process: quick", walls=", ".join(found))
    missing = f"Landlock {confine.SCOPED} (Linux 6.12)" if can_filter() else "seccomp"
    return say(
        "{walls}. Without {missing} each submission starts a sandbox of its own: as safe, and slower",
        walls=", ".join(found),
        missing=missing,
    )


def exposed(*places: Path) -> str:
    """Return why these places would not be hidden from student code, or "" where they are: the sandbox shows the system and this Python."""
    shown = [(place, each) for place in places for each in (Path("/usr"), *_pythons()) if place.resolve().is_relative_to(each)]
    return "".join(f"{place} lies in {each}, which student code can read. Move it elsewhere. " for place, each in shown).strip()


def bubblewrap_command(argv: Sequence[str], kit: Path | None, limits: Limits) -> list[str]:
    """Return the command that runs `argv` in the sandbox.

    Inside there are the system's programs and this Python, read-only and at the same places as outside, the kit, and one folder to
    write in. There is no network, no other process, and no file of the course or of anyone's home.

    Parameters
    ----------
    argv : sequence of str
        What to run.
    kit : Path or None
        The staged folder (`build_kit`).
    limits : Limits
        Size of the folder.
    """
    kit_binds = [("--ro-bind", str(kit), str(kit))] if kit else []
    inner = [
        *("bwrap", "--unshare-all", "--unshare-user", *_no_more_namespaces(), "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        "--as-pid-1",  # else the first process is bubblewrap, which shows its memory and its command to the others
        *("--clearenv", *_each("--setenv", ENVIRONMENT.items())),
        *("--tmpfs", "/tmp", *_system(), "--proc", "/proc", "--dev", "/dev"),  # /tmp first: a Python may lie below it
        *(["--ro-bind", str(kit), KIT] if kit else []),
        *_covers(),
        *("--size", str(limits.disk * MB), "--perms", "0700", "--tmpfs", ENVIRONMENT["HOME"]),
        *_each("--remount-ro", [(path,) for path in ("/tmp", "/dev", "/")]),
        *("--chdir", "/", "--", *argv),
    ]
    if os.geteuid() != 0:
        return inner
    # As root: become an ordinary user first, or the sandbox's user would be root outside. That user may not reach a Python or a
    # kit below /root or /tmp, so an outer bubblewrap, run by root, puts them where everyone can read them.
    outer = ["bwrap", "--die-with-parent", "--perms", "1777", "--tmpfs", "/tmp", *_system(), "--bind", "/proc", "/proc", "--dev", "/dev"]
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"]
    return [*outer, *_readable(kit_binds), "--chdir", "/", "--", *become, *inner]


def _system() -> list[str]:
    """Bind the system's programs and libraries and this Python, read-only."""
    links = [Path("/") / name for name in ("bin", "sbin", "lib", "lib32", "lib64")]
    linked = _each("--symlink", [(os.readlink(path), str(path)) for path in links if path.is_symlink()])
    real = [("--ro-bind", str(path), str(path)) for path in links if path.is_dir() and not path.is_symlink()]
    cached = [("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache")]
    pythons = [("--ro-bind", str(path), str(path)) for path in _pythons()]
    return [*linked, *_readable([("--ro-bind", "/usr", "/usr"), *real, *cached, *pythons])]


def _pythons() -> list[Path]:
    """Return the folders that this Python is made of, outermost first, those below /usr and below each other left out."""
    wanted = sorted({Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_prefix).resolve()})
    return [path for path in wanted if not any(path.is_relative_to(other) for other in (Path("/usr"), *(w for w in wanted if w != path)))]


def _readable(binds: Sequence[tuple[str, str, str]]) -> list[str]:
    """Bind each path after making the folders above it, which everyone may enter."""
    above = {str(parent): None for _, _, target in binds for parent in reversed(Path(target).parents[:-1])}
    return [*(word for folder in above for word in ("--perms", "0755", "--dir", folder)), *(word for bind in binds for word in bind)]


def _covers() -> Iterator[str]:
    """Cover an nnlab that is installed in this Python: it holds reference answers."""
    package = Path(nnlab.__file__).parent
    if any(package.is_relative_to(path) for path in (Path("/usr"), *_pythons())):
        yield from ("--tmpfs", str(package), "--remount-ro", str(package))


@cache
def _no_more_namespaces() -> tuple[str, ...]:
    """Forbid user namespaces inside, where this bubblewrap knows how to (0.8 and newer)."""
    known = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False).stdout
    return ("--disable-userns",) if "--disable-userns" in known else ()


def _each(option: str, pairs: Iterable[tuple[str, ...]]) -> list[str]:
    return [word for pair in pairs for word in (option, *pair)]
