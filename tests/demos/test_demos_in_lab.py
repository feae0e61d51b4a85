"""Every demo is driven in JupyterLab in a real browser: it draws, it answers the keyboard, and the page reports no error."""

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
from typing import Any

import nbformat
import pytest

from nnlab import demos

playwright = pytest.importorskip("playwright.sync_api", reason="the browser is optional: pip install -e '.[browser]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]
IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab with a notebook for each demo, and return its address."""
    home = tmp_path_factory.mktemp("lab")
    settings = home / "config" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(QUIET))
    for name in dir(demos):
        cell = nbformat.v4.new_code_cell(f"from nnlab import demos\ndemos.{name}()", id="demo")
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata), home / f"{name}.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    places = (
        "JUPYTER_CONFIG_DIR",
        "IPYTHONDIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
    )
    environment = {**os.environ, **{name: str(home / name) for name in places[1:]}, places[0]: str(home / "config")}
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Debian's browser."""
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


@pytest.mark.parametrize("name", dir(demos))
def test_a_key_moves_the_drawing(lab: str, browser: Any, name: str) -> None:
    """A step of a slider changes what the drawing says of itself, and the step back changes it back."""
    page = browser.new_page(viewport={"width": 1000, "height": 1000})
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{lab}/doc/tree/{name}.ipynb?token=t&reset")
    page.wait_for_function(IDLE)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    drawing = page.locator(".widget-vbox svg[role=img]")
    before = drawing.get_attribute("aria-label")
    page.locator(".noUi-handle").last.focus()
    for key, changed in (("ArrowRight", True), ("ArrowLeft", False)):
        page.keyboard.press(key)
        page.wait_for_function(
            "([before, changed]) => (document.querySelector('.widget-vbox svg[role=img]').getAttribute('aria-label') != before) == changed",
            arg=[before, changed],
        )
    assert drawing.count() == 1
    assert errors == []
    page.close()
