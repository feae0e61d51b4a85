"""What a lecturer types and says is read from a chapter's source."""

from __future__ import annotations

import pytest

from nnlab.workbook.lecture.steps import Notes, Step, notes, plain, problems, typed

SOURCE = '''\
def mean(x):
    """Return the mean."""
    ### BEGIN SOLUTION
    # step: Add.
    total = sum(x)
    # step: Share out.
    # wrong: return total
    return total / len(x)
    ### END SOLUTION


def used(x):
    return mean(x)'''
HEAD = 'def mean(x):\n    """Return the mean."""'
ADDED = HEAD + "\n    total = sum(x)"
MISTAKE = ADDED + "\n    return total"
DONE = ADDED + "\n    return total / len(x)"


def test_steps() -> None:
    """The head first; then each step leaves the whole cell; a planned mistake comes before what mends it; what is given behind comes last."""
    lesson = typed(SOURCE)
    whole = DONE + "\n\n\ndef used(x):\n    return mean(x)"
    assert lesson.start == HEAD
    assert lesson.steps == (
        Step("Add.", ADDED, len(ADDED)),
        Step("Share out.", MISTAKE, len(MISTAKE), wrong=True),
        Step("Share out.", whole, len(DONE)),
    )
    assert plain(SOURCE) == whole
    assert list(problems("mean", SOURCE)) == []


def test_parts_with_something_given_between() -> None:
    """What is given behind a part to write comes with the last step of that part."""
    source = "class A:\n    ### BEGIN SOLUTION\n    # step: One.\n    a = 1\n    ### END SOLUTION\n    b = 2\n    ### BEGIN SOLUTION\n    # step: Three.\n    c = 3\n    ### END SOLUTION"
    one, three = typed(source).steps
    assert one == Step("One.", "class A:\n    a = 1\n    b = 2", len("class A:\n    a = 1"))
    assert three.text == plain(source) == "class A:\n    a = 1\n    b = 2\n    c = 3"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("    return sum(x)", "has no `# step:`"),
        (
            "    # step: Loop.\n    for y in x:\n    # step: Add.\n        print(y)",
            "step 1 of exercise 'mean' does not end in code that runs",
        ),
        ("    # step: All.\n" + "    print(x)\n" * 6, "types 6 lines, and a class follows 5. Split it."),
    ],
)
def test_problems(body: str, problem: str) -> None:
    """No steps, a step that leaves no code, and one too long are named."""
    source = f"{HEAD}\n    ### BEGIN SOLUTION\n{body.rstrip()}\n    ### END SOLUTION"
    assert problem in "\n".join(problems("mean", source))


def test_notes() -> None:
    """Comments of the text say what is said, what can be voted for and what it tells, and what a short lecture leaves out."""
    text = "Text.\n<!-- say: Wait. -->\n<!-- option: (5, 1) :: They think of one sample. -->\n<!-- cut -->\nMore <!-- say: not a line of its own -->"
    assert notes(text) == Notes(("Wait.",), (("(5, 1)", "They think of one sample."),), cut=True)
