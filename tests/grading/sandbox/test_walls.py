"""The sandbox says why it is missing, and what it binds."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import nnlab
from nnlab.grading.sandbox import walls
from nnlab.grading.sandbox.kernel import StudentKernel
from nnlab.grading.sandbox.walls import Limits, SandboxMissing, bubblewrap_command, why_not


@pytest.fixture
def _forget() -> Iterator[None]:
    """Let the sandbox be tried again, before and after."""
    why_not.cache_clear()
    yield
    why_not.cache_clear()


@pytest.mark.usefixtures("_forget")
class TestWhyNot:
    """Each way of being missing has its sentence and its remedy."""

    def test_another_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """On other systems the ways out are named."""
        monkeypatch.setattr(platform, "system", lambda: "Windows")
        assert "WSL 2" in why_not()

    def test_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where bubblewrap is not installed, the command that installs it is named."""
        monkeypatch.setattr(shutil, "which", lambda name: None)
        assert "apt-get install bubblewrap" in why_not()

    def test_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the system refuses, what it said is shown, with the usual cause."""
        monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap")
        refusal = subprocess.CompletedProcess([], 1, "", "bwrap: setting up uid map: Permission denied\n")
        monkeypatch.setattr(subprocess, "run", lambda *args, **options: refusal)
        monkeypatch.setattr(walls, "_no_more_namespaces", tuple)
        assert "setting up uid map: Permission denied" in why_not()
        assert "Ubuntu 24.04" in why_not()

    def test_kernel_refuses(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Without a sandbox no kernel starts, and the message names the way out."""
        monkeypatch.setattr(shutil, "which", lambda name: None)
        with pytest.raises(SandboxMissing, match="--sandbox none"):
            StudentKernel(tmp_path)


def test_an_installed_nnlab_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nnlab itself lies in the Python that is bound, an empty folder covers it."""
    package = Path(nnlab.__file__).parent
    monkeypatch.setattr(walls, "_pythons", lambda: [package.parent])
    monkeypatch.setattr(walls, "_no_more_namespaces", tuple)
    command = bubblewrap_command(["true"], None, Limits())
    assert command[command.index(str(package)) - 1] == "--tmpfs"


def test_what_the_sandbox_shows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A course inside the Python that student code runs on could be read by it."""
    assert walls.exposed(tmp_path) == ""
    monkeypatch.setattr(walls, "_pythons", lambda: [tmp_path])
    assert walls.exposed(tmp_path / "course", Path("/usr/src/marks")).count("which student code can read. Move it elsewhere.") == 2


def test_limits_allow_what_a_notebook_needs() -> None:
    """The memory limit lies above what the libraries take and far below 20 GB."""
    assert 2_000 < Limits().memory < 8_000


def test_limits_are_set() -> None:
    """Those named are set anew, in their own kind of number; the others stay."""
    assert Limits.read([]) == Limits()
    assert Limits.read(["cell=2.5", "memory=900"]) == Limits(cell=2.5, memory=900)


@pytest.mark.parametrize(
    ("landlock", "seccomp", "said"),
    [
        (7, True, "bubblewrap, seccomp, Landlock (version 7). Submissions are forked from a warm process: quick"),
        (5, True, "bubblewrap, seccomp, Landlock (version 5). Without Landlock 6 (Linux 6.12) each submission starts a sandbox of its own"),
        (0, True, "bubblewrap, seccomp. Without Landlock 6 (Linux 6.12) each submission starts a sandbox of its own: as safe, and slower"),
        (0, False, "bubblewrap. Without seccomp each submission starts a sandbox of its own: as safe, and slower"),
    ],
)
def test_walls(monkeypatch: pytest.MonkeyPatch, landlock: int, seccomp: bool, said: str) -> None:
    """What keeps student code apart is named, and which of the two ways to start a submission that gives."""
    monkeypatch.setattr(walls.confine, "landlock_version", lambda: landlock)
    monkeypatch.setattr(walls, "can_filter", lambda: seccomp)
    assert walls.walls().startswith(said)
