"""`own_code()`: what a student owns by now, chapter by chapter, with the text of each function folded away."""

from __future__ import annotations

from html import escape

from nnlab.checks._display import Card, message_card
from nnlab.checks._exercise import Chapter
from nnlab.checks._mine.file import NAME, Library, library, place
from nnlab.checks._notebook.place import by_program
from nnlab.languages import say


def shelf(chapters: list[Chapter]) -> Card:
    """Return a card that shows what `mine.py` holds.

    Parameters
    ----------
    chapters : list of Chapter
        All chapters, in order.
    """
    theirs = library()
    if theirs and theirs.trouble:
        return message_card(say("{file}, {trouble}. Mend it or delete the file.", file=NAME, trouble=theirs.trouble), "wrong")
    if theirs is None or not theirs.defined:
        return message_card(_empty())
    rows = [(chapter, [name for name in chapter.names if name in theirs.defined]) for chapter in chapters if chapter.names]
    helpers = [name for name in theirs.defined if not any(name in chapter.names for chapter in chapters)]
    owned = sum(len(names) for _, names in rows)
    lines = sum(len(theirs.source(name).splitlines()) for name in theirs.defined)
    head = say(
        "Your own library: {owned} of {count} functions of the course, {lines} lines",
        owned=owned,
        count=sum(len(chapter.names) for chapter in chapters),
        lines=lines,
    )
    shown = [
        (say(chapter.title), names, say("{some} of {all}", some=len(names), all=len(chapter.names))) for chapter, names in rows if names
    ]
    shown += [(say("helpers"), helpers, str(len(helpers)))] if helpers else []
    example = next((names[0] for _, names in rows if names), theirs.defined[0])
    tip = say(
        "All of it stands in {file} beside this notebook. `from mine import {example}` brings it into another one.",
        file=NAME,
        example=example,
    )
    text = "\n".join([head, *(f"  {title} ({count}): {', '.join(names)}" for title, names, count in shown), tip])
    plain = message_card(f"{head}.")
    return Card(text, plain.html.replace("</div>", f"{''.join(_row(theirs, *row) for row in shown)}<p>{_code(tip)}</p></div>"))


def _row(theirs: Library, title: str, names: list[str], count: str) -> str:
    functions = "".join(
        f"<details style='margin-left:1em'><summary><code>{escape(name)}</code></summary><pre>{escape(theirs.source(name))}</pre></details>"
        for name in names
    )
    return f"<p style='margin-bottom:0'><b>{escape(title)}</b> ({count})</p>{functions}"


def _code(text: str) -> str:
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _empty() -> str:
    if by_program() or place() is not None:
        return say("Your own library is empty here. Each `check` that passes puts its function into {file} beside the notebook.", file=NAME)
    return say(
        "Your own library cannot be found: this program does not say which file the notebook is, and {file} would lie beside it.", file=NAME
    )
