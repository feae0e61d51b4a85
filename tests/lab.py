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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jupyter_core.paths import jupyter_path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]
IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
FOR_LITE = "@jupyterlite"  # extensions of the extra `lite`: in a JupyterLab with a server they throw, disabled or not
PLACES = ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")


@contextmanager
def lab(
    home: Path, settings: dict[str, Any] | None = None, start: Sequence[str] = (), places: Mapping[str, Path] = MappingProxyType({})
) -> Iterator[str]:
    """Start JupyterLab over the notebooks in a folder, with settings of its own; yield its address. Its token is "t".

    `start` is a command that opens JupyterLab over what it likes, in place of ours; it finds its options where a user's would be.
    """
    overrides = home / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps({**QUIET, **(settings or {})}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = {"open_browser": False, "allow_root": True, "ip": "127.0.0.1", "port": port, "port_retries": 0}
    app: dict[str, Any] = {"expose_app_in_browser": True, "open_browser": False}
    if not start:  # which may be of another environment, with extensions of its own
        app["labextensions_path"] = [str(_extensions(home / "labextensions"))]
    options = {"ServerApp": server, "IdentityProvider": {"token": "t"}, "LabApp": app}
    (home / "config" / "jupyter_server_config.json").write_text(json.dumps(options))
    own = {name: str(home / name) for name in PLACES} | {name: str(path) for name, path in places.items()}
    environment = {**os.environ, **own, "JUPYTER_CONFIG_DIR": str(home / "config")}
    command = start or [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={home}"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server_process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status?token=t")
            yield f"http://127.0.0.1:{port}"
        finally:
            server_process.terminate()


def _extensions(folder: Path) -> Path:
    """Make a folder of links to the extensions that are installed, without those of `FOR_LITE`."""
    folder.mkdir()
    for path in jupyter_path("labextensions"):
        for extension in Path(path).glob("*"):
            if extension.name != FOR_LITE and not (folder / extension.name).exists():
                (folder / extension.name).symlink_to(extension)
    return folder


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise TimeoutError(url)
