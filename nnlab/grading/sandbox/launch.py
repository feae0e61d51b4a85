"""Where a student's process comes from: a fork of a warm process in a sandbox, which may be its own, or a plain process."""

from __future__ import annotations

import atexit
import base64
import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol

from nnlab.grading.sandbox.leftovers import prefix
from nnlab.grading.sandbox.walls import ENVIRONMENT, KIT, Limits, bubblewrap_command, can_filter, can_fork

PATIENCE = 5.0  # seconds that a warm process gets to end a submission and clean up
FORKS = 15.0  # seconds that a warm process gets to fork another
PATH = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
CREDENTIALS = struct.Struct("3i")  # process, user, group: what Linux says of who sends


class Running(Protocol):
    """A started process of a student, which has said that it is ready."""

    end: socket.socket  # ours, of the one socket to it

    @property
    def alive(self) -> bool:
        """Whether it lives."""

    def cpu(self) -> float | None:
        """Return the seconds of processor time that it has used, or None where the system does not tell."""

    def interrupt(self) -> None:
        """Interrupt it, as Ctrl-C would."""

    def kill(self) -> None:
        """End all its processes, and return when they and their files are gone, or soon. May be called from any thread."""


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


class Process:
    """A process of ours in a group of its own, whose error output is kept."""

    def __init__(self, command: list[str], **options: Any) -> None:
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, **options
        )
        assert self._process.stderr is not None
        self._ears = Ears(self._process.stderr)
        self._ended = False

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it lives."""
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """What it last wrote to its error output."""
        return str(self._ears) or "nothing"

    def tell(self, settings: dict[str, Any]) -> None:
        """Write settings to its input, and close it."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:
            pipe.write(json.dumps(settings).encode())

    def kill(self) -> None:
        """End it and its group, once, and return when they are gone, or soon."""
        if self._ended:
            return
        self._ended = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self._ears.wait()


class Zygote(Process):
    """The trusted end of a warm process in a sandbox: it forks one student's process at a time.

    Parameters
    ----------
    kit : Path
        What the sandbox gets of nnlab, with the list of modules to warm up.
    limits : Limits
        What each submission may use.
    alone : bool
        Whether it ends with the first one.
    """

    def __init__(self, kit: Path, limits: Limits, alone: bool = False) -> None:
        self.kit, self.limits, self.alone, self.busy = kit, limits, alone, False
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._warm = False
        command = [sys.executable, "-m", "nnlab_inside.zygote", str(theirs.fileno()), f"{KIT}/modules.json"]
        with theirs:
            super().__init__(bubblewrap_command(command, kit, limits), env=PATH, cwd="/", pass_fds=[theirs.fileno()])
        self.tell({})

    def fork(self) -> Forked:
        """Return a new process of a student.

        Raises
        ------
        RuntimeError
            If there is none in time. The sandbox is closed then.
        """
        try:
            self._wait_until_warm()
            return self._fork()
        except (OSError, EOFError) as error:
            self.kill()
            raise RuntimeError(f"the sandbox's first process did not start. It said: {self.said} ({error})") from None

    def end(self) -> dict[str, float]:
        """End the student's process, and return what it used. A sandbox in which that fails is ended whole."""
        if self.alone:
            self.kill()
            return {}
        try:
            self._control.settimeout(PATIENCE)
            self._control.send(b"end")
            used: dict[str, float] = json.loads(self._control.recv(4096))
        except (OSError, ValueError):
            self.kill()
            used = {}
        self.busy = False
        return used

    def kill(self) -> None:
        """End the sandbox and all in it."""
        super().kill()
        self._control.close()

    def _wait_until_warm(self) -> None:
        self._control.settimeout(self.limits.start)
        if not self._warm and self._control.recv(16) != b"ready":
            raise EOFError("it hung up")
        self._warm = True

    def _fork(self) -> Forked:
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        settings = {"limits": self.limits.rlimits(), "confined": can_filter()}
        try:
            with theirs:
                socket.send_fds(self._control, [json.dumps(settings).encode()], [theirs.fileno()])
            ours.settimeout(FORKS)
            ready, told, _, _ = ours.recvmsg(1, socket.CMSG_SPACE(CREDENTIALS.size))
            if not ready:
                raise EOFError("its fork ended")
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
            return Forked(self, ours, CREDENTIALS.unpack(told[0][2])[0] if told else 0)
        except BaseException:
            ours.close()
            raise


class Forked:
    """A student's process that a warm process forked.

    Parameters
    ----------
    zygote : Zygote
    end : socket
        Our end of the socket to it.
    pid : int
        Its number among our processes. It stays its own until `kill`: the warm process keeps the dead.
    """

    def __init__(self, zygote: Zygote, end: socket.socket, pid: int) -> None:
        self.end, self.used = end, dict[str, float]()
        self._zygote, self._pid = zygote, pid
        self._lock, self._poll = threading.Lock(), select.poll()
        self._poll.register(end, 0)  # tells of a hang-up only

    @property
    def alive(self) -> bool:
        """Whether it lives."""
        return self.end.fileno() >= 0 and not self._poll.poll(0)

    def cpu(self) -> float | None:
        """Return the seconds of processor time that it has used."""
        return processor_time(self._pid)

    def interrupt(self) -> None:
        """Interrupt it, as Ctrl-C would."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End it, and return when it and its files are gone, or soon."""
        with self._lock:
            if self.end.fileno() < 0:
                return
            self._signal(signal.SIGKILL)
            hang_up(self.end)
            self.used = self._zygote.end()
            self.end.close()

    def _signal(self, number: int) -> None:
        if self._pid > 1 and self.end.fileno() >= 0:
            with contextlib.suppress(OSError):
                os.kill(self._pid, number)


class Plain(Process):
    """A student's process that is an ordinary one of ours, with process limits alone."""

    def __init__(self, kit: Path, limits: Limits) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=prefix("kernel"), ignore_cleanup_errors=True)
        self.end, theirs = socket.socketpair()
        handles = {} if os.name == "nt" else {"pass_fds": [theirs.fileno()]}
        with theirs:
            super().__init__(
                [sys.executable, "-m", "nnlab_inside.loop"], env=_environment(kit, self._folder.name), cwd=self._folder.name, **handles
            )
            given = theirs.fileno() if handles else base64.b64encode(theirs.share(self.pid)).decode()  # type: ignore[attr-defined]
            self.tell({"limits": limits.rlimits(sandboxed=False), "end": given, "confined": False})
        self.end.settimeout(limits.start)
        with contextlib.suppress(OSError):
            if self.end.recv(1):
                return
        self.kill()
        raise RuntimeError(f"the student's process did not start. It said: {self.said}")

    def cpu(self) -> float | None:
        """Return the seconds of processor time that it has used, or None where the system does not tell."""
        return processor_time(self.pid)

    def interrupt(self) -> None:
        """Interrupt it, as Ctrl-C would; Windows knows no way to."""
        if os.name != "nt":
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End all its processes, and return when they are gone, or soon."""
        hang_up(self.end)
        super().kill()
        self.end.close()
        self._folder.cleanup()


def processor_time(pid: int) -> float | None:
    """Return the seconds of processor time that a process has used, or None where the system does not tell."""
    if sys.platform != "linux" or pid < 1:
        return None
    try:
        return time.clock_gettime(~pid << 3 | 2)  # the clock of a process, as `clock_getcpuclockid` makes it
    except OSError:
        return None


def hang_up(end: socket.socket) -> None:
    """Hang up, so that whoever waits on the socket wakes."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _environment(kit: Path, home: str) -> dict[str, str]:
    """Return the environment of a plain process, with a home of its own."""
    homes = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "IPYTHONDIR", "MPLCONFIGDIR"), home)
    system = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**ENVIRONMENT, **system, **homes, "PYTHONPATH": str(kit)}


_zygotes: list[Zygote] = []


def warm_up(kit: Path, limits: Limits) -> None:
    """Start a warm process, and do not wait for it: it gets ready while this process does other things."""
    if can_fork():
        _zygotes.append(Zygote(kit, limits))


def launch_bubblewrap(kit: Path, limits: Limits) -> Running:
    """Fork from a warm process in a sandbox; where Linux cannot keep forks apart, start one in a sandbox of its own."""
    if not can_fork():
        return launch_cold(kit, limits)
    try:
        return _idle_zygote(kit, limits).fork()
    except RuntimeError:  # what came before may have hurt it: once more, with a new one
        return _idle_zygote(kit, limits).fork()


def _idle_zygote(kit: Path, limits: Limits) -> Zygote:
    """Return a warm process that serves nobody now; end those that died or belong to another kit."""
    for each in list(_zygotes):
        if not (each.alive and (each.busy or (each.kit, each.limits) == (kit, limits))):
            each.kill()
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
        _zygotes.pop().kill()


def launch_cold(kit: Path, limits: Limits) -> Running:
    """Start a process in a sandbox of its own."""
    return Zygote(kit, limits, alone=True).fork()


LAUNCHERS: dict[str, Callable[[Path, Limits], Running]] = {"bubblewrap": launch_bubblewrap, "cold": launch_cold, "none": Plain}
