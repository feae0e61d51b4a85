"""The notebooks that the pages are made of: what was stored when the course was built, without solutions, and nothing is run."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from nnlab import demos
from nnlab._files import released_chapters
from nnlab.checks._asking.bank import Question
from nnlab.languages import ENGLISH, language, say
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.questions import calls, known
from nnlab.workbook.source import KERNEL, handed_out, is_demo, role, script, stub

TELLS_OF_WORK = re.compile(r"^(?:accepted|check|hint|own_code|progress)\(", re.MULTILINE)  # on a page nobody has worked
LETTERS = "ABCDEFGHIJ"
START = "uvx --from nnlab-course nnlab start"
READING = "This page is for reading. To work the chapter, with checks that answer at once, start the course with {command}, or {download}."
READING_OWN = "This page is for reading. To work the chapter, with checks that answer at once, {download}."
DOWNLOAD = '<a href="_static/notebooks/{name}.ipynb" download>{words}</a>'

PLACE = '<div class="nnlab-demo" data-demo="{name}">{still}</div><script defer src="_static/demos/{name}.js"></script>'


@dataclass
class Page:
    """A chapter's page: its notebook, the pictures it shows by their file names, and the demos that live in it."""

    notebook: NotebookNode
    pictures: dict[str, bytes] = field(default_factory=dict)
    demos: list[str] = field(default_factory=list)


def page(chapter: ChapterFiles) -> Page:
    """Return the page of a chapter: exercises as stubs, answers folded, figures as files with their words, demos as places for live ones.

    Raises
    ------
    CourseError
        If the chapter's source cannot be read.
    """
    made = Page(nbformat.v4.new_notebook(metadata=nbformat.from_dict(KERNEL)))
    asked = known(chapter, script(chapter))
    for cell in load(chapter.solution).cells:
        made.notebook.cells += _cells(cell, asked, made)
    made.notebook.cells.insert(1, nbformat.v4.new_markdown_cell(_note(chapter.name)))
    return made


def start_command() -> str:
    """Return the line that starts the course in the reader's language."""
    return START if language() == ENGLISH else f"{START} --language {language()}"


def comes_with_nnlab(name: str) -> bool:
    """Whether `nnlab start` writes this chapter; those of an own course it does not know."""
    return (released_chapters() / f"{name}.ipynb").exists()


def _note(name: str) -> str:
    """Return the words above a page: where a reader can work the chapter."""
    download = DOWNLOAD.format(name=name, words=say("download this notebook"))
    command = f"<code>{start_command()}</code>"
    words = say(READING, command=command, download=download) if comes_with_nnlab(name) else say(READING_OWN, download=download)
    return f'<p class="nnlab-note">{words}</p>'


def _cells(cell: NotebookNode, asked: Mapping[str, Question], made: Page) -> Iterator[NotebookNode]:
    """Yield what stands on the page for one cell."""
    if cell.cell_type != "code":
        yield nbformat.v4.new_markdown_cell(handed_out(cell, language()))
    elif is_demo(cell) and _demos(cell):
        yield from _demo(cell, made)
    elif ids := [(asker, asked[name]) for asker, names in calls(cell) for name in names if name and name in asked]:
        yield from (nbformat.v4.new_markdown_cell(text) for asker, each in ids for text in _question(each, asker == "recall"))
    else:
        silent = role(cell)[0] == "check" or TELLS_OF_WORK.search(cell.source)
        outputs = [] if silent else [_output(output, made) for output in cell.outputs]
        yield nbformat.v4.new_code_cell(handed_out(cell, language()), outputs=outputs)


def _question(question: Question, recalled: bool) -> Iterator[str]:
    """Yield a question where it stands in no cell of its own, its options, and the answer, folded."""
    options = [f"- **{letter}.** {option}" for letter, (option, _) in zip(LETTERS, question.options, strict=False)]
    yield "\n\n".join([*([f"**{say('Recall.')}** {question.text}"] if recalled else []), "\n".join(options)]).strip()
    yield f"<details><summary>{say('Answer')}</summary>\n\n{question.answer}\n\n</details>"


def _demo(cell: NotebookNode, made: Page) -> Iterator[NotebookNode]:
    """Yield a demo's cell, and below it the place for the live demo, which holds the still until it is there."""
    yield nbformat.v4.new_code_cell(stub(cell.source), outputs=[])
    found = _demos(cell)
    stills = [output for output in (_output(output, made) for output in cell.outputs) if "text/html" in output.get("data", {})]
    for name, still in zip(found, stills, strict=False):
        made.demos.append(name)
        yield nbformat.v4.new_markdown_cell(PLACE.format(name=name, still=still.data["text/html"]))


def _demos(cell: NotebookNode) -> list[str]:
    """Return the names of the demos that a cell shows. Other cells that nobody grades are tagged as demos, too."""
    return [name for name in dir(demos) if re.search(rf"\bdemos\.{name}\(", cell.source)]


def _output(output: NotebookNode, made: Page) -> NotebookNode:
    """Return an output as the page shows it: a figure as a file, with its words and its size."""
    png = output.get("data", {}).get("image/png")
    if not png:
        return output
    data = base64.b64decode(png)
    file = f"{hashlib.sha256(data).hexdigest()[:16]}.png"
    made.pictures[file] = data
    figure = output.metadata.get("image/png", {})
    size = "".join(f' {side}="{figure[side]}"' for side in ("width", "height") if side in figure)
    image = f'<img class="nnlab-figure" src="_static/figures/{file}" alt="{html.escape(figure.get("alt", ""))}"{size} loading="lazy">'
    return nbformat.v4.new_output("display_data", data={"text/html": image})
