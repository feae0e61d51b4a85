"""Build a chapter's notebooks from its source: same source, same bytes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nnlab._files import write_atomically
from nnlab.checks._notebook.agreement import key
from nnlab.languages import ENGLISH, LANGUAGES
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.source import read, role, strip

# Threads of builds that run side by side wait for each other: a cell of 10 s took over 120.
ALONE = {"NNLAB_QUIET": "1", **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")}
LIVE_ONLY = "application/vnd.jupyter.widget-view+json"  # shows nothing without a kernel
CELL_SECONDS = 120


def build(chapter: ChapterFiles) -> None:
    """Write `solutions/NAME.ipynb`, executed, and `chapters/NAME.ipynb`, without solutions.

    Raises
    ------
    CourseError
        If the source is malformed, a cell fails, or the notebooks break a rule of the house. No notebook is written then.
    """
    _write_questions(chapter)
    chapter.solution.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "drawn.jsonl"
        solution = execute(read(chapter), chapter, NNLAB_DRAWN=str(drawn))
        undrawn = _undrawn(chapter, drawn)
    student = strip(solution)
    found = [*_problems(chapter, solution, student), *undrawn]
    if found:
        raise CourseError("\n".join(found))
    write_atomically(chapter.solution, dump(solution))
    write_atomically(chapter.student, dump(student))
    if chapter.checks.is_dir():
        write_atomically(chapter.lines, printed(solution))


def _undrawn(chapter: ChapterFiles, noted: Path) -> list[str]:
    """Return what stands in the figures of a translated chapter in English still; it is put into the file of their sentences."""
    texts = list(dict.fromkeys(map(json.loads, noted.read_text("utf-8").splitlines()))) if noted.exists() else []
    if texts:
        path = Course(chapter.root).said(chapter.language, "figures")
        known = json.loads(path.read_text("utf-8")) if path.exists() else {}
        write_atomically(path, json.dumps({**dict.fromkeys(texts, ""), **known}, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return [f"figures.json: “{text[:70]}” is not translated." for text in texts]


def _problems(chapter: ChapterFiles, solution: NotebookNode, student: NotebookNode) -> Iterator[str]:
    """Yield what is wrong with built notebooks: by the rules of the house, or where a translation is not what its English is."""
    from nnlab.workbook.validate import problems  # workers that grade need no more than `load`

    if chapter.language == ENGLISH:
        yield from problems(chapter, solution, student)
        return
    from nnlab.workbook.translation.gate import chapter_problems

    yield from chapter_problems(chapter)
    lines = [list(json.loads(text).values()) for text in (printed(solution), printed(load(chapter.translated(ENGLISH).solution)))]
    if lines[0] != lines[1]:
        yield f"{chapter.name} in {chapter.language!r}: its checkpoints do not print what the English ones print."


def _write_questions(chapter: ChapterFiles) -> None:
    """Write what the cells will ask when they are run; a chapter without questions has no file."""
    from nnlab.workbook.questions import written

    text = written(chapter)
    if text and chapter.checks.is_dir():
        write_atomically(chapter.questions, text)
    else:
        chapter.questions.unlink(missing_ok=True)


def printed(solution: NotebookNode) -> str:
    """Return what the checkpoints of an executed solution print, as the text of the file that `nnlab.checks` reads."""
    checkpoints = [cell for cell in solution.cells if role(cell)[0] == "checkpoint"]
    texts = {key(cell.source): "".join(each.text for each in cell.outputs if each.output_type == "stream") for cell in checkpoints}
    return json.dumps({each: text.splitlines() for each, text in texts.items()}, ensure_ascii=False, indent=1) + "\n"


def check(chapter: ChapterFiles) -> Iterator[str]:
    """Yield what is wrong with the built notebooks, stale ones first. Nothing is executed: nbval does that."""
    yield from stale(chapter)
    if chapter.solution.exists() and chapter.student.exists():
        solution = load(chapter.solution)
        yield from _problems(chapter, solution, load(chapter.student))
        if chapter.checks.is_dir() and (not chapter.lines.exists() or chapter.lines.read_text("utf-8") != printed(solution)):
            yield f"{chapter.lines.name} is out of date: it is not what the checkpoints print. Run `nnlab build`."


def stale(chapter: ChapterFiles) -> Iterator[str]:
    """Yield which of a chapter's notebooks are missing, or are not what the source says."""
    source = read(chapter)
    for path, wanted in ((chapter.solution, source), (chapter.student, strip(source))):
        yield from _stale(path, wanted)


def require_checked(course: Course) -> None:
    """Raise a CourseError with all that is wrong with the built notebooks of a course, if anything is."""
    if problems := [problem for chapter in course.chapters() for problem in check(chapter)]:
        raise CourseError("\n".join(problems))


def execute(notebook: NotebookNode, chapter: ChapterFiles, **environment: str) -> NotebookNode:
    """Run a notebook from top to bottom and clean its outputs of all that differs between two runs."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(chapter.solution.parent)}},
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        client.execute(env={**os.environ, **ALONE, **environment})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise CourseError(f"{chapter.source.name}: a cell fails when it is run.\n{error}") from error
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    for output in (output for cell in notebook.cells for output in cell.get("outputs", ())):
        output.get("data", {}).pop(LIVE_ONLY, None)
    return notebook


def load(path: Path) -> NotebookNode:
    """Read a notebook of ours."""
    return nbformat.read(path, as_version=4)


def dump(notebook: NotebookNode) -> str:
    """Return the notebook as the text of its file."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _stale(path: Path, wanted: NotebookNode) -> Iterator[str]:
    """Compare a built notebook with its source, outputs apart."""
    name = f"{path.parent.name}/{path.name}"
    command = f"nnlab build --language {path.parent.name}" if path.parent.name in LANGUAGES else "nnlab build"
    if not path.exists():
        yield f"{name} is missing. Run `{command}`."
        return
    built = load(path)
    ours, theirs = ({cell.id: _content(cell) for cell in notebook.cells} for notebook in (wanted, built))
    changed = [id_ for id_ in {**ours, **theirs} if ours.get(id_) != theirs.get(id_)]
    if changed:
        yield f"{name} is out of date: it differs from its source in cell {', '.join(map(repr, changed[:5]))}. Run `{command}`."
    elif list(ours) != list(theirs) or built.metadata != wanted.metadata:
        yield f"{name} is out of date: its cells have another order, or its metadata differ. Run `{command}`."


def _content(cell: NotebookNode) -> tuple[str, str, str]:
    return cell.cell_type, cell.source, json.dumps(cell.metadata, sort_keys=True)
