"""The sandbox's first process: it has imported everything, and forks one process a submission.

Starting Python and importing numpy, matplotlib and IPython costs seconds; a fork of a process that did costs milliseconds.
It serves one submission at a time. When one ends, its only process is dead and its files are gone before the next starts.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from . import confine, loop, shell

MOST_FILES = 20_000  # in its folder, which limits bytes but not files
LOOK = 300  # milliseconds between two looks at the number of files
MODULES = ("comm", "uuid", "asyncio", "matplotlib_inline.backend_inline")


def main() -> None:
    """Warm up, say so, and serve requests until the grader hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    confine.hide(True)
    loop.bring_fonts()
    ipython = warm_up(json.loads(Path(sys.argv[2]).read_text("utf-8")))
    clean()
    control.send(b"ready")
    while request := socket.recv_fds(control, 1 << 16, 1):
        if not request[0]:
            return
        serve(json.loads(request[0]), request[1][0], control, ipython)


def warm_up(modules: list[str]) -> shell.Shell:
    """Import what notebooks import, make a figure once and a shell. A fork is whole only where there is one thread."""
    for name in (*MODULES, *modules):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if "matplotlib" in sys.modules:
        _plot()
    ipython = shell.make()
    ipython.run_cell("pass")  # type: ignore[no-untyped-call]
    gc.collect()
    gc.freeze()
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"{threads} threads after warming up")
    return ipython


def _plot() -> None:
    """Make a figure and drop it: it is not drawn, as nothing is while grading."""
    import matplotlib.pyplot as plt

    plt.plot([1, 2], label="x")
    plt.legend()
    plt.close("all")


def serve(settings: dict[str, Any], handle: int, control: socket.socket, ipython: shell.Shell) -> None:
    """Fork a process for one submission, wait for its end, clean up, and tell the grader."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            control.close()
            os.setsid()
            _quiet()
            _reopen()
            confine.hide(False)
            loop.start(settings, socket.socket(fileno=handle), ipython)
        os._exit(1)
    os.close(handle)
    report = watch(child, control)
    clean()
    control.send(json.dumps(report).encode())


def _quiet() -> None:
    """Point the standard streams at nothing."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)


def _reopen() -> None:
    """Open again every file that was open before the fork: a handle made by fork shares its place in the file with all later kernels."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing's own handle is closed already
            path = os.readlink(f"/proc/self/fd/{name}")
            if os.path.isfile(path):
                own = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                os.dup2(own, int(name))
                os.close(own)


def watch(child: int, control: socket.socket) -> dict[str, Any]:
    """Wait until the grader asks for the end or is gone, or there are too many files; return what was used, in seconds and MB.

    A process that ended by itself stays a zombie until then, so that its number is nobody else's.
    """
    poll = select.poll()
    poll.register(control, select.POLLIN | select.POLLHUP)
    while not poll.poll(LOOK):
        if crowded():
            os.kill(child, signal.SIGKILL)
    control.recv(16)
    os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    return {"status": status, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}


def crowded() -> bool:
    """Tell whether there are too many files in the submission's folder."""
    disk = os.statvfs(loop.HOME)
    return disk.f_files - disk.f_ffree > MOST_FILES


def clean() -> None:
    """Empty the submission's folder. If that fails, the process ends, and the grader starts another sandbox."""
    loop.HOME.chmod(0o700)
    for name in os.listxattr(loop.HOME):
        os.removexattr(loop.HOME, name)
    for path in loop.HOME.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, onerror=_insist)
        else:
            path.unlink()
    os.utime(loop.HOME, (0, 0))


def _insist(function: Any, path: str, error: Any) -> None:
    """Try again with the rights that the submission took away."""
    for each in (Path(path).parent, Path(path)):
        with contextlib.suppress(OSError):
            each.chmod(0o700)
    if function in (os.open, os.scandir, os.lstat):
        shutil.rmtree(path)
    else:
        function(path)


if __name__ == "__main__":
    main()
