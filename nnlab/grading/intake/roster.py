"""Who is in the class and who has more time: two CSV files from an instructor, with whatever headers their system writes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nnlab.grading.intake.names import Origin
from nnlab.grading.intake.text import fold, whole
from nnlab.languages import say

HEADERS = {  # what a column may be called, without case, spaces and signs
    "name": ("name", "fullname", "student", "studentname", "displayname", "姓名"),
    "first": ("firstname", "givenname", "givennames", "forename", "vorname"),
    "last": ("lastname", "surname", "familyname", "nachname"),
    "email": ("email", "emailaddress", "mail", "邮箱"),
    "id": ("id", "idnumber", "studentid", "studentnumber", "studentno", "sid", "matriculationnumber", "sisuserid", "学号"),
    "login": ("login", "loginid", "username", "netid", "sisloginid"),
    "section": ("section", "groups", "class"),
    "team": ("group", "team", "groupname", "teamname", "gruppe", "小组", "组"),
    "moodle": ("identifier", "participant"),
    "canvas": ("canvasid", "canvasuserid"),
    "received": ("lastmodifiedsubmission", "submittedat", "submissiontime", "handedin", "received"),
    "until": ("until", "deadline", "newdeadline", "duedate", "extension", "extendeduntil"),
}
NAMING = ("name", "email", "id", "login", "moodle", "canvas")  # columns that tell students apart
SYSTEMS = ("moodle", "canvas")
NOT_ONE = "{file}, line {line}: {student} is not exactly one student of the class. Correct the line."
TWO_GROUPS = "{file}, line {line}: {student} is in group {one} and in {other}. Leave one of the lines."
TWICE = "{file}, line {line}: {student} stands in line {before}, too, with other words. Leave one of the lines."
NO_NAMES = "{file} has no column that names students: found {first!r}. Expected headers such as name, email, id."
TOO_WIDE = "{file}, line {line} has more cells than there are headers. Is it a decimal comma? Write 2.5, or put quotation marks around 2,5."
CANVAS_GRADEBOOK = "sisloginid"  # where this column is, "ID" is Canvas's own number
TIMES = ("%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y %H:%M", "%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")
SEPARATOR = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)  # a line that some write for Excel alone
NO_STUDENTS = ("pointspossible", "studenttest")  # rows of a Canvas gradebook that are no student


class RosterError(ValueError):
    """A list from the instructor cannot be used; the message names the file and line, and says what to do."""


@dataclass(frozen=True)
class Person:
    """A student as the systems know them. `student` is the name in our gradebook; numbers are "" where they are not known.

    `team` is the group for which one notebook counts, "" for those who hand in alone.
    """

    student: str
    name: str = ""
    email: str = ""
    id: str = ""
    login: str = ""
    section: str = ""
    moodle: str = ""
    canvas: str = ""
    team: str = ""


NOBODY = Person("")


@dataclass(frozen=True)
class Roster:
    """The class: everyone in it, and when the learning system received their submissions, where it says so."""

    people: tuple[Person, ...] = ()
    received: Mapping[str, datetime] = field(default_factory=dict)

    def find(self, origin: Origin) -> Person | None:
        """Return whom a file is from, or None where that is nobody, or could be several.

        A number decides; a name, which students may choose, only for someone whose number in that system is not known.
        """
        by_number, by_name = self.named([f"{origin.system} {origin.number}"]), self.named([origin.name])
        return by_number or (None if by_name and origin.system and getattr(by_name, origin.system) else by_name)

    def named(self, names: Iterable[str]) -> Person | None:
        """Return the one student who goes by all of these names and numbers that are known, or None.

        Where two have names that differ only in case, spaces or signs, the name as it is written decides.
        """
        names = list(names)
        known = [set(self._known[fold(name)]) for name in names if fold(name) in self._known]
        both = set.intersection(*known) if known else set()
        exact = both if len(both) == 1 else {person for person in both if {person.name, person.student} & set(names)}
        return exact.pop() if len(exact) == 1 else None

    @cached_property
    def _known(self) -> defaultdict[str, list[Person]]:
        """Everyone under each name and number they go by."""
        known: defaultdict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            for key in keys(person):
                known[key].append(person)
        return known


def read_roster(path: Path) -> Roster:
    """Read a class list.

    Parameters
    ----------
    path : Path
        A CSV file, such as Moodle's grading worksheet, Canvas's gradebook, or a table with columns such as name, email and id.

    Raises
    ------
    RosterError
        If it cannot be read or no column names the students.
    """
    rows = [(line, row) for line, row in read_table(path) if fold(row.get("name", "")) not in NO_STUDENTS]
    if not rows:
        raise RosterError(say("{file} lists nobody. Expected a line for each student below a line of headers.", file=path))
    rows = list({tuple(sorted(row.items())): (line, row) for line, row in rows}.values())  # a line that is there twice
    names = Counter(row["name"] for _, row in rows)
    people, received, lines = [], {}, dict[str, int]()
    for line, row in rows:
        number = next((row[key] for key in NAMING[1:] if key in row), f"line {line}")
        student = row["name"] if names[row["name"]] == 1 else f"{row['name']} ({number})"
        if (before := lines.setdefault(student, line)) != line:
            raise RosterError(say(TWICE, file=path, line=line, student=student, before=before))
        people.append(
            Person(student, section=row.get("section", ""), team=row.get("team", ""), **{key: row.get(key, "") for key in NAMING})
        )
        if when := row.get("received", "").strip("- "):
            received[student] = read_time(when, say("{file}, line {line}", file=path, line=line))
    return Roster(tuple(people), received)


def read_extensions(path: Path, people: Iterable[Person]) -> dict[str, datetime]:
    """Read who has more time: the new deadline of each student, by the student's name in the gradebook.

    Parameters
    ----------
    path : Path
        A CSV file with a column that names the student (name, email, id …) and a column `until`.
    people : iterable of Person
        The class.

    Raises
    ------
    RosterError
        If a line names nobody of the class, or no time.
    """
    roster, extended = Roster(tuple(people)), {}
    for line, row in read_table(path):
        found, called = _named(roster, row)
        if found is None:
            raise RosterError(say(NOT_ONE, file=path, line=line, student=called))
        extended[found.student] = read_time(row.get("until", ""), say("{file}, line {line}", file=path, line=line))
    return extended


def read_teams(path: Path, people: Iterable[Person]) -> list[Person]:
    """Return the class with the group of each student as a list says it; who is not on it hands in alone.

    Parameters
    ----------
    path : Path
        A CSV file with a column that names the student (name, email, id …) and a column `group`.
    people : iterable of Person
        The class.

    Raises
    ------
    RosterError
        If a line names nobody of the class, or a student again in another group, or the list has no groups.
    """
    roster, teams = Roster(tuple(people)), dict[str, str]()
    for line, row in read_table(path):
        found, called = _named(roster, row)
        if found is None:
            raise RosterError(say(NOT_ONE, file=path, line=line, student=called))
        team = row.get("team", "")
        if team and teams.setdefault(found.student, team) != team:
            raise RosterError(say(TWO_GROUPS, file=path, line=line, student=called, one=teams[found.student], other=team))
    if not teams:
        raise RosterError(say("{file} has no groups. Expected a column that names the students, and a column “group”.", file=path))
    return [replace(person, team=teams.get(person.student, "")) for person in roster.people]


def _named(roster: Roster, row: Mapping[str, str]) -> tuple[Person | None, str]:
    """Return whom a row names, and how it does."""
    named = [f"{key} {row[key]}" if key in SYSTEMS else row[key] for key in NAMING if key in row]
    return roster.named(named), ", ".join(named)


def read_time(text: str, where: str) -> datetime:
    """Return a time. One without a time zone is this machine's; a day without a time is its last minute.

    Parameters
    ----------
    text : str
        Such as "2026-05-01 23:59", "2026-05-01T23:59+02:00", "2026-05-01", or as Moodle writes it in English.
    where : str
        Named in the error.

    Raises
    ------
    RosterError
        If it is no such time.
    """
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = next(filter(None, (_parsed(text, form) for form in TIMES)), datetime.min)
    if found == datetime.min:
        raise RosterError(say("{where}: {text!r} is not a time. Write it as 2026-05-01 23:59.", where=where, text=text))
    if re.fullmatch(r"[\d-]{8,10}", text):
        found = found.replace(hour=23, minute=59)
    return found.astimezone()


def read_table(path: Path, more: Mapping[str, tuple[str, ...]] | None = None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file that say something, each with its line number, by the names of `HEADERS` and of `more` columns."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except OSError as error:
        raise RosterError(say("{file} cannot be read: {error}. Give a CSV file.", file=path, error=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise RosterError(say("{file} is not UTF-8. Save it as “CSV UTF-8”.", file=path)) from error
    text = whole(SEPARATOR.sub("", text))
    first = text.partition("\n")[0]
    reader = _rows(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True), path)
    headers = next(reader, (0, list[str]()))[1]
    known = _headers([fold(header) for header in headers], more or {})
    if not {*NAMING, "last"} & set(known):
        raise RosterError(say(NO_NAMES, file=path, first=first.strip()))
    for line, row in reader:
        if more and any(row[len(headers) :]):  # all cells behind it have moved: a point given for 1,5
            raise RosterError(say(TOO_WIDE, file=path, line=line))
        cells = {header: row[i].strip() for header, i in known.items() if i < len(row) and row[i].strip()}
        if "moodle" in cells:
            cells["moodle"] = re.sub(r"\D", "", cells["moodle"])  # "Participant 12345"
        full = f"{cells.get('first', '')} {cells.get('last', '')}".strip()
        called = cells.get("name") or full or next((cells[key] for key in NAMING if cells.get(key)), "")
        if called:
            yield line, {**cells, "name": called}


def _rows(reader: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield what a CSV reader reads, with the numbers of the lines; a quote that is not closed would swallow all lines behind it."""
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise RosterError(
            say(
                "{file}, line {line}: {error}. Is a quotation mark open? Inside quotation marks, write it twice.",
                file=path,
                line=reader.line_num,
                error=error,
            )
        ) from error


def keys(person: Person) -> set[str]:
    """Return what a folder or file may call a person: name (last name first as well), email, its local part, id, login, numbers."""
    last, comma, first = person.name.partition(",")
    words = person.name.split()
    turned = f"{first} {last}" if comma else " ".join(words[-1:] + words[:-1])
    named = (person.student, person.name, turned, person.email, person.email.partition("@")[0], person.id, person.login)
    numbers = [f"{system} {number}" for system in SYSTEMS if (number := getattr(person, system))]
    return {fold(each) for each in (*named, *numbers)} - {""}


def _headers(found: list[str], more: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return in which column each of `HEADERS` and of `more` is."""
    canvas = {"canvas": ("id",), "id": ("sisuserid",)} if CANVAS_GRADEBOOK in found else {}
    places = {header: [found.index(name) for name in names if name in found] for header, names in {**HEADERS, **canvas, **more}.items()}
    return {header: columns[0] for header, columns in places.items() if columns}


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None
