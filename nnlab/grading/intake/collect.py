"""Find the submissions in a folder or a zip, say whose each is, and choose the one of each student that counts."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nnlab.grading.intake.archive import Found, Refused, clean, opened, unpacked
from nnlab.grading.intake.names import UNKNOWN, Origin, origins, version
from nnlab.grading.intake.policy import Policy, words
from nnlab.grading.intake.roster import NOBODY, Person, Roster, read_extensions, read_roster
from nnlab.grading.results import MISSING

LONG_AGO = datetime.min.replace(tzinfo=UTC)
HANDED_IN = (".ipynb", ".zip")
MOST_CELLS = 5_000


class CollectError(ValueError):
    """There is nothing to grade; the message says what was expected and what to do."""


@dataclass(frozen=True)
class Intake:
    """What an instructor says about the class: a roster (CSV), when the chapter was due, and who has more time (CSV)."""

    roster: Path | None = None
    policy: Policy = field(default_factory=Policy)
    extensions: Path | None = None


@dataclass(frozen=True)
class Submission:
    """A student and a notebook, or why there is none that can be graded (`problem`).

    `received` is None where nobody knows. `taken` is the share of the points that being late costs.
    `note` says what the student should know about the choice of the notebook and about being late.
    """

    student: str
    source: str
    notebook: NotebookNode | None = None
    problem: str = ""
    digest: bytes = b""
    origin: Origin = UNKNOWN
    person: Person = NOBODY
    received: datetime | None = None
    taken: float = 0.0
    note: str = ""

    @property
    def rank(self) -> int:
        """How good a find it is: a notebook, something that should be one, anything else."""
        return 2 if self.notebook else int(self.source.lower().endswith(HANDED_IN))


def collect(place: Path, chapter: str, intake: Intake | None = None) -> list[Submission]:
    """Return one submission a student, in order of their names; with a roster, also those who handed in nothing.

    Parameters
    ----------
    place : Path
        A folder of notebooks (`mei.ipynb`: the file is named after the student) or of one folder a student, or what Moodle or
        Canvas gives for download, as a zip or unpacked. A student may hand in a zip with one notebook in it.
    chapter : str
        The chapter to grade. A student may have notebooks of other chapters beside it.
    intake : Intake
        Roster, deadline and extensions.

    Raises
    ------
    CollectError, RosterError
        If nothing can be graded, or a list cannot be used.
    """
    intake = intake or Intake()
    if intake.policy.per_day and not intake.policy.deadline and not intake.extensions:
        raise CollectError("--late needs --deadline: without one nothing is late.")
    roster = read_roster(intake.roster) if intake.roster else Roster()
    papers = [replace(paper, received=_received(paper, roster)) for paper in gather(place)]
    if intake.policy.deadline and not any(paper.received for paper in papers):
        raise CollectError(
            f"nothing in {place} says when it was received: files from Moodle and Canvas carry the time of the download. "
            "Give Moodle's grading worksheet as --roster: its column “Last modified (submission)” says it. Or leave out --deadline."
        )
    groups = _groups(papers, roster)
    present = {roster.find(paper.origin) for paper in papers}
    missing = [person for person in roster.people if person not in present]
    policy = intake.policy
    if intake.extensions:
        people = [*(group[0].person for group in groups), *missing]
        policy = replace(policy, extensions=read_extensions(intake.extensions, people))
    chosen = [_choose(group, chapter, policy) for group in groups]
    absent = [Submission(person.student, "", problem=MISSING, person=person) for person in missing]
    return sorted([*chosen, *absent], key=lambda each: each.student)


def gather(place: Path) -> list[Submission]:
    """Read every notebook that was handed in; what cannot be read says why."""
    if not place.is_dir() and not (place.is_file() and place.suffix.lower() == ".zip"):
        what = "is a file" if place.exists() else "does not exist"
        raise CollectError(f"{place} {what}. Give the folder that holds the submissions. A zip from Moodle or Canvas will do as well.")
    try:
        with opened(place) as files:
            known = origins([file.path for file in files])
            papers = [paper for file in files for paper in _papers(file, known[file.path])]
    except Refused as error:
        raise CollectError(str(error)) from error
    if not papers:
        raise CollectError(f"{place} has no notebooks in it. Expected NAME.ipynb files, or one folder a student with a notebook in it.")
    return papers


def chapter_of(notebook: NotebookNode) -> str:
    """Return the chapter a notebook says it belongs to, or "" where it does not say."""
    known = notebook.metadata.get("nnlab")
    name = known.get("chapter") if isinstance(known, dict) else None
    return name if isinstance(name, str) else ""


def guess_chapter(place: Path, known: list[str]) -> str:
    """Return the chapter that the submissions are of.

    Raises
    ------
    CollectError
        If they are of several chapters, or of none that the course has.
    """
    told = {chapter_of(each.notebook) for each in gather(place) if each.notebook is not None} & set(known)
    if len(told) > 1:
        raise CollectError(f"{place} holds notebooks of several chapters: {', '.join(sorted(told))}. Choose one with --chapter.")
    if not told:
        raise CollectError(f"no notebook in {place} says which chapter it is of. Name it with --chapter ({', '.join(known)}).")
    return told.pop()


def _papers(file: Found, origin: Origin) -> Iterator[Submission]:
    """Read what a file holds: a notebook, a zip with notebooks, or, from a learning system, something else that was handed in."""
    named = file.path.lower()
    if named.endswith(".ipynb"):
        yield _read(file, origin)
    elif named.endswith(".zip"):
        yield from _zipped(file, origin)
    elif origin.system:
        yield _refused(file, origin, f"{clean(file.path)} is no notebook. Submit the .ipynb file.")


def _zipped(file: Found, origin: Origin) -> Iterator[Submission]:
    try:
        inside = [each for each in unpacked(file) if each.path.lower().endswith(".ipynb")]
    except Refused as error:
        yield _refused(file, origin, str(error))
        return
    yield from (_read(each, origin) for each in inside)
    if not inside:
        yield _refused(file, origin, f"{clean(file.path)} has no notebook in it. Submit the .ipynb file.")


def _refused(file: Found, origin: Origin, problem: str) -> Submission:
    return Submission(clean(origin.student), clean(file.path), problem=problem, origin=origin, received=file.time)


def _read(file: Found, origin: Origin) -> Submission:
    source = clean(file.path)
    try:
        data = file.read()
        notebook = _parse(data, source)
    except Refused as error:
        return _refused(file, origin, str(error))
    except Exception as error:  # whatever nbformat raises for what is no notebook
        kind = type(error).__name__
        return _refused(file, origin, f"{source} is not a Jupyter notebook ({kind}). Save it in JupyterLab, submit again.")
    digest = hashlib.sha256(data).digest()
    return Submission(clean(origin.student), source, notebook, digest=digest, origin=origin, received=file.time)


def _parse(data: bytes, source: str) -> NotebookNode:
    """Read a notebook of any version leniently. What is not used later is dropped: it may be large, or deeper than can be handed on."""
    raw = json.loads(data.decode("utf-8-sig"))
    if raw["nbformat"] != 4:
        raw = nbformat.convert(nbformat.from_dict(raw), 4)
    if len(raw["cells"]) > MOST_CELLS:
        raise Refused(f"{source} has more than {MOST_CELLS:,} cells. Leave those of the chapter and submit again.")
    chapter = _entry(raw, "nnlab").get("chapter")
    return NotebookNode(metadata=NotebookNode(nnlab=NotebookNode(chapter=chapter)), cells=list(map(_cell, raw["cells"])))


def _cell(raw: dict[str, Any]) -> NotebookNode:
    grade_id = str(_entry(raw, "nbgrader").get("grade_id", ""))
    metadata = NotebookNode(nbgrader=NotebookNode(grade_id=grade_id) if grade_id else None)
    return NotebookNode(cell_type=str(raw["cell_type"]), id=str(raw.get("id", "")), source=clean("".join(raw["source"])), metadata=metadata)


def _entry(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an entry of the metadata, if it is there and an object."""
    found = dict(raw.get("metadata") or {}).get(name)
    return found if isinstance(found, dict) else {}


def _received(paper: Submission, roster: Roster) -> datetime | None:
    """Return when a file was received: what the learning system says, else the file's own time unless that is of the download."""
    person = roster.find(paper.origin)
    told = roster.received.get(person.student) if person else None
    return told or (None if paper.origin.system else paper.received)


def _groups(papers: Sequence[Submission], roster: Roster) -> list[list[Submission]]:
    """Put together what each student handed in, under the name the roster knows them by.

    Where two claim to be the same student of the roster, neither is: a student may choose the name that Moodle shows.
    """
    groups: defaultdict[str, list[Submission]] = defaultdict(list)
    for paper in papers:
        groups[paper.student].append(paper)
    found = {student: roster.find(group[0].origin) for student, group in groups.items()}
    claims = Counter(person.student for person in found.values() if person)
    return [_known_as(found[student], claims, group, bool(roster.people)) for student, group in groups.items()]


def _known_as(person: Person | None, claims: Counter[str], group: list[Submission], listed: bool) -> list[Submission]:
    origin, note = group[0].origin, ""
    if person is None or claims[person.student] > 1:
        note = "Several submissions fit one student of the roster: none was taken for theirs." if person else "Not on the roster."
        person = Person(group[0].student, clean(origin.name))
    if origin.system:
        person = replace(person, **{origin.system: origin.number})
    return [replace(paper, student=person.student, person=person, note=note if listed else "") for paper in group]


def _choose(group: list[Submission], chapter: str, policy: Policy) -> Submission:
    """Choose the last notebook of the chapter before the deadline, else the last, or say why none can be graded."""
    mine = [each for each in group if each.notebook is None or chapter_of(each.notebook) in (chapter, "")]
    if not mine:
        names = ", ".join(f"{each.source} ({chapter_of(each.notebook)})" for each in group if each.notebook)
        return replace(group[0], notebook=None, problem=f"no notebook of {chapter}: found {names}.")
    best = max(each.rank for each in mine)
    good = [each for each in mine if each.rank == best]
    in_time = [each for each in good if not each.origin.late and not policy.late(each.student, each.received)]
    last, *rivals = _latest(in_time or good)
    if rivals:
        names = ", ".join(each.source for each in (last, *rivals))
        problem = f"{len(rivals) + 1} notebooks of one student, and nothing says which is the last: {names}. Leave the one to be graded."
        return replace(last, notebook=None, problem=problem)
    late = policy.late(last.student, last.received)
    sentences = [last.note, *_about_choice(last, mine, bool(in_time)), _about_time(last, policy)]
    return replace(last, taken=policy.taken(late), note=" ".join(filter(None, sentences)))


def _latest(papers: list[Submission]) -> list[Submission]:
    """Return the last one by time, Canvas's file number or the number behind its name; more where these do not tell them apart."""
    comparable = len({version(paper.source)[0] for paper in papers}) == 1
    order = [(paper.received or LONG_AGO, paper.origin.file, version(paper.source)[1] * comparable) for paper in papers]
    latest = [paper for paper, place in zip(papers, order, strict=True) if place == max(order)]
    return list({paper.digest: paper for paper in reversed(latest)}.values())[::-1]


def _about_choice(chosen: Submission, mine: list[Submission], in_time: bool) -> Iterator[str]:
    """Say which of several files was graded, and why those that could not be read were not."""
    notebooks = [each for each in mine if each.notebook]
    if len(notebooks) > 1:
        yield f"{len(notebooks)} notebooks were handed in. {chosen.source} was graded, the last one{' in time' if in_time else ''}."
    if chosen.notebook:
        yield from (f"Not used: {each.problem}" for each in mine if each.rank == 1)


def _about_time(chosen: Submission, policy: Policy) -> str:
    """Say what being late cost."""
    late = policy.late(chosen.student, chosen.received)
    if late:
        return f"Received {words(late)} after the deadline: {100 * policy.taken(late):g} % of the points are taken off."
    if not chosen.notebook or chosen.received:
        return ""
    if chosen.origin.late:
        return "Canvas says that it was late, but not by how much: no points are taken off."
    return "Nothing says when it was received: no points are taken off." if policy.deadline else ""
