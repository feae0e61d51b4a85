"""Answers that are alike beyond what is usual are found, honest ones are left in peace, and nothing that a student writes does harm."""

from __future__ import annotations

import random
import re
import time
from statistics import mean

import pytest
from html_pages import HOSTILE, Page, faults
from similar_class import GRAMMARS, honest
from support import ROOT

from nnlab.grading.pages.similarity import LONGEST, MOST, MOST_TOKENS, Likeness, _numbers, compare, given, similarity_page, tokens
from nnlab.workbook.course import Course

UNUSUAL = """def softmax(z):
    rows = [list(map(float, row)) for row in np.atleast_2d(z).tolist()]
    while any(value > 700 for row in rows for value in row):
        rows = [[value - 1 for value in row] for row in rows]
    table = {i: np.exp(row) for i, row in enumerate(rows)}
    return np.stack([table[i] / sum(table.values()) for i in sorted(table)])
"""
DISGUISED = '''# I did this myself
def softmax( scores ):
    """My softmax."""
    lines = [list(map(float, r)) for r in np.atleast_2d(scores).tolist()]   # to lists
    while any(
        x > 700 for r in lines
        for x in r
    ):
        lines = [[x - 1 for x in r] for r in lines]


    d = {k: np.exp(r) for k, r in enumerate(lines)}
    return np.stack([d[k] / sum(d.values()) for k in sorted(d)])
'''


@pytest.fixture(scope="module")
def common() -> dict[str, list[str]]:
    """Return what everyone may have in chapter 03."""
    return given(Course(ROOT).chapter("03"))


def words(source: str) -> list[str]:
    """Return what the tokens of a source are taken for."""
    return [word for word, _ in tokens(source)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = b + 1", "x=y+1  # sum"),
        ("total = np.sum(z, axis=0)", "s = numpy.sum(\n    w,\n    dim=0\n)"),
        ('x = "left"', "y = f'''right\nand wrong'''"),
        ("for row in rows:\n    print(row)", "for r in m : print( r )"),
        ("a = b \\\n + c", "a = b + c"),
        ("def f(u): return u", "def grüße(变量): return 变量"),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    """Chosen names, texts, comments and layout."""
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"), [("x.mean(0)", "x.std(0)"), ("x + 1", "x + 2"), ("len(x)", "sum(x)"), ("x ** 2", "x * 2"), ("if x: y", "while x: y")]
)
def test_what_counts(one: str, other: str) -> None:
    """Keywords, built-in functions, members, numbers and operators."""
    assert words(one) != words(other)


def test_tokens_know_where_they_stand() -> None:
    """The spans are those of the source."""
    source = "def softmax(z):\n    return z.sum()  # done"
    assert [source[start:end] for _, (start, end) in tokens(source)] == re.findall(r"\w+|[^\w\s]", source.partition("#")[0])


@pytest.mark.parametrize("size", [8, 30, 200])
def test_a_disguised_copy_of_unusual_code_is_found(size: int, common: dict[str, list[str]]) -> None:
    """New names, comments and layout do not hide it, in a class of any size; it is the heaviest pair, and found in that exercise."""
    answers = honest(size, seed=1)
    answers["student-0002"]["softmax"], answers["student-0005"]["softmax"] = UNUSUAL, DISGUISED
    first = compare(answers, common).pairs[0]
    assert first.students == ("student-0002", "student-0005")
    assert first.parts[0].exercise == "softmax"
    assert min(mine / all_ for mine, all_ in zip(first.parts[0].shared, first.parts[0].tokens, strict=True)) > 0.8


def test_weights_add_up(common: dict[str, list[str]]) -> None:
    """An exercise that weighs less than one run is not shown; those that are shown explain nearly all of the pair's weight."""
    answers = honest(60, seed=1)
    answers["student-0005"] = dict(answers["student-0002"], softmax=DISGUISED)
    answers["student-0002"]["softmax"] = UNUSUAL
    for pair in compare(answers, common).pairs:
        assert all(part.weight >= 1 for part in pair.parts)
        assert pair.weight - len(GRAMMARS) < sum(part.weight for part in pair.parts) <= pair.weight
    several = {name: {"softmax": source, "sigmoid": "1 + f(x)"} for name, source in (("a", UNUSUAL), ("b", DISGUISED), ("c", ""))}
    alone = compare({**honest(60, seed=1), **several}, common)
    assert [part.exercise for part in alone.pairs[0].parts] == ["softmax"]


def test_honest_students_are_left_in_peace(common: dict[str, list[str]]) -> None:
    """In made-up classes of students who all chose for themselves, one pair a class or fewer is shown."""
    assert mean(len(compare(honest(60, seed), common).pairs) for seed in range(10)) <= 1


def test_what_everyone_may_have_tells_nothing(common: dict[str, list[str]]) -> None:
    """The starter, the reference, known right answers: nobody is like anybody for having them."""
    for version in range(len(min(common.values(), key=len))):
        assert compare({f"s{i}": {name: sources[version] for name, sources in common.items()} for i in range(4)}, common).pairs == ()


def test_what_half_of_the_class_has_tells_nothing(common: dict[str, list[str]]) -> None:
    """The same code weighs the less, the more have it, and nothing from half of the class on."""

    def pairs(copies: int) -> Likeness:
        answers = honest(40, seed=3)
        for i in range(copies):
            answers[f"student-{i:04}"]["softmax"] = UNUSUAL
        return compare(answers, common)

    def weight(copies: int) -> float:
        parts = (part for pair in pairs(copies).pairs for part in pair.parts)
        return max((part.weight for part in parts if part.exercise == "softmax"), default=0)

    weights = [weight(n) for n in (2, 4, 8)]
    assert weights == sorted(weights, reverse=True)
    assert weights[2] < weights[0]
    assert weight(20) == 0


def test_a_ring_is_a_group(common: dict[str, list[str]]) -> None:
    """Of five who share an answer, four pairs are shown, and the five are listed as one group."""
    answers = honest(100, seed=4)
    ring = [f"student-{i:04}" for i in (3, 14, 15, 92, 65)]
    for student in ring:
        answers[student]["softmax"] = UNUSUAL
    found = compare(answers, common)
    assert found.groups == (tuple(sorted(ring)),)
    assert len(found.pairs) == 4
    assert {student for pair in found.pairs for student in pair.students} == set(ring)


def test_marks_stand_where_the_shared_code_is(common: dict[str, list[str]]) -> None:
    """Spans are in order, apart, within a line, and the lines are named."""
    answers = {"a": {"softmax": UNUSUAL}, "b": {"softmax": f"z = 1\n{DISGUISED}"}}
    (pair,) = compare(answers, common).pairs
    part = pair.parts[0]
    for answer, spans in zip(part.answers, part.spans, strict=True):
        flat = [place for span in spans for place in span]
        assert flat == sorted(flat)
        assert all("\n" not in answer[start:end] and answer[start:end].strip() == answer[start:end] != "" for start, end in spans)
    assert part.lines[0] in ("1 to 6", "2 to 6")
    assert "I did this" not in "".join(part.answers[1][start:end] for start, end in part.spans[1])


def test_numbers() -> None:
    """Lines are named as people do."""
    assert _numbers([2, 3, 4, 7, 9, 10]) == "2 to 4, 7, 9 to 10"
    assert _numbers([]) == ""


def test_the_order_of_students_and_exercises_is_nothing(common: dict[str, list[str]]) -> None:
    """Same answers, same bytes."""
    answers = honest(40, seed=5)
    answers["student-0001"]["forward"] = answers["student-0002"]["forward"] = UNUSUAL
    names = list(answers)
    random.Random(1).shuffle(names)
    shuffled = {name: dict(reversed(answers[name].items())) for name in names}
    pages = {similarity_page(compare(each, common), "03 X") for each in (answers, shuffled, answers)}
    assert len(pages) == 1


BOMBS = {
    "nested": "(" * 100_000,
    "negated": "-" * 100_000 + "1",
    "indented": "".join(" " * i + "if x:\n" for i in range(400)),
    "open text": "'''" + "\\" * 100_000,
    "quotes": "'\"" * 50_000,
    "backslashes": "\\" * 100_000,
    "blank": " " * 100_000,
    "one number": "1" * 100_000,
    "one name": "x" * 100_000,
    "words": " ".join(f"a.b{i}" for i in range(15_000)),
    "format": 'f"{' * 30_000,
    "nothing": "\0" * 100_000,
    "half characters": "\ud800" * 1_000,
    "runs": "if a:\\\n" * 10_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs(bomb: str, common: dict[str, list[str]]) -> None:
    """What breaks a parser or takes it long is read as text, up to a limit; honest pairs are found beside it."""
    answers = {
        "a": {"softmax": UNUSUAL},
        "b": {"softmax": UNUSUAL},
        "c": dict.fromkeys(common, bomb),
        "d": dict.fromkeys(common, f"{bomb} "),
    }
    start = time.perf_counter()
    found = compare(answers, common)
    html = similarity_page(found, "03 X")
    assert time.perf_counter() - start < 5
    assert ("a", "b") in [pair.students for pair in found.pairs]
    assert set(found.cut) == ({"c", "d"} if len(bomb) > LONGEST else {"c", "d"} & set(found.cut))
    assert faults(html) == []


def test_only_the_beginning_of_a_long_answer_is_read(common: dict[str, list[str]]) -> None:
    """What is not shown is not compared either, and who has such an answer is listed."""
    found = compare({name: {"softmax": f"{'#' * LONGEST}\n{UNUSUAL}"} for name in "ab"}, common)
    assert (found.pairs, found.cut) == ((), ("a", "b"))


def test_the_page_has_a_limit(common: dict[str, list[str]]) -> None:
    """A class where everyone copied enormous answers gets a page that a browser opens; what is left out is said."""
    answers = {}
    for i in range(2 * MOST + 10):
        draw = random.Random(i // 2)
        answers[f"s{i}"] = {
            "softmax": " ".join(draw.choices(["if", "x", "(", ")", "+", "1", "[", "]", "len", "=", "print"], k=MOST_TOKENS * 3))
        }
    found = compare(answers, common)
    html = similarity_page(found, "03 X")
    assert (len(found.pairs), found.more) == (MOST, 5)
    assert "5 more pairs weigh less and are not shown." in html
    assert "has more than 1000 tokens or 10000 characters" in html
    assert len(html) < 2 * MOST * (LONGEST + 5_000) + 50_000


def page(common: dict[str, list[str]], name: str, more: str = "") -> str:
    """Return a page of two pairs in one group; `more` stands in a comment of the code."""
    answers = {student: {"softmax": f"{UNUSUAL}# {more}"} for student in (name, f"{name}2", "zoe")}
    return similarity_page(compare({**answers, "x": {"softmax": "x" * (LONGEST + 1)}}, common), "03 X")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_and_code(hostile: str, common: dict[str, list[str]]) -> None:
    """They are shown as text: no element, no script, no link that leads away."""
    plain, other = Page(page(common, "ana", "x")), Page(page(common, hostile, hostile.replace("\n", " ")))
    assert faults(page(common, hostile, hostile)) == []
    assert other.tags == plain.tags
    assert other.scripts == []


def test_the_page_is_worded_with_care(common: dict[str, list[str]]) -> None:
    """It says that alike is not copied, that no mark depends on it, and accuses nobody."""
    text = " ".join(Page(page(common, "ana")).text.split())
    assert "Alike is not copied: look before you judge" in text
    assert "No mark depends on this page." in text
    assert not re.search(r"cheat|plagiar|guilt|suspect|fraud|dishonest", text, re.IGNORECASE)
    assert re.search(r"ana: \d+ of \d+ tokens marked, in lines \d to \d", text)


def test_the_page_shows_both_sides(common: dict[str, list[str]]) -> None:
    """Each pair has a heading, two figures with a caption each, and marks in both."""
    html = page(common, "ana")
    shown = Page(html)
    assert faults(html) == []
    assert shown.tags.count("figure") == shown.tags.count("figcaption") == shown.tags.count("pre") == 4
    assert all("<mark>" in each.partition("</pre>")[0] for each in html.split("<pre")[1:])
    assert "[value - <mark>1" not in html
    assert re.search(r"<mark>[^<\n]*value &gt; 700[^<\n]*</mark>", html)


@pytest.mark.parametrize("answers", [{}, {"a": {}}, {"a": {"softmax": ""}, "b": {"softmax": "x"}}, honest(1)])
def test_nothing_to_compare(answers: dict[str, dict[str, str]], common: dict[str, list[str]]) -> None:
    """Then the page says so."""
    html = similarity_page(compare(answers, common), "03 X")
    assert "No answers stand out." in html
    assert faults(html) == []


def test_exercises_are_compared_each_with_itself(common: dict[str, list[str]]) -> None:
    """The same code under two exercises is no likeness; an exercise of nobody else is none either."""
    assert compare({"a": {"softmax": UNUSUAL}, "b": {"sigmoid": UNUSUAL}, "c": {"other": UNUSUAL}}, common).pairs == ()
    assert set(GRAMMARS) <= set(common)


def test_a_thousand(common: dict[str, list[str]]) -> None:
    """A large course is compared in seconds."""
    start = time.perf_counter()
    assert compare(honest(1000, seed=6), common).students == 1000
    assert time.perf_counter() - start < 30
