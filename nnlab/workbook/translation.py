"""A chapter in another language: its text cells, and the sentences of its exercises, kept in step with the English.

`translations/zh/NN_name.md` has one block a text cell of the source: `<!-- cell ID english=HASH -->`, then the Chinese. A block is found
by the hash of the English first, and by its id second, since ids that end in a number shift when a cell is put in before them. A block
that ends its mark with `untranslated` still holds the English. `nnlab/languages/zh/NN_name.json` has the sentences of the checks and the
comments and docstrings of the stubs, the English as key; `translations/zh/NN_name.json` those of the hidden tests, which no student has.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import io
import json
import re
import tokenize
from dataclasses import dataclass

from nbformat import NotebookNode

from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.questions import KEYS
from nnlab.workbook.source import read, script, stub

MARK = re.compile(r"^<!-- cell (\S+) english=(\S+?)( untranslated)? -->\n", re.MULTILINE)
HAN = "\u3001-\u9fff\uff01-\uff5e"


@dataclass(frozen=True)
class Block:
    """The translation of one text cell: its id, the hash of the English it was made from, and the text ("" as long as there is none)."""

    id: str
    english: str
    text: str


def digest(text: str) -> str:
    """Return a short hash of a cell's text; blanks at the ends of lines are no change."""
    return hashlib.sha256("\n".join(line.rstrip() for line in text.strip().splitlines()).encode()).hexdigest()[:12]


def blocks(text: str) -> list[Block]:
    """Read the blocks of a catalogue."""
    parts = MARK.split(text)[1:]
    return [Block(id_, hash_, "" if open_ else said.strip()) for id_, hash_, open_, said in zip(*[iter(parts)] * 4, strict=True)]


def english_cells(chapter: ChapterFiles) -> dict[str, str]:
    """Return the text cells of a chapter's source by their ids; a question's id is its own."""
    ids = (cell.id for cell in read(chapter).cells)
    named = [(_asked(cell) if "recall" in cell.metadata else next(ids), cell) for cell in script(chapter)]
    return {_asked(cell) or id_: cell.source for id_, cell in named if cell.cell_type == "markdown"}


def _asked(cell: NotebookNode) -> str:
    return next((f"{key}-{cell.metadata[key]}" for key in KEYS if key in cell.metadata), "")


def sentences(chapter: ChapterFiles) -> list[str]:
    """Return what a chapter says besides its text cells: title, exercises, and comments and docstrings of the student's code."""
    declared = chapter.declared
    said = [declared.title]
    for each in declared.exercises:
        said += [*each.returns, *(case.name for case in (*each.cases, *each.probes)), *(p.sentence for p in each.properties), *each.hints]
        said += [text for m in each.misconceptions for text in (m.name, m.question)]
    for cell in script(chapter):
        if cell.cell_type == "code":
            said += comments(stub(cell.source))
    return [text for text in dict.fromkeys(said) if re.search("[A-Za-z]{2}", text)]


def hidden_sentences(chapter: ChapterFiles) -> list[str]:
    """Return the sentences of a chapter's hidden tests, which students get with their marks."""
    if not chapter.hidden_tests.exists():
        return []
    found = [node for node in ast.parse(chapter.hidden_tests.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    return [inspect.cleandoc(ast.get_docstring(node) or "") for node in found if node.name.startswith("test_")]


def comments(source: str) -> list[str]:
    """Return the comments and docstrings of a code cell, without their marks."""
    docs = [ast.get_docstring(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [
        *filter(None, docs),
        *(t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT and not t.string.startswith("# isort")),
    ]


def catalogue_skeleton(chapter: ChapterFiles, text: str) -> str:
    """Return a catalogue in the order of the English, with what is translated kept and the rest in English, marked."""
    known = {block.english: block.text for block in blocks(text) if block.text}
    return "\n".join(_marked(id_, digest(english), english, known) for id_, english in english_cells(chapter).items())


def _marked(id_: str, hash_: str, english: str, known: dict[str, str]) -> str:
    return f"<!-- cell {id_} english={hash_}{'' if hash_ in known else ' untranslated'} -->\n{known.get(hash_, english)}\n"


def sentences_skeleton(wanted: list[str], text: str) -> str:
    """Return a file of sentences in the order of the English, with what is translated kept and the rest empty."""
    known = json.loads(text or "{}")
    return json.dumps({english: known.get(english, "") for english in wanted}, ensure_ascii=False, indent=1) + "\n"
