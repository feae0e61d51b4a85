"""From the percent script of a chapter to its two notebooks, cell by cell.

A code cell of the source may carry one role, written in its first line: `# %% exercise="softmax"`, `# %% check="softmax"`,
`# %% checkpoint="seed_42"` or `# %% tags=["demo"]`. The role becomes the cell's id and nbgrader's metadata (schema 3).
A text cell may be a question, `# %% [markdown] question="slope_at_one"`, with its answer inside; `recall="…"` is one that no notebook
holds, since `recall(...)` brings its text along (`nnlab.workbook.questions`). `# %% [markdown] written="graphs"` is an answer in words to
the text cell before it, with its rubric; students get an empty cell in its place (`nnlab.workbook.rubrics`).
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

import nbformat
from nbformat import NotebookNode

from nnlab.checks._exercise import Chapter
from nnlab.languages import ENGLISH, catalogue
from nnlab.workbook.course import ChapterFiles, CourseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
YOURS = "your code here"
STUB = (f"# {YOURS}", "raise NotImplementedError")
CHECKED = "nbval-check-output"
MEASURED = "<!-- measured -->"  # behind a number in the text that an output of its section must show; a test looks
# what students see not, or only when they answer
NOTE = re.compile(r"^<!-- (say|option|answer|cut|criterion)(?:: (.*?))? ?-->\n?", re.MULTILINE)
UNFOLDS = re.compile(r"\n*^<details><summary>[^<]*</summary>\n(.*?)^</details>\n?", re.MULTILINE | re.DOTALL)  # the answer to a question
POINTS = re.compile(r"\d+(?:\.\d+)?")
USES = re.compile(r"^with checkpoint\(([^)]*)\)", re.MULTILINE)  # how a given cell calls answers, and which
ROLES = ("exercise", "check", "checkpoint", "written")
NOTEBOOK = "notebook"  # stands for an exercise where checkpoints are meant
RUBRIC = "\n\n**Rubric**"  # stands between a model answer and its rubric
HERE = "Write your answer here."  # what students find in place of a model answer
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read(chapter: ChapterFiles) -> NotebookNode:
    """Return the solution notebook of a chapter, not executed.

    Raises
    ------
    CourseError
        If a role names no declared exercise, or an exercise has no BEGIN/END SOLUTION pair.
    """
    cells = _cells(script(chapter), chapter.declared)
    for cell, id_ in zip(cells, cell_ids(chapter), strict=True):
        cell.id = id_
    metadata = {**KERNEL, "nnlab": {"chapter": chapter.name}}
    if chapter.language != ENGLISH:
        metadata["nnlab"]["language"] = chapter.language
        cells.insert(next(place for place, cell in enumerate(cells) if cell.cell_type == "code"), speaking(chapter.language))
    return nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(metadata))


def script(chapter: ChapterFiles) -> list[NotebookNode]:
    """Return the cells of a chapter's source, with notes and answers, in the chapter's language."""
    cells = english(chapter)
    if chapter.language == ENGLISH:
        return cells
    from nnlab.workbook.translation.cells import translated

    return translated(cells, chapter)


def english(chapter: ChapterFiles) -> list[NotebookNode]:
    """Return the cells of a chapter's source as they stand there; they may be changed."""
    return copy.deepcopy(_percent(chapter.source.read_text("utf-8")))


@lru_cache(maxsize=16)
def _percent(text: str) -> list[NotebookNode]:
    """Return the cells of a percent script. A gate asks for a chapter's a dozen times, and reading them costs a tenth of a second."""
    import jupytext  # students have what stands here, and not that

    cells: list[NotebookNode] = jupytext.reads(text, fmt="py:percent").cells
    return cells


def cell_ids(chapter: ChapterFiles) -> list[str]:
    """Return the ids of a notebook's cells, which are the same in all languages."""
    return list(_ids(_cells(english(chapter), chapter.declared)))


def _cells(cells: list[NotebookNode], declared: Chapter) -> list[NotebookNode]:
    """Turn the cells of a script into those of the notebook."""
    made = [_cell(cell, declared) for cell in cells if "recall" not in cell.metadata]
    known: set[str] = set()
    for before, cell in pairwise([nbformat.v4.new_code_cell(), *made]):
        if role(cell)[0] == "written":
            name = role(cell)[1]
            _require(name not in known, f"written {name!r} stands in two cells. Ids are unique: call one of them otherwise", declared)
            known.add(name)
            _lock(before, name, declared)
    return made


def speaking(language: str) -> NotebookNode:
    """Return the cell of a translated notebook that makes checks and hints speak its language."""
    return nbformat.v4.new_code_cell(f'from nnlab import speak\n\nspeak("{language}")', id="speak")


def strip(solution: NotebookNode) -> NotebookNode:
    """Return the student's notebook: solutions cut out, outputs cleared."""
    notebook = nbformat.from_dict(solution)
    language = notebook.metadata.get("nnlab", {}).get("language", ENGLISH)
    for cell in notebook.cells:
        cell.source = handed_out(cell, language)
        without_rubric(cell)
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return notebook


def handed_out(cell: NotebookNode, language: str = ENGLISH) -> str:
    """Return what students find in a cell of the solution."""
    said = catalogue(language)
    if role(cell)[0] == "written":
        return said.get(HERE, HERE)
    return stub(cell.source).replace(STUB[0], f"# {said.get(YOURS, YOURS)}") if cell.cell_type == "code" else str(cell.source)


def without_rubric(cell: NotebookNode) -> NotebookNode:
    """Take the rubric of an answer in words out of its cell's metadata, where there is one, and return the cell."""
    cell.metadata.get("nnlab", {}).pop("criteria", None)
    return cell


def stub(source: str) -> str:
    """Replace what stands between the markers, and the markers, by the stub."""
    region = re.compile(rf"^([ \t]*){BEGIN}\n.*?^[ \t]*{END}$", re.DOTALL | re.MULTILINE)
    return region.sub(lambda match: "\n".join(match[1] + line for line in STUB), source)


def solution_lines(source: str) -> list[str]:
    """Return the lines between the markers, without indentation, comments and blank lines."""
    inside = re.findall(rf"{BEGIN}\n(.*?){END}", source, re.DOTALL)
    lines = (line.strip() for block in inside for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def role(cell: NotebookNode) -> tuple[str, str]:
    """Return a cell's role and what it names, for example ("exercise", "softmax"), or ("", "")."""
    known = cell.metadata.get("nnlab", {})
    return next(((key, known[key]) for key in ROLES if key in known), ("", ""))


def is_demo(cell: NotebookNode) -> bool:
    """Tell whether a cell shows a demo: nothing of it is graded."""
    return "demo" in cell.metadata.get("tags", ())


def _cell(cell: NotebookNode, declared: Chapter) -> NotebookNode:
    """Turn a cell of the script into a cell of the notebook."""
    if name := cell.metadata.get("written"):
        return _written(name, cell, declared)
    if cell.cell_type != "code":
        asked = cell.metadata.get("question")
        metadata = nbformat.from_dict({"nnlab": {"question": asked}} if asked else {})
        return nbformat.v4.new_markdown_cell(text(UNFOLDS.sub("", cell.source) if asked else cell.source), metadata=metadata)
    known = [key for key in ROLES if key in cell.metadata]
    metadata = _MAKERS[known[0]](cell.metadata[known[0]], cell.source, declared) if known else {}
    if tags := [*metadata.pop("tags", []), *cell.metadata.get("tags", [])]:
        metadata["tags"] = tags
    return nbformat.v4.new_code_cell(cell.source, metadata=nbformat.from_dict(metadata))


def _written(name: str, cell: NotebookNode, declared: Chapter) -> NotebookNode:
    """Return the cell of an answer in words: the model answer and the rubric, which stands in its metadata, too."""
    _require(cell.cell_type == "markdown", f"written {name!r} is no text cell: write `# %% [markdown] written={name!r}`", declared)
    parts = [what.partition("::") for kind, what in NOTE.findall(cell.source) if kind == "criterion"]
    fine = bool(parts) and all(POINTS.fullmatch(points.strip()) and words.strip() for points, _, words in parts)
    _require(fine, f"written {name!r} needs lines such as `<!-- criterion: 1 :: Says why. -->`, each with its points", declared)
    criteria = [{"points": float(points), "text": words.strip()} for points, _, words in parts]
    total = sum(float(each["points"]) for each in criteria)
    nbgrader = nbgrader_metadata(f"written_{name}", grade=True, solution=True, points=total)
    known = {"nnlab": {"written": name, "criteria": criteria}, "nbgrader": nbgrader, "deletable": False}
    rubric = "\n".join(f"- {each['points']:g}: {each['text']}" for each in criteria)
    source = f"{text(cell.source)}{RUBRIC}, {total:g} points\n\n{rubric}"
    return nbformat.v4.new_markdown_cell(source, metadata=nbformat.from_dict(known))


def _lock(cell: NotebookNode, name: str, declared: Chapter) -> None:
    """Make a text cell the question that is answered in words in the next one."""
    fits = cell.cell_type == "markdown" and not cell.metadata
    _require(fits, f"written {name!r} needs its question in the text cell before it", declared)
    known = {"nnlab": {"asks": name}, "nbgrader": nbgrader_metadata(f"question_{name}", locked=True), "deletable": False, "editable": False}
    cell.metadata = nbformat.from_dict(known)


def text(source: str) -> str:
    """Return the text of a cell without what only builders and lecturers read."""
    return NOTE.sub("", source).replace(MEASURED, "").strip()


def _exercise(name: str, source: str, declared: Chapter) -> dict[str, Any]:
    _require(name in declared.names, f"exercise {name!r} is not declared in nnlab.checks", declared)
    _require(f"def {name}(" in source, f"exercise {name!r} does not define a function of its name", declared)
    paired = source.count(BEGIN) == source.count(END) >= 1 and BEGIN not in stub(source)
    _require(paired, f"exercise {name!r} needs one line {BEGIN!r} and one line {END!r} for each part to write", declared)
    return {"nnlab": {"exercise": name}, "nbgrader": nbgrader_metadata(name, solution=True), "deletable": False}


def _check(name: str, source: str, declared: Chapter) -> dict[str, Any]:
    _require(name in declared.names, f"check {name!r} is for no declared exercise", declared)
    nbgrader = nbgrader_metadata(f"check_{name}", grade=True, locked=True, points=declared[name].points)
    return {"nnlab": {"check": name}, "nbgrader": nbgrader, "deletable": False, "editable": False}


def _checkpoint(name: str, source: str, declared: Chapter) -> dict[str, Any]:
    _require("with checkpoint(" in source, f"checkpoint {name!r} does not run inside `with checkpoint(...)`", declared)
    nbgrader = nbgrader_metadata(f"checkpoint_{name}", grade=True, locked=True, points=declared.checkpoint_points)
    return {"nnlab": {"checkpoint": name}, "nbgrader": nbgrader, "deletable": False, "editable": False, "tags": [CHECKED]}


_MAKERS = {"exercise": _exercise, "check": _check, "checkpoint": _checkpoint}


def nbgrader_metadata(grade_id: str, **flags: Any) -> dict[str, Any]:
    """Return what nbgrader (schema 3) is to know of a cell."""
    return {"schema_version": 3, "grade_id": grade_id, "grade": False, "locked": False, "solution": False, "task": False, **flags}


def _require(holds: bool, problem: str, declared: Chapter) -> None:
    if not holds:
        raise CourseError(f"solutions/{declared.name}.py: {problem}.")


def _ids(cells: list[NotebookNode]) -> Iterator[str]:
    """Derive each cell's id from its role or the last heading, so that it stays when other sections change."""
    heading, seen = "start", Counter[str]()
    for cell in cells:
        if cell.cell_type == "markdown" and (found := re.match(r"#+ (.*)", cell.source)):
            heading = _slug(found[1])
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id is None:
            seen[heading] += 1
        yield grade_id or f"{heading}-{seen[heading]}"


def _slug(text: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-0123456789")[:48] or "section"
