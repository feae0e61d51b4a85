"""JupyterLab with a browser for the tests that look at it as a student or a lecturer does."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
PLACES = ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")


@contextmanager
def lab(home: Path, settings: dict[str, Any] | None = None) -> Iterator[str]:
    """Start JupyterLab over the notebooks in a folder, with settings of its own; yield its address. Its token is "t"."""
    overrides = home / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps({**QUIET, **(settings or {})}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    environment = {**os.environ, **{name: str(home / name) for name in PLACES}, "JUPYTER_CONFIG_DIR": str(home / "config")}
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={address.rpartition(':')[2]}", "--IdentityProvider.token=t"]
    more = [f"--ServerApp.root_dir={home}", "--ServerApp.port_retries=0", "--LabApp.expose_app_in_browser=True"]
    with subprocess.Popen([sys.executable, "-m", "jupyterlab", *options, *more], env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"{address}/api/status?token=t")
            yield address
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise TimeoutError(url)
