"""A notebook is rebuilt from our cells and the student's answers, whatever happened to its cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from nnlab.grading.marking.cells import defined, said, same
from nnlab.grading.marking.rebuild import Rebuilt, rebuild
from nnlab.workbook.build import load
from nnlab.workbook.course import Course
from nnlab.workbook.source import role

MINE = "def softmax(z):\n    return z"
OTHER = "def softmax(z):\n    return 2 * z"


@pytest.fixture
def solution(course: Course) -> NotebookNode:
    """Return the solution of chapter 03."""
    return load(course.chapter("03").solution)


@pytest.fixture
def submitted(course: Course) -> NotebookNode:
    """Return an untouched notebook of chapter 03."""
    return load(course.chapter("03").student)


def cell(notebook: NotebookNode, kind: str, name: str) -> NotebookNode:
    """Return the cell with a role."""
    return next(each for each in notebook.cells if role(each) == (kind, name))


def answer(notebook: NotebookNode, source: str = MINE) -> NotebookNode:
    """Write an answer to softmax into its cell."""
    found = cell(notebook, "exercise", "softmax")
    found.source = source
    return found


def test_untouched(submitted: NotebookNode, solution: NotebookNode) -> None:
    """An untouched notebook is rebuilt as it is, without repairs, with the outputs its checkpoints must agree with."""
    rebuilt = rebuild(submitted, solution)
    assert rebuilt.repairs == ()
    assert rebuilt.answers["softmax"] == cell(submitted, "exercise", "softmax").source
    assert [each.id for each in rebuilt.notebook.cells] == [each.id for each in submitted.cells]
    assert cell(rebuilt.notebook, "checkpoint", "seed_42").outputs == cell(solution, "checkpoint", "seed_42").outputs
    assert "0.61434866" in str(cell(rebuilt.notebook, "checkpoint", "seed_42").outputs)


def test_no_solution_gets_in(submitted: NotebookNode, solution: NotebookNode) -> None:
    """The rebuilt notebook holds no line of ours that answers an exercise, and no demo."""
    text = "\n".join(each.source for each in rebuild(submitted, solution).notebook.cells)
    assert "np.where(z >= 0" not in text
    assert "demos." not in text


def duplicate(notebook: NotebookNode) -> None:
    """Copy the cell of an answer and change the copy."""
    original = answer(notebook)
    notebook.cells.append(NotebookNode({**original, "id": "copy", "source": OTHER}))


def elsewhere(notebook: NotebookNode) -> None:
    """Write the answer into a new cell, and leave the stub."""
    notebook.cells.append(new_code_cell(OTHER))


def removed(notebook: NotebookNode) -> None:
    """Delete the cell, and write the answer elsewhere."""
    notebook.cells.remove(cell(notebook, "exercise", "softmax"))
    notebook.cells.append(new_code_cell("softmax = lambda z: 2 * z"))


def lost(notebook: NotebookNode) -> None:
    """Delete the cell."""
    notebook.cells.remove(cell(notebook, "exercise", "softmax"))


def no_metadata(notebook: NotebookNode) -> None:
    """Lose all metadata, as some tools do; the ids stay."""
    answer(notebook, OTHER)
    for each in notebook.cells:
        each.metadata = NotebookNode()


def no_ids(notebook: NotebookNode) -> None:
    """Lose all ids, as an older Jupyter does; the metadata stay."""
    answer(notebook, OTHER)
    for each in notebook.cells:
        each.pop("id")


def nothing_but_code(notebook: NotebookNode) -> None:
    """Lose ids and metadata, in a notebook put together by hand."""
    no_ids(notebook)
    no_metadata(notebook)
    notebook.cells = [each for each in notebook.cells if each.cell_type == "code"]


def edited_check(notebook: NotebookNode) -> None:
    """Change a check cell."""
    answer(notebook, OTHER)
    cell(notebook, "check", "softmax").source = "print('ok')"


EDITS: list[tuple[Callable[[NotebookNode], Any], str, str]] = [
    (duplicate, OTHER, "There were 2 cells for `softmax`. The last one was graded."),
    (elsewhere, OTHER, "`softmax` was found in another cell. Its own cell was not used."),
    (removed, "softmax = lambda z: 2 * z", "`softmax` was found in another cell. Its own cell was missing."),
    (lost, "raise NotImplementedError", "The cell of `softmax` was missing, and no other cell defines it."),
    (no_metadata, OTHER, ""),
    (no_ids, OTHER, ""),
    (nothing_but_code, OTHER, ""),
    (edited_check, OTHER, "The check cell of `softmax` had been changed or removed. Ours were used."),
]


@pytest.mark.parametrize(("edit", "graded", "repair"), EDITS, ids=[edit.__name__ for edit, *_ in EDITS])
def test_edits_are_mended(
    submitted: NotebookNode, solution: NotebookNode, edit: Callable[[NotebookNode], Any], graded: str, repair: str
) -> None:
    """Whatever happened to the cells, the right answer stands last before its check, in our notebook, and the repair is named."""
    edit(submitted)
    rebuilt = rebuild(submitted, solution)
    sources = [each.source for each in rebuilt.notebook.cells]
    assert graded in rebuilt.answers["softmax"]
    check = sources.index("check(softmax)")
    defining = [source for source in sources[:check] if "def softmax(" in source or "softmax =" in source]
    assert defining[-1] == rebuilt.answers["softmax"]
    assert sources.count("check(softmax)") == 1
    assert not repair or repair in rebuilt.repairs


def own_cells(rebuilt: Rebuilt) -> list[str]:
    """Return the sources of the student's own cells."""
    return [each.source for each in rebuilt.notebook.cells if "extra" in each.metadata.get("nnlab", {})]


def before(rebuilt: Rebuilt, first: str, second: str) -> bool:
    """Tell whether one cell runs before another."""
    sources = [each.source for each in rebuilt.notebook.cells]
    return sources.index(first) < sources.index(second)


def piece(source: str, name: str = "softmax") -> NotebookNode:
    """Return a cell as an editor makes it when it splits an answer: a new id, the metadata copied."""
    return new_code_cell(source, metadata=NotebookNode(nbgrader=NotebookNode(grade_id=name), nnlab=NotebookNode(exercise=name)))


def behind(notebook: NotebookNode, found: NotebookNode, *added: NotebookNode) -> None:
    """Put cells behind a cell."""
    place = notebook.cells.index(found) + 1
    notebook.cells[place:place] = added


class TestSplitAnswers:
    """An answer in several cells is one answer, and each piece runs where it stood."""

    def test_definition_then_a_try(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """The piece that defines the function is the answer; the other runs behind it."""
        behind(submitted, answer(submitted), piece("softmax(np.ones((2, 2)))"))
        rebuilt = rebuild(submitted, solution)
        assert (rebuilt.answers["softmax"], rebuilt.repairs) == (MINE, ())
        assert before(rebuilt, MINE, "softmax(np.ones((2, 2)))")

    def test_helper_then_definition(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """A helper in the first piece runs before the answer."""
        behind(submitted, answer(submitted, "def helper(z): return z"), piece(OTHER))
        rebuilt = rebuild(submitted, solution)
        assert (rebuilt.answers["softmax"], rebuilt.repairs) == (OTHER, ())
        assert before(rebuilt, "def helper(z): return z", OTHER)

    @pytest.mark.parametrize("scratch", ["", "# later", "def softmax(z):\n    # your code here\n    raise NotImplementedError"])
    def test_a_stub_never_beats_an_answer(self, submitted: NotebookNode, solution: NotebookNode, scratch: str) -> None:
        """Nor does an empty cell, wherever it stands."""
        stub = cell(submitted, "exercise", "softmax").source
        answer(submitted)
        submitted.cells += [piece(scratch), piece(stub)]
        rebuilt = rebuild(submitted, solution)
        assert (rebuilt.answers["softmax"], rebuilt.repairs) == (MINE, ())

    @pytest.mark.parametrize("nothing", ["pass", "...", '"""Mine."""', "return None", 'raise NotImplementedError("later")'])
    def test_a_body_that_does_nothing_is_no_answer(self, submitted: NotebookNode, solution: NotebookNode, nothing: str) -> None:
        """One that is written counts, also behind the check."""
        answer(submitted, f"import math\n\ndef softmax(*scores: float) -> float:\n    {nothing}")
        behind(submitted, cell(submitted, "check", "softmax"), new_code_cell(OTHER))
        assert rebuild(submitted, solution).answers["softmax"] == OTHER

    def test_two_exercises_merged_into_one_cell(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """Each is found in it."""
        merged = f"{MINE}\n\ndef fc_layer(a, W, b, f):\n    return 1, 2"
        answer(submitted, merged)
        submitted.cells.remove(cell(submitted, "exercise", "fc_layer"))
        rebuilt = rebuild(submitted, solution)
        assert rebuilt.answers["softmax"] == rebuilt.answers["fc_layer"] == merged
        assert rebuilt.repairs == ("`fc_layer` was found in another cell. Its own cell was missing.",)


class TestCellsOfOurs:
    """What a student added to a cell of ours is kept."""

    def test_an_import_in_a_given_cell(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """Ours is run, then what was added, and the cell is named."""
        given = next(each for each in submitted.cells if each.cell_type == "code")
        ours = given.source
        given.source = ours.replace("import numpy as np", "import numpy as np\nfrom scipy.special import expit")
        rebuilt = rebuild(submitted, solution)
        assert own_cells(rebuilt) == ["from scipy.special import expit"]
        assert before(rebuilt, ours, "from scipy.special import expit")
        assert rebuilt.repairs == ("The cell “import numpy as np” had been changed. Ours was run, and then yours.",)

    @pytest.mark.parametrize("source", [f"{OTHER}\n\ncheck(softmax)", f"check(softmax)\n{OTHER}", OTHER])
    def test_an_answer_in_the_cell_of_its_check(self, submitted: NotebookNode, solution: NotebookNode, source: str) -> None:
        """Is the answer; the check is ours."""
        cell(submitted, "check", "softmax").source = source
        rebuilt = rebuild(submitted, solution)
        assert OTHER in rebuilt.answers["softmax"]
        assert cell(rebuilt.notebook, "check", "softmax").source == "check(softmax)"

    @pytest.mark.parametrize("kind", ["markdown", "raw"])
    def test_a_cell_whose_type_changed(self, submitted: NotebookNode, solution: NotebookNode, kind: str) -> None:
        """Is code again, whether its name was kept or lost."""
        answer(submitted, OTHER).cell_type = kind
        for lose in (lambda notebook: notebook, lost_all):
            rebuilt = rebuild(lose(submitted), solution)
            assert rebuilt.answers["softmax"] == OTHER
            assert len(rebuilt.repairs) == 1

    def test_a_block_of_code_in_markdown(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """Is code without its fences."""
        answer(submitted, f"```python\n{OTHER}\n```").cell_type = "markdown"
        assert rebuild(submitted, solution).answers["softmax"] == OTHER

    def test_a_given_cell_that_was_emptied(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """Is ours, and there is nothing to tell."""
        given = next(each for each in submitted.cells if each.cell_type == "code")
        given.source = ""
        assert rebuild(submitted, solution).repairs == ()


WAYS = [
    *("from scipy.special import softmax", "import math as softmax", "softmax = lambda z: z", "softmax: object = max"),
    *("class softmax:\n    pass", "import functools\nsoftmax = functools.partial(max)", "async def softmax(z):\n    pass"),
    *("if True:\n    def softmax(z): return z", "try:\n    softmax = max\nexcept NameError:\n    pass", "a, softmax = 1, max"),
    *(
        "%matplotlib inline\ndef softmax(z):\n    return z",
        "%%time\ndef softmax(z):\n    return z",
        "@np.vectorize\ndef softmax(z):\n    return z",
    ),
    "def softmax(z):\n    return z +",
]


@pytest.mark.parametrize("source", WAYS)
def test_ways_to_define(submitted: NotebookNode, solution: NotebookNode, source: str) -> None:
    """An answer elsewhere is found however it defines its name, also where it does not parse."""
    submitted.cells.remove(cell(submitted, "exercise", "softmax"))
    submitted.cells.append(new_code_cell(source))
    assert rebuild(submitted, solution).answers["softmax"] == source


@pytest.mark.parametrize(
    "source", ["class Box:\n    def softmax(self): pass", "def other():\n    softmax = 1", "print(softmax == 1)", "f(softmax=1)"]
)
def test_what_defines_nothing(submitted: NotebookNode, solution: NotebookNode, source: str) -> None:
    """A method, a local name, a comparison and an argument are no answer."""
    submitted.cells.append(new_code_cell(source))
    assert "NotImplementedError" in rebuild(submitted, solution).answers["softmax"]


class TestDefinedAgain:
    """What stood at the check is graded."""

    def test_further_down(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """Another definition behind the check runs, does not count, and is named."""
        answer(submitted)
        submitted.cells.append(new_code_cell(OTHER))
        rebuilt = rebuild(submitted, solution)
        assert (rebuilt.answers["softmax"], own_cells(rebuilt)) == (MINE, [OTHER])
        assert rebuilt.repairs == ("`softmax` is defined again further down, in another way. What stood at its check was graded.",)

    def test_before_its_check(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """It is what the check saw."""
        behind(submitted, answer(submitted), new_code_cell(OTHER))
        rebuilt = rebuild(submitted, solution)
        assert rebuilt.answers["softmax"] == OTHER
        assert rebuilt.repairs == ("There were 2 cells for `softmax`. The last one was graded.",)

    @pytest.mark.parametrize("lose", [lambda notebook: notebook, lambda notebook: lost_all(notebook)])
    def test_in_the_cell_of_its_check(
        self, submitted: NotebookNode, solution: NotebookNode, lose: Callable[[NotebookNode], NotebookNode]
    ) -> None:
        """It is what the check saw, and not what its own cell says above, whatever an editor lost."""
        answer(submitted)
        cell(submitted, "check", "softmax").source = f"{OTHER}\ncheck(softmax)"
        rebuilt = rebuild(lose(submitted), solution)
        assert OTHER in rebuilt.answers["softmax"]
        sources = [each.source for each in rebuilt.notebook.cells]
        assert MINE not in sources[sources.index(rebuilt.answers["softmax"]) :]

    def test_the_same_again(self, submitted: NotebookNode, solution: NotebookNode) -> None:
        """A copy says nothing new, also among others and with other comments."""
        answer(submitted)
        submitted.cells.append(new_code_cell(f"# all of mine\nx = 1\n{MINE}  # done"))
        assert rebuild(submitted, solution).repairs == ()


def test_imports_again_after_a_reset(submitted: NotebookNode, solution: NotebookNode) -> None:
    """A copy of our imports runs where it stands: a cell before it may have emptied the notebook."""
    given = next(each.source for each in submitted.cells if each.cell_type == "code")
    behind(submitted, cell(submitted, "check", "softmax"), new_code_cell("%reset -f"), new_code_cell(given))
    assert own_cells(rebuild(submitted, solution)) == ["%reset -f", given]


def test_imports_copied_with_their_name(submitted: NotebookNode, solution: NotebookNode) -> None:
    """An editor may copy the cell's name, too."""
    given = next(each for each in submitted.cells if each.cell_type == "code")
    behind(submitted, cell(submitted, "check", "softmax"), new_code_cell("%reset -f"), NotebookNode(given))
    assert own_cells(rebuild(submitted, solution)) == ["%reset -f", given.source]


def test_a_copied_stub_with_names_lost(submitted: NotebookNode, solution: NotebookNode) -> None:
    """Is not taken for the answer's own cell, which is where it was."""
    stub = cell(submitted, "exercise", "softmax").source
    submitted.cells.append(new_code_cell(stub))
    rebuilt = rebuild(lost_all(submitted), solution)  # with an answer in its cell
    assert (rebuilt.answers["softmax"], rebuilt.repairs) == (OTHER, ())


def test_no_own_cell_runs_before_the_imports(submitted: NotebookNode, solution: NotebookNode) -> None:
    """Also where all that stood before it was deleted."""
    lost_cells = lost_all(submitted)
    lost_cells.cells = [new_code_cell("LIMIT = np.float64(700)"), *(each for each in lost_cells.cells if each.cell_type == "code")]
    rebuilt = rebuild(lost_cells, solution)
    imports = next(each.source for each in rebuilt.notebook.cells if each.cell_type == "code")
    assert before(rebuilt, imports, "LIMIT = np.float64(700)")


def lost_all(notebook: NotebookNode) -> NotebookNode:
    """Lose ids and metadata."""
    no_ids(notebook)
    no_metadata(notebook)
    return notebook


def test_a_constant_before_its_answer_with_ids_lost(submitted: NotebookNode, solution: NotebookNode) -> None:
    """The constant is a cell of the student's own, and runs before the answer."""
    place = submitted.cells.index(answer(submitted, OTHER))
    submitted.cells.insert(place, new_code_cell("LIMIT = 1"))
    rebuilt = rebuild(lost_all(submitted), solution)
    assert (rebuilt.answers["softmax"], own_cells(rebuilt), rebuilt.repairs) == (OTHER, ["LIMIT = 1"], ())
    assert before(rebuilt, "LIMIT = 1", OTHER)


@pytest.mark.parametrize(
    "source", ["-" * 90_000 + "1", "(" * 90_000, "1+" * 45_000 + "1", "def softmax(z):" + "\n if 1:" * 500, "\0", "x = '\ud800'"]
)
def test_hostile_text(submitted: NotebookNode, solution: NotebookNode, source: str) -> None:
    """Text that no parser takes is read as text."""
    answer(submitted, source)
    submitted.cells.append(new_code_cell(source))
    assert rebuild(submitted, solution).answers["softmax"] == source


def test_own_cells_stay_where_they_are(submitted: NotebookNode, solution: NotebookNode) -> None:
    """A student's own cell, such as a helper, runs behind the cell of ours it stood behind; text and empty cells do not matter."""
    place = submitted.cells.index(cell(submitted, "exercise", "softmax"))
    submitted.cells[place:place] = [new_code_cell("def helper(z): return z"), new_code_cell("  ")]
    sources = [each.source for each in rebuild(submitted, solution).notebook.cells]
    assert sources[sources.index("def helper(z): return z") - 1] == submitted.cells[place - 1].source
    assert "  " not in sources


def test_a_text_of_ours_that_became_code_is_not_said_to_run(submitted: NotebookNode, solution: NotebookNode) -> None:
    """So it is in a notebook of another edition, too, where the cell of this id was code; what it defines is the student's."""
    place = next(i for i, cell in enumerate(submitted.cells) if cell.cell_type == "markdown" and not role(cell)[0] and i > 5)
    submitted.cells[place] = NotebookNode({**new_code_cell("mine = 1"), "id": submitted.cells[place].id})
    rebuilt = rebuild(submitted, solution)
    assert rebuilt.repairs == ()
    assert "mine = 1" in [cell.source for cell in rebuilt.notebook.cells]


def test_too_many_own_cells(submitted: NotebookNode, solution: NotebookNode) -> None:
    """Only so many run, and the student is told."""
    submitted.cells += [new_code_cell(f"x = {i}") for i in range(201)]
    rebuilt = rebuild(submitted, solution)
    sources = [each.source for each in rebuilt.notebook.cells]
    assert ("x = 199" in sources, "x = 200" in sources) == (True, False)
    assert "There were 201 cells of your own. The first 200 were run." in rebuilt.repairs


def test_graded_cells_cannot_be_claimed(submitted: NotebookNode, solution: NotebookNode) -> None:
    """A student's cell that claims the id of a checkpoint is not run in its place."""
    forged = new_code_cell("print('forged')", metadata=cell(submitted, "checkpoint", "seed_42").metadata, id="checkpoint_seed_42")
    submitted.cells.append(forged)
    rebuilt = rebuild(submitted, solution)
    assert "forged" not in str([each.source for each in rebuilt.notebook.cells])


def test_a_comment_that_asks_something_is_no_help_line() -> None:
    """`x?` is IPython's, and its line says nothing to Python; `x = 1  # right?` defines x, and a comment alone changes nothing."""
    assert defined("x = f(1)  # right?\ny = 2\nf?") == {"x", "y"}
    assert same("# Why?\ny = 2", said("y = 2"))
