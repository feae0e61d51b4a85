"""All sentences that are translated one by one: those of a chapter's exercises and code, of its hidden tests, and nnlab's own."""

from __future__ import annotations

import ast
import inspect
import io
import json
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from nnlab.languages import ENGLISH
from nnlab.workbook.course import ChapterFiles, CourseError
from nnlab.workbook.rubrics import written
from nnlab.workbook.source import english, read, stub

PACKAGE = Path(__file__).parents[2]
SAYERS = ("say", "Named", "_")  # functions whose first texts are sentences
LESSONS = (
    *("activations", "mp_neuron", "forward_propagation", "backpropagation", "traffic_classifier"),
    *("vanishing_gradients", "overfitting", "optimizers", "regression"),
)
ROOMS = {
    "checks": ("checks/__init__.py", "checks/_*", "grading/accept.py"),
    "lessons": (
        *(f"{lesson}.py" for lesson in LESSONS),
        "_require.py",
        "data",
        "demos/__init__.py",
        "model_selection",
        "network",
        "plots",
    ),
    "pages": (
        "grading/marking",
        "grading/pages",
        "grading/intake",
        "grading/adjusting",
        "grading/desk",
        "grading/exports",
        "grading/results.py",
    ),
    "site": ("web/*.py", "start.py", "cli.py", "doctor.py", "grading/sandbox/walls.py"),
}
CONSTANTS = {  # what is said later, by the file of its translation, the module, and the names there
    "checks": {
        "nnlab.checks": ("STATES",),
        "nnlab.checks._values": ("LATER", "RUNS"),
        "nnlab.workbook.source": ("YOURS", "HERE"),
        "nnlab.checks._asking.ask": ("HEADS",),
        "nnlab.checks._asking.field": ("HINTS",),
        "nnlab.checks._judging.compare": ("KINDS", "SEQUENCES"),
        "nnlab.checks._judging.engine": ("IN_PLACE", "SHARED", "LABELS"),
        "nnlab.checks._judging.kinds": ("AXES", "DONE"),
    },
    "lessons": {"nnlab._require": ("LINES", "PARTS"), "nnlab.network.settings": ("EXPECTED",)},
    "pages": {
        "nnlab.grading.marking.examine": ("PRINTED",),
        "nnlab.grading.marking.rebuild": ("REPLACED", "EDITION"),
        "nnlab.grading.marking.testing": ("REASONS",),
        "nnlab.grading.adjusting.rubric": ("REASON",),
        "nnlab.grading.pages.class_report": ("STOPS", "STATES", "PROBLEMS"),
        "nnlab.grading.pages.feedback": ("WORDS",),
        "nnlab.grading.results": ("Level", "MISSING", "GRADERS_FAULT"),
        "nnlab.grading.adjusting.apply": ("NOT_RUN", "BONUSES"),
        "nnlab.grading.adjusting.model": ("WORDS",),
        "nnlab.grading.desk.overview": ("STATES", "FEET"),
        "nnlab.grading.intake.collect": ("NOBODYS", "DOUBT", "TAKEN", "LAST", "IN_TIME", "SEVERAL", "NOT_LISTED", "TWICE"),
        "nnlab.grading.intake.policy": ("UNITS",),
        "nnlab.grading.intake.roster": ("NOT_ONE", "TWO_GROUPS", "NO_NAMES", "TWICE", "TOO_WIDE"),
        "nnlab.grading.intake.reader": ("PROBLEMS",),
    },
    "site": {
        "nnlab._files": ("REMEDIES",),
        "nnlab.cli": ("ARGPARSE", "HEADS"),
        "nnlab.start": ("HEAD", "RENEWED", "BESIDE", "TURNED", "TOLD", "BROKEN"),
        "nnlab.web.frames": ("NOTE",),
        "nnlab.web.pages": ("READING", "READING_OWN"),
        "nnlab.web.site": ("TITLE", "LEAD", "ONE_LINE", "OWN_COURSE", "SHOWN", "LITE"),
    },
}
CRITERION = re.compile(r"^# <!-- criterion: .*? :: (.*) -->$", re.MULTILINE)
NOUNS = ("student", "submission", "mark", "chapter", "answer", "pair")  # that pages count
BETWEEN = ("; ", ". ")
TEMPLATE = re.compile(r"""\b_\(\s*("[^"]+")(?:\s+if\b.*?\belse\s*("[^"]+"))?""")


def of_chapter(chapter: ChapterFiles) -> list[str]:
    """Return what a chapter says besides its text cells: title, exercises and how they judge, comments and docstrings of students' code."""
    declared = chapter.declared
    said = [declared.title]
    for each in declared.exercises:
        said += [*each.returns, *(case.name for case in (*each.cases, *each.probes)), *(p.sentence for p in each.properties), *each.hints]
        said += [p.question for p in each.properties]
        said += [text for m in each.misconceptions for text in (m.name, m.question)]
    said += _in_code((PACKAGE / "checks" / f"{chapter.name[3:]}.py").read_text("utf-8"))
    said += [text for cell in english(chapter) if cell.cell_type == "code" for text in comments(stub(cell.source))]
    return [text for text in dict.fromkeys(said) if is_sentence(text)]


def of_hidden_tests(chapter: ChapterFiles) -> list[str]:
    """Return what students get with their marks alone: the sentences of a chapter's hidden tests, and the criteria of its rubric."""
    # Questions, too: a page knows a mark, and no chapter.
    questions = [" ".join(each.question.split()) for each in written(read(chapter.translated(ENGLISH))).values()]
    criteria = [*questions, *(words.strip() for words in CRITERION.findall(chapter.source.read_text("utf-8")))]
    if not chapter.hidden_tests.exists():
        return criteria
    found = [node for node in ast.parse(chapter.hidden_tests.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    tests = [inspect.cleandoc(ast.get_docstring(node) or "") for node in found if node.name.startswith("test_")]
    return [*tests, *criteria]


def own(room: str) -> list[str]:
    """Return what nnlab says itself in one of the `ROOMS`."""
    files = sorted({path for pattern in ROOMS[room] for place in PACKAGE.glob(pattern) for path in _files(place)})
    said = [text for path in files for text in (_in_code if path.suffix == ".py" else _in_template)(path.read_text("utf-8"))]
    said += [text for module, names in CONSTANTS[room].items() for name in names for text in _texts(getattr(import_module(module), name))]
    if room == "pages":
        said += [f"{{count}} {noun}{end}" for noun in NOUNS for end in ("", "s")]
    return [text for text in dict.fromkeys(said) if is_sentence(text)]


def is_sentence(text: str) -> bool:
    """Whether there is a word in a text, and not only names and signs; or it is what stands between two sentences."""
    return text in BETWEEN or re.search("[A-Za-z]{2}", re.sub(r"\{[^}]*\}", "", text)) is not None


def _files(place: Path) -> Iterator[Path]:
    yield from [place] if place.is_file() else (path for path in place.rglob("*") if path.suffix in (".py", ".j2"))


def _in_code(source: str) -> Iterator[str]:
    """Yield the first texts of calls of `SAYERS`, also where one of two is chosen; `Named` has two."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYERS:
            for arg in node.args[: 2 if node.func.id == "Named" else 1]:
                yield from (each.value for each in ast.walk(arg) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _in_template(source: str) -> Iterator[str]:
    for pair in TEMPLATE.findall(source):
        yield from (json.loads(text) for text in pair if text)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in nested data; of a dictionary the values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, Enum):
        yield str(value.value)
    elif isinstance(value, Iterable):
        for each in value:
            yield from _texts(each)


def comments(source: str) -> list[str]:
    """Return the docstrings and comments of a code cell, without their marks."""
    docs = [ast.get_docstring(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [*filter(None, docs), *(_bare(token.string) for token in _comments(source))]


def _comments(source: str) -> Iterator[tokenize.TokenInfo]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith("# isort"):
            yield token


def _bare(comment: str) -> str:
    return comment.lstrip("# ")


def translated_code(source: str, catalogue: Mapping[str, str]) -> str:
    """Return a code cell with its comments and docstrings in another language, where a catalogue has them."""
    lines = source.split("\n")
    for token in _comments(source):
        said = catalogue.get(_bare(token.string))
        if said:
            row, column = token.start
            lines[row - 1] = f"{lines[row - 1][:column]}# {said}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (said := catalogue.get(ast.get_docstring(node) or "")):
            _replace_docstring(lines, node.body[0], said)
    return "\n".join(line for line in lines if line is not None)


def _replace_docstring(lines: list[Any], node: ast.stmt, said: str) -> None:
    """Put a docstring in the place of one; lines that go are None, so that those behind keep their numbers."""
    first, last, indent = node.lineno - 1, (node.end_lineno or node.lineno) - 1, " " * node.col_offset
    text = said.replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n")
    closing = f"\n{indent}" if "\n" in said else ""
    mark = 'r"""' if "\\" in said else '"""'
    lines[first] = f'{indent}{mark}{text}{closing}"""'
    lines[first + 1 : last + 1] = [None] * (last - first)


def load(path: Path) -> dict[str, str]:
    """Return the sentences in a file, by their English; none where there is no file.

    Raises
    ------
    CourseError
        If the file is no JSON, or other than texts by texts; it is named.
    """
    name = "/".join(path.parts[-3:])
    try:
        found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    except ValueError as error:
        raise CourseError(f"{name} is no JSON: {error}.") from None
    if not isinstance(found, dict) or not all(isinstance(said, str) for said in found.values()):
        raise CourseError(f'{name}: a list of texts by their English was expected, {{"English": "…"}}.')
    return found


def skeleton(wanted: list[str], known: Mapping[str, str]) -> str:
    """Return a file of sentences in the order of the English: what is translated is kept, and the rest empty.

    What was translated of an English that is no more stands at the end as long as something is empty: it may have been that.
    """
    texts = {english: known.get(english, "") for english in wanted}
    if not all(texts.values()):
        texts |= {english: said for english, said in known.items() if said and english not in texts}
    return json.dumps(texts, ensure_ascii=False, indent=1) + "\n"
