"""Pages read as a browser and a screen reader would: what tests of pages share."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "{{ 7 * 7 }}{% raise %}",
    "</pre></details><b>",
    "</script><script>alert(1)</script>",
    "--><!--",
    "‮evil\x00\x1b[31m",
    "&lt;",
]
VOID = {"meta", "br", "input", "rect", "line", "circle", "img", "link", "hr", "wbr"}  # without an end tag here
INLINE = {"a", "code", "mark", "span", "strong"}


class Page(HTMLParser):
    """What is in a page: its elements in order, its text, what it wants from outside, and what is wrong with its structure."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self.unclosed: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.unclosed.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that is closed at once."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Note an end that has no beginning."""
        if not self.unclosed or self.unclosed.pop() != tag:
            self.wrong.append(f"</{tag}>")
        self.text += "" if tag in INLINE else " "

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        if self.unclosed[-1:] == ["script"]:
            self.scripts[-1] += data
        elif self.unclosed[-1:] != ["style"]:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of this tag."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def tags(self) -> list[str]:
        """The tags in order."""
        return [name for name, _ in self.elements]

    @property
    def outside(self) -> list[str]:
        """What would be loaded or run, links within the report aside."""
        wanted = [value for _, attributes in self.elements for key, value in attributes.items() if key in ("src", "href", "action", "data")]
        handlers = [key for _, attributes in self.elements for key in attributes if key.startswith("on")]
        return [each for each in wanted if not re.fullmatch(r"#[a-z0-9-]+|feedback/[A-Za-z0-9_-]+\.html", each)] + handlers


def faults(html: str) -> list[str]:
    """Return what a reader without a mouse, without eyes or without network would stumble over; empty for a good page."""
    page = Page(html)
    ranks = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    named = {value for _, attributes in page.elements for key, value in attributes.items() if key in ("for", "aria-labelledby")}
    labelled = {attributes.get("for") for attributes in page.all("label")}
    policy = next((each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"), "")
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in page.scripts]
    checks = {
        "one h1, first": ranks[:1] == [1] and ranks.count(1) == 1,
        "no rank of heading left out": all(b <= a + 1 for a, b in pairwise(ranks)),
        "language": page.all("html")[0].get("lang") == "en",
        "main": page.tags.count("main") == 1,
        "ids are unique": len(ids) == len(set(ids)),
        "labels and links point at something": named | {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids),
        "controls have labels": all(each.get("id") in labelled for tag in ("input", "select") for each in page.all(tag)),
        "header cells have a scope": all(each.get("scope") in ("row", "col") for each in page.all("th")),
        "tables have captions": page.tags.count("caption") == page.tags.count("table"),
        "pictures have a text": all(each.get("aria-label") for each in page.all("svg")),
        "what scrolls can be focused and has a name": all(
            each.get("tabindex") == "0" and each.get("aria-label") for tag, each in page.elements if each.get("class") == "scroll"
        ),
        "code can be scrolled by keyboard": all(each.get("tabindex") == "0" for each in page.all("pre")),
        "focus can be seen": ":focus-visible" in html,
        "dark and print": "prefers-color-scheme: dark" in html and "@media print" in html,
        "nothing from outside": page.outside == [] and not re.search(r"https?:|url\((?!#)|@import", html),
        "no script but ours": "default-src 'none'" in policy and all(f"'sha256-{each}'" in policy for each in hashes),
        "no script allowed where there is none": bool(hashes) or "script-src 'none'" in policy,
        "tags are closed in order": page.wrong == [] and page.unclosed == [],
        "no invisible characters": not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", html),
    }
    return [name for name, holds in checks.items() if not holds]
