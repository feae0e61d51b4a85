"""Whose a file is, told from how learning systems name what instructors download.

Moodle, "Download all submissions": `Mei Li_12345_assignsubmission_file/03.ipynb`, with a further `_` after `file` before Moodle 4.1;
without folders `Mei Li_12345_assignsubmission_file_03.ipynb`. 12345 is the participant's number; it is also in the grading worksheet.
Canvas, "Download Submissions": `limei_LATE_4242_991_03-1.ipynb`. 4242 is the user's number and 991 the file's, which grows with time;
where marking is anonymous, `anon_x1Y2z_991_03.ipynb`. A file that was handed in again has -1, -2 … before its ending. Who typed a text
has `limei_4242_text.html`.
Blackboard: `HW 3_mli_attempt_2026-11-01-23-59-00_03.ipynb`. Brightspace: `4242-991 - Mei Li - Nov 1, 2026 1159 PM/03.ipynb`, also
with ` - ` in place of `/`.
Google Classroom: `Mei Li - 03.ipynb`. Sakai: `HW 3/Li, Mei(mli)/Submission attachment(s)/03.ipynb`.
Gradescope: `submission_991/03.ipynb`, and who that is in `submission_metadata.yml`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from nnlab.grading.intake.text import fold, whole
from nnlab.languages import say

MOODLE = re.compile(r"(?P<name>[^/]*)_(?P<number>\d{1,18})_assignsubmission_[a-z]+_?/(?P<rest>.+)", re.DOTALL)
MOODLE_FLAT = re.compile(r"(?P<name>[^/]*?)_(?P<number>\d{1,18})_assignsubmission_[a-z]+_(?P<rest>[^/]+)", re.DOTALL)
CANVAS = re.compile(
    r"(?:(?!LATE_|anon_)(?P<name>[^/]+?)_)?(?P<late>LATE_)?(?P<number>\d{1,18}|anon_[^\W_]+)_(?P<file>\d{1,18})_(?P<rest>[^/]+)", re.DOTALL
)
CANVAS_TEXT = re.compile(r"(?P<name>[^/]+?)_(?P<late>LATE_)?(?P<number>\d{1,18})_text\.html", re.DOTALL)
YEAR = re.compile(r"(?:19|20)\d\d")
BLACKBOARD = re.compile(r"(?P<whose>[^/]+_[^/]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<rest>[^/]+)|\.txt)", re.DOTALL)
BRIGHTSPACE = re.compile(
    r"(?P<number>\d+)-(?P<file>\d+) ?- ?(?P<name>[^/]+?) ?- ?"
    r"(?P<time>[^/-]*\d{4}[^/-]*? \d{1,2}[.:]?\d\d(?: ?[AaPp]\.?[Mm]\.?)?)(?:/| - )(?P<rest>.+)",
    re.DOTALL,
)
BRIGHTSPACE_TIMES = [
    f"{day} {clock}" for day in ("%b %d, %Y", "%B %d, %Y", "%d %b, %Y", "%d %B, %Y") for clock in ("%I%M %p", "%I.%M %p", "%H%M")
]
CLASSROOM = re.compile(r"(?P<name>[^/]+?) - (?P<rest>[^/]+)", re.DOTALL)
SUBMISSION = re.compile(r"submission_\d{1,18}")  # a folder of Gradescope's
FEEDBACK = re.compile(r"(^|/)Feedback Attachment\(s\)/", re.IGNORECASE)  # in Sakai, beside what was handed in
SAKAI = re.compile(
    r"(?P<name>[^/]+?)\((?P<number>\d{4,}|[^()/]*[^()/\d][^()/]*)\)/(?:Submission attachment\(s\)/)?(?P<rest>[^/]+)", re.DOTALL
)
CERTAIN = (MOODLE, MOODLE_FLAT, BLACKBOARD, BRIGHTSPACE)
ATTACHED = re.compile(r"[^/]+\([^()/]+\)/Submission attachment\(s\)/.+", re.DOTALL)
WRAPPER = re.compile(
    r"submi|abgabe|assignment|homework|class|student|download|export|working files|^(hw|ps|lab|week|ex)\W*\d|作业|提交|收集|实验|学生",
    re.IGNORECASE,
)
GROUP = re.compile(
    r"(?:section|group|class|team|tutorial|gruppe|班|组|第).*|.*[班组]", re.IGNORECASE | re.DOTALL
)  # folders of several students
TASK = re.compile(r"(?:hw|ps|lab|week|ex|homework|exercise|task|作业|实验)\W*\d*", re.IGNORECASE)  # folders of what was asked for
UNNAMED = re.compile(r"(?:untitled|unbenannt|未命名)\W*\d*|notebook[0-9a-f]{10}|\d{1,3}", re.IGNORECASE)  # what editors call a new notebook
CHAPTERS = re.compile(r"\d\d_[a-z_]+")
CALLED = re.compile(r"[^\W\d_]{3}|[\u4e00-\u9fff]{2}")  # in a file's name that may be a person's
BESIDE = {"submitted": {"release", "source", "autograded", "feedback", "downloaded"}, "submitted files": {"working files"}}
VERSION = re.compile(
    r"(?:Copy of )*(?P<base>.*?)(?: ?- ?(?:Copy|Kopie|Copie|Copia|副本)| copy(?: (?P<c>\d{1,9}))?)?"
    r"(?:-(?P<a>\d{1,3})| ?\((?P<b>\d{1,9})\))?(?:\.ipynb)?(?:\.\w+)?",
    re.DOTALL,
)
TIMES_ATTEMPT = "%Y-%m-%d-%H-%M-%S"
ATTEMPT = re.compile(r"/[Vv]ersion (\d{1,9})/")  # a folder of Teams for each time something was handed in
NOTEBOOKS = (".ipynb", ".ipynb.txt", ".ipynb.json", ".json")  # what browsers and mail programs make of .ipynb
HANDED_IN = (*NOTEBOOKS, ".zip")
OTHER = (".pdf", ".doc", ".docx", ".odt", ".html", ".py", ".rar", ".7z", ".tar", ".gz", ".tgz")
BRANCHES = ("-main", "-master")
REPOSITORY = re.compile(
    r".*\d.*-|.*(assignment|homework|notebook|project)s?-", re.IGNORECASE
)  # before a student's name, in GitHub Classroom


@dataclass(frozen=True)
class Origin:
    """Whose a file is: the system ("moodle", "canvas" or ""), its number for the student, and the name it gives the student."""

    system: str
    number: str
    name: str
    file: int = 0
    late: bool = False
    time: datetime | None = None
    listed: bool = field(default=False, compare=False)  # whether whoever handed in something else is a student all the same

    @property
    def student(self) -> str:
        """A name that no other student of the class has."""
        if not self.system:
            return self.name
        return f"{self.name} ({self.number})" if self.name else self.number


UNKNOWN = Origin("", "", "")


class Doubled(ValueError):
    """One number of a learning system stands for two names: whose the files are cannot be told."""


def origins(paths: Sequence[str], people: Mapping[str, str] | None = None, own: str = "") -> dict[str, Origin | None]:
    """Return whose each file is; None where nothing tells.

    Parameters
    ----------
    paths : sequence of str
        All files of a class: only together do they show which system named them.
    people : mapping
        The name behind each `submission_NNN` of Gradescope.
    own : str
        The chapter's own file name, which is no student's.

    Raises
    ------
    Doubled
        If one participant's number stands beside two names.
    """
    inner = _apart(dict(zip(paths, unwrapped([*map(whole, paths)]), strict=True)))  # a Mac takes letters apart
    found: dict[str, Origin] = {}
    for layout in (_gradescope(people or {}), _moodle, _canvas, _blackboard, _brightspace, _sakai):
        found |= layout([inside for inside in dict.fromkeys(inner.values()) if inside not in found])
    _require_single(found.values())
    rest = [inside for inside in inner.values() if inside not in found]
    plain = (_classroom(rest, own) if not found else {}) or _plain(rest, own)
    return {path: found.get(inside) or plain.get(inside) for path, inside in inner.items()}


def _apart(inner: dict[str, str]) -> dict[str, str]:
    """Take away what lies around what a system named: downloads of sections, side by side."""
    found = {path: _tail(inside) for path, inside in inner.items()}
    files = _handed_in(found.values())
    below = [path.partition("/")[2] for path in files]
    named = _canvas(below) if len(set(below)) == len(below) else {}
    people = {origin.number for origin in named.values()}
    if len(people) >= len({path.partition("/")[0] for path in files}) > 1 and set(below) <= named.keys():
        return {path: inside.partition("/")[2] for path, inside in inner.items()}
    return found


def _tail(path: str) -> str:
    """Return a path from where a system's own name begins: nobody calls a folder so by chance."""
    parts = path.split("/")
    tails = ("/".join(parts[i:]) for i in range(len(parts)))
    return next((tail for tail in tails if any(each.fullmatch(tail) for each in CERTAIN) or ATTACHED.fullmatch(tail)), path)


def unwrapped(paths: Sequence[str]) -> list[str]:
    """Return the paths without the folders that stand around all students: `submitted/mei/03.ipynb` is `mei/03.ipynb`.

    A folder around all that was handed in is one of a student only where notebooks lie in it directly under one name.
    """
    cut = list(paths)
    while _is_wrapper([ATTEMPT.sub("/", path) for path in cut]):
        top = f"{_handed_in(cut)[0].partition('/')[0]}/"
        cut = [path.removeprefix(top) for path in cut]
    return cut


def _handed_in(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.lower().endswith(HANDED_IN)]


def _is_wrapper(paths: Sequence[str]) -> bool:
    """Tell whether all that was handed in lies in one folder that is no student's."""
    files = _handed_in(paths)
    if len({path.partition("/")[0] for path in files}) != 1 or not all("/" in path for path in files):
        return False
    if len([path for path in paths if MOODLE.fullmatch(path) or BRIGHTSPACE.fullmatch(path) or SAKAI.fullmatch(path)]):
        return False
    top, inside = files[0].partition("/")[0], [path.partition("/")[2] for path in files]
    folders, bare = {path.partition("/")[0] for path in inside if "/" in path}, set(_tries(inside).values())
    several = len(bare) > (1 if WRAPPER.match(top) else 3)  # a few files in a folder may be the tries of one student
    systems = (_moodle, _canvas, _blackboard, _brightspace)
    several = several or any(map(SUBMISSION.fullmatch, folders)) or any(layout(inside) for layout in systems)
    return len(folders) > 1 or several or (len(folders) == 1 and not bare and (bool(WRAPPER.match(top)) or _is_wrapper(inside)))


def version(path: str) -> tuple[str, int]:
    """Return a file's name without the number that a system or browser put behind it, and that number."""
    found = VERSION.fullmatch(path.rpartition("/")[2])
    assert found is not None
    return found["base"], int(found["a"] or found["b"] or found["c"] or 0)


def handed_in_at(paths: Sequence[str]) -> list[str]:
    """Return the paths without what a system keeps beside what was handed in: feedback, sources, files that are worked on."""
    folders = {tuple(path.lower().split("/")[: i + 1]) for path in paths for i in range(path.count("/"))}
    return [path for path in paths if not FEEDBACK.search(path) and not _is_beside(path.lower().split("/")[:-1], folders)]


def _is_beside(parts: Sequence[str], folders: Collection[tuple[str, ...]]) -> bool:
    return any(part in others and (*parts[:i], name) in folders for i, part in enumerate(parts) for name, others in BESIDE.items())


def _tries(paths: Iterable[str]) -> dict[str, str]:
    """Return the name of each file in no folder, the same for the tries of one: `mei-1` is one of `mei` only where there is a `mei`."""
    files = [path for path in _handed_in(paths) if "/" not in path]
    bases = {path: version(path)[0] for path in files}
    dashed = {path: match for path in files if (match := re.fullmatch(r"(.*-\d{1,3})(\.\w+)+", path, re.DOTALL))}
    whole = {base for path, base in bases.items() if path not in dashed}
    return {path: dashed[path][1] if path in dashed and base not in whole else base for path, base in bases.items()}


def _require_single(found: Iterable[Origin]) -> None:
    names: dict[tuple[str, str], str] = {}
    for each in found:
        if each.number and names.setdefault((each.system, each.number), each.name) != each.name and each.system in ("moodle", "canvas"):
            first = names[each.system, each.number]
            raise Doubled(
                say(
                    "the number {number} stands beside two names, {one!r} and {other!r}: whose these files are cannot be told. "
                    "Correct the name in the learning system, or leave one of the two out.",
                    number=each.number,
                    one=first,
                    other=each.name,
                )
            )


Layout = Callable[[Sequence[str]], dict[str, Origin]]


def _moodle(paths: Sequence[str]) -> dict[str, Origin]:
    """Return Moodle's files. Of a folder's name the last number counts: what stands before it is a name, which students choose."""
    found = {
        path: MOODLE.fullmatch(path) or (MOODLE_FLAT.fullmatch(path) if path.count("_assignsubmission_") == 1 else None) for path in paths
    }
    return {path: Origin("moodle", match["number"], match["name"]) for path, match in found.items() if match}


def _canvas(paths: Sequence[str]) -> dict[str, Origin]:
    """Return the files that Canvas named: most of the class's, each with a number of its own."""
    found = {path: match for path in paths if (match := CANVAS.fullmatch(path))}
    handed_in = [path for path in _handed_in(paths) if "/" not in path]
    few = 2 * len(set(handed_in) & set(found)) <= len(handed_in)
    people = {(match["number"], match["name"]) for match in found.values()}
    doubt = len(people) < 2 or len({number for number, _ in people}) < len(people)
    dates = all(YEAR.fullmatch(number) for number, _ in people)
    if len({match["file"] for match in found.values()}) < len(found) or (few and doubt) or dates:
        return {}
    texts = {path: match for path in paths if (match := CANVAS_TEXT.fullmatch(path))}
    typed = {path: Origin("canvas", m["number"], m["name"], late=bool(m["late"])) for path, m in texts.items()}
    return typed | {
        path: Origin("canvas", m["number"], m["name"] or "", int(m["file"]), bool(m["late"]))
        for path, m in found.items()
        if path not in typed
    }


def _blackboard(paths: Sequence[str]) -> dict[str, Origin]:
    """Return Blackboard's files. What all of them begin with is the task: it and a login may hold a `_`."""
    found = {path: match for path in paths if (match := BLACKBOARD.fullmatch(path))}
    told = sorted({match["whose"] for match in found.values()})
    shared = _beginning(told[0], told[-1], "_") if len(told) > 1 else ""
    names = {whose: whose.removeprefix(shared) if shared else whose.rpartition("_")[2] for whose in told}
    return {path: Origin("", "", names[m["whose"]], time=_time(m["time"], TIMES_ATTEMPT), listed=True) for path, m in found.items()}


def _brightspace(paths: Sequence[str]) -> dict[str, Origin]:
    found = {path: match for path in paths if (match := BRIGHTSPACE.fullmatch(path))}
    numbers = Counter(name for name, _ in {(m["name"], m["number"]) for m in found.values()})
    names = {path: m["name"] if numbers[m["name"]] == 1 else f"{m['name']} ({m['number']})" for path, m in found.items()}
    times = {path: _time(m["time"], *BRIGHTSPACE_TIMES) for path, m in found.items()}
    return {path: Origin("", m["number"], names[path], int(m["file"]), time=times[path], listed=True) for path, m in found.items()}


def _sakai(paths: Sequence[str]) -> dict[str, Origin]:
    found = {path: match for path in paths if (match := SAKAI.fullmatch(path))}
    return {path: Origin("", match["number"], match["number"], listed="attachment(s)/" in path) for path, match in found.items()}


def _gradescope(people: Mapping[str, str]) -> Layout:
    def found(paths: Sequence[str]) -> dict[str, Origin]:
        folders = {path: path.partition("/")[0] for path in paths}
        return {path: Origin("", folder, people[folder], listed=True) for path, folder in folders.items() if folder in people}

    return found


def _classroom(paths: Sequence[str], own: str) -> dict[str, Origin]:
    """Return Google Classroom's files: `NAME - FILE`, most of them; in files that people named it may be the other way about."""
    files = [path for path in _handed_in(paths) if "/" not in path]
    found = {path: match for path in files if (match := CLASSROOM.fullmatch(path))}
    if 2 * len(found) <= len(files) or _handed_in(paths) != files:
        return {}
    names = {path: re.sub(r"^(Copy of )+", "", match["name"]) for path, match in found.items()}
    after = {path: version(match["rest"])[0] for path, match in found.items()}
    turned = len(set(names.values())) == 1 and len(set(filter(CALLED.search, after.values()))) > 1
    told = {path: after[path] if turned or name == own else name for path, name in names.items()}
    plain = _plain([path for path in paths if path not in found], own)
    return plain | {path: Origin("", "", name) for path, name in told.items() if name != own}


def _plain(paths: Sequence[str], own: str) -> dict[str, Origin]:
    """Return whose the files are in a folder that people made: a folder, or a file's own name, is the student's.

    A folder's or a file's name may hold the chapter's beside the student's. The chapter's alone is nobody's.
    """
    folders = sorted({path.partition("/")[0] for path in _handed_in(paths) if "/" in path})
    (before, behind), tries = _shared(folders), _tries(paths)
    other = set() if _of_several(paths, own) or len(folders) < 2 else {path.partition("/")[0] for path in paths if _is_other(path)}
    if _of_several(paths, own):
        folders = []
    found = {}
    for path in paths:
        first, inner, _ = path.partition("/")
        name = first.removeprefix(before).removesuffix(behind) if inner else _without(own, tries.get(path, first))
        around = inner and (not folders or (len(folders) == 1 and WRAPPER.match(first)))  # a folder for all: nothing tells them apart
        if name and not (own and fold(name) == fold(own)) and not around and not (not inner and UNNAMED.fullmatch(name)):
            found[path] = Origin("", "", name, listed=bool(inner) and first in other - set(folders) and _is_other(path))
    return found


def _is_other(path: str) -> bool:
    """Tell whether a file in a folder is what students hand in in place of a notebook."""
    return "/" in path and path.lower().endswith(OTHER)


def _of_several(paths: Sequence[str], own: str) -> bool:
    """Tell whether folders seem to hold several students each, so that they are no student's: sections, groups, one for a class.

    So it is where folders in them, or files, differ inside one folder, and none of them is in two; a student's tasks are in all of them.
    """
    inside: defaultdict[str, list[str]] = defaultdict(list)
    for path in _handed_in(paths):
        first, inner, rest = path.partition("/")
        if inner:
            inside[first].append(rest)
    deep = {first: {path.partition("/")[0] for path in rest} for first, rest in inside.items()}
    if all("/" in path for rest in inside.values() for path in rest):
        return len(inside) > 1 and _are_apart(deep.values())
    if any("/" in path for rest in inside.values() for path in rest):
        return False
    flat = {first: {name for name in map(partial(_called, own), _tries(rest).values()) if name} for first, rest in inside.items()}
    if all(map(TASK.fullmatch, inside)):  # the same students in each
        return any(len(each) > 1 for each in flat.values())
    return _are_apart(flat.values()) and (len(inside) == 1 or all(map(GROUP.fullmatch, inside)))


def _called(own: str, name: str) -> str:
    """Return what of a file's name may be a person's, or ""."""
    left = _without(own, name)
    return "" if CHAPTERS.fullmatch(left) or not CALLED.search(left) else left


def _are_apart(sets: Collection[set[str]]) -> bool:
    """Tell whether some set has several members, and none has one of another's."""
    return any(len(each) > 1 for each in sets) and sum(map(len, sets)) == len(set().union(*sets))


def _shared(folders: Sequence[str]) -> tuple[str, str]:
    """Return what all folders of a GitHub Classroom begin with, such as `hw3-`, and the branch that GitHub's zips end with."""
    if len(folders) < 2:
        return "", ""
    branch = next((each for each in BRANCHES if all(folder.endswith(each) for folder in folders)), "")
    shared = _beginning(folders[0], folders[-1], "-")
    return (shared, branch) if REPOSITORY.fullmatch(shared) else ("", "")


def _beginning(one: str, other: str, sign: str) -> str:
    """Return what two texts begin with, up to the last such sign in it."""
    shared = one[: next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)]
    return shared[: shared.rfind(sign) + 1]


def _without(own: str, name: str) -> str:
    """Return a file's name without the chapter's in it."""
    parts = name.split(own) if own else [name]
    return " ".join(part.strip(" _-.") for part in parts).strip() if len(parts) > 1 else name


def _time(text: str, *forms: str) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).astimezone()
        except ValueError:
            continue
    return None


def attempts(path: str) -> Iterator[int]:
    """Yield the numbers of folders such as `Version 2`, as Teams has them for each time something was handed in."""
    yield from map(int, ATTEMPT.findall(path))
