"""What is installed, what is missing, and how to get it."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from nnlab._files import is_root
from nnlab.languages import say

DISTRIBUTION = "nnlab-course"  # what is installed; "nnlab" on the package index is another project
OLDEST = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and what to do if it is not."""

    name: str
    well: bool
    found: str
    remedy: str = ""
    needed: bool = True


def examine() -> list[Finding]:
    """Look at Python, the packages a student needs, those grading needs, and the sandbox."""
    return [_python(), _packages(say("packages for students"), ""), _packages(say("packages for grading"), "grading"), _sandbox()]


def _python() -> Finding:
    remedy = say("Install Python {oldest} or newer.", oldest=".".join(map(str, OLDEST)))
    return Finding("Python", sys.version_info >= OLDEST, platform.python_version(), remedy)


def _packages(name: str, extra: str) -> Finding:
    """Look for the packages of the base install, or of one extra."""
    wanted = sorted(each for each in _required(extra))
    missing = [package for package in wanted if not _installed(package)]
    found = say("missing: {names}", names=", ".join(missing)) if missing else say("{count} packages", count=len(wanted))
    remedy = f'pip install "{DISTRIBUTION}[{extra}]"' if extra else f"pip install {DISTRIBUTION}"
    return Finding(name, not missing, found, remedy, needed=not extra)


def _required(extra: str) -> set[str]:
    """Return the names of the packages that nnlab's metadata ask for, of the base install or of one extra."""
    wanted = f"extra == '{extra}'" if extra else ""
    lines = [line for line in requires(DISTRIBUTION) or [] if wanted in line and ("extra ==" in line) == bool(extra)]
    return {line.split(";")[0].split(">")[0].split("[")[0].strip() for line in lines}


def _installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _sandbox() -> Finding:
    """Try the sandbox for real."""
    try:
        from nnlab.grading.sandbox.walls import walls, why_not
    except ImportError:
        return Finding(say("sandbox"), False, say("grading is not installed"), f'pip install "{DISTRIBUTION}[grading]"', needed=False)
    reason = why_not()
    remedy = say(
        "Instructors need it to grade. `nnlab grade --sandbox none` runs student code with process limits alone: only for code you trust."
    )
    return Finding(say("sandbox"), not reason, reason or walls(), remedy, needed=False)


def install_bubblewrap() -> None:
    """Install bubblewrap where we may: as root on Debian or Ubuntu. Elsewhere do nothing; the sandbox then says what is missing."""
    from nnlab.grading.sandbox.walls import why_not

    if why_not() and shutil.which("apt-get") and is_root():
        for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "bubblewrap"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        why_not.cache_clear()
