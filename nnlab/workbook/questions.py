"""A chapter's questions: from the text cells of its source to what `predict` and `recall` show, and what is wrong with them.

    # %% [markdown] question="slope_at_one"
    # **Predict.** Is the derivative positive or negative at $w = 1$?
    # <!-- option: negative :: Right: the error falls to the right. -->
    # <!-- option: positive :: You look at w, and not at the error. -->
    #
    # <details><summary>Answer</summary>
    #
    # It is $-9$.
    #
    # </details>

    # %%
    predict("slope_at_one")

In place of options, `<!-- answer: -9 ± 0.5 -->` asks for a number and `<!-- answer: free | free flow -->` for words; with neither the
student judges. `recall="id"` in place of `question="id"` makes a question that stands in no notebook: `recall("id", …)` asks it.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from nbformat import NotebookNode

from nnlab.checks._asking.bank import FILES, RIGHT, Question, dump, load
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.source import NOTE, UNFOLDS, script, text

HEADING = re.compile(r"^#{1,3} (.*)")
ID = re.compile(r"[a-z][a-z0-9_]*")
FLOAT = r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
NUMBER = re.compile(rf"({FLOAT})(?:\s*(?:±|\+-)\s*({FLOAT}))?", re.IGNORECASE)
ASKERS = ("predict", "recall")
KEYS = ("question", "recall")


def questions(cells: list[NotebookNode]) -> dict[str, Question]:
    """Return the questions among the cells of a source (`source.script`), by their ids."""
    section, found = "", dict[str, Question]()
    for cell in cells:
        if cell.cell_type == "markdown" and (heading := HEADING.match(cell.source)):
            section = text(heading[1])
        if name := asked(cell):
            found[name] = question(name, section, cell.source)
    return found


def written(chapter: ChapterFiles) -> str:
    """Return the text of the file with a chapter's questions, or "" where it has none."""
    found = questions(script(chapter))
    return dump(found) if found else ""


def asked(cell: NotebookNode) -> str:
    """Return the id of the question that a cell of a source is, or ""."""
    return str(next((cell.metadata[key] for key in KEYS if key in cell.metadata), ""))


def question(name: str, section: str, source: str) -> Question:
    """Read one question from its cell."""
    unfolds = UNFOLDS.search(source)
    answer = text(unfolds[1]) if unfolds else ""
    notes = NOTE.findall(source)
    options = tuple(
        (option.strip(), meaning.strip()) for kind, what in notes if kind == "option" for option, _, meaning in [what.partition("::")]
    )
    said = next((what.strip() for kind, what in notes if kind == "answer"), "")
    number = NUMBER.fullmatch(said)
    value = (_float(number[1]), _float(number[2] or "0")) if number else None
    words = () if number or not said else tuple(each.strip() for each in said.split("|"))
    return Question(name, section, _without_heading(text(UNFOLDS.sub("", source))), answer, options, value, words)


def _float(said: str) -> float:
    return float(said.replace("−", "-"))


def _without_heading(source: str) -> str:
    return re.sub(r"\A#{1,6} .*\n+", "", source)


def calls(cell: NotebookNode) -> list[tuple[str, list[str | None]]]:
    """Return each call of `predict` or `recall` in a code cell with the ids that it asks; None stands for what is no plain text."""
    if cell.cell_type != "code" or not any(f"{asker}(" in cell.source for asker in ASKERS):
        return []
    tree = ast.walk(ast.parse(cell.source))
    found = [node for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKERS]
    return [(ast.unparse(call.func), [_literal(arg) for arg in call.args]) for call in found]


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def problems(chapter: ChapterFiles, solution: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with the questions of a chapter's source; each sentence names the cell."""
    cells = script(chapter)
    found = questions(cells)
    elsewhere = others(chapter)
    count = Counter(filter(None, map(asked, cells)))
    yield from (
        f"question {name!r} stands in {times} cells. Ids are unique: call one of them otherwise."
        for name, times in count.items()
        if times > 1
    )
    for name, each in found.items():
        yield from _question(each)
        if home := elsewhere.get(name):
            yield f"question {name!r} is in {home}, too. Ids are unique in the course: call one of them otherwise."
    yield from _asked(cells, {*found, *elsewhere})
    if chapter.checks.is_dir() and _file(chapter) != (dump(found) if found else ""):
        yield f"{chapter.questions.name} of nnlab/checks/questions is out of date: it is not what the source says. Run `nnlab build`."


def _question(question: Question) -> Iterator[str]:
    """Say what is wrong with a question itself."""
    name = question.id
    if not ID.fullmatch(name):
        yield f"question {name!r}: an id is in snake_case, such as 'slope_at_one'."
    if not question.text:
        yield f"question {name!r} has no text. Write the question into its cell."
    if not question.answer:
        yield f"question {name!r} has no answer. Its cell needs <details><summary>Answer</summary>, an empty line, the answer, </details>."
    if question.options and not any(meaning.startswith(RIGHT) for _, meaning in question.options):
        yield f"question {name!r} has options and none of them is right: the meaning of one has to begin with “{RIGHT[0]}”."
    if question.options and (question.number or question.words):
        yield f"question {name!r} has options and an answer to be entered. Leave one of them out."
    for option, meaning in question.options:
        if not meaning:
            yield f"question {name!r}: the option “{option}” has no meaning behind “::”. Say what it tells the student who chooses it."
        elif meaning.startswith("They "):
            yield f"question {name!r}: the meaning of “{option}” is read by the student who chose it. Write “You …”, not “They …”."


def _asked(cells: list[NotebookNode], known: set[str]) -> Iterator[str]:
    """Look for calls that ask what there is not, stand in the wrong place, or are missing."""
    unasked: set[str | None] = {str(cell.metadata["question"]) for cell in cells if "question" in cell.metadata}
    shown = [cell for cell in cells if "recall" not in cell.metadata]
    for before, cell in pairwise([NotebookNode(cell_type="markdown", source="", metadata={}), *shown]):
        for asker, names in calls(cell):
            where = f"the cell `{cell.source.strip().splitlines()[0]}`"
            yield from (f"{where} {problem}" for problem in _call(asker, names, before, known))
            if asker == "predict" and len(cell.source.strip().splitlines()) > 1:
                yield f"{where} holds more than the call. Put predict into a cell of its own: what follows shows the answer."
            unasked -= set(names)
    yield from (f"question {name!r} is never asked. Put a cell with predict({name!r}) behind it." for name in sorted(filter(None, unasked)))


def _call(asker: str, names: list[str | None], before: NotebookNode, known: set[str]) -> Iterator[str]:
    """Say what is wrong with one call, behind the cell that stands before it."""
    if None in names or not names or (asker == "predict" and len(names) > 1):
        yield f"asks nothing that can be found: {asker} takes {'one id' if asker == 'predict' else 'ids'} as plain text."
    for name in filter(None, names):
        if name not in known:
            yield f"asks {name!r}, and no cell has that question. Is the id spelled as behind question= or recall=?"
        elif asker == "predict" and before.metadata.get("question") != name:
            yield f"does not stand behind its question: the cell before it has to be the one with question={name!r}."


def known(chapter: ChapterFiles, cells: list[NotebookNode]) -> dict[str, Question]:
    """Return what the cells of a chapter may ask: the questions among them, and the other chapters'."""
    elsewhere = {name: each for path in _others(chapter) for name, each in load(path.read_text("utf-8")).items()}
    return {**elsewhere, **questions(cells)}


def others(chapter: ChapterFiles) -> dict[str, str]:
    """Return the ids of the other chapters' questions, each with its chapter."""
    return {name: path.stem for path in _others(chapter) for name in load(path.read_text("utf-8"))}


def _others(chapter: ChapterFiles) -> list[Path]:
    """Return the files of the other chapters' questions; where a course has none of its own, those of this package."""
    folder = chapter.questions.parent if chapter.checks.is_dir() else FILES
    return [path for path in sorted(folder.glob("*.json")) if path.name != chapter.questions.name]


def _file(chapter: ChapterFiles) -> str:
    return chapter.questions.read_text("utf-8") if chapter.questions.exists() else ""
