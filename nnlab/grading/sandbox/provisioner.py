"""The sandboxed kernel by name, for everything that starts Jupyter kernels: JupyterLab, nbclient, nbconvert, nbval.

`nnlab kernel` makes the name known; `jupyter execute --kernel_name=nnlab-sandbox notebook.ipynb` then runs a notebook apart from all else.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from nnlab.grading.sandbox.kit import lasting_kit
from nnlab.grading.sandbox.launch import LAUNCHERS, Running
from nnlab.grading.sandbox.walls import Limits, SandboxMissing, why_not

NAME = "nnlab-sandbox"
SPECIFICATION = {
    "argv": ["python"],
    "display_name": "Python in nnlab's sandbox",
    "language": "python",
    "interrupt_mode": "message",
    "metadata": {"kernel_provisioner": {"provisioner_name": NAME}},
}


class SandboxProvisioner(KernelProvisionerBase):
    """What jupyter_client asks of who starts its kernels: here a fork of the warm process in the sandbox.

    The kernel has numpy, matplotlib, scikit-learn and nnlab, an empty folder of its own, and neither network nor files of the user.
    """

    _running: Running | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not yet cleaned up."""
        return self._running is not None

    async def poll(self) -> int | None:
        """Return None while the kernel lives."""
        return None if self._running is not None and self._running.alive else 0

    async def wait(self) -> int | None:
        """Return when the kernel is gone."""
        while await self.poll() is None:
            await asyncio.sleep(0.05)
        await self.kill()
        return 0

    async def send_signal(self, signum: int) -> None:
        """End the kernel for every signal that would; interrupts come as messages."""
        if signum not in (0, signal.SIGINT):
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all it could have started."""
        if self._running is not None:
            self._running.kill()

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel, as `kill` does."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Forget the kernel."""
        await self.kill(restart)
        self._running = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Refuse where there is no sandbox; no command is needed.

        Raises
        ------
        SandboxMissing
            Says what is missing and how to get it.
        """
        if reason := why_not():
            raise SandboxMissing(reason)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel and return where it listens."""
        self._running = LAUNCHERS["bubblewrap"](_kit(), Limits())
        address = self._running.address
        self.connection_info = cast("KernelConnectionInfo", {**address.connection(), "ip": address.ip, "key": address.key.encode()})
        return self.connection_info


def install(prefix: str = sys.prefix) -> Path:
    """Make the kernel known by its name in an environment, and return where it is noted."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kernel.json").write_text(json.dumps(SPECIFICATION, indent=2))
        return Path(KernelSpecManager().install_kernel_spec(folder, NAME, prefix=prefix))


@cache
def _kit() -> Path:
    return lasting_kit(wanted=None)
