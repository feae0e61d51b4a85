"""What shows of a demo where no kernel runs: the same drawing, as a picture or as it is."""

from __future__ import annotations

import base64
import io
import re
import sys
from html import unescape
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from nnlab import demos

each_demo = pytest.mark.parametrize("name", dir(demos))
WIDGET = "application/vnd.jupyter.widget-view+json"


def _shown(name: str) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
    return getattr(demos, name)()._repr_mimebundle_()


@each_demo
def test_one_output_holds_the_widget_and_the_still(name: str) -> None:
    """The demo is one output: the widget, a PNG for where no kernel runs, and what it shows in words, also on the page."""
    data, metadata = _shown(name)
    assert set(data) == {WIDGET, "text/html", "image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"]
    assert unescape(re.findall(r'<img [^>]*alt="([^"]*)"', data["text/html"])[0]) == data["text/plain"]
    assert len(data["text/plain"]) > 40


@each_demo
def test_a_picture_is_sharp_and_holds_what_is_drawn(name: str) -> None:
    """The PNG has twice the pixels of the page, some thousand of them not white, and the same bytes each time."""
    data, metadata = _shown(name)
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.size == (2 * metadata["image/png"]["width"], pytest.approx(2 * metadata["image/png"]["height"], abs=1))
    assert (np.asarray(picture.convert("L")) < 128).sum() > 4000
    assert _shown(name)[0]["image/png"] == data["image/png"]


@each_demo
def test_without_what_makes_pictures_the_drawing_shows_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither ipywidgets nor resvg-py is installed the demo is an SVG with its role and words."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    data, metadata = _shown(name)
    assert (set(data), metadata) == ({"text/html", "text/plain"}, {})
    drawing = ElementTree.fromstring(data["text/html"])
    assert (drawing.get("role"), drawing.get("aria-label")) == ("img", data["text/plain"])
