"""From the percent script of a chapter to its two notebooks, cell by cell.

A code cell of the source may carry one role, written in its first line: `# %% exercise="softmax"`, `# %% check="softmax"`,
`# %% checkpoint="seed_42"` or `# %% tags=["demo"]`. The role becomes the cell's id and nbgrader's metadata (schema 3).
A text cell may be a question, `# %% [markdown] question="slope_at_one"`, with its answer inside; `recall="…"` is one that no notebook
holds, since `recall(...)` brings its text along (`nnlab.workbook.questions`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
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
NOTE = re.compile(r"^<!-- (say|option|answer|cut)(?:: (.*?))? ?-->\n?", re.MULTILINE)  # what students see not, or only when they answer
UNFOLDS = re.compile(r"\n*^<details><summary>[^<]*</summary>\n(.*?)^</details>\n?", re.MULTILINE | re.DOTALL)  # the answer to a question
USES = re.compile(r"^with checkpoint\(([^)]*)\)", re.MULTILINE)  # how a given cell calls answers, and which
ROLES = ("exercise", "check", "checkpoint")
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
    cells = [_cell(cell, chapter.declared) for cell in script(chapter) if "recall" not in cell.metadata]
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
    """Return the cells of a chapter's source as they stand there."""
    import jupytext  # students have what stands here, and not that

    cells: list[NotebookNode] = jupytext.read(chapter.source, fmt="py:percent").cells
    return cells


def cell_ids(chapter: ChapterFiles) -> list[str]:
    """Return the ids of a notebook's cells, which are the same in all languages."""
    return list(_ids([_cell(cell, chapter.declared) for cell in english(chapter) if "recall" not in cell.metadata]))


def speaking(language: str) -> NotebookNode:
    """Return the cell of a translated notebook that makes checks and hints speak its language."""
    return nbformat.v4.new_code_cell(f'from nnlab import speak\n\nspeak("{language}")', id="speak")


def strip(solution: NotebookNode) -> NotebookNode:
    """Return the student's notebook: solutions cut out, outputs cleared."""
    notebook = nbformat.from_dict(solution)
    here = catalogue(notebook.metadata.get("nnlab", {}).get("language", ENGLISH)).get(YOURS, YOURS)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(source=stub(cell.source).replace(STUB[0], f"# {here}"), outputs=[], execution_count=None)
    return notebook


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
    if cell.cell_type != "code":
        asked = cell.metadata.get("question")
        metadata = nbformat.from_dict({"nnlab": {"question": asked}} if asked else {})
        return nbformat.v4.new_markdown_cell(text(UNFOLDS.sub("", cell.source) if asked else cell.source), metadata=metadata)
    known = [key for key in ROLES if key in cell.metadata]
    metadata = _MAKERS[known[0]](cell.metadata[known[0]], cell.source, declared) if known else {}
    if tags := [*metadata.pop("tags", []), *cell.metadata.get("tags", [])]:
        metadata["tags"] = tags
    return nbformat.v4.new_code_cell(cell.source, metadata=nbformat.from_dict(metadata))


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
