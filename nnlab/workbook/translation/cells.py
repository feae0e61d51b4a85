"""The text cells of a chapter in another language, one block a cell: `<!-- cell ID english=HASH -->`, then the text.

A block is found by the hash of the English first, and by its id second: ids that end in a number shift when a cell is put in before them.
One that ends its mark with `untranslated` still holds the English.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import cell_ids, english
from nnlab.workbook.translation.sentences import load, translated_code

MARK = re.compile(r"^<!-- cell (\S+) english=(\S+?)( untranslated)? -->\n", re.MULTILINE)
BEFORE = "<!-- before:\n"
HAN = "\u3001-\u9fff\uff01-\uff5e"  # signs of Chinese text
BROKEN = re.compile(rf"(?<=[{HAN}])\n(?=[{HAN}])")  # a line break would show as a space there


@dataclass(frozen=True)
class Block:
    """The translation of one cell: its id, the hash of the English it was made from, and its text ("" as long as there is none).

    `before` is what was there before the English changed, kept until there is a text again.
    """

    id: str
    english: str
    text: str
    before: str = ""


def digest(text: str) -> str:
    """Return a short hash of a cell's text; blanks at the ends of lines are no change."""
    return hashlib.sha256("\n".join(line.rstrip() for line in text.strip().splitlines()).encode()).hexdigest()[:12]


def blocks(catalogue: str) -> list[Block]:
    """Read the blocks of a catalogue."""
    return [_read(*parts) for parts in zip(*[iter(MARK.split(catalogue)[1:])] * 4, strict=True)]


def _read(id_: str, hash_: str, untranslated: str | None, said: str) -> Block:
    text, _, before = (part.strip() for part in said.partition(BEFORE))
    if not untranslated:
        return Block(id_, hash_, text)
    written = text if digest(text) != hash_ else ""  # somebody began, and left the mark
    return Block(id_, hash_, "", written or before.removesuffix("-->").strip())


def translations(catalogue: str) -> dict[str, str]:
    """Return the texts of a catalogue by the hash of their English."""
    return {block.english: block.text for block in blocks(catalogue) if block.text}


def shown(text: str) -> str:
    """Return a text as readers get it: lines between Chinese signs are joined."""
    return BROKEN.sub("", text)


def skeleton(english: Mapping[str, str], catalogue: str) -> str:
    """Return a catalogue in the order of the English: what is translated is kept, the rest stands there in English, marked.

    Parameters
    ----------
    english : mapping
        The cells' texts by their ids.
    catalogue : str
        What there is of a catalogue. Of a cell that changed the old translation is kept in a comment.
    """
    known, old = translations(catalogue), {block.id: block.text or block.before for block in blocks(catalogue)}
    return "\n".join(_block(id_, text, known, old) for id_, text in english.items())


def _block(id_: str, english: str, known: Mapping[str, str], old: Mapping[str, str]) -> str:
    hash_ = digest(english)
    if hash_ in known:
        return f"<!-- cell {id_} english={hash_} -->\n{known[hash_]}\n"
    before = f"\n{BEFORE}{old[id_].replace('<!--', '<!').replace('-->', '>')}\n-->\n" if old.get(id_) else ""
    return f"<!-- cell {id_} english={hash_} untranslated -->\n{english}\n{before}"


def orphans(english: Iterable[str], catalogue: str) -> list[Block]:
    """Return the blocks that no cell of the English has."""
    hashes = set(map(digest, english))
    return [block for block in blocks(catalogue) if block.english not in hashes]


def english_cells(chapter: ChapterFiles) -> dict[str, str]:
    """Return the text cells of a chapter's source by their ids, but for model answers; a question's id is its own."""
    ids = iter(cell_ids(chapter))
    named = [(_asked(cell) if "recall" in cell.metadata else next(ids), cell) for cell in english(chapter)]
    return {_asked(cell) or id_: cell.source for id_, cell in named if cell.cell_type == "markdown" and "written" not in cell.metadata}


def _asked(cell: NotebookNode) -> str:
    return next((f"{key}-{cell.metadata[key]}" for key in ("question", "recall") if key in cell.metadata), "")


def translated(cells: list[NotebookNode], chapter: ChapterFiles) -> list[NotebookNode]:
    """Return the cells of a source in the chapter's language; what is not translated stays English, and the gate names it."""
    known = {hash_: shown(text) for hash_, text in translations(read(chapter.catalogue)).items()}
    sentences = load(chapter.sentences)
    for cell in cells:
        code = cell.cell_type == "code"
        cell.source = translated_code(cell.source, sentences) if code else known.get(digest(cell.source), cell.source)
    return cells


def read(path: Path) -> str:
    """Return the text of a file, "" where there is none."""
    return path.read_text("utf-8") if path.exists() else ""
