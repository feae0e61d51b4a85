"""What is wrong with a translation: missing, stale and orphaned cells and sentences, other formulas or names, Markdown that fails."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from nnlab._files import write_atomically
from nnlab.checks._asking.bank import RIGHT
from nnlab.workbook.course import ChapterFiles, Course, CourseError
from nnlab.workbook.questions import question
from nnlab.workbook.source import NOTE
from nnlab.workbook.translation import sentences
from nnlab.workbook.translation.cells import HAN, blocks, digest, english_cells, orphans, read, skeleton, translations

KEPT = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]+`|<!-- (?:cut|measured|answer)\b|</?\w+|\]\([^)]*\)", re.DOTALL)
SHOWN = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]+`", re.DOTALL)  # no Markdown is read inside
BUILT = {  # what a text is built of: as much of each, and the same, as in the English
    "headings": re.compile(r"^#{1,6}(?= )", re.MULTILINE),
    "tables": re.compile(r"^\|.*\|$", re.MULTILINE),
    "list items": re.compile(r"^ *(?:[-*]|1\.)(?= )", re.MULTILINE),
    "blank lines in <details>": re.compile(r"</summary>\n\n|\n\n</details>"),
    "signs of bold": re.compile(r"\*\*"),
    "numbers": re.compile(r"(?<![\d.])\d+\.\d+"),
    "answers": re.compile(r"<!-- answer: [^>]*-->"),
}
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")  # found one after the other, so that a closing sign is never taken for an opening one
LEFT = re.compile(rf"[。，、：；！？（）“”「」]\*\*[{HAN}A-Za-z0-9$`]")  # CommonMark leaves such asterisks
LATIN = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,}){3,}")  # four English words in a row
DRAWING = ("plots/*.py", "demos/*.py", "*.py", "network/*.py", "model_selection/*.py", "data/*.py")
WORD = re.compile(r"[^\W\d_₀-₉]{2,}")  # h₄ is a name that code makes, and no word
QUOTED = re.compile(r"`[^`]*`|\$\$[^$]*\$\$|\$[^$]*\$|“[^”]*”|\([^)]*\)|（[^）]*）|<!--.*?-->", re.DOTALL)
TERM = re.compile(rf"^\|[^|\n]*\|(?=[^|\n]*[{HAN}])", re.MULTILINE)  # the English column of a table of terms


def chapter_problems(chapter: ChapterFiles) -> Iterator[str]:
    """Yield what is wrong with a chapter's translation, each sentence with the file and the cell."""
    english, catalogue = english_cells(chapter), read(chapter.catalogue)
    name, known = f"translations/{chapter.language}/{chapter.catalogue.name}", translations(catalogue)
    there = {block.id for block in blocks(catalogue) if block.text}
    for id_, text in english.items():
        if digest(text) not in known:
            why = "is stale: its English has changed since" if id_ in there else "is not translated"
            yield f"{name}: cell {id_} {why}. Run `nnlab translate {chapter.name[:2]} --language {chapter.language}`, and translate it."
        else:
            yield from (f"{name}: cell {id_}: {problem}" for problem in cell_problems(text, known[digest(text)]))
    yield from (f"{name}: cell {block.id} is of no cell of the English any more." for block in orphans(english.values(), catalogue))
    yield from sentence_problems(chapter.sentences, sentences.of_chapter(chapter))
    yield from sentence_problems(chapter.hidden_sentences, sentences.of_hidden_tests(chapter))


def own_problems(course: Course, language: str) -> Iterator[str]:
    """Yield what is wrong with the translation of what nnlab itself says."""
    for room in sentences.ROOMS:
        yield from sentence_problems(course.said(language, room), sentences.own(room))
    try:
        figures = sentences.load(course.said(language, "figures"))
    except CourseError as error:
        yield str(error)
        return
    yield from (f"figures.json: “{text[:70]}” is not translated." for text, said in figures.items() if not said)
    known = _words(course)
    yield from (
        f"figures.json: nothing draws “{text[:70]}” any more: no code has the word “{gone[0]}”."
        for text in figures
        if (gone := [word for word in WORD.findall(text) if word not in known])
    )
    for text, said in figures.items():
        if said and sorted(_places(said)) != list(range(1, text.count("#") + 1)):
            yield f"figures.json: the translation of “{text[:70]}” has not each of its numbers (#) once."


def _words(course: Course) -> set[str]:
    """Return the words of all texts in code that draws, or hands a figure its words."""
    files = [path for pattern in DRAWING for path in sentences.PACKAGE.glob(pattern)] + [*(course.root / "solutions").glob("*.py")]
    texts = (node.value for path in files for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant))
    return {word for text in texts if isinstance(text, str) for word in WORD.findall(text)}


def _places(said: str) -> list[int]:
    """Return which numbers a translation of a piece takes, as `nnlab.languages` fills them in: `#2` the second, `#` the next."""
    left = count(1)
    return [int(place) if place else next(left) for place in re.findall(r"#(\d?)", said)]


def cell_problems(english: str, said: str) -> Iterator[str]:
    """Yield what is wrong with the translation of one cell."""
    ours, theirs = (Counter(re.sub(r"\s+", "", kept) for kept in KEPT.findall(text)) for text in (english, said))
    if missing := ours - theirs:
        yield f"it lacks {_listed(missing)}."
    if added := theirs - ours:
        yield f"it has {_listed(added)}, and the English has not."
    yield from (f"its {what} are not those of the English." for what in BUILT if _built(english, what) != _built(said, what))
    if broken := next((each[0] for each in BOLD.finditer(said) if LEFT.fullmatch(said[each.end() - 3 : each.end() + 1])), ""):
        yield f"{broken} is not bold in CommonMark: put the sign behind the asterisks."
    if left := LATIN.search(QUOTED.sub(" ", TERM.sub("|", said))):
        yield f"“{left[0]}” is English still."
    yield from _options(english, said)


def _built(text: str, what: str) -> object:
    """Return what is compared of a text: of a table the columns of each row, of bold whether it is closed, of answers their numbers."""
    found = BUILT[what].findall(SHOWN.sub("x", text))
    if what == "tables":
        return [(row.count("|"), not row.strip("|-: ")) for row in found]
    if what == "signs of bold":
        return len(found) % 2
    if what == "answers":
        return [re.findall(r"[-−]?\d+(?:\.\d+)?", answer) for answer in found]
    return Counter(found)


def _options(english: str, said: str) -> Iterator[str]:
    ours, theirs = (question("", "", text).options for text in (english, said))
    if len(ours) != len(theirs):
        yield f"it has {len(theirs)} options in place of {len(ours)}."
    elif [meaning.startswith(RIGHT) for _, meaning in ours] != [meaning.startswith(RIGHT) for _, meaning in theirs]:
        yield f"another option is right than in the English: the meaning of the right one begins with {' or '.join(RIGHT)}."
    if [kind for kind, _ in NOTE.findall(english)] != [kind for kind, _ in NOTE.findall(said)]:
        yield "its notes (<!-- option, answer, cut, say -->) are not those of the English, in their order."


def sentence_problems(path: Path, wanted: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with a file of sentences."""
    name = "/".join(path.parts[-3:])
    try:
        found = sentences.load(path)
    except CourseError as error:
        yield str(error)
        return
    wanted = list(wanted)
    yield from (f"{name}: “{each[:70]}” is not translated." for each in wanted if not found.get(each))
    yield from (f"{name}: nothing says “{each[:70]}” any more." for each in found if each not in wanted)
    for english, said in found.items():
        if said and english in wanted and (fields := _fields(english)) != _fields(said):
            yield f"{name}: the translation of “{english[:70]}” has not the names {_listed(fields) or '(none)'} in braces."
        if said and Counter(re.findall("`[^`]+`", english)) != Counter(re.findall("`[^`]+`", said)):
            yield f"{name}: the code in the translation of “{english[:70]}” is not that of the English."


def _fields(text: str) -> set[str]:
    """Return the names in braces, with how they are written; none where braces mean something else."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return set()
    named = {f"{name}{':' + spec if spec else ''}" for _, name, spec, _ in parts if name is not None}
    return named if all(re.match(r"\w+(:|$)", each) for each in named) else set()


def _listed(what: Iterable[str]) -> str:
    return ", ".join(list(what)[:6])


def write_skeletons(course: Course, chapters: Iterable[ChapterFiles], language: str) -> list[Path]:
    """Write what is to be translated into the files of a translation; what is translated stays. Return the files that changed.

    Raises
    ------
    CourseError
        If one of the files is no JSON. Nothing is written then.
    """
    texts: dict[Path, str] = {}
    for chapter in chapters:
        texts[chapter.catalogue] = skeleton(english_cells(chapter), read(chapter.catalogue))
        texts[chapter.sentences] = sentences.skeleton(sentences.of_chapter(chapter), sentences.load(chapter.sentences))
        texts[chapter.hidden_sentences] = sentences.skeleton(sentences.of_hidden_tests(chapter), sentences.load(chapter.hidden_sentences))
    for room in sentences.ROOMS:
        path = course.said(language, room)
        texts[path] = sentences.skeleton(sentences.own(room), sentences.load(path))
    changed = [path for path, text in texts.items() if text != read(path)]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, texts[path])
    return changed
