"""What a lecturer types and says, read from a chapter's source.

Inside a solution, `# step: …` is said before the next lines are typed, and `# wrong: …` is a line that is typed first, checked, and
then mended. In the text, a line `<!-- say: … -->` is a note that only the lecturer sees, `<!-- option: ANSWER :: MEANING -->` is an
answer that the class can vote for and what it tells about those who do, and `<!-- cut -->` marks a section that a short lecture leaves
out, `<!-- cut: home -->` one that every lecture leaves to the students at home. Students never get any of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from nnlab.workbook.source import BEGIN, END, NOTE

MOST_LINES = 5  # typed in one step: more do not stay in the head, nor on a projector
STEP, WRONG = re.compile(r"\s*# step: (.*)"), re.compile(r"(\s*)# wrong: (.*)")
REMARK = re.compile(r"\s*# (step|wrong): ")


@dataclass(frozen=True)
class Step:
    """What is said, and the whole cell as it stands then; its first `typed` characters are typed, what is given behind comes at once.

    `wrong` marks a planned mistake: the class runs it, and the next step mends it.
    """

    say: str
    text: str
    typed: int
    wrong: bool = False


@dataclass(frozen=True)
class Typed:
    """An exercise as it is typed live: the cell before the first step, and the steps; the last one leaves the whole solution."""

    start: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Notes:
    """What the comments of a text cell say: notes, options with their meaning, and whether a short lecture or each leaves it out."""

    say: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    home: bool = False


def typed(source: str) -> Typed:
    """Return the steps of an exercise's cell.

    Parameters
    ----------
    source : str
        The cell with its markers and `# step:` comments.
    """
    start, *parts = _parts(source)
    text, steps = start.lines, list[Step]()
    for part in parts:
        if part.wrong:
            mistake = _text([*text, *part.wrong])
            steps.append(Step(part.say, mistake, len(mistake), wrong=True))
        text = [*text, *part.lines]
        end = len(_text(text))
        text = [*text, *part.given]
        steps.append(Step(part.say, _text(text), end))
    return Typed(_text(start.lines), tuple(steps))


@dataclass
class _Part:
    """A step as the source has it: what is said, the lines of the mistake, of the step, and what is given behind them."""

    say: str = ""
    wrong: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)


def _parts(source: str) -> list[_Part]:
    """Cut a cell where a step begins; the first part is what stands before all steps."""
    parts, inside = [_Part()], False
    for line in source.splitlines():
        step, mistake = STEP.match(line), WRONG.match(line)
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        elif step:
            parts.append(_Part(step[1]))
        elif mistake:
            parts[-1].wrong.append(mistake[1] + mistake[2])
        else:
            (parts[-1].lines if inside or len(parts) == 1 else parts[-1].given).append(line)
    return parts


def plain(source: str) -> str:
    """Return a cell without markers, steps and planned mistakes: what stands there when all is typed."""
    return _text([line for line in source.splitlines() if line.strip() not in (BEGIN, END) and not REMARK.match(line)])


def _text(lines: list[str]) -> str:
    return "\n".join(lines).rstrip()


def notes(text: str) -> Notes:
    """Read the lecturer's comments of a text cell."""
    found = NOTE.findall(text)
    options = tuple(tuple(map(str.strip, what.split("::", 1))) for kind, what in found if kind == "option")
    said, cuts = (tuple(what for kind, what in found if kind == asked) for asked in ("say", "cut"))
    return Notes(said, options, bool(cuts), "home" in cuts)  # type: ignore[arg-type]


def problems(name: str, source: str) -> Iterator[str]:
    """Yield what is wrong with an exercise's steps: none, one too long, or one that leaves no code that runs."""
    lesson = typed(source)
    if not lesson.steps:
        yield f"exercise {name!r} has no `# step:` to say and type."
        return
    before = lesson.start
    for number, step in enumerate(lesson.steps, 1):
        try:
            ast.parse(step.text)
        except SyntaxError as error:
            yield f"step {number} of exercise {name!r} does not end in code that runs: {error.msg}."
        if (count := new_lines(before, step)) > MOST_LINES:
            yield f"step {number} of exercise {name!r} types {count} lines, and a class follows {MOST_LINES}. Split it."
        before = step.text


def new_lines(before: str, step: Step) -> int:
    """Return how many lines a step types into what stood there before."""
    return len([line for line in step.text[len(common(before, step.text)) : step.typed].splitlines() if line.strip()])


def common(one: str, other: str) -> str:
    """Return the start that two texts share: typing goes on behind it."""
    length = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]
