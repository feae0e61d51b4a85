"""`predict` and `recall` as a student meets them: with a field, without one, after a restart, and in `progress()`."""

from __future__ import annotations

from typing import Any

import pytest

import nnlab
from nnlab.checks._asking import ask, bank
from nnlab.checks._asking.bank import Question, dump, load
from nnlab.checks._asking.judge import judge, number

SLOPE = Question(
    "slope_at_one",
    "3. Downhill",
    "**Predict.** Is the derivative at $w = 1$ positive?",
    "It is $-9$.",
    options=(
        ("negative; against the derivative", "Right: the error falls to the right."),
        ("negative; with the derivative", "You follow the slope uphill."),
        ("positive", "You look at w, and not at the error."),
    ),
)
FORMULA = Question("error_term", "4", "Which?", "The first.", options=(("$a - y$", "Right."), ("$a - y - 1$", "You subtract twice.")))
SIZE = Question("size", "5", "How large?", "Near $-9$.", number=(-9.0, 0.5))
STATE = Question("state", "5", "Which state?", "Free flow.", words=("free", "free flow"))
WHY = Question("why", "6", "Why?", "Because.")
ALL = {each.id: each for each in (SLOPE, FORMULA, SIZE, STATE, WHY)}


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnlab.checks._notebook.memory._here", {})
    monkeypatch.setattr(bank, "by_chapter", lambda: {"03_forward_propagation": ALL})
    monkeypatch.setattr(ask, "by_chapter", bank.by_chapter)
    monkeypatch.setattr("nnlab.checks._asking.ask.by_program", lambda: False)


def test_a_file_holds_them_whole() -> None:
    """Written and read again they are the same."""
    assert load(dump(ALL)) == ALL


@pytest.mark.parametrize(
    ("question", "entered", "right"),
    [
        *((SLOPE, text, True) for text in ("A", "a.", "(A)", "negative; against", "Negative; against the derivative", SLOPE.options[0][0])),
        *((SLOPE, text, False) for text in ("B", "positive", "c")),
        (FORMULA, "$a - y$", True),  # also where another option begins with it
        *((SIZE, text, True) for text in (-9, -8.5, "−9", "about -9.4", "-9,2", "-18/2", "-900 %", "-0.9 · 10^1")),
        *((SIZE, text, False) for text in (9, "-8", 0)),
        *((STATE, text, True) for text in ("free", "Free flow.", " the free  flow ")),
        *((STATE, text, False) for text in ("not free", "slow")),
        (WHY, "so", None),
    ],
)
def test_what_is_entered_is_judged(question: Question, entered: Any, right: bool | None) -> None:
    """Letters, starts of options, numbers as people write them, words in any case."""
    verdict = judge(question, entered)
    assert verdict.entered
    assert verdict.right is right


@pytest.mark.parametrize(
    ("question", "entered"), [(SLOPE, "negative"), (SLOPE, "D"), (SLOPE, ""), (SIZE, "much"), (SIZE, "1 or 2"), (SIZE, "1/0"), (WHY, "  ")]
)
def test_what_is_no_attempt(question: Question, entered: str) -> None:
    """It unfolds nothing and is not remembered; a sentence says what to enter."""
    ask.attempt(question, entered)
    assert judge(question, entered).entered == ""
    assert judge(question, entered).meaning
    assert ask.remembered(question) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000", 1000),
        ("2.5e-3", 0.0025),
        ("3·10^-5", 3e-5),
        ("10^6", 1e6),
        ("25 %", 0.25),
        ("1/4", 0.25),
        ("0,5", 0.5),
        ("0,125", 0.125),
        ("12,500", 12500),
        ("1 1/2", 1.5),
        ("-1½", -1.5),
        ("- 4", -4),
        ("minus 4", -4),
        ("负4", -4),
        ("－４", -4),
        ("２５％", 0.25),
        ("百分之25", 0.25),
        ("3×10⁻⁵", 3e-5),
        ("w5 = 3", 3),
        ("30 km/h", 30),
        ("4轮", 4),
        ("6/7 = 0.857", 0.857),
        ("f'(-2) = 3", 3),
        ("W^(2) ＝ 3", 3),
        ("2*6/64 = 0.1875", 0.1875),
        *((text, None) for text in ("0.25 at z = 0", "step 3: w = 4", "3 = 4")),  # which of the two?
        *((text, None) for text in ("", "e", "dunno", "四", "nan", "1/0", "3 to 4", "3-4", "1/2/3", "1/2^3", "210^2", "10^6+1")),
        *((text, None) for text in ("√2", "sqrt(2)", "exp(1)", "ln 2", "2π", "2^3", "1.000.000", "about 93 of 100")),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float | None) -> None:
    """With commas, powers, shares, fractions, wide digits and units; a formula or a second number is none, and not its first number."""
    assert number(text) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        *((text, True) for text in ("DABF", "d-a-b-f", "D → A → B → F", "Ｄ，Ａ，Ｂ，Ｆ")),
        *((text, False) for text in ("DBF", "D B F", "A D A B F")),
    ],
)
def test_an_order_of_lines_is_letters(text: str, right: bool) -> None:
    """However they are put apart; the A among them is no article."""
    assert judge(Question("order", "", "", "", words=("DABF", "D A B F")), text).right is right
    assert judge(Question("shape", "", "", "", words=("(4, 5)",)), "45").right is False


@pytest.mark.parametrize(
    ("text", "right"),
    [
        *((text, True) for text in ("4*5", "4 × 5.", "4 by 5", "4 rows, 5 columns", "4行5列", "4乘5", "W = (4,5)", "the shape is [4, 5]")),
        *((text, False) for text in ("45", "(45)", "5 by 4", "5 columns, 4 rows", "not (4, 5)", "(4, 5, 6)", "4.5", "-4, 5")),
    ],
)
def test_shapes_as_people_write_them(text: str, right: bool) -> None:
    """Two numbers in order, whatever stands between them and around."""
    assert judge(Question("shape", "", "", "", words=("(4, 5)",)), text).right is right


def test_a_count_of_a_hundred_may_be_a_share() -> None:
    """Where it is asked how many of 100, "93 %" is an answer, too."""
    count = Question("count", "", "", "", number=(93.0, 7.0))
    assert [judge(count, text).right for text in ("93", "93 %", "９３％", "93/100", "0.93", "9 %")] == [*[True] * 4, False, False]


def test_plain_form(capsys: pytest.CaptureFixture[str]) -> None:
    """Without widgets the options are printed with the call that answers; the answer comes after an attempt, right or wrong."""
    nnlab.predict("slope_at_one")
    out = capsys.readouterr().out
    assert "  B. negative; with the derivative\n" in out
    assert 'Answer with predict("slope_at_one", "A").' in out
    assert "-9" not in out
    nnlab.predict("slope_at_one", "b")
    out = capsys.readouterr().out
    assert out == "✗ Not this time. You said “negative; with the derivative”. You follow the slope uphill.\nIt is $-9$.\n"
    nnlab.predict("slope_at_one", "A")
    assert capsys.readouterr().out.startswith("✓ Right. You said “negative; against the derivative”. The error falls to the right.\n")
    nnlab.recall("size", "why")
    out = capsys.readouterr().out
    assert out.startswith('**1.** How large?\nAnswer with predict("size", "…").\n**2.** Why?')


def test_unknown_question(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest name is offered, and nothing raises."""
    nnlab.predict("slope_at_on")
    nnlab.recall("size_")
    assert capsys.readouterr().out == (
        "There is no question `slope_at_on`. Did you mean `slope_at_one`?\nThere is no question `size_`. Did you mean `size`?\n"
    )


def test_a_program_gets_the_form_and_the_answer_folded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What is stored in a page has labels, formulas in Markdown, and nothing of the day."""
    monkeypatch.setattr("nnlab.checks._asking.ask.by_program", lambda: True)
    nnlab.predict("slope_at_one")
    assert capsys.readouterr().out.endswith("<details><summary>Answer</summary>\n\nIt is $-9$.\n\n</details>\n")
    html = ask.form(SLOPE).html
    assert html.count("<label>") == 3
    assert "<legend>Your answer</legend>" in html
    assert "<label>A number: <input" in ask.form(SIZE).html


def test_progress_recalls_what_was_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """With the section to look at again, and the call that asks again."""
    nnlab.predict("size", 3)
    nnlab.predict("state", "free")
    nnlab.predict("why", "so")
    capsys.readouterr()
    exec("def softmax(z):\n    return z\n\nprogress()", {"progress": nnlab.progress})
    out = capsys.readouterr().out
    assert 'Questions: 3 of 5 answered, 1 not right: size (in “5”). Ask yourself again: recall("size")' in out
    ask.forget(SIZE)
    assert ask.wrong_ones("03_forward_propagation") == ["Questions: 2 of 5 answered, 0 not right."]
    ask.settle(WHY, False)
    assert "why (in “6”)" in ask.wrong_ones("03_forward_propagation")[0]


def test_what_else_may_be_remembered_is_no_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file can be edited."""
    for kept in ("x", 3, [], ["a"], ["a", "b"], [3, True], ["", True], {"a": 1}):
        monkeypatch.setattr("nnlab.checks._notebook.memory._here", {"questions": {"size": kept}})
        assert ask.remembered(SIZE) is None


class TestField:
    """The widgets, without a browser."""

    @pytest.fixture(autouse=True)
    def _widgets(self) -> None:
        pytest.importorskip("ipywidgets")

    def field(self, question: Question) -> Any:
        """Return the field of a question."""
        from nnlab.checks._asking.field import Field

        return Field(question)

    def test_wrong_then_again(self) -> None:
        """The answer unfolds only after an attempt; then the field is closed until it is asked for again; a new one shows what was entered."""
        field = self.field(SLOPE)
        assert field.answer.outputs == ()
        field.enter.click()
        assert "Enter something first" in field.verdict.value
        assert field.answer.outputs == ()
        field.entry.value = "positive"
        field.enter.click()
        assert "You look at w, and not at the error." in field.verdict.value
        assert field.answer.outputs[0]["data"]["text/markdown"] == "It is $-9$."
        assert field.entry.disabled
        assert self.field(SLOPE).entry.value == "positive"
        field.again.click()
        assert field.answer.outputs == ()
        assert not field.entry.disabled
        assert self.field(SLOPE).entry.value is None

    def test_options_with_formulas_have_letters(self) -> None:
        """The list is Markdown, the buttons are letters."""
        field = self.field(FORMULA)
        assert [label for label, _ in field.entry.options] == ["A", "B"]
        field.entry.value = "$a - y$"
        field.enter.click()
        assert "✓ Right. You said “A”." in field.verdict.value

    def test_a_formula_in_what_an_option_tells(self) -> None:
        """A card cannot show it, so it stands in Markdown before the answer; in words alone it stands in the card."""
        question = Question(
            "shape", "2", "Which?", "(4, 5).", options=(("(4, 5)", "Right: rows of $W$."), ("(5, 4)", "You read $W$ across."))
        )
        for entered, told in (("(4, 5)", "Rows of $W$."), ("(5, 4)", "You read $W$ across.")):
            field = self.field(question)
            field.entry.value = entered
            field.enter.click()
            assert "$" not in field.verdict.value
            assert field.answer.outputs[0]["data"]["text/markdown"] == f"{told}\n\n(4, 5)."
            field.again.click()

    def test_enter_key_and_own_judgement(self) -> None:
        """In a line of text the Enter key does it; who had it says so."""
        field = self.field(WHY)
        field.entry.value = "so that"
        field._on_message(field.entry, {"event": "submit"}, [])
        assert field.judging.layout.display is None
        field.judging.children[1].click()
        assert "✗" in field.verdict.value
        assert field.judging.layout.display == "none"
        assert ask.remembered(WHY) == judge(WHY, "so that").__class__("so that", False)

    def test_what_a_page_without_a_kernel_shows(self) -> None:
        """The same output holds the form as HTML and as text."""
        shown = self.field(SIZE)._repr_mimebundle_()
        assert "<label>A number:" in shown["text/html"]
        assert shown["text/plain"].startswith("Answer with")
