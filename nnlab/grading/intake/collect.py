"""Find the submissions in a folder or a zip, say whose each is, and choose the one of each student that counts."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode

from nnlab.grading.intake.archive import Found, Refused, opened, unpacked
from nnlab.grading.intake.border import Border, border
from nnlab.grading.intake.groups import shared
from nnlab.grading.intake.names import NOTEBOOKS, SUBMISSION, UNKNOWN, Doubled, Origin, attempts, handed_in_at, origins, version
from nnlab.grading.intake.policy import Policy, words
from nnlab.grading.intake.roster import NOBODY, Person, Roster, read_extensions, read_roster, read_teams
from nnlab.grading.intake.text import fold, name
from nnlab.grading.results import MISSING
from nnlab.grading.sandbox.walls import Limits
from nnlab.languages import say

LONG_AGO = datetime.min.replace(tzinfo=UTC)
SURE = (".ipynb", ".ipynb.txt", ".ipynb.json")  # a .json may be anything
MOST_SHOWN = 5  # paths in a sentence
NOBODYS = "nothing tells whose this file is. Name it after its student, or put it into a folder of that name."
AHEAD = timedelta(hours=1)  # that a clock may be
DOUBT = "The time of its file lies in the future, and is not believed. This costs nothing by itself."
LAST = "{count} notebooks were handed in. {file} was graded, the last one."
IN_TIME = "{count} notebooks were handed in. {file} was graded, the last one in time."
SEVERAL = "Several submissions fit one student of the roster: none was taken for theirs."
NOT_LISTED = "Not on the roster."
TWICE = "Another name differs from this one only in case, spaces or signs. Is that one student twice?"
SUBMITTERS = "submission_metadata.yml"  # Gradescope's list of who handed in what
TAKEN = (
    "Taken are: NAME.ipynb files; one folder a student, also under one folder for all; the downloads of Moodle, Canvas, Blackboard, "
    "Brightspace, Google Classroom, Teams, Sakai, ILIAS, Gradescope, GitHub Classroom and nbgrader, as zip or unpacked. "
    "Name each file after its student, such as mei_li.ipynb, or put it into a folder of that name."
)


class CollectError(ValueError):
    """There is nothing to grade; the message says what was expected and what to do."""


@dataclass(frozen=True)
class Intake:
    """What an instructor says about the class: a roster (CSV), when it was due, who has more time (CSV), and who works together (CSV)."""

    roster: Path | None = None
    policy: Policy = field(default_factory=Policy)
    extensions: Path | None = None
    limits: Limits = field(default_factory=Limits)
    groups: Path | None = None

    def read_class(self) -> Roster:
        """Return the class with its groups. Where there is no roster, a list of groups is one."""
        listed = self.roster or self.groups
        roster = read_roster(listed) if listed else Roster()
        return replace(roster, people=tuple(read_teams(self.groups, roster.people))) if self.groups else roster


@dataclass(frozen=True)
class Submission:
    """A student and a notebook, or why there is none that can be graded (`problem`).

    `received` is None where nobody knows. `taken` is the share of the points that being late costs.
    `note` says what the student should know about the choice of the notebook and about being late.
    `author` is who of the student's group handed it in, "" where that is the student.
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
    author: str = ""

    @property
    def rank(self) -> int:
        """How good a find it is: a notebook, something that should be one, anything else."""
        return 2 if self.notebook else int(self.source.lower().endswith((*SURE, ".zip")))


def collect(place: Path, chapter: str, intake: Intake | None = None, papers: Sequence[Submission] | None = None) -> list[Submission]:
    """Return one submission a student, in order of their names; with a roster, also those who handed in nothing.

    Parameters
    ----------
    place : Path
        A folder of notebooks (`mei.ipynb`: the file is named after the student) or of one folder a student, or what a learning
        system gives for download, as a zip or unpacked; `names` lists them. A student may hand in a zip with one notebook in it.
    chapter : str
        The chapter to grade. A student may have notebooks of other chapters beside it.
    intake : Intake
        Roster, deadline and extensions.
    papers : sequence of Submission
        What `gather` found there, where that is known already.

    Raises
    ------
    CollectError, RosterError
        If nothing can be graded, or a list cannot be used.
    """
    intake = intake or Intake()
    if intake.policy.per_day and not intake.policy.deadline and not intake.extensions:
        raise CollectError(say("--late needs --deadline: without one nothing is late."))
    roster = intake.read_class()
    found = gather(place, intake.limits, [chapter]) if papers is None else papers
    papers = [replace(paper, received=_received(paper, roster), note=say(DOUBT) if _in_future(paper) else "") for paper in found]
    if intake.policy.deadline and not any(paper.received for paper in papers):
        raise CollectError(
            say(
                "nothing in {place} says when it was received: files from Moodle and Canvas carry the time of the download. "
                "Give Moodle's grading worksheet as --roster: its column “Last modified (submission)” says it. Or leave out --deadline.",
                place=place,
            )
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
    alone = {each.student: each for each in (*absent, *chosen)}
    found_of = shared(alone, {group[0].student: group for group in groups}, lambda papers: _choose(papers, chapter, policy))
    return sorted(found_of.values(), key=lambda each: each.student)


def gather(place: Path, limits: Limits | None = None, chapters: Sequence[str] = ()) -> list[Submission]:
    """Read every notebook that was handed in; what cannot be read says why.

    Parameters
    ----------
    place : Path
        A folder or a zip.
    limits : Limits
        What reading one notebook may use.
    chapters : sequence of str
        The chapters that it may be of: their own file names are no student's.

    Raises
    ------
    CollectError
        If there is nothing there, or nothing tells whose the files are.
    """
    if not place.is_dir() and not (place.is_file() and place.suffix.lower() == ".zip"):
        what = say("{place} is a file.", place=place) if place.exists() else say("{place} does not exist.", place=place)
        raise CollectError(
            say("{what} Give the folder that holds the submissions. The zip of a learning system will do as well.", what=what)
        )
    try:
        with opened(place) as found, border(limits) as reader:
            kept = set(handed_in_at([file.path for file in found]))
            files = [file for file in found if file.path in kept]
            known = origins([file.path for file in files], _submitters(files), _own_name(files, chapters))
            papers = [paper for file in files for paper in _papers(file, known[file.path], reader)]
    except (Refused, Doubled) as error:
        raise CollectError(f"{place}: {error}" if isinstance(error, Doubled) else str(error)) from error
    if not papers:
        raise CollectError(say("{place} has no notebooks in it. {taken}", place=place, taken=say(TAKEN)))
    nobody = [paper.source for paper in papers if not paper.student]
    if len(nobody) == len(papers):
        shown = ", ".join(nobody[:MOST_SHOWN]) + (" …" if len(nobody) > MOST_SHOWN else "")
        told = (
            say("nothing tells whose {files} is.", files=shown)
            if len(nobody) == 1
            else say("nothing tells whose {files} are.", files=shown)
        )
        raise CollectError(say("{told} {taken}", told=told, taken=say(TAKEN)))
    return [paper if paper.student else _nobodys(paper) for paper in papers]


def _nobodys(paper: Submission) -> Submission:
    return replace(paper, student=paper.source, notebook=None, problem=paper.problem or say(NOBODYS))


def _own_name(files: Sequence[Found], chapters: Sequence[str]) -> str:
    """Return the chapter's file name that most files carry, beside whatever else is in their names."""
    found = Counter(chapter for file in files for chapter in chapters if fold(chapter) in fold(file.path))
    return max(found, key=lambda chapter: found[chapter], default="")


def _submitters(files: Sequence[Found]) -> dict[str, str]:
    """Return who handed in each `submission_NNN`, as Gradescope's list says; the number itself where it does not."""
    folders = {part for file in files for part in file.path.split("/")[:-1] if SUBMISSION.fullmatch(part)}
    lists = [file for file in files if file.path.rpartition("/")[2] == SUBMITTERS]
    if not lists:
        return {}
    import yaml  # jupytext brings it

    try:
        told = {folder: entry for folder, entry in yaml.safe_load(lists[0].read()).items() if folder in folders}
        people = {folder: (_submitter(entry), _submitter(entry, "sid", "email")) for folder, entry in told.items()}
    except (yaml.YAMLError, Refused, TypeError, AttributeError, KeyError, ValueError) as error:
        kind = type(error).__name__
        raise Refused(say("{file} cannot be read ({kind}). Download it from Gradescope again.", file=lists[0].path, kind=kind)) from error
    alike = Counter(called for called, _ in set(people.values()))
    both = {folder for folder, (called, number) in people.items() if number and alike[called] > 1}
    return {folder: f"{called} ({number})" if folder in both else called or folder for folder, (called, number) in people.items()}


def _submitter(entry: dict[str, list[dict[str, object]]], *keys: str) -> str:
    """Return the names, or what else is told, of those who handed in together."""
    people = entry.get(":submitters") or entry.get("submitters") or []
    wanted = [key for each in keys or ("name", "email") for key in (f":{each}", each)]
    return ", ".join(str(next((each[key] for key in wanted if each.get(key)), "")) for each in people)


def chapter_of(notebook: NotebookNode) -> str:
    """Return the chapter a notebook says it belongs to, or "" where it does not say."""
    return str(notebook.metadata.nnlab.chapter)


def guess_chapter(place: Path, known: Sequence[str], papers: Sequence[Submission] | None = None) -> str:
    """Return the chapter that most submissions are of.

    Raises
    ------
    CollectError
        If two chapters are named equally often, or none that the course has.
    """
    papers = gather(place, chapters=known) if papers is None else papers
    told = Counter(chapter_of(each.notebook) for each in papers if each.notebook and chapter_of(each.notebook) in known)
    if not told:
        raise CollectError(
            say(
                "no notebook in {place} says which chapter it is of. Name it with --chapter ({known}).", place=place, known=", ".join(known)
            )
        )
    (first, most), *rest = told.most_common()
    if rest and rest[0][1] == most:
        raise CollectError(
            say(
                "{place} holds as many notebooks of {first} as of {other}. Choose one with --chapter.",
                place=place,
                first=first,
                other=rest[0][0],
            )
        )
    return first


def _papers(file: Found, origin: Origin | None, reader: Border) -> Iterator[Submission]:
    """Read what a file holds: a notebook, a zip with notebooks, or, from a learning system, something else that was handed in."""
    named = file.path.lower()
    if named.endswith(SURE):
        yield _read(file, origin, reader)
    elif named.endswith(NOTEBOOKS):
        found = _read(file, origin, reader)
        if found.notebook and found.notebook.cells:
            yield found
    elif named.endswith(".zip"):
        yield from _zipped(file, origin, reader)
    elif origin and (origin.system or origin.listed):
        yield _refused(file, origin, say("{file} is no notebook. Submit the .ipynb file.", file=name(file.path)))


def _zipped(file: Found, origin: Origin | None, reader: Border) -> Iterator[Submission]:
    try:
        inside = [each for each in unpacked(file) if each.path.lower().endswith(SURE)]
    except Refused as error:
        yield _refused(file, origin, str(error))
        return
    yield from (_read(each, origin, reader) for each in inside)
    if not inside:
        yield _refused(file, origin, say("{file} has no notebook in it. Submit the .ipynb file.", file=name(file.path)))


def _refused(file: Found, origin: Origin | None, problem: str) -> Submission:
    origin = origin or UNKNOWN
    return Submission(name(origin.student), name(file.path), problem=problem, origin=origin, received=origin.time or file.time)


def _read(file: Found, origin: Origin | None, reader: Border) -> Submission:
    found = _refused(file, origin, "")
    try:
        data = file.read()
        return replace(found, notebook=reader.read(data, found.source), digest=hashlib.sha256(data).digest())
    except Refused as error:
        return replace(found, problem=str(error))


def _received(paper: Submission, roster: Roster) -> datetime | None:
    """Return when a file was received: what the learning system says, else the file's own time unless that is of the download."""
    person = roster.find(paper.origin)
    told = roster.received.get(person.student) if person else None
    return told or (None if paper.origin.system or _in_future(paper) else paper.received)


def _in_future(paper: Submission) -> bool:
    """Tell whether a file's own time cannot be: a clock that is wrong, or a name that lies."""
    return not paper.origin.system and paper.received is not None and paper.received > datetime.now(UTC) + AHEAD


def _groups(papers: Sequence[Submission], roster: Roster) -> list[list[Submission]]:
    """Put together what each student handed in, under the name the roster knows them by.

    Where two claim to be the same student of the roster, neither is: a student may choose the name that Moodle shows.
    """
    groups: defaultdict[str, list[Submission]] = defaultdict(list)
    for paper in papers:
        groups[paper.student].append(paper)
    found = {student: roster.find(group[0].origin) for student, group in groups.items()}
    claims = Counter(person.student for person in found.values() if person)
    alike = Counter(map(fold, groups))
    told = [
        [replace(paper, note=" ".join(filter(None, (say(TWICE), paper.note)))) for paper in group] if alike[fold(student)] > 1 else group
        for student, group in groups.items()
    ]
    return [_known_as(found[group[0].student], claims, group, bool(roster.people)) for group in told]


def _known_as(person: Person | None, claims: Counter[str], group: list[Submission], listed: bool) -> list[Submission]:
    origin, note = group[0].origin, ""
    if person is None or claims[person.student] > 1:
        note = say(SEVERAL if person else NOT_LISTED)
        person = Person(group[0].student, name(origin.name))
    if origin.system:
        person = replace(person, **{origin.system: origin.number})
    notes = (" ".join(filter(None, (note if listed else "", paper.note))) for paper in group)
    return [replace(paper, student=person.student, person=person, note=said) for paper, said in zip(group, notes, strict=True)]


def _choose(group: list[Submission], chapter: str, policy: Policy) -> Submission:
    """Choose the last notebook of the chapter before the deadline, else the last, or say why none can be graded."""
    mine = [each for each in group if each.notebook is None or chapter_of(each.notebook) in (chapter, "")]
    if not mine:
        names = ", ".join(f"{each.source} ({chapter_of(each.notebook)})" for each in group if each.notebook)
        return replace(group[0], notebook=None, problem=say("no notebook of {chapter}: found {names}.", chapter=chapter, names=names))
    best = max(each.rank for each in mine)
    good = [each for each in mine if each.rank == best]
    in_time = [each for each in good if not each.origin.late and not policy.late(each.student, each.received)]
    last, *rivals = _latest(in_time or good)
    if rivals:
        names = ", ".join(each.source for each in (last, *rivals))
        problem = say(
            "{count} notebooks of one student, and nothing says which is the last: {names}. Leave the one to be graded.",
            count=len(rivals) + 1,
            names=names,
        )
        return replace(last, notebook=None, problem=problem)
    late = policy.late(last.student, last.received)
    sentences = [last.note, *_about_choice(last, mine, bool(in_time)), _about_time(last, policy)]
    return replace(last, taken=policy.taken(late), note=" ".join(filter(None, sentences)))


def _latest(papers: list[Submission]) -> list[Submission]:
    """Return the last one by time, Canvas's file number or the number behind its name; more where these do not tell them apart."""
    comparable = len({version(paper.source)[0] for paper in papers}) == 1
    tries = [(max(attempts(paper.source), default=0), version(paper.source)[1] * comparable) for paper in papers]
    order = [(at, paper.received or LONG_AGO, paper.origin.file, number) for paper, (at, number) in zip(papers, tries, strict=True)]
    latest = [paper for paper, place in zip(papers, order, strict=True) if place == max(order)]
    return list({paper.digest: paper for paper in reversed(latest)}.values())[::-1]


def _about_choice(chosen: Submission, mine: list[Submission], in_time: bool) -> Iterator[str]:
    """Say which of several files was graded, and why those that could not be read were not."""
    notebooks = [each for each in mine if each.notebook]
    if len(notebooks) > 1:
        sentence = IN_TIME if in_time else LAST
        yield say(sentence, count=len(notebooks), file=chosen.source)
    if chosen.notebook:
        yield from (say("Not used: {problem}", problem=each.problem) for each in mine if each.rank == 1)


def _about_time(chosen: Submission, policy: Policy) -> str:
    """Say what being late cost."""
    late = policy.late(chosen.student, chosen.received)
    if late:
        return say(
            "Received {late} after the deadline: {percent:g} % of the points are taken off.",
            late=words(late),
            percent=100 * policy.taken(late),
        )
    if not chosen.notebook or chosen.received:
        return ""
    if chosen.origin.late:
        return say("Canvas says that it was late, but not by how much: no points are taken off.")
    return say("Nothing says when it was received: no points are taken off.") if policy.deadline else ""
