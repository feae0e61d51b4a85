"""The sandboxed kernel has a name, and whoever starts kernels by name gets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from support import ROOT

from nnlab.grading.sandbox import provisioner
from nnlab.grading.sandbox.provisioner import NAME, install
from nnlab.grading.sandbox.walls import SandboxMissing, why_not

needs_sandbox = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it works")


@pytest.fixture
def _known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the kernel known for the time of a test."""
    install(str(tmp_path))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))


def run(*sources: str) -> list[str]:
    """Run cells by nbclient in the kernel of that name, and return what each printed."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name=NAME, timeout=60, startup_timeout=60, allow_errors=True).execute()
    return ["".join(str(output.get("text", output.get("evalue", ""))) for output in cell.outputs) for cell in notebook.cells]


@needs_sandbox
@pytest.mark.usefixtures("_known")
def test_nbclient() -> None:
    """Cells run, nnlab and its demos are there, and nothing of the user is."""
    assert run("print(6 * 7)", f"open({str(ROOT / 'README.md')!r})", "import nnlab.demos, socket; socket.socket()") == [
        "42\n",
        f"[Errno 2] No such file or directory: {str(ROOT / 'README.md')!r}",
        "[Errno 1] Operation not permitted",
    ]


@needs_sandbox
@pytest.mark.usefixtures("_known")
def test_nbval() -> None:
    """A chapter with its solutions gives the same outputs there."""
    options = ["--nbval", f"--nbval-kernel-name={NAME}", "--nbval-cell-timeout=60", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    notebook = ROOT / "solutions" / "03_forward_propagation.ipynb"
    done = subprocess.run([sys.executable, "-m", "pytest", *options, notebook], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-2000:]


@needs_sandbox
@pytest.mark.usefixtures("_known")
def test_restart_and_shutdown() -> None:
    """A manager can restart the kernel and end it, as JupyterLab does."""
    manager = KernelManager(kernel_name=NAME)
    manager.start_kernel()
    assert manager.is_alive()
    manager.restart_kernel(now=True)
    assert manager.is_alive()
    folder = manager.provisioner._running.address.folder.name  # type: ignore[union-attr]
    manager.shutdown_kernel(now=True)
    assert not manager.is_alive()
    assert not Path(folder).exists()


@pytest.mark.usefixtures("_known")
def test_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bubblewrap no kernel starts under that name."""
    monkeypatch.setattr(provisioner, "why_not", lambda: "bubblewrap is not installed.")
    with pytest.raises(SandboxMissing, match="bubblewrap is not installed"):
        KernelManager(kernel_name=NAME).start_kernel()
