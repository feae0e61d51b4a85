"""Find answers that are alike beyond what their exercise makes alike. Student code is read as text: never run, never compiled.

An answer becomes tokens: names that a student chose are folded into one, comments and layout dropped. Runs of `RUN` tokens are hashed
and thinned out by winnowing (Schleimer, Wilkerson and Aiken, 2003), so that a shared run of `RUN + WINDOW - 1` tokens is always found.
What the starter, our own answers or half of the class have tells nothing and is left out. Of the rest, a run counts the more, the
fewer students have it. Of an answer in words each word is a token, as it is written, and each Chinese character.
"""

from __future__ import annotations

import builtins
import hashlib
import inspect
import keyword
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from statistics import median
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.sparse import csr_array, triu

from nnlab.grading.pages.page import render
from nnlab.workbook.build import load
from nnlab.workbook.course import ChapterFiles
from nnlab.workbook.rubrics import written
from nnlab.workbook.source import role, stub

RUN = 6  # tokens
WINDOW = 4  # of so many runs in a row, one is kept at least
SMALL = 16  # a smaller class is judged as if it had so many students, the others unlike anyone
LEAST = 10.0  # weight from which on a pair is listed, or
ROOTS = 2.1  # if that is more, so many roots of the runs that a student has: chance reaches it about once a class (tests/similar_class.py)
MOST = 50  # pairs listed
LONGEST = 10_000  # characters read of an answer
MOST_TOKENS = 1_000  # and tokens
UNIT = 1_000  # weights are whole thousandths, so that sums are exact in any order

TOKEN = re.compile(
    r"""(?P<skip>    \s+ | \\\n | \#[^\n]* )
      | (?P<string>  [A-Za-z]{0,2} (?: '''.*?(?:'''|\Z) | \"\"\".*?(?:\"\"\"|\Z) | '(?:\\.|[^'\\\n])*'? | \"(?:\\.|[^\"\\\n])*\"? ) )
      | (?P<member>  (?<=\.) [^\W\d]\w* )
      | (?P<name>    [^\W\d]\w* )
      | (?P<number>  \.?\d[\w.]* )
      | (?P<sign>    \*\*=? | //=? | -> | [-+*/%@&|^<>=!:]= | . )""",
    re.VERBOSE | re.DOTALL,
)
WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:['’][^\W_]+)*")  # of an answer in words
KNOWN = {*keyword.kwlist, *dir(builtins)}  # names that nobody can choose
Hashes = NDArray[np.uint64]
POWERS: Hashes = np.array([pow(1_099_511_628_211, i, 2**64) for i in range(RUN)], np.uint64)  # of the rolling hash


@dataclass(frozen=True)
class Part:
    """One exercise of a pair: what it weighs, both answers, the spans in them that are shared, the tokens there and in all."""

    exercise: str
    weight: float
    answers: tuple[str, ...]
    spans: tuple[list[tuple[int, int]], ...]
    shared: tuple[int, ...]
    tokens: tuple[int, ...]
    in_words: bool = False

    @property
    def lines(self) -> list[str]:
        """For each answer, the numbers of the lines that a span touches."""
        return [_numbers(_touched(answer, spans)) for answer, spans in zip(self.answers, self.spans, strict=True)]


@dataclass(frozen=True)
class Pair:
    """Two students whose answers are alike, what that weighs, and the exercises."""

    students: tuple[str, str]
    weight: float
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Likeness:
    """What was found in a class.

    `pairs` are to be looked at, heaviest first. A pair that joins two students of one group is left out: both stand beside others of it.
    `more` pairs come after the first `MOST`. `cut` lists students with an answer too long to be read to its end. Pairs that weigh less
    than `least` are as alike as honest answers may be.
    """

    students: int
    least: float
    pairs: tuple[Pair, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    more: int = 0
    cut: tuple[str, ...] = ()


def similarity_page(likeness: Likeness, title: str) -> str:
    """Return the page that shows what was found, side by side, as self-contained HTML."""
    return render("similarity.html.j2", title=title, found=likeness, longest=LONGEST, tokens=MOST_TOKENS, length=RUN)


def given(files: ChapterFiles) -> dict[str, list[str]]:
    """Return, by exercise, code that everyone may have: the starter, the solution, the library's function, known right answers."""
    cells = {name: cell.source for cell in load(files.solution).cells for kind, name in [role(cell)] if kind == "exercise"}
    variants = files.mutant_tables()["VARIANTS"]
    asked = {name: [each.question] for name, each in written(load(files.solution)).items()}  # some repeat the question
    return asked | {
        each.name: [stub(cells[each.name]), cells[each.name], inspect.getsource(each.reference), *variants.get(each.name, {}).values()]
        for each in files.declared.exercises
    }


def compare(
    answers: Mapping[str, Mapping[str, str]], common: Mapping[str, Sequence[str]], in_words: Collection[str] = frozenset()
) -> Likeness:
    """Compare the answers of a class, each exercise with itself.

    Parameters
    ----------
    answers : mapping of str to mapping of str to str
        Source by exercise, by student.
    common : mapping of str to sequence of str
        By exercise, code that everyone may have (`given`).
    in_words : collection of str
        The exercises that are answered in words.
    """
    students = sorted(answers)
    known = _end_to_end([_Runs(name, source, name in in_words).hashes for name, sources in common.items() for source in sources], np.uint64)
    prints, cut = [], []
    for student in students:
        runs = [_Runs(*each, each[0] in in_words) for each in answers[student].items()]
        prints.append(np.setdiff1d(_end_to_end([each.kept for each in runs], np.uint64), known))
        cut += [student] if any(each.cut for each in runs) else []
    telling, weights = _telling(prints)
    least = max(LEAST, ROOTS * math.sqrt(median([0, *map(len, prints)])))
    found = [Pair((students[i], students[j]), weight) for i, j, weight in _alike(prints, telling, weights) if weight >= least]
    pairs, groups = _forest(sorted(found, key=lambda pair: (-pair.weight, pair.students)))
    shown = tuple(replace(pair, parts=_parts(pair, answers, telling, weights, in_words)) for pair in pairs[:MOST])
    return Likeness(len(students), least, shown, groups, len(pairs) - len(shown), tuple(cut))


class _Runs:
    """The tokens of one answer, where they stand, and the hash of every run of `RUN` of them."""

    def __init__(self, exercise: str, source: str, in_words: bool = False) -> None:
        found = list(islice((_words if in_words else tokens)(source[:LONGEST]), MOST_TOKENS))
        self.spans = [span for _, span in found]
        self.cut = len(source) > LONGEST or len(found) == MOST_TOKENS
        words = np.array([_number(word) for word, _ in found], dtype=np.uint64)
        runs = sliding_window_view(words, RUN) if len(words) >= RUN else np.empty((0, RUN), np.uint64)
        self.hashes: Hashes = runs @ POWERS + np.uint64(_number(f"exercise {exercise}"))

    @property
    def kept(self) -> Hashes:
        """The hashes that winnowing keeps: the least one of every `WINDOW` in a row."""
        if len(self.hashes) < WINDOW:
            return self.hashes
        return np.unique(sliding_window_view(self.hashes, WINDOW).min(axis=1))


def tokens(source: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield what a token is taken for, and where it stands."""
    for match in TOKEN.finditer(source):
        kind, text = match.lastgroup, match.group()
        if kind == "string" or (kind == "name" and text not in KNOWN):
            yield kind, match.span()
        elif kind != "skip":
            yield text, match.span()


def _words(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the words of a text, in small letters, and where they stand."""
    yield from ((match.group().casefold(), match.span()) for match in WORD.finditer(text))


@lru_cache(maxsize=10_000)
def _number(word: str) -> int:
    """Return a number for a word, the same in every process."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _end_to_end(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *arrays])


def _telling(prints: Sequence[Hashes]) -> tuple[Hashes, NDArray[np.int64]]:
    """Return the runs that several students have, but not half of the class, with their weights: 1 where it is two, towards 0 at half."""
    runs, counts = np.unique(_end_to_end(prints, np.uint64), return_counts=True)
    half = max(len(prints), SMALL) / 2
    weights = np.rint(UNIT * np.log(half / counts) / np.log(half / 2)).astype(np.int64) * (counts > 1)
    return runs[weights > 0], weights[weights > 0]


def _alike(prints: Sequence[Hashes], telling: Hashes, weights: NDArray[np.int64]) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of students that share something, by their numbers, with the weight of what they share."""
    columns = [np.searchsorted(telling, np.intersect1d(each, telling, assume_unique=True)) for each in prints]
    indices, starts = _end_to_end(columns, np.int64), np.cumsum([0, *map(len, columns)])
    shape = (len(prints), len(telling))
    has, weighs = (csr_array((data, indices, starts), shape) for data in (np.ones(len(indices), np.int64), weights[indices]))
    pairs = triu(has @ weighs.T, k=1).tocoo()
    yield from zip(pairs.row.tolist(), pairs.col.tolist(), (pairs.data / UNIT).tolist(), strict=True)


def _forest(found: Sequence[Pair]) -> tuple[list[Pair], tuple[tuple[str, ...], ...]]:
    """Keep a pair where it joins students that no heavier pairs have joined (Kruskal), and return the groups of more than two."""
    group: dict[str, frozenset[str]] = {}
    pairs = []
    for pair in found:
        one, other = (group.get(student, frozenset([student])) for student in pair.students)
        if one is not other:
            pairs.append(pair)
            group.update(dict.fromkeys(one | other, one | other))
    return pairs, tuple(sorted(tuple(sorted(each)) for each in set(group.values()) if len(each) > 2))


def _parts(
    pair: Pair, answers: Mapping[str, Mapping[str, str]], telling: Hashes, weights: NDArray[np.int64], in_words: Collection[str]
) -> tuple[Part, ...]:
    """Return the exercises in which two students share something that tells, heaviest first; less than one run's weight tells nothing."""
    both = [answers[student] for student in pair.students]
    names = [name for name in both[0] if name in both[1]]
    parts = (_part(name, tuple(each[name] for each in both), telling, weights, name in in_words) for name in names)
    return tuple(sorted((part for part in parts if part.weight >= 1), key=lambda part: (-part.weight, part.exercise)))


def _part(name: str, sources: tuple[str, ...], telling: Hashes, weights: NDArray[np.int64], in_words: bool) -> Part:
    runs = [_Runs(name, source, in_words) for source in sources]
    shared, places, _ = np.intersect1d(telling, np.intersect1d(runs[0].kept, runs[1].kept), assume_unique=True, return_indices=True)
    covered = [_covered(each, shared) for each in runs]
    spans = tuple(_spans(*each) for each in zip(sources, runs, covered, strict=True))
    tokens = tuple(len(each.spans) for each in runs)
    shares = tuple(int(each.sum()) for each in covered)
    return Part(name, float(weights[places].sum() / UNIT), sources, spans, shares, tokens, in_words)


def _covered(runs: _Runs, shared: Hashes) -> NDArray[np.bool_]:
    """Say of every token whether it lies in a shared run."""
    cover = np.zeros(len(runs.spans), bool)
    for start in np.flatnonzero(np.isin(runs.hashes, shared)):
        cover[start : start + RUN] = True
    return cover


def _spans(source: str, runs: _Runs, covered: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return from where to where covered tokens stand that follow each other in one line."""
    spans: list[tuple[int, int]] = []
    last = -1
    for i in np.flatnonzero(covered).tolist():
        start, end = runs.spans[i]
        if last == i - 1 and spans and "\n" not in source[spans[-1][1] : start]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
        last = i
    return spans


def _touched(source: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return the numbers of the lines that a span touches."""
    lines = {source.count("\n", 0, start) + 1 + i for start, end in spans for i in range(source.count("\n", start, end) + 1)}
    return sorted(lines)


def _numbers(lines: Sequence[int]) -> str:
    """Write numbers in order in words: 2 to 5, 7."""
    first = [line for line in lines if line - 1 not in lines]
    last = [line for line in lines if line + 1 not in lines]
    return ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in zip(first, last, strict=True))
