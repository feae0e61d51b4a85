"""The web edition in a real browser: no request leaves it, formulas stand, demos move without a kernel, phones need not scroll sideways."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import ARGUMENTS, CHROMIUM
from support import EVERY, ROOT

from nnlab.web.site import write_site
from nnlab.workbook.course import Course

playwright = pytest.importorskip("playwright.sync_api", reason="the browser is optional: pip install -e '.[browser]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]
READY = "() => !window.MathJax?.startup?.promise || window.MathJax.startup.promise.then(() => true)"
# of what axe-core looks for, what the theme does: its sidebar is a landmark without a name of its own
THEME = {"landmark-unique", "region", "heading-order", "landmark-no-duplicate-banner", "page-has-heading-one"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the web edition, serve it on this machine, and return its address."""
    yield from served(tmp_path_factory.mktemp("web") / "site", "en", *EVERY)


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the Chinese pages of two chapters, one of them with the longest heading."""
    yield from served(tmp_path_factory.mktemp("web") / "zh", "zh", "04_backpropagation", "00_lectures")


def served(folder: Path, language: str, *names: str) -> Iterator[str]:
    """Serve the pages of some chapters."""
    assert write_site([Course(ROOT).chapter(name).translated(language) for name in names], folder) == []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Debian's browser."""
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


def opened(browser: Any, url: str, width: int = 1280, scheme: str = "light") -> tuple[Any, list[str]]:
    """Open a page, wait until its formulas and demos are there, and return it with what went wrong: errors, and requests to elsewhere."""
    page = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    wrong: list[str] = []
    origin = "/".join(url.split("/")[:3])
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith((origin, "data:", "blob:")) else None)
    page.goto(url)
    page.wait_for_function(READY)
    page.wait_for_function("() => !document.querySelector('[data-demo]:not([data-live])')")
    return page, wrong


@pytest.mark.parametrize("name", ["index", *EVERY])
def test_a_page_stands_by_itself(address: str, browser: Any, name: str) -> None:
    """Light and dark, wide and narrow: nothing is asked of anybody else, every formula is drawn, and nothing is wider than the page."""
    for width, scheme in ((1280, "light"), (390, "dark")):
        page, wrong = opened(browser, f"{address}/{name}.html", width, scheme)
        assert wrong == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("[data-mml-node=merror]").count() == 0
        assert page.locator("mjx-container").count() == page.locator(".math").count()
        page.context.close()


@pytest.mark.parametrize("name", ["index", *EVERY])
def test_everybody_can_read_it(address: str, browser: Any, name: str) -> None:
    """axe-core finds nothing serious that is ours, in the light and in the dark."""
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page, _ = opened(browser, f"{address}/{name}.html", scheme=scheme)
        found = Axe().run(page).response
        assert found["passes"], "axe-core has looked at nothing"
        serious = [each for each in found["violations"] if each["impact"] in ("serious", "critical") and each["id"] not in THEME]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in serious] == []
        page.context.close()


@pytest.mark.parametrize("name", [name for name in EVERY if "demos." in (ROOT / "solutions" / f"{name}.py").read_text("utf-8")])
def test_a_demo_moves(address: str, browser: Any, name: str) -> None:
    """Each of its controls by keyboard or click, and back to the start; what it says of itself changes with the picture."""
    page, wrong = opened(browser, f"{address}/{name}.html")
    demo = page.locator("[data-live]").first
    drawing = demo.locator("svg[role=img]")
    start = drawing.inner_html()
    changed = 0
    for field in demo.locator("input, select, button").all()[:-1]:
        kind = field.evaluate("field => field.type")
        if kind == "range":
            field.press("ArrowRight")
        elif kind == "select-one":
            field.select_option(index=field.evaluate("field => field.options.length - 1"))
        else:
            field.click()
        changed += drawing.inner_html() != start
        demo.get_by_role("button", name="Back to the start").click()
        assert drawing.inner_html() == start
    assert changed >= 2
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize("name", EVERY)
def test_a_page_on_paper(address: str, browser: Any, name: str) -> None:
    """It is printed in light colours, whatever the reader's are, and nothing on it scrolls: no line of code is cut off."""
    page, wrong = opened(browser, f"{address}/{name}.html", 720, "dark")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("() => document.documentElement.dataset.theme") == "light"
    cut = """() => [...document.querySelectorAll('.bd-article :is(pre, div, table, mjx-container)')].filter(each => each.scrollWidth > each.clientWidth + 1 &&
      ['auto', 'scroll', 'hidden'].includes(getComputedStyle(each).overflowX)).map(each => each.outerHTML.slice(0, 200))"""
    assert page.evaluate(cut) == []
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert (page.evaluate("() => document.documentElement.dataset.theme"), wrong) == ("dark", [])
    page.close()


def test_search_finds_both_languages(address: str, browser: Any) -> None:
    """A word in English, and a term in Chinese."""
    for word in ("perceptron", "偏置"):
        page, wrong = opened(browser, f"{address}/search.html?q={word}")
        page.locator("#search-results li a").first.wait_for(timeout=20_000)
        assert wrong == []
        page.context.close()


def test_the_chinese_pages(chinese: str, browser: Any) -> None:
    """Nothing fails on a phone, and the search finds a term of two, three or four signs, and none that is not there."""
    page, wrong = opened(browser, f"{chinese}/04_backpropagation.html", 390)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong == []
    page.context.close()
    for word, there in (("偏置", True), ("计算图", True), ("反向传播", True), ("传反播向", False)):
        page, wrong = opened(browser, f"{chinese}/search.html?q={word}")
        page.wait_for_function("() => document.querySelector('#search-results .search-summary')?.textContent.length > 8", timeout=20_000)
        assert (page.locator("#search-results li a").count() > 0) == there, word
        assert wrong == []
        page.context.close()
