"""Search in Chinese: no blanks stand between its words, so each two neighbouring signs are a term, in the index and in what is asked.

Sphinx 9.0's own way needs a dictionary of words, and its script stops with an error (sphinx-doc/sphinx#14229).
"""

from __future__ import annotations

import re

from sphinx.search import SearchLanguage

SIGNS = r"\u3400-\u9fff"
TERMS = re.compile(rf"[{SIGNS}]+|[^\W{SIGNS}]+")
SPLIT = r"""
var splitQuery = (query) =>
  (query.match(/[SIGNS]+|[^SIGNS\s\p{P}\p{S}]+/gu) || []).flatMap((run) =>
    /[SIGNS]/.test(run) && run.length > 2 ? [...run].slice(1).map((sign, place) => run[place] + sign) : [run]
  );
""".replace("SIGNS", SIGNS)


class Pairs(SearchLanguage):
    """Chinese, by pairs of signs; Latin words as they are."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = SPLIT

    def split(self, input: str) -> list[str]:
        """Return the terms of a text: "反向传播 BP" gives 反向, 向传, 传播 and BP."""
        return [term for run in TERMS.findall(input) for term in (_pairs(run) if re.match(f"[{SIGNS}]", run) else [run])]


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]
