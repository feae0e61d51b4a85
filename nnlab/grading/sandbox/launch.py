"""Where a student's kernel comes from: a fork of a warm process in the sandbox, a sandbox of its own, or a plain process."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from nnlab.grading.sandbox.walls import ENVIRONMENT, KIT, Limits, bubblewrap_command, can_confine

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")
PATIENCE = 5.0  # seconds that a warm process gets to end a submission and clean up


@dataclass
class Address:
    """Where a kernel listens, and the key that signs its messages; its sockets lie in a folder that the sandbox does not see."""

    transport: str
    ip: str
    ports: dict[str, int]
    folder: tempfile.TemporaryDirectory[str]
    key: str = field(default_factory=lambda: secrets.token_hex(32))

    def url(self, channel: str) -> str:
        """Return where a channel listens."""
        return f"{self.transport}://{self.ip}{'-' if self.transport == 'ipc' else ':'}{self.ports[channel]}"

    def connection(self) -> dict[str, Any]:
        """Return what a connection file says, as the kernel needs it."""
        ports = {f"{channel}_port": port for channel, port in self.ports.items()}
        ip = self.ip if self.transport == "tcp" else "/given"
        return {"transport": self.transport, "ip": ip, "key": self.key, "signature_scheme": "hmac-sha256", **ports}


class Running(Protocol):
    """A started kernel."""

    address: Address

    @property
    def alive(self) -> bool:
        """Whether its process lives."""

    @property
    def said(self) -> str:
        """What it last wrote to its error output."""

    def kill(self) -> None:
        """End all its processes, and return when they and their files are gone."""


class Ears:
    """Listens to a process's error output, and keeps the end of it."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._heard: deque[bytes] = deque(maxlen=50)
        self._pipe = pipe
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def __str__(self) -> str:
        return b"".join(self._heard).decode("utf-8", "replace")[-1000:]

    def wait(self) -> None:
        """Return when every process that held the output open is gone."""
        self._reader.join(timeout=PATIENCE)

    def _listen(self) -> None:
        with self._pipe as pipe:
            while chunk := pipe.read1(4096):  # type: ignore[attr-defined]
                self._heard.append(chunk)


class Started:
    """A kernel that is a process of its own, or the only one in its sandbox."""

    def __init__(self, command: list[str], address: Address, settings: dict[str, Any], **options: Any) -> None:
        self.address = address
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, **options
        )
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._ears = Ears(self._process.stderr)
        with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:
            pipe.write(json.dumps({**settings, "connection": address.connection()}).encode())

    @property
    def alive(self) -> bool:
        """Whether its process lives."""
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """What it last wrote to its error output."""
        return str(self._ears)

    def kill(self) -> None:
        """End all its processes, and return when they are gone."""
        _kill(self._process)
        self._ears.wait()
        self.address.folder.cleanup()


class Zygote:
    """The trusted end of a warm process in a sandbox: it forks one kernel at a time.

    Parameters
    ----------
    kit : Path
        What the sandbox gets of nnlab, with the list of modules to warm up.
    limits : Limits
        What each submission may use.
    """

    def __init__(self, kit: Path, limits: Limits) -> None:
        self.kit, self.limits, self.busy = kit, limits, True
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "nnlab_inside.zygote", str(theirs.fileno()), f"{KIT}/modules.json"]
        with theirs:
            self._process = subprocess.Popen(
                bubblewrap_command(command, kit, limits),
                env=_PATH,
                cwd="/",
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        assert self._process.stderr is not None
        self.ears = Ears(self._process.stderr)
        self._control.settimeout(limits.start)
        with contextlib.suppress(OSError):
            if self._control.recv(16) == b"ready":
                return
        self.close()
        raise RuntimeError(f"the sandbox's first process did not start. It said: {self.ears or 'nothing'}")

    @property
    def alive(self) -> bool:
        """Whether it can fork another kernel."""
        return self._process.poll() is None

    def fork(self) -> Forked:
        """Return a new kernel."""
        address, listening = _listening()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {"limits": self.limits.rlimits(), "confined": True, "connection": address.connection()}
        with theirs:
            socket.send_fds(self._control, [json.dumps(settings).encode()], [each.fileno() for each in (theirs, *listening)])
        for each in listening:
            each.close()
        return Forked(self, address, ours)

    def close(self) -> None:
        """End the sandbox and all in it."""
        _kill(self._process)
        self.ears.wait()
        self._control.close()


class Forked:
    """A kernel that a warm process forked. The lease is a socket: hanging up on it ends the kernel."""

    def __init__(self, zygote: Zygote, address: Address, lease: socket.socket) -> None:
        self.address = address
        self.used: dict[str, float] = {}
        self._zygote, self._lease = zygote, lease

    @property
    def alive(self) -> bool:
        """Whether its process lives."""
        return self._lease.fileno() >= 0 and not select.select([self._lease], [], [], 0)[0]

    @property
    def said(self) -> str:
        """What the warm process last wrote to its error output."""
        return str(self._zygote.ears)

    def kill(self) -> None:
        """End the kernel, and return when it and its files are gone. A sandbox in which that fails is ended whole."""
        if self._lease.fileno() < 0:
            return
        try:
            self._lease.settimeout(PATIENCE)
            self._lease.shutdown(socket.SHUT_WR)
            self.used = json.loads(self._lease.recv(4096))
        except (OSError, ValueError):
            self._zygote.close()
        self._lease.close()
        self._zygote.busy = False
        self.address.folder.cleanup()


_zygotes: list[Zygote] = []
_PATH = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}


def launch_bubblewrap(kit: Path, limits: Limits) -> Running:
    """Fork a kernel from a warm process in a sandbox; where Linux cannot confine a fork, start one in a sandbox of its own."""
    return _idle_zygote(kit, limits).fork() if can_confine() else launch_cold(kit, limits)


def _idle_zygote(kit: Path, limits: Limits) -> Zygote:
    """Return a warm process that serves nobody now; end those that died or belong to another kit."""
    for each in list(_zygotes):
        if not each.busy and not (each.alive and (each.kit, each.limits) == (kit, limits)):
            each.close()
            _zygotes.remove(each)
    idle = next((each for each in _zygotes if not each.busy), None)
    if idle is None:
        idle = Zygote(kit, limits)
        _zygotes.append(idle)
    idle.busy = True
    return idle


@atexit.register
def close_zygotes() -> None:
    """End all warm processes of this process."""
    while _zygotes:
        _zygotes.pop().close()


def launch_cold(kit: Path, limits: Limits) -> Running:
    """Start a kernel in a sandbox of its own, on unix sockets bound here and passed in."""
    address, listening = _listening()
    handles = [each.fileno() for each in listening]
    settings = {"limits": limits.rlimits(), "sockets": handles, "confined": can_confine()}
    command = bubblewrap_command([sys.executable, "-m", "nnlab_inside.kernel"], kit, limits)
    try:
        return Started(command, address, settings, env=_PATH, cwd="/", pass_fds=handles)
    finally:
        for each in listening:
            each.close()


def launch_plain(kit: Path, limits: Limits) -> Running:
    """Start a kernel as an ordinary process with process limits alone, on loopback."""
    folder = tempfile.TemporaryDirectory(prefix="nnlab-kernel-")
    home = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "IPYTHONDIR", "MPLCONFIGDIR"), folder.name)
    system = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment = {**ENVIRONMENT, **system, **home, "PYTHONPATH": str(kit)}
    address = Address("tcp", "127.0.0.1", dict(zip(CHANNELS, _free_ports(len(CHANNELS)), strict=True)), folder)
    settings = {"limits": limits.rlimits(sandboxed=False), "sockets": [], "confined": False}
    return Started([sys.executable, "-m", "nnlab_inside.kernel"], address, settings, env=environment, cwd=folder.name)


LAUNCHERS: dict[str, Callable[[Path, Limits], Running]] = {"bubblewrap": launch_bubblewrap, "cold": launch_cold, "none": launch_plain}


def _listening() -> tuple[Address, list[socket.socket]]:
    """Bind a unix socket for each channel, in a folder that only this user may enter."""
    folder = tempfile.TemporaryDirectory(prefix="nnlab-kernel-")
    ports = {channel: port for port, channel in enumerate(CHANNELS, 1)}
    sockets = []
    for port in ports.values():
        made = socket.socket(socket.AF_UNIX)
        made.bind(f"{folder.name}/s-{port}")
        made.listen(8)
        made.setblocking(False)  # as libzmq wants its listeners
        sockets.append(made)
    return Address("ipc", f"{folder.name}/s", ports, folder), sockets


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in found:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in found]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
