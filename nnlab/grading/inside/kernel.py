"""Start a kernel for one submission: limits first, then ipykernel, on sockets it was given or on those of a connection file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.modules["debugpy"] = None  # type: ignore[assignment]  # no debugger: ipykernel starts a quarter of a second sooner

import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from . import agent, codec  # noqa: F401  # loaded before any student code runs


class GivenSocketsApp(IPKernelApp):
    """An ipykernel whose sockets were bound by the grader and passed in, so that the sandbox needs no folder it could fill."""

    given: dict[int, int] = {}  # noqa: RUF012  # port number -> file descriptor of a listening socket

    def _try_bind_socket(self, s: zmq.Socket[bytes], port: int) -> int:
        s.setsockopt(zmq.USE_FD, self.given[port])
        s.bind(f"ipc:///given-{port}")  # the name is not used, the descriptor is
        return port

    def init_heartbeat(self) -> None:
        """Leave the heartbeat out: the grader watches the process itself."""

    def init_poller(self) -> None:
        """Leave the watch over the parent out: bubblewrap dies with its parent, and takes all with it."""

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """Bind the output channel without ipykernel's pipe for subprocesses, which would need the network."""
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)  # type: ignore[no-untyped-call]
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        self.iopub_thread = IOPubThread(self.iopub_socket, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket


def limit(limits: dict[str, int]) -> None:
    """Set the process limits that this system knows. They hold for this process and cannot be raised again."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))


def main() -> None:
    """Read the settings from standard input, where neither `ps` nor the student's code finds them, and start."""
    settings = json.load(sys.stdin)
    limit(settings["limits"])
    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.log_level = 40
    path = Path.home() / "connection.json"
    path.write_text(json.dumps(settings["connection"]))
    app = GivenSocketsApp if settings["sockets"] else IPKernelApp
    GivenSocketsApp.given = dict(enumerate(settings["sockets"], 1))
    kernel = app.instance(config=config)
    kernel.initialize(["-f", str(path)])
    path.unlink()
    kernel.start()


if __name__ == "__main__":
    main()
