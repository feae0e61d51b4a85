"""The sandboxed kernel by name, for everything that starts Jupyter kernels: JupyterLab, nbclient, nbconvert, nbval.

`nnlab kernel` makes the name known; `jupyter execute --kernel_name=nnlab-sandbox notebook.ipynb` then runs a notebook apart from all else.
Here alone is an ipykernel in the sandbox: grading needs no Jupyter protocol.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import socket
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from nnlab.grading.sandbox.kit import lasting_kit
from nnlab.grading.sandbox.launch import PATH, Process
from nnlab.grading.sandbox.leftovers import prefix
from nnlab.grading.sandbox.walls import Limits, SandboxMissing, bubblewrap_command, can_filter, why_not

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")
NAME = "nnlab-sandbox"
SPECIFICATION = {
    "argv": ["python"],
    "display_name": "Python in nnlab's sandbox",
    "language": "python",
    "interrupt_mode": "message",
    "metadata": {"kernel_provisioner": {"provisioner_name": NAME}},
}


@dataclass
class Address:
    """Where a kernel listens, and the key that signs its messages; its sockets lie in a folder that the sandbox does not see."""

    folder: tempfile.TemporaryDirectory[str] = field(default_factory=lambda: tempfile.TemporaryDirectory(prefix=prefix("kernel")))
    key: str = field(default_factory=lambda: secrets.token_hex(32))

    def connection(self, ip: str) -> dict[str, Any]:
        """Return what a connection file says, for the side that knows the sockets by this path."""
        ports = {f"{channel}_port": port for port, channel in enumerate(CHANNELS, 1)}
        return {"transport": "ipc", "ip": ip, "key": self.key, "signature_scheme": "hmac-sha256", **ports}

    def bind(self) -> list[socket.socket]:
        """Bind a socket for each channel, in a folder that only this user may enter."""
        sockets = []
        for port in range(1, len(CHANNELS) + 1):
            made = socket.socket(socket.AF_UNIX)
            made.bind(f"{self.folder.name}/s-{port}")
            made.listen(8)
            made.setblocking(False)  # as libzmq wants its listeners
            sockets.append(made)
        return sockets


class Kernel(Process):
    """An ipykernel in a sandbox of its own, on unix sockets bound here and passed in."""

    def __init__(self, kit: Path, limits: Limits) -> None:
        self.address = Address()
        sockets = self.address.bind()
        handles = [each.fileno() for each in sockets]
        settings = {
            "limits": limits.rlimits(),
            "sockets": handles,
            "confined": can_filter(),
            "connection": self.address.connection("/given"),
        }
        command = bubblewrap_command([sys.executable, "-m", "nnlab_inside.kernel"], kit, limits)
        try:
            super().__init__(command, env=PATH, cwd="/", pass_fds=handles)
            self.tell(settings)
        finally:
            for each in sockets:
                each.close()

    def kill(self) -> None:
        """End it, and remove its sockets."""
        super().kill()
        self.address.folder.cleanup()


class SandboxProvisioner(KernelProvisionerBase):
    """What jupyter_client asks of who starts its kernels: here one in a sandbox of its own.

    The kernel has numpy, matplotlib, scikit-learn and nnlab, an empty folder of its own, and neither network nor files of the user.
    """

    _running: Kernel | None = None

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
        self._running = Kernel(_kit(), Limits())
        address = self._running.address
        connection = {**address.connection(f"{address.folder.name}/s"), "key": address.key.encode()}
        self.connection_info = cast("KernelConnectionInfo", connection)
        return self.connection_info


def install(prefix: str = sys.prefix) -> Path:
    """Make the kernel known by its name in an environment, and return where it is noted."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kernel.json").write_text(json.dumps(SPECIFICATION, indent=2))
        return Path(KernelSpecManager().install_kernel_spec(folder, NAME, prefix=prefix))


@cache
def _kit() -> Path:
    return lasting_kit(wanted=None)
