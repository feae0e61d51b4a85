"""A desk that runs in a process of its own, and requests to it as its pages send them."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from support import ROOT


@dataclass
class Server:
    """A desk that runs."""

    address: str
    to: Path
    process: subprocess.Popen[str]

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        """Send a request as the browser would, but for the headers that are given; "" leaves one out."""
        at = urlsplit(self.address)
        sent = {"Host": at.netloc, "Origin": f"http://{at.netloc}", **headers}
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=30)
        connection.putrequest(method, path if path.startswith("/") else at.path + path, skip_host=True)
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        for name, value in {**sent, "Content-Length": str(len(data)) if method == "POST" else ""}.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders(data or None)
        reply = connection.getresponse()
        found = reply.status, reply.read().decode()
        connection.close()
        return found

    def change(self, **change: Any) -> tuple[int, dict[str, Any]]:
        """Send a change and return what came of it."""
        status, text = self.ask("POST", "change", change)
        return status, json.loads(text)


@contextmanager
def running(to: Path) -> Iterator[Server]:
    """Start a desk on a gradebook, and end it."""
    command = [sys.executable, "-m", "nnlab.cli", "desk", str(to), "--course", str(ROOT), "--no-browser", "--by", "Wu"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().split()[1], to, process)
        finally:  # else a test that fails waits for ever
            process.kill()
