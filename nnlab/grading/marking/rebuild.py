"""Rebuild a notebook from our cells and the student's answers, so that an edited, lost, split or doubled cell costs no points."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from nnlab.grading.marking.cells import (
    LONGEST,
    bare,
    defined,
    definitions,
    imports,
    names,
    pair,
    parsed,
    quoted,
    said,
    same,
    unfenced,
    unwritten,
)
from nnlab.grading.marking.in_words import Piece, Words, words
from nnlab.languages import LANGUAGES, say
from nnlab.workbook.source import NOTEBOOK, is_demo, role, speaking, strip

MOST_EXTRAS = 200  # cells of the student's own
CUT = 40  # characters of a cell of ours that a sentence quotes
JUDGES = ("check", "checkpoint")
OTHERS = 8  # texts of a paragraph that nobody writes into a notebook of ours, but that another edition has
PARAGRAPH = 80  # characters
REPLACED = {  # our cells of a kind, one or more of them
    ("check", False): "The check cell of {names} had been changed or removed. Ours were used.",
    ("check", True): "The check cells of {names} had been changed or removed. Ours were used.",
    ("checkpoint", False): "The checkpoint cell of {names} had been changed or removed. Ours were used.",
    ("checkpoint", True): "The checkpoint cells of {names} had been changed or removed. Ours were used.",
}
EDITION = (
    "This notebook is of another edition of the chapter: {kept} of its {count} texts of today are in it. "
    "What was added since is not in it, and earns nothing: ask how that counts. All else was graded as ever."
)


@dataclass(frozen=True)
class Rebuilt:
    """What is graded: the notebook, the answers in it by exercise, and what had to be mended; `words` are answers that a person reads.

    `shown` is what the student's cells of an exercise showed when the notebook was handed in, checkpoints' under `NOTEBOOK`.
    """

    notebook: NotebookNode
    answers: dict[str, str]
    repairs: tuple[str, ...]
    words: dict[str, str] = field(default_factory=dict)
    shown: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def rebuild(submitted: NotebookNode, solution: NotebookNode, translations: Sequence[NotebookNode] = ()) -> Rebuilt:
    """Put the student's answers, and what else the student wrote, into our notebook.

    An answer is what the exercise's own cells define, the last of them before its check; else what any other cell defines, wherever it
    stands. Cells of the student's own run where they stood, and so does what was added to a cell of ours. Demos are left out.

    Parameters
    ----------
    submitted : NotebookNode
        What the student handed in.
    solution : NotebookNode
        Our executed solution; the outputs of its checkpoint cells are what the student's must agree with.
    translations : sequence of NotebookNode
        What students got in other languages: where ids are lost, a cell is known by its text.
    """
    ours = strip(solution)
    sides = _Sides(_as_handed_out(ours, submitted, translations), submitted.cells)
    in_words = {name: sides.words(name) for kind, name in sides.roles if kind == "written"}
    answers = {name: sides.answer(name) for kind, name in sides.roles if kind == "exercise"}
    extras = sides.extras({answer.cell for answer in answers.values()})
    notebook = copy.deepcopy(ours)
    cells = (_ours(cell, reference, answers) for cell, reference in zip(ours.cells, solution.cells, strict=True))
    notebook.cells = list(_with_extras(cells, extras))
    told = [*(each.repairs for each in answers.values()), *(each.repairs for each in in_words.values())]
    repairs = chain(sides.edition(), *told, sides.changed(), _too_many(extras))
    texts = {name: each.text for name, each in in_words.items()}
    shown = {**{name: sides.shown(name) for name in answers}, NOTEBOOK: sides.shown_by_checkpoints()}
    return Rebuilt(notebook, {name: answer.source for name, answer in answers.items()}, tuple(repairs), texts, shown)


def _as_handed_out(ours: NotebookNode, submitted: NotebookNode, translations: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return our cells in the language of most of the text cells that came back; stubs stay in ours."""
    theirs = "".join(bare(str(cell.source)[:LONGEST]) for cell in submitted.cells if cell.cell_type != "code")

    def kept(notebook: NotebookNode) -> int:
        return sum(bare(cell.source) in theirs for cell in notebook.cells if cell.cell_type == "markdown")

    chosen = max((ours, *translations), key=kept)
    said = {cell.id: cell.source for cell in chosen.cells if role(cell)[0] != "exercise"}
    return [NotebookNode({**cell, "source": said.get(cell.id, cell.source)}) for cell in ours.cells]


class _Cell:
    """A cell of the student's: where it stands, whether the student wrote it, and what it then defines as code."""

    def __init__(self, index: int, cell: NotebookNode, ours: Set[str], stubs: Mapping[str, str]) -> None:
        self.index, self.is_code = index, cell.get("cell_type") == "code"
        text = str(cell.source)[:LONGEST]
        self.source, self.names = text if self.is_code else unfenced(text), names(cell)
        self.shown: tuple[tuple[str, str], ...] = tuple(cell.get("shown", ()))
        self.bare = bare(self.source)
        self.written = bool(self.bare) and not same(self.source, ours)
        self.imports = self.is_code and not self.written and imports(self.source)
        self.defines = defined(self.source) if self.written and (self.is_code or parsed(self.source)) else set()
        self.written = self.written and not any(unwritten(self.source, stubs[name]) for name in self.defines & stubs.keys())


@dataclass(frozen=True)
class _Answer:
    """The source of one answer, the student's cell that it is, and what had to be mended."""

    source: str
    cell: _Cell | None = None
    repairs: tuple[str, ...] = ()


class _Sides:
    """Our cells, the student's, and which is which."""

    def __init__(self, ours: Sequence[NotebookNode], theirs: Sequence[NotebookNode]) -> None:
        self.ours = ours
        self.roles = [role(cell) for cell in ours]
        stubs = {name: cell.source for cell, (kind, name) in zip(ours, self.roles, strict=True) if kind == "exercise"}
        self.speaking = [said(speaking(language).source) for language in LANGUAGES]
        texts = set().union(*self.speaking, *(said(cell.source) for cell in ours))
        self.theirs = [_Cell(index, cell, texts, stubs) for index, cell in enumerate(theirs)]
        self.place = {found: place for place, found in enumerate(self.roles) if found[0]}
        self.named = {name: place for place, cell in enumerate(ours) for name in names(cell)}
        self.found = {place: self.theirs[index] for place, index in pair(ours, theirs).items()}
        self.partner = {cell: place for place, cell in self.found.items()}

    def answer(self, name: str) -> _Answer:
        """Find the answer to an exercise, and make its cell the partner of ours."""
        place = self.place["exercise", name]
        mine = [cell for cell in self.theirs if self._is_for(cell, place)]
        pieces = _code_first([cell for cell in mine if cell.written])
        defining = [cell for cell in dict.fromkeys([*pieces, *self._before_check(place)]) if name in cell.defines]
        elsewhere = _code_first([cell for cell in self.theirs if name in cell.defines and cell.written])
        if defining or (pieces and not elsewhere):
            chosen = max(defining or pieces, key=lambda cell: cell.index)
            self._take(place, chosen)
            return _Answer(chosen.source, chosen, (*_told(name, chosen, defining), *self._again(name, chosen)))
        if elsewhere:
            where = say("Its own cell was not used") if mine else say("Its own cell was missing")
            chosen = elsewhere[-1]
            return _Answer(
                chosen.source,
                None,
                (say("`{name}` was found in another cell. {where}.", name=name, where=where), *self._again(name, chosen)),
            )
        return _Answer(
            self.ours[place].source,
            None,
            () if mine else (say("The cell of `{name}` was missing, and no other cell defines it.", name=name),),
        )

    def words(self, name: str) -> Words:
        """Find an answer in words, and keep its cells from being taken for code."""
        place = self.place["written", name]
        asking, asked = self.found.get(place - 1), self.ours[place - 1].source
        own = [cell for cell in self.theirs if self._is_for(cell, place)]
        beside = [cell for cell in self._around(place) if cell not in own and not self._is_code(cell) and not self._is_prose(cell, place)]
        if not (own or asking or any(quoted(asked) & quoted(cell.source) for cell in self.theirs)):
            beside = []  # an edition that did not ask
        if not own and asking and beside and beside[0].index == asking.index + 1 and not beside[0].is_code:
            own = [beside.pop(0)]  # known by its place
        made = words(name, _pieces(own), _pieces(beside), asking.source if asking else "", asked)
        for cell in (cell for cell in self.theirs if cell.index in made.cells):
            cell.written, cell.imports, cell.defines = False, False, set()
        return made

    def shown(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return what the cells from an answer to its check showed, those of the student's own between them too."""
        ends = [self.found[place] for kind in ("exercise", "check") if (place := self.place.get((kind, name), -1)) in self.found]
        if not ends:
            return ()
        between = self.theirs[ends[0].index : ends[-1].index + 1]
        return tuple(each for cell in between if cell in ends or cell not in self.partner for each in cell.shown)

    def shown_by_checkpoints(self) -> tuple[tuple[str, str], ...]:
        """Return what the checkpoints' cells showed."""
        places = [place for place, (kind, _) in enumerate(self.roles) if kind == "checkpoint" and place in self.found]
        return tuple(each for place in places for each in self.found[place].shown)

    def _around(self, place: int) -> Iterator[_Cell]:
        """Yield cells of the student's own between our cells before and behind one of ours."""
        start = max((cell.index for each, cell in self.found.items() if each < place), default=-1)
        end = min((cell.index for each, cell in self.found.items() if each > place and cell.index > start), default=len(self.theirs))
        yield from (cell for cell in self.theirs[start + 1 : end] if cell not in self.partner and self.named_place(cell) is None)

    def _is_prose(self, cell: _Cell, place: int) -> bool:
        """Tell whether a text cell is one of ours in the words of another edition; a quoted question is none."""
        ours = (each for i, each in enumerate(self.ours) if each.cell_type != "code" and i != place - 1)
        lines = quoted(cell.source)
        return bool(lines) and 2 * len(lines & set().union(*(quoted(each.source) for each in ours))) >= len(lines)

    def _is_code(self, cell: _Cell) -> bool:
        """Tell whether a cell of the student's own is no text: code that Python can read, or an answer to an exercise."""
        return bool(cell.defines & {name for kind, name in self.roles if kind == "exercise"}) or (
            cell.is_code and bool(parsed(cell.source))
        )

    def _is_for(self, cell: _Cell, place: int) -> bool:
        """Tell whether a cell is ours at this place, or a piece of it: editors copy its name when they split it."""
        return self.partner.get(cell, self.named_place(cell)) == place

    def named_place(self, cell: _Cell) -> int | None:
        """Return the place of our cell that this one is called like."""
        return next((self.named[name] for name in cell.names if name in self.named), None)

    def _before_check(self, place: int) -> Iterator[_Cell]:
        """Yield cells of the student's own between an exercise and its check, and the check's: what they define is what the check saw."""
        start, check = self.found.get(place), self.found.get(self.place.get(("check", self.roles[place][1]), -1))
        if start and check:
            between = (cell for cell in self.theirs[start.index + 1 : check.index + 1] if cell is check or cell not in self.partner)
            yield from (cell for cell in between if cell.written and cell.is_code)

    def _take(self, place: int, cell: _Cell) -> None:
        self.partner = {each: other for each, other in self.partner.items() if other != place} | {cell: place}
        self.found[place] = cell

    def _again(self, name: str, chosen: _Cell) -> Iterator[str]:
        later = [cell for cell in self.theirs[chosen.index + 1 :] if cell.is_code and name in cell.defines and cell.written]
        said = definitions(chosen.source, name)
        if any(definitions(cell.source, name) != said for cell in later):
            yield say("`{name}` is defined again further down, in another way. What stood at its check was graded.", name=name)

    def extras(self, answers: set[_Cell | None]) -> list[tuple[int, str]]:
        """Return what else the student wrote, each with the place of our cell that it runs behind, in the order of the notebook."""
        first = next((place for place, cell in enumerate(self.ours) if cell.cell_type == "code"), 0)
        behind, found = first, []
        for cell in self.theirs:
            behind = max(behind, self.partner.get(cell, first))
            place = self.partner.get(cell, self.named_place(cell))
            again = (
                cell.imports and cell not in self.partner and not any(same(cell.source, each) for each in self.speaking)
            )  # after a %reset
            if cell in answers or not (cell.written or again) or not self._is_run(cell, place):
                continue
            at_judge = place is not None and self.roles[place][0] in JUDGES
            found.append((behind - at_judge, cell.source if again or place is None else _beside(cell.source, self.ours[place].source)))
        return sorted(found, key=lambda extra: extra[0])

    def _is_run(self, cell: _Cell, place: int | None) -> bool:
        """Tell whether a cell's code runs. Of what was added to a check or a demo only that which defines something does."""
        if place is None or not (self.roles[place][0] in JUDGES or is_demo(self.ours[place])):
            return cell.is_code or (place is not None and self.ours[place].cell_type == "code" and bool(cell.defines))
        return bool(cell.defines - defined(self.ours[place].source))

    def edition(self) -> Iterator[str]:
        """Say that a notebook is of another edition of the chapter: it has not half of our texts, and many of others."""
        if self._is_other:
            count, kept, _ = self._texts
            yield say(EDITION, kept=kept, count=count)

    def changed(self) -> Iterator[str]:
        """Say which of our cells were changed or lost; they are ours again. Of another edition's it would name nearly all."""
        for kind in JUDGES if not self._is_other else ():
            lost = [name for place, (each, name) in enumerate(self.roles) if each == kind and not self._is_ours(place)]
            if lost:
                listed = ", ".join(f"`{name}`" for name in lost)
                yield say(REPLACED[kind, len(lost) > 1], names=listed)
        for place, cell in self.found.items() if not self._is_other else ():
            given = not self.roles[place][0] and self.ours[place].cell_type == "code"  # a text of ours is not run, whatever came of it
            if given and self._is_run(cell, place) and cell.written and cell.defines:
                yield say("The cell “{start}” had been changed. Ours was run, and then yours.", start=_start(self.ours[place]))

    @cached_property
    def _texts(self) -> tuple[int, int, int]:
        """Count our texts, those of them that came back, known by their name or as part of what stands there, and long ones of others."""
        ours = [(names(cell), bare(cell.source)) for cell in self.ours if cell.cell_type == "markdown"]
        theirs = [cell for cell in self.theirs if not cell.is_code]
        called, came = set().union(*(cell.names for cell in theirs)), "".join(cell.bare for cell in theirs)
        kept = sum(bool(name & called) or text in came for name, text in ours)
        named, texts = set().union(*(name for name, _ in ours)), [text for _, text in ours]
        whole = "".join(texts)
        others = (cell for cell in theirs if len(cell.bare) > PARAGRAPH and not (named & cell.names or cell.bare in whole))
        return len(ours), kept, sum(not any(text in cell.bare for text in texts) for cell in others)

    @property
    def _is_other(self) -> bool:
        count, kept, others = self._texts
        return 2 * kept < count and others >= OTHERS

    def _is_ours(self, place: int) -> bool:
        return place in self.found and same(self.found[place].source, said(self.ours[place].source))


def _pieces(cells: Sequence[_Cell]) -> list[Piece]:
    return [Piece(cell.index, cell.source, cell.is_code) for cell in cells]


def _code_first(cells: list[_Cell]) -> list[_Cell]:
    """Return the code cells, or where there are none those that were code: a slip of a key makes a cell Markdown."""
    return [cell for cell in cells if cell.is_code] or cells


def _told(name: str, chosen: _Cell, defining: Sequence[_Cell]) -> Iterator[str]:
    if len({cell.bare for cell in defining}) > 1:
        yield say("There were {count} cells for `{name}`. The last one was graded.", count=len(defining), name=name)
    if not chosen.is_code:
        yield say("The cell of `{name}` was no longer a code cell. It was run as one.", name=name)


def _start(cell: NotebookNode) -> str:
    line = cell.source.strip().splitlines()[0]
    return line if len(line) <= CUT else line[:CUT].rstrip() + " …"


def _beside(source: str, ours: str) -> str:
    """Return the lines that the student added, where all of ours are still among them; else all lines."""
    lines = ours.splitlines()
    added = [line for line in source.splitlines() if line not in lines]
    return "\n".join(added) if lines and len(added) == len(source.splitlines()) - len(lines) and parsed("\n".join(added)) else source


def _ours(cell: NotebookNode, reference: NotebookNode, answers: dict[str, _Answer]) -> NotebookNode:
    """Return our cell as it is to be run: with the answer, with the outputs to agree with, or emptied where it is a demo."""
    kind, name = role(cell)
    cell = copy.deepcopy(cell)
    if kind == "exercise":
        cell.source = answers[name].source
    elif kind == "checkpoint":
        cell.update(outputs=copy.deepcopy(reference.outputs), execution_count=reference.execution_count)
    elif is_demo(cell):
        cell.source = ""
    return cell


def _with_extras(cells: Iterator[NotebookNode], extras: Sequence[tuple[int, str]]) -> Iterator[NotebookNode]:
    """Yield our cells, and behind each the student's own."""
    own: defaultdict[int, list[NotebookNode]] = defaultdict(list)
    for number, (behind, source) in enumerate(islice(extras, MOST_EXTRAS), 1):
        metadata = NotebookNode(nnlab=NotebookNode(extra=str(number)))
        own[behind].append(new_code_cell(source, id=f"student-{number}", metadata=metadata))
    for place, cell in enumerate(cells):
        yield cell
        yield from own[place]


def _too_many(extras: Sequence[tuple[int, str]]) -> Iterator[str]:
    if len(extras) > MOST_EXTRAS:
        yield say("There were {count} cells of your own. The first {most} were run.", count=len(extras), most=MOST_EXTRAS)
