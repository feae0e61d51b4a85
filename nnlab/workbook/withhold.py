"""`nnlab release --withhold 05-`: chapters that are not due yet are released without the answers to their exercises.

Of their lessons the bundle has what other code needs and what reaches no answer. Their checks are values: what the answer and each known
mistake give for the visible cases. A rule that holds for every right answer stays where it can be tried without an answer.
"""

from __future__ import annotations

import ast
import inspect
import io
import pickle
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from nnlab.checks._exercise import Chapter, Exercise
from nnlab.checks._judging.calls import call, quiet
from nnlab.checks._judging.engine import examine
from nnlab.checks._values import LATER
from nnlab.grading.sandbox.excerpt import Import, by_name, excerpts, imports, used
from nnlab.workbook.course import Course, CourseError
from nnlab.workbook.graded import answers

PARTS = re.compile(r"(\d\d)(-?)(\d\d)?")
CLOSED = '''

def {name}(*_: object, **__: object) -> None:
    """Opens with chapter {number}."""
    from nnlab.languages import say

    raise ImportError(say({later!r}, module="{module}", name="{name}", number="{number}"))
'''
OPENED = '''"""{title}: its checks until it opens. They compare with values; the answers come with a later edition."""

{code}
from nnlab.checks._values import opened

CHAPTER = opened(
    __file__,
    {{
{rules}
    }},
)
'''


def numbers(text: str, names: Iterable[str]) -> list[str]:
    """Return the chapters that `--withhold` names: `05-` is 05 and all behind it, `05-08` up to there, `05,07` these two.

    Raises
    ------
    CourseError
        If it is none of these, or names no chapter.
    """
    chosen: list[str] = []
    for part in filter(None, text.replace(" ", "").split(",")):
        found = PARTS.fullmatch(part)
        if not found:
            raise CourseError(f"--withhold: {part!r} is no chapter and no range. Write 05- (05 and all behind it), 05-08 or 05,07.")
        first, line, last = found.groups()
        end = last or ("99" if line else first)
        these = [name for name in names if first <= name[:2] <= end]
        if not these:
            raise CourseError(f"--withhold: there is no chapter {part}. The chapters are: {', '.join(names)}.")
        chosen += these
    if text and not chosen:
        raise CourseError("--withhold names no chapter. Write 05- (05 and all behind it), 05-08 or 05,07.")
    return sorted({*chosen})


@dataclass(frozen=True)
class Withheld:
    """What takes the place of files in the bundle, and the answers that stay since chapters that are due need them.

    `unjudged` are exercises of which a check can only say that the answer runs: judging it needs an answer.
    """

    files: dict[str, bytes]
    stay: tuple[str, ...]
    unjudged: tuple[str, ...] = ()


def withhold(course: Course, names: list[str], package: Mapping[str, bytes], cells: Mapping[str, set[Import]]) -> Withheld:
    """Return what is to be written over in the bundle.

    Parameters
    ----------
    course : Course
    names : list of str
        The chapters to withhold.
    package : mapping
        The package's files in the bundle, by their places: "nnlab/optimizers.py".
    cells : mapping
        What the notebooks' given cells import, by chapter.
    """
    closed = {name: course.chapter(name).declared for name in names}
    secret = {pair: name for name, chapter in closed.items() for pair in answers(chapter)}
    lessons = {f"nnlab.{name[3:]}" for name in names}
    checks = {place for place in package if place in {f"nnlab/checks/{name[3:]}.py" for name in names} or _own(place) in names}
    sources = {_module(place): data.decode() for place, data in package.items() if place.endswith(".py") and place not in checks}
    cut = {module for module in sources if any(module == each or module.startswith(f"{each}.") for each in lessons)}
    cut |= {module for module, _ in secret if module in sources}
    theirs = {f"nnlab.{room}.{name[3:]}" for room in ("demos", "plots") for name in names} | cut
    due = {pair for module, source in sources.items() if module not in theirs for pair in imports(ast.parse(source))}
    shared = {module for module in cut if not any(module == each or module.startswith(f"{each}.") for each in lessons)}
    due |= {(module, name) for module in shared for name in by_name(ast.parse(sources[module]))} - secret.keys()
    later = {pair for module in theirs - cut if module in sources for pair in imports(ast.parse(sources[module]))}
    later |= {pair for name, pairs in cells.items() if name in names for pair in pairs}
    texts = {module: sources[module] for module in cut}
    asked = due & secret.keys()
    stay = (
        asked if not _needs(texts, due - asked, *secret) else {pair for pair in secret if pair in due or _needs(texts, due - asked, pair)}
    )
    hidden = secret.keys() - stay
    files, extra = dict[str, bytes](), set[Import]()
    for name, chapter in closed.items():
        place = next(each for each in checks if each in (f"nnlab/checks/{name[3:]}.py", f"nnlab/exercises/{name}.py"))
        text, values, needs = _checks(chapter, package[place].decode(), place, texts, hidden)
        files |= {place: text.encode(), str(Path(place).with_suffix(".values")): values}
        extra |= needs
    open_ = {pair for pair in due | extra if pair not in hidden}
    open_ |= {pair for pair in later if pair not in hidden and not _reaches(texts, pair, hidden)}
    kept = excerpts(texts, open_, hidden)
    wanted = due | later | hidden
    for module, source in kept.items():
        there = set(by_name(ast.parse(source)))
        missing = sorted(
            {name for where, name in wanted if where == module and name and name not in there and name in by_name(ast.parse(texts[module]))}
        )
        number = {name: secret.get((module, name), "")[:2] or _number(module, names) for name in missing}
        stubs = "".join(CLOSED.format(later=LATER, name=name, number=number[name], module=module) for name in missing)
        files[next(place for place in package if place.endswith(".py") and _module(place) == module)] = (source + stubs).encode()
    judged = [each.name for chapter in closed.values() for each in chapter.exercises if each.judge]
    texts_of_checks = "\n".join(files[place].decode() for place in checks if place in files)
    unjudged = tuple(name for name in judged if f'"{name}": (None,' in texts_of_checks)
    return Withheld(files, tuple(sorted(name for _, name in stay)), unjudged)


def _checks(
    chapter: Chapter, source: str, place: str, texts: Mapping[str, str], hidden: Collection[Import]
) -> tuple[str, bytes, set[Import]]:
    """Return the module of a chapter's checks without an answer, its values, and what both need of lessons."""
    module = _module(place) if "/exercises/" not in place else f"nnlab.exercises.{chapter.name[3:]}"
    whole = import_module(module)
    tree = ast.parse(source)
    needs, rules, wanted = set[Import](), list[str](), set[Import]()
    named = {name for _, name in hidden}
    for exercise in chapter.exercises:
        judge = getattr(exercise.judge, "__name__", "") if exercise.judge else ""
        parts = [(node, ast.unparse(node)) for node in _properties(tree, exercise)]
        kept = [(text, used(node) - {"Property"}) for node, text in parts]
        kept = [(text, names) for text, names in kept if _fine(source, module, texts, names, hidden, whole, chapter)]
        if judge and not _fine(source, module, texts, {judge}, hidden, whole, chapter):
            judge = ""
        wanted |= {(module, name) for _, names in kept for name in names} | ({(module, judge)} if judge else set())
        rules.append(f'        "{exercise.name}": ({judge or None}, ({"".join(f"{text}, " for text, _ in kept)})),')
    wanted |= {(module, "Property")}
    code = excerpts({**texts, module: source}, wanted, hidden)[module].partition("\ndef __getattr__")[0]
    needs |= {pair for pair in imports(ast.parse(code)) if pair[1] not in named}
    values = pickle.dumps(
        {
            "chapter": (chapter.name, chapter.title, chapter.checkpoint_points, chapter.data),
            "exercises": [_row(each) for each in chapter.exercises],
        }
    )
    needs |= _loaded(values)
    return OPENED.format(title=chapter.title, code=code, rules="\n".join(rules)), values, needs


def _properties(tree: ast.Module, exercise: Exercise) -> Iterator[ast.Call]:
    """Yield the calls that make an exercise's rules, where its source has them as they are."""
    sentences = {each.sentence for each in exercise.properties}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Property"), args=[ast.Constant(value=str(sentence)), *_]) if sentence in sentences:
                yield node


def _fine(
    source: str, module: str, texts: Mapping[str, str], names: Iterable[str], hidden: Collection[Import], whole: Any, chapter: Chapter
) -> bool:
    """Tell whether code of the checks can stay: it reaches no answer, and brings no function along that passes a check."""
    known = by_name(ast.parse(source))
    try:
        kept = excerpts({**texts, module: source}, {(module, name) for name in names if name in known}, hidden)[module]
    except ValueError:
        return False
    there = [getattr(whole, name, None) for name in by_name(ast.parse(kept)) if not name.startswith("__")]
    functions = [each for each in there if inspect.isfunction(each) and each.__module__ == module]
    return not any(_answers(exercise, each) for each in functions for exercise in chapter.exercises)


def _answers(exercise: Exercise, function: Any) -> bool:
    """Tell whether a function of ours passes an exercise's visible checks."""
    if len(inspect.signature(function).parameters) != len(inspect.signature(exercise.reference).parameters):
        return False
    return examine(exercise, function).passed


def _row(exercise: Exercise) -> dict[str, Any]:
    """Return an exercise as data: what its answer, and each spelling of each mistake, gives in its cases and probes."""
    cases = (*exercise.cases, *exercise.probes)

    def given(function: Any) -> list[tuple[Any, Any]]:
        with quiet():
            results = [call(function, case) for case in cases]
        return [(_plain(each.value), (type(each.error).__name__, str(each.error)) if each.error else None) for each in results]

    return {
        "name": exercise.name,
        "module": exercise.reference.__module__,
        "parameters": list(inspect.signature(exercise.reference).parameters),
        "points": exercise.points,
        "cases": [(case.name, case.args) for case in exercise.cases],
        "probes": [(case.name, case.args) for case in exercise.probes],
        "hints": exercise.hints,
        "returns": exercise.returns,
        "limits": (exercise.cpu, exercise.call),
        "judged": exercise.judge is not None,
        "right": given(exercise.reference),
        "mistakes": [(each.name, each.question, [given(wrong) for wrong in each.spellings]) for each in exercise.misconceptions],
    }


def _plain(value: Any) -> Any:
    """Return a value that can be written; code cannot, and says nothing of what it does."""
    try:
        pickle.dumps(value)
    except Exception:
        return repr(type(value))
    return value


def _loaded(data: bytes) -> set[Import]:
    """Return what is imported where values are read."""
    found = set[Import]()

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            found.add((module, name))
            return super().find_class(module, name)

    Reader(io.BytesIO(data)).load()
    return found


def _needs(texts: Mapping[str, str], wanted: Iterable[Import], *hidden: Import) -> bool:
    """Tell whether what is wanted needs one of these answers."""
    try:
        excerpts(texts, wanted, set(hidden))
    except ValueError:
        return True
    return False


def _reaches(texts: Mapping[str, str], pair: Import, hidden: Collection[Import]) -> bool:
    """Tell whether one import reaches an answer."""
    return _needs(texts, {pair}, *hidden)


def _number(module: str, names: Iterable[str]) -> str:
    return next((name[:2] for name in names if module.split(".")[1] == name[3:]), min(names)[:2])


def _module(place: str) -> str:
    return place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _own(place: str) -> str:
    return Path(place).stem if place.startswith("nnlab/exercises/") else ""
