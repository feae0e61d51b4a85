"""Change marks by hand: what is asked for is checked whole, saved whole or not at all, and then written to marks.csv and the pages."""

from __future__ import annotations

import difflib
import math
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path

from nnlab.grading.adjusting.apply import adjusted
from nnlab.grading.adjusting.model import BONUS, COMMENT, EVERYONE, POINTS, SCALE, SEEN, Adjustment, digest, in_force
from nnlab.grading.adjusting.rubric import REASON, ticked
from nnlab.grading.exports.formats import Request
from nnlab.grading.grade import only_here
from nnlab.grading.gradebook import write_csv
from nnlab.grading.intake.roster import Roster, read_table
from nnlab.grading.intake.text import clean
from nnlab.grading.pages.feedback import write_class, write_feedback
from nnlab.grading.results import Mark
from nnlab.languages import say

COLUMNS = {"exercise": ("exercise",), "points": ("points", "mark"), "why": ("why", "reason"), "comment": ("comment", "feedback")}
LONGEST_WHY = 1_000  # characters
LONGEST_COMMENT = 10_000
MOST = 10_000.0  # points of a bonus
PATIENCE = 20.0  # seconds for someone else's change to be saved
PAGES = 50  # written before others have their turn
PAUSE = 0.12  # seconds for that: who waits for the lock looks each 0.05


class AdjustError(ValueError):
    """A mark cannot be changed so; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Wish:
    """What a person asks for, as it was typed. `where` is named when it cannot be done: the line of a file."""

    student: str = ""
    exercise: str = ""
    points: str = ""
    why: str = ""
    comment: str = ""
    where: str = ""


class Desk:
    """The class of a chapter, as the one who marks it by hand sees it.

    Parameters
    ----------
    request : Request
        The gradebook and the chapter.
    by : str
        Who is at the desk; by default who is logged in.

    Raises
    ------
    ExportError, GradebookError
        If there are no marks to change.
    """

    def __init__(self, request: Request, by: str = "") -> None:
        self.request = request
        self.by = _line(by, "the name", LONGEST_WHY) or _user()
        self.title = request.files.declared.title
        self.read()

    @property
    def chapter(self) -> str:
        """The chapter's name."""
        return self.request.files.name

    def read(self) -> None:
        """Read the class anew: others may have graded and changed marks."""
        with self.request.book() as book:
            self._class = book.class_list(self.chapter)
            self.adjustments = book.adjustments(self.chapter)
        if not self._class:
            raise AdjustError(f"the gradebook has no marks of {self.chapter}. Run `nnlab grade` first.")
        self._people = Roster(tuple(place.person for place, _ in self._class))
        self._apply()

    def shown(self, student: str, exercise: str) -> list[tuple[str, str]]:
        """Return what a student's cells of an exercise showed, as the gradebook has it."""
        with self.request.book() as book:
            return book.shown(student, self.chapter, exercise)

    def _apply(self) -> None:
        marks = adjusted([mark for _, mark in self._class], self.adjustments, self.request.worth, self.request.written)
        self.marks = {mark.student: mark for mark in marks}

    def marked(self, wishes: Sequence[Wish]) -> list[Adjustment]:
        """Return the adjustments that give points and comments to students.

        Raises
        ------
        AdjustError
            If one of them cannot be, or two are about the same.
        """
        made, first = list[Adjustment](), dict[tuple[str, str, str], str]()
        for wish in wishes:
            for each in self._marked(wish):
                if (before := first.setdefault(each.slot, wish.where)) is not wish.where:
                    raise AdjustError(f"{wish.where}: {each.about} stands in {before} already. Nothing of the file was saved.")
                made.append(each)
        return made

    def by_rubric(self, student: str, exercise: str, met: Collection[int], why: str = "", comment: str = "") -> list[Adjustment]:
        """Return the adjustments that mark an answer in words.

        Parameters
        ----------
        student, exercise : str
        met : collection of int
            The places, from 0, of the criteria that the answer meets.
        why, comment : str
            Both may be empty: the rubric is a reason.

        Raises
        ------
        AdjustError
            If the exercise is not answered in words, or has no such criterion.
        """
        of = self.exercise(exercise)
        asked = self.request.written.get(of)
        if asked is None:
            raise AdjustError(f"{of} has no rubric: it is not answered in words.")
        if not set(met) <= set(range(len(asked.criteria))):
            raise AdjustError(f"the rubric of {of} has {len(asked.criteria)} criteria, and was marked with others. Load the page again.")
        points = sum(each.points for place, each in enumerate(asked.criteria) if place in met)
        given = self.marked([Wish(student, of, f"{points:g}", why or REASON, comment)])
        return [replace(each, text=ticked(asked.criteria, met)) if each.kind == POINTS else each for each in given]

    def looked_at(self, student: str, exercise: str) -> Adjustment:
        """Return the adjustment that says that someone looked at an answer and left it its points."""
        name, of = self.student(student), self.exercise(exercise)
        if of in self.marks[name].scores and self.marks[name].scores[of].waiting:
            raise AdjustError(f"{of} is an answer in words, and has no points yet that could stand. Mark it by the rubric.")
        return Adjustment(SEEN, self.chapter, name, of, answer=digest(self.marks[name].answers, of))

    def rule(self, kind: str, exercise: str, why: str) -> Adjustment:
        """Return the adjustment that drops an exercise, or gives its points to all."""
        return Adjustment(kind, self.chapter, exercise=self.exercise(exercise), why=_reason(why))

    def scaled(self, factor: str, why: str) -> Adjustment:
        """Return the adjustment that multiplies everyone's marks."""
        value = _number(factor, "the factor")
        if not 0 < value <= 10:
            raise AdjustError(f"the factor is {factor}: expected one above 0 and up to 10, for example 1.1.")
        return Adjustment(SCALE, self.chapter, value=value, before=self._before(SCALE), why=_reason(why))

    def bonus(self, points: str, student: str, why: str) -> Adjustment:
        """Return the adjustment that adds points to one student's total, or to everyone's."""
        value, name = _number(points, "the bonus"), self.student(student) if student else ""
        if not abs(value) <= MOST:
            raise AdjustError(f"the bonus is {points}: expected points from {-MOST:g} to {MOST:g}.")
        return Adjustment(BONUS, self.chapter, name, value=value, before=self._before(BONUS, name), why=_reason(why))

    def whole(self, student: str, bonus: str, why: str, comment: str) -> list[Adjustment]:
        """Return the adjustments of all of a student's notebook: a bonus, a comment, or both; what is empty is left as it is."""
        name = self.student(student)
        made = [self.bonus(bonus, name, why)] if bonus.strip() else []
        if comment.strip() or not made:
            made += self.marked([Wish(name, comment=comment)])
        return made

    def last(self, student: str = "", exercise: str = "", kind: str = "", number: int | None = None) -> Adjustment:
        """Return the adjustment that is to be undone: that of a number, else the last one in force of this kind, student and exercise."""
        name, of = self.student(student) if student else "", self.exercise(exercise) if exercise else ""
        fits = [each for each in self.adjustments if number is None or each.number == number]
        fits = [each for each in fits if each.student == (name or each.student) and each.exercise == (of or each.exercise)]
        fits = [each for each in fits if each.kind == (kind or each.kind)]
        found = [each for each in fits if not each.undone]
        if not found:
            said = f"number {number}" if number is not None else "such a change"
            raise AdjustError(
                f"{said} is {'undone already' if fits else 'not there'}. The desk, and `nnlab adjust OUT`, list what is in force."
            )
        return found[-1]

    def save(self, adjustments: Sequence[Adjustment] = (), undo: Adjustment | None = None, seen: int | None = None) -> list[Adjustment]:
        """Save adjustments, all or none, or undo one. `write` brings marks.csv and the pages up to date.

        Where some of a group were graded for the same notebook, it is done for all of them.

        Parameters
        ----------
        adjustments : sequence of Adjustment
        undo : Adjustment, optional
        seen : int, optional
            The number of the last adjustment that was known when this was decided; by default, when the class was read.

        Returns
        -------
        list of Adjustment
            What was saved, as it stands in the gradebook, and what was undone: of all who share a notebook.

        Raises
        ------
        AdjustError
            If someone else changed the same since. Then nothing is saved.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        known = self._last if seen is None else seen
        adjustments, undone = [*adjustments, *self._for_partners(adjustments)], self._together(undo) if undo else []
        with only_here(self.request.to, PATIENCE), self.request.book() as book:
            _require_unchanged(book.adjustments(self.chapter), [*adjustments, *undone], known)
            saved = book.adjust([replace(each, by=self.by, when=now) for each in adjustments])
            if undone:
                book.undo([each.number for each in undone], f"{self.by}, {now}")
            self.adjustments = book.adjustments(self.chapter)
        self._apply()
        return [*saved, *undone]

    def partners(self, student: str) -> list[str]:
        """Return who else of a student's group was graded for the same notebook."""
        teams = {place.person.student: place.person.team for place, _ in self._class}
        team, receipt = teams.get(student, ""), self.marks[student].receipt
        same = [name for name, mark in self.marks.items() if receipt and mark.receipt == receipt]
        return [name for name in same if team and name != student and teams.get(name) == team]

    def _for_partners(self, adjustments: Sequence[Adjustment]) -> Iterator[Adjustment]:
        """Yield the same for those who share the notebook: what is said of it is for all of them, unless it says something else of one."""
        taken = {each.slot for each in adjustments}
        for each in adjustments:
            for partner in self.partners(each.student) if each.student != EVERYONE and each.kind != BONUS else ():
                theirs = replace(each, student=partner, answer=digest(self.marks[partner].answers, each.exercise))
                if each.kind == POINTS:
                    theirs = replace(theirs, before=_counting(self.marks[partner], each.exercise))
                if theirs.slot not in taken:
                    taken.add(theirs.slot)
                    yield theirs

    def _together(self, undo: Adjustment) -> list[Adjustment]:
        """Return an adjustment with those that were saved with it for others of the group."""
        if undo.student == EVERYONE or undo.kind == BONUS:
            return [undo]
        partners, said = self.partners(undo.student), _apart(undo)
        return [undo, *(each for each in self.adjustments if each.student in partners and not each.undone and _apart(each) == said)]

    def write(self, students: Collection[str]) -> None:
        """Write marks.csv, the class page, and the pages of some students, or of all where "" is among them, from what is saved.

        Pages are written a few at a time, so that no change waits for those of a whole class. All who write pages write marks.csv, too:
        where it is another one than before, what is written from then on is read anew.
        """
        to, table = self.request.to, self.request.to / "marks.csv"
        todo, fresh, stamp = list[str](), self, -1
        while stamp < 0 or todo:
            with only_here(to, PATIENCE):
                if stamp < 0 or not table.exists() or table.stat().st_mtime_ns != stamp:
                    fresh = Desk(replace(self.request), self.by)
                if stamp < 0:
                    marks = list(fresh.marks.values())
                    write_csv(marks, table)
                    write_class(marks, to, self.title, self.request.files)
                    todo = [name for name in fresh.marks if EVERYONE in students or name in students]
                stamp = table.stat().st_mtime_ns if table.exists() else 0
                for name in todo[:PAGES]:
                    if name in fresh.marks:
                        write_feedback(fresh.marks[name], to, self.title)
            if todo := todo[PAGES:]:
                time.sleep(PAUSE)

    @property
    def _last(self) -> int:
        return max((each.number for each in self.adjustments), default=0)

    def student(self, text: str) -> str:
        """Return a student's name in the gradebook by that name, or by whatever the class list knows: email, id, login."""
        if text in self.marks:
            return text
        found = self._people.named([text])
        if found is None:
            near = difflib.get_close_matches(text, self.marks, 3, 0.5)
            raise AdjustError(f"there is no student {text!r} in {self.chapter}. {_meant(near) or 'marks.csv lists all.'}")
        return found.student

    def exercise(self, text: str) -> str:
        """Return an exercise of the chapter by its name."""
        if text not in self.request.worth:
            raise AdjustError(f"{self.chapter} has no exercise {text!r}. It has: {', '.join(self.request.worth)}.")
        return text

    def _marked(self, wish: Wish) -> Iterator[Adjustment]:
        where = f"{wish.where}: " if wish.where else ""
        try:
            yield from self._checked(wish)
        except AdjustError as error:
            raise AdjustError(f"{where}{error}{' Nothing of the file was saved.' if where else ''}") from None

    def _checked(self, wish: Wish) -> Iterator[Adjustment]:
        """Yield what a wish asks for: points, a comment, or both."""
        name = self.student(wish.student)
        exercise = self.exercise(wish.exercise) if wish.exercise else ""
        comment = _text(wish.comment)
        if not wish.points and not comment:
            raise AdjustError("there is nothing to change: give points with a reason, or a comment.")
        mark = self.marks[name]
        if exercise and mark.graded and exercise not in mark.scores:
            raise AdjustError(f"{exercise} is newer than the marks in the gradebook. Run `nnlab grade` again, then it can be marked.")
        base = Adjustment(COMMENT, self.chapter, name, exercise, answer=digest(mark.answers, exercise))
        if wish.points:
            if not exercise:
                raise AdjustError("points are those of an exercise: name it.")
            value, most = _number(wish.points, "points"), self.request.worth[exercise]
            if not 0 <= value <= most:
                raise AdjustError(f"{exercise} is worth {most:g} points: {wish.points} is not from 0 to {most:g}. A bonus gives more.")
            yield replace(base, kind=POINTS, value=value, before=_counting(mark, exercise), why=_reason(wish.why))
        if comment:
            yield replace(base, text=comment)

    def _before(self, kind: str, student: str = "") -> float | None:
        found = in_force(self.adjustments).get((kind, student, ""))
        return found.value if found else None


def _require_unchanged(now: Sequence[Adjustment], mine: Sequence[Adjustment], seen: int) -> None:
    """Refuse to change what someone else has changed or undone since it was read."""
    slots, numbers = {each.slot for each in mine}, {each.number for each in mine}
    new = [each for each in now if each.number > seen and each.slot in slots]
    if theirs := [*new, *(each for each in now if each.undone and each.number in numbers)]:
        raise AdjustError(f"this was changed at the same time: {theirs[-1].words}. Nothing of yours was saved. Look, and try again.")


def read_wishes(path: Path) -> list[Wish]:
    """Read many changes.

    Parameters
    ----------
    path : Path
        A CSV file with a column for the student (name, email, id …) and the columns of `COLUMNS`; points or comment may be empty.

    Raises
    ------
    RosterError, AdjustError
        If it cannot be read, or has no such columns.
    """
    rows = list(read_table(path, COLUMNS))
    if not any({"points", "comment"} & set(row) for _, row in rows):
        raise AdjustError(f"{path} changes nothing. Expected a line a change, with columns student, exercise, points, why, comment.")
    return [_wish(row, f"{path}, line {line}") for line, row in rows]


def _wish(row: Mapping[str, str], where: str) -> Wish:
    student = next((row[key] for key in ("email", "id", "login") if key in row), row["name"])
    return Wish(student, row.get("exercise", ""), row.get("points", ""), row.get("why", ""), row.get("comment", ""), where)


def listed(adjustments: Sequence[Adjustment]) -> str:
    """Return all adjustments in words, those that were undone too."""
    return "\n".join(each.words for each in adjustments) or say("Nothing was changed by hand.")


def _counting(mark: Mark, exercise: str) -> float | None:
    """Return the points that count for an exercise so far, None where it has none yet."""
    score = mark.scores.get(exercise)
    return None if score is None or score.waiting else score.earned


def _apart(adjustment: Adjustment) -> Adjustment:
    """Return what an adjustment says, whomever it is about."""
    return replace(adjustment, student="", before=None, answer="", number=0)


def _number(text: str, what: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise AdjustError(f"{what}: {text!r} is no number.")
    return value


def _reason(why: str) -> str:
    """Return a reason; without one no mark is changed."""
    if not (line := _line(why, "the reason", LONGEST_WHY)):
        raise AdjustError("a reason is missing (in the terminal: --why). The student reads it, and you will in half a year.")
    return line


def _line(text: str, what: str, most: int) -> str:
    line = " ".join(clean(text).split())
    if len(line) > most:
        raise AdjustError(f"{what} has {len(line)} characters. Write at most {most:,}; a comment may be longer.")
    return line


def _text(comment: str) -> str:
    text = clean(comment).strip()
    if len(text) > LONGEST_COMMENT:
        raise AdjustError(f"the comment has {len(text):,} characters. Write at most {LONGEST_COMMENT:,}.")
    return text


def _meant(names: Sequence[str]) -> str:
    return f"Did you mean {' or '.join(map(repr, names))}?" if names else ""


def _user() -> str:
    """Return who is logged in, or "instructor" where the system does not say."""
    try:
        return getuser()
    except (OSError, KeyError):
        return "instructor"
