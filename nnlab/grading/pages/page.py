"""What all pages share: one style sheet, one way to escape, and file names that are safe.

Every value is escaped: names, code and messages come from students. The pages need nothing from outside themselves, and their
content security policy forbids it: should a tag of a student ever come through, no browser would run or load it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from nnlab.languages import language, say

LONGEST_CODE = 20_000
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
VOID = "\ufffd"  # shown in place of what is invisible


def render(template: str, script: str = "", **values: Any) -> str:
    """Return a page as self-contained HTML.

    Parameters
    ----------
    template : str
        The page's own template; it extends `base.html.j2`.
    script : str
        A script among the templates to put into the page, the only one that may run there.
    **values
        What the template shows.
    """
    source = _source(script) if script else ""
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    allowed = f"'sha256-{digest}'" if source else "'none'"
    return _environment().get_template(template).render(**values, script=Markup(source), allowed=Markup(allowed))


RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)\d")  # what Windows keeps for devices, with any ending


def page_name(student: str) -> str:
    """Return a file name for a student's page: safe on every system, and another one for every student."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", student)[:60]
    if safe and safe == student == safe.lower() and not RESERVED.fullmatch(safe):
        return f"{safe}.html"
    return f"{safe}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}.html"


def shown(text: str, most: int) -> str:
    """Replace what cannot be seen or would turn the text around, and cut what is too long."""
    text = INVISIBLE.sub(VOID, text)
    return text if len(text) <= most else say("{start} … ({count} characters)", start=text[:most], count=len(text))


def points(value: float) -> str:
    """Write points without needless digits."""
    return f"{round(value, 2):g}"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: 1 student, 2 students."""
    return say(f"{{count}} {noun}{'' if count == 1 else 's'}", count=count)


def markdown(text: str) -> Markup:
    """Return what a person wrote in Markdown as HTML. Tags in it are shown as text, and it loads nothing from elsewhere."""
    return Markup(_markdown().render(shown(text, LONGEST_CODE)))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """Escape a text and set marks around its spans, which are in order and do not overlap."""
    parts, at = [], 0
    for start, end in spans:
        parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("nnlab.grading.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    texts = {"shown": shown, "marked": marked, "highlighted": _highlighted, "code": _code, "markdown": markdown}
    environment.globals.update(_=say, language=language)
    environment.filters.update(texts, points=points, counted=counted, page_name=page_name)
    return environment


@cache
def _source(script: str) -> str:
    loader = _environment().loader
    assert loader is not None
    return loader.get_source(_environment(), script)[0]


def _highlighted(code: str) -> Markup:
    """Colour Python code; Pygments escapes it."""
    return Markup(highlight(shown(code, LONGEST_CODE), PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))


def _code(text: str) -> Markup:
    """Set what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts))
