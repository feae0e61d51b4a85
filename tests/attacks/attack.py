"""An attack: a submission of chapter 03 that tries one trick on honest answers, and what must come of it.

The tables of attacks are in `reading.py`, `forging.py`, `breaking.py` and `handing_in.py`.
`python tests/attacks/page.py` writes docs/attacks.md from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from sample_class import cell, sample_class

from nnlab.workbook.build import dump, load
from nnlab.workbook.course import Course

ROOT = Path(__file__).parents[2]
CHAPTER = "03_forward_propagation"
HONEST = sample_class(CHAPTER).members["full_marks"].answers
FULL = sample_class(CHAPTER).full
SOFTMAX_LOST = {"softmax": 3.0, "notebook": 2.0}
MARK = "CANARY-"  # canaries begin so; written apart in the attacks, so that no attack finds itself

Places = dict[str, str]  # what attackers are told, to make it easy: where the course, the results and the submissions lie


@dataclass(frozen=True)
class Attack:
    """One submission; by default it attacks in place of an answer to softmax, and earns all the rest.

    `tries` says what for docs/attacks.md. `told` must stand on the feedback page, `error` in the reason why there is no mark at all.
    """

    tries: str
    answer: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    loses: dict[str, float] | None = None
    edit: Callable[[NotebookNode], Any] = lambda notebook: None
    file: Callable[[Path, Attack, Places], Any] = lambda path, attack, places: path.write_text(dump(attack.notebook(places)), "utf-8")
    told: str = ""
    error: str = ""

    @property
    def expected(self) -> dict[str, float]:
        """Return the points by exercise that it must get."""
        loses = self.loses if self.loses is not None else SOFTMAX_LOST if self.answer else {}
        return {} if self.error else {name: points - loses.get(name, 0) for name, points in FULL.items()}

    def notebook(self, places: Places) -> NotebookNode:
        """Make its notebook."""
        made = load(Course(ROOT).chapter(CHAPTER).student)
        for name, source in {**HONEST, **({"softmax": self.answer} if self.answer else {}), **self.answers}.items():
            cell(made, "exercise", name).source = source
        self.edit(made)
        for each in made.cells:
            for name, place in places.items():
                each["source"] = each["source"].replace(f"@{name}@", place)
        return made


def looks(*ways: str, first: str = "") -> str:
    """Return an answer to softmax that is right only if one of these expressions finds something."""
    tried = "".join(f"    lambda: {way},\n" for way in ways)
    return f"{first}\n\nloot = []\nfor way in (\n{tried}):\n    try:\n        loot += [each for each in [way()] if each]\n    except BaseException:\n        pass\n{IF_LOOT}"


IF_LOOT = """print(loot)


def softmax(z):
    assert loot, 'nothing found'
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)
"""
WRONG = "def softmax(z):\n    return z\n"


def before(source: str, name: str = "softmax") -> Callable[[NotebookNode], None]:
    """Return an edit that puts a cell of the student's own before an exercise."""

    def edit(notebook: NotebookNode) -> None:
        place = notebook.cells.index(cell(notebook, "exercise", name))
        notebook.cells.insert(place, new_code_cell(source, id="mine"))

    return edit
