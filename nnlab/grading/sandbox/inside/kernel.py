"""A Jupyter kernel in a sandbox of its own, for `nnlab kernel`: limits first, then ipykernel on the sockets it was given."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

sys.modules["debugpy"] = None  # type: ignore[assignment]  # no debugger: ipykernel starts a quarter of a second sooner

import zmq
from ipykernel.iostream import IOPubThread
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from . import confine
from .loop import HOME, KIT, bring_fonts, limit


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


def start(settings: dict[str, Any]) -> None:
    """Start the kernel; return when it ends.

    Parameters
    ----------
    settings : dict
        "limits": process limits by name; "connection": what a connection file says; "sockets": handles of bound sockets;
        "confined": whether Linux is to refuse what no notebook needs.
    """
    limit(settings["limits"])
    os.chdir(HOME)
    if settings["confined"]:
        confine.die_first()
        confine.keep_to(HOME)  # before there are threads, which Landlock would not reach
    config = Config(json.loads((KIT / "config.json").read_text("utf-8")))
    config.HistoryManager.enabled = False
    config.IPKernelApp.log_level = 40
    config.Session.copy_threshold = 1 << 30  # pyzmq would start a thread of its own for large messages
    path = HOME / "connection.json"
    path.write_text(json.dumps(settings["connection"]))
    GivenSocketsApp.given = dict(enumerate(settings["sockets"], 1))
    kernel = GivenSocketsApp.instance(config=config)
    kernel.initialize(["-f", str(path)])  # type: ignore[no-untyped-call]
    path.unlink()
    if settings["confined"]:
        confine.refuse_calls()
    kernel.start()  # type: ignore[no-untyped-call]


def main() -> None:
    """Read the settings from standard input, where neither `ps` nor the student's code finds them, and start."""
    bring_fonts()
    start(json.load(sys.stdin))


if __name__ == "__main__":
    main()
