"""The figures of the course, and how they are displayed."""

from __future__ import annotations

import base64
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import escape
from itertools import combinations, pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from support import CHAPTERS

from nnlab import plots
from nnlab.workbook.build import load
from nnlab.workbook.course import Course

matplotlib.use("agg")

LINE = np.linspace(-5, 5, 101)
UNIT = np.linspace(0, 1, 101)
CORNERS = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])


def _weights(*sizes: int) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal((m, n)) for n, m in pairwise(sizes)]


def _ones(*sizes: int) -> list[np.ndarray]:
    return [np.full((size, 1), -12.345) for size in sizes]


FEATURES = ["speed", "volume", "occupancy", "queue length", "share of trucks"]
GRAPH = {"q": ("+", "x", "y"), "f": ("×", "q", "z")}
NEURON = {
    "p₀": ("×", "w₀", "x₀"),
    "p₁": ("×", "w₁", "x₁"),
    "q": ("+", "p₀", "p₁"),
    "s": ("+", "q", "w₂"),
    "m": ("·(−1)", "s"),
    "e": ("exp", "m"),
    "d": ("+1", "e"),
    "f": ("1/u", "d"),
}
ROAD = np.random.default_rng(0).uniform(0, 4, (2, 200)), np.repeat([-1, 1], 100)
FIGURES: dict[str, Callable[[], Figure]] = {
    "network": lambda: plots.network([3, 5]),
    "network with numbers": lambda: plots.network([2, 3, 2], _weights(2, 3, 2), _ones(2, 3, 2), (["x₁", "x₂"], ["y₁", "y₂"])),
    "network of four layers": lambda: plots.network(
        [5, 4, 3, 3], _weights(5, 4, 3, 3), _ones(5, 4, 3, 3), (FEATURES, ["free flow", "slow", "congested"])
    ),
    "network of six layers": lambda: plots.network([2] * 6, _weights(*[2] * 6)),
    "topologies": plots.topologies,
    "layer": lambda: plots.layer_shapes((5, 3), (3, 1)),
    "layer and batch": lambda: plots.layer_shapes((4, 5), (5, 32)),
    "large layer": lambda: plots.layer_shapes((128, 784), (784, 64)),
    "layer that does not fit": lambda: plots.layer_shapes((4, 5), (4, 1)),
    "graph": lambda: plots.computational_graph(GRAPH),
    "graph with numbers": lambda: plots.computational_graph(
        NEURON, dict.fromkeys(plots.graph_places(NEURON), -1 / 3), dict.fromkeys(plots.graph_places(NEURON), -22 / 7)
    ),
    "shares back": lambda: plots.shares_back((2.0, -1.0, 0.5), (0.3, 0.4, -0.2)),
    "descents": lambda: plots.descents(np.square, {"from 2": [2.0, 1.0, 0.5], "from −3": [-3.0, -1.0, 0.0]}),
    "one curve": lambda: plots.curves(LINE, {"tanh(z)": np.tanh(LINE)}),
    "curves": lambda: plots.curves(LINE, {name: np.tanh(LINE) * i for i, name in enumerate("abcdefg")}, "Seven curves"),
    "approximation": lambda: plots.approximation(UNIT, np.sin(6 * UNIT), {m: UNIT / m for m in (2, 4, 8, 16)}),
    "function and derivative": lambda: plots.with_derivative(LINE, {name: (np.tanh(LINE) * i, LINE) for i, name in enumerate("abc")}),
    "nerve cell": plots.nerve_cell,
    "threshold unit": plots.threshold_unit,
    "points": lambda: plots.separation({name: (CORNERS, [0, 1, 1, 0], {}) for name in ("AND", "OR", "NAND")}),
    "four sets with lines": lambda: plots.separation(
        {f"set {i}": (CORNERS * i, [0, 1, 1, 0], {"line": ([1, i], -1)}) for i in (1, 2, 5, 9)}
    ),
    "two lines": lambda: plots.separation(
        {"one set": (CORNERS, [0, 1, 1, 1], {"update 1": ([0, 0], 0), "update 2": ([0, 2], -1)})}, {"one set": ("first", "second")}
    ),
    "approximation of three": lambda: plots.approximation(UNIT, np.sin(6 * UNIT), {m: UNIT / m for m in (2, 4, 8)}),
    "staircases": lambda: plots.gradient_stairs({f"network {i}": 10.0 ** np.linspace(-i, i, 10) for i in range(5)}, "Five networks"),
    "staircase of two layers": lambda: plots.gradient_stairs({"shallow": [0.0, 1.0]}),
    "factors": lambda: plots.factor_curves(UNIT, {f"w = {w}": w * UNIT * (1 - UNIT) for w in (2, 4, 7, 20)}),
    "activations": lambda: plots.activation_histograms(
        {"one\nstart": {i: np.tanh(LINE * i) for i in (1, 3, 5, 7, 9)}, "another": {i: UNIT / 10**i for i in (1, 3, 5, 7, 9)}}
    ),
    "road": lambda: plots.road_map(*ROAD),
    "road with lines": lambda: plots.road_map(
        *ROAD, None, {"": {"zero": ([0, 0], 1), "level": ([0, 2], -1), "upright": ([1, 0], -1), "by points": (UNIT, UNIT)}}
    ),
    "roads": lambda: plots.road_map(
        *ROAD, {f"map {i}": lambda X, i=i: np.where(X[0] > i, -1, 1) for i in range(4)}, {"map 1": {"line": ([1, 0], -1)}}
    ),
    "road of three classes": lambda: plots.road_map(
        ROAD[0],
        np.arange(200) % 3,
        {"shares": lambda X: X[:1] ** [[1], [2], [3]], "level": lambda X: X[0] * X[1], "flat": lambda X: 0 * X[0]},
    ),
    "landscapes": lambda: plots.landscapes(
        *ROAD, {f"f {i}": lambda X, i=i: np.tanh(X[0] - i) * i for i in (1, 2, 3, 4)}, ("speed (10 km/h)", "stops a vehicle")
    ),
    "feedback": lambda: plots.feedback({"swings": [[1, 0, 1, 0], [0, 1, 0, 1]], "settles": UNIT[:8].reshape(2, 4)}),
    "road graph": lambda: plots.road_graph(
        {0: (0, 1), 1: (1, 1), 2: (1, 0)},
        {0: [1], 1: [0, 2], 2: [1]},
        {"round 0": [1, 0, 0], "round 1": [0.5, 0.33, 0], "round 2": [0.4, 0.3, 0.1]},
    ),
    "lines": lambda: plots.lines(
        UNIT, UNIT**2, {"over x": (0.1, 0.8), "over y": (-1.0, 2.5), "level": (0.5, 0.0)}, "parents (cm)", "children (cm)"
    ),
    "squares": lambda: plots.squares([1, 2, 3], [2, 4, 3], {"by eye": (1.0, 1.0), "least squares": (2.0, 0.5), "flat": (3.0, 0.0)}),
    "digits": lambda: plots.digits([1, 5, 9], {"normal equations": [1e-15, 1e-9, 1e-3], "without the product": [0, 1e-14, 1e-11]}),
    "ellipses": lambda: plots.ellipses(
        [[1, 1, 1], [1, 2, 4]], [2, 4, 5], {"a walk": [[0, 0], [0.5, 1], [1.2, 0.9]], "another": [[3, 0], [2, 0.5]]}, prior=(0.5, 1.0)
    ),
    "residuals": lambda: plots.residuals({name: (UNIT, (UNIT - 0.5) ** k) for k, name in enumerate(("line", "curve", "funnel"), 1)}),
    "start sweep": lambda: plots.start_sweep(
        [0.01, 0.1, 1.0],
        {"tanh": [[0.5, 0.6], [0.9, 0.8], [0.7, 0.7]], "ReLU": [[0.5, 0.5], [0.9, 0.9], [0.0, 0.0]]},
        ("knows nothing", 0.55),
        {"Xavier": 0.18, "He": 0.25},
    ),
}
each_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


def _tick_labels(axis: Axis) -> Iterator[Text]:
    low, high = sorted(axis.get_view_interval())
    yield from (tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high)


def _texts(fig: Figure) -> list[Text]:
    """Return the texts that can be seen, laid out in the resolution of the PNG."""
    fig.set_dpi(2 * plots.CSS_DPI)
    fig.draw_without_rendering()
    found = [*fig.texts]
    for legend in fig.legends:
        found += legend.get_texts()
    for ax in fig.axes:
        found += ax.texts
        found += ax.get_legend().get_texts() if ax.get_legend() else []
        if ax.axison:
            found += [ax.title, ax.xaxis.label, ax.yaxis.label, *_tick_labels(ax.xaxis), *_tick_labels(ax.yaxis)]
    return [text for text in found if text.get_text() and text.get_visible()]


def _words(fig: Figure) -> list[str]:
    return [text.get_text() for text in _texts(fig)]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict, dict]]:
    """Collect what is sent to the notebook."""
    sent: list[tuple[dict, dict]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, metadata, raw: sent.append((data, metadata)))
    return sent


def test_show_sends_one_png_with_its_alt_text(shown: list) -> None:
    """`show` sends one output: an `<img>` with its alt text, the PNG for LaTeX, and the alt text as plain text; one's own text goes first."""
    plots.show(plots.network([2, 1]), "Two inputs, one neuron.")
    [(data, metadata)] = shown
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == "Two inputs, one neuron."
    assert 'alt="Two inputs, one neuron."' in data["text/html"]
    assert data["image/png"] in data["text/html"]


@each_figure
def test_every_figure_says_what_it_shows(draw: Callable[[], Figure], shown: list) -> None:
    """Without a text of one's own a figure brings the one that is made from what it shows: a sentence or more, and no number that is none."""
    plots.show(draw())
    [(data, _)] = shown
    assert len(data["text/plain"]) > 40
    assert data["text/plain"].rstrip(".") != data["text/plain"]
    assert not re.search(r"\bnan\b|\binf\b|array\(|np\.", data["text/plain"])
    assert f'alt="{escape(data["text/plain"])}"' in data["text/html"]


def test_words_follow_what_is_drawn() -> None:
    """The words of a figure change with its numbers: points, mistakes, errors, values and where a curve is lowest."""
    X, y = CORNERS, [0, 1, 1, 1]
    wrong, right = (plots.separation({"OR": (X, y, {"line": ([1, 1], b)})}).get_label() for b in (-1.5, -0.5))
    assert "yes at (0, 1), (1, 0), (1, 1); no at (0, 0)" in wrong
    assert "Mistakes of the last: (0, 1), (1, 0)." in wrong
    assert "It makes no mistake." in right
    assert "Gradients: x −4." in plots.computational_graph(GRAPH, {"x": 2.0}, {"x": -4.0}).get_label()
    assert "start from w = 2 to 1, where the error is 1" in plots.descents(np.square, {"start": [2.0, 1.0]}).get_label()
    assert "−1 to a neuron with the error term 0.4" in plots.shares_back((2, -1), (0.3, 0.4)).get_label()
    assert "−1 at z = 0" in plots.curves(LINE, {"valley": LINE**2 - 1}).get_label()
    assert "with 4 hidden neurons 0.250" in plots.approximation(UNIT, UNIT, {4: UNIT + 0.25}).get_label()
    assert "do not fit" in plots.layer_shapes((4, 5), (4, 1)).get_label()


def test_png_has_twice_the_resolution() -> None:
    """The PNG has two pixels for each of the CSS pixels that its metadata give, so that it is sharp on any screen."""
    data, metadata = plots.picture(plots.topologies(), "alt")
    width, height = struct.unpack(">II", base64.b64decode(data["image/png"])[16:24])
    assert (width, height) == (2 * metadata["image/png"]["width"], 2 * metadata["image/png"]["height"])
    assert metadata["image/png"]["width"] == 672


def test_size_holds_for_a_student_who_cuts_margins() -> None:
    """The size is right also for a figure of the student's own and with the margins cut by default."""
    with plt.rc_context({"savefig.bbox": "tight"}):
        data, metadata = plots.picture(Figure(figsize=(3, 2)), "alt")
    assert struct.unpack(">II", base64.b64decode(data["image/png"])[16:24]) == (576, 384)
    assert metadata["image/png"] == {"alt": "alt", "width": 288, "height": 192}


def test_show_closes_the_figure(shown: list) -> None:
    """A figure made with pyplot is closed, so that the inline backend does not show it again."""
    fig, _ = plt.subplots()
    plots.show(fig, "An empty axis.")
    assert not plt.fignum_exists(fig.number)
    assert len(shown) == 1


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_alt_text_is_required(shown: list, alt: str) -> None:
    """Without alt text nothing is shown, and the error says what to write."""
    with pytest.raises(ValueError, match=r"alt is empty\. Write one or two sentences that say what the figure shows"):
        plots.show(Figure(), alt)
    assert not shown


@each_figure
def test_same_figure_gives_the_same_bytes(draw: Callable[[], Figure]) -> None:
    """Drawn twice, a figure gives the same bytes, with no version of any software in them, and leaves nothing open."""
    first, second = (plots.picture(draw(), "alt")[0]["image/png"] for _ in range(2))
    assert first == second
    assert b"matplotlib" not in base64.b64decode(first).lower()
    assert not plt.get_fignums()


@each_figure
def test_figures_do_not_touch_the_students_settings(draw: Callable[[], Figure]) -> None:
    """The student's settings neither change a figure nor are changed by it."""
    plain = plots.picture(draw(), "alt")[0]["image/png"]
    with plt.rc_context({"font.size": 22, "lines.linewidth": 9, "axes.facecolor": "black"}):
        before = dict(matplotlib.rcParams)
        assert plots.picture(draw(), "alt")[0]["image/png"] == plain
        assert dict(matplotlib.rcParams) == before


@each_figure
def test_texts_can_be_read(draw: Callable[[], Figure]) -> None:
    """No text is smaller than 9 pt, runs out of the figure or comes within three pixels of another text."""
    fig = draw()
    boxes = {(text.get_text(), i): text.get_window_extent() for i, text in enumerate(_texts(fig))}
    assert min(text.get_fontsize() for text in _texts(fig)) >= 9
    assert [name for name, box in boxes.items() if not (fig.bbox.x0 <= box.x0 and box.x1 <= fig.bbox.x1)] == []
    assert [name for name, box in boxes.items() if not (fig.bbox.y0 <= box.y0 and box.y1 <= fig.bbox.y1)] == []
    assert [(one, other) for one, other in combinations(boxes, 2) if boxes[one].padded(3, 3).overlaps(boxes[other].padded(3, 3))] == []


def test_network_shows_sign_and_size_of_the_weights() -> None:
    """A weight's sign is colour and line style, its size the width of the line; a zero is dotted."""
    fig = plots.network([3, 1], [np.array([[2.0, -1.0, 0.0]])])
    looks = [(line.get_linestyle(), to_hex(line.get_color())) for line in fig.axes[0].lines]
    wide, narrow, none = (line.get_linewidth() for line in fig.axes[0].lines)
    assert looks == [("-", plots.BLUE.lower()), ("--", plots.VERMILLION.lower()), (":", plots.GREY.lower())]
    assert wide > narrow > none > 0


def test_network_has_all_its_neurons_lines_and_captions() -> None:
    """[5, 4, 3, 3] has 15 neurons, 20 + 12 + 9 lines and four captions."""
    fig = plots.network([5, 4, 3, 3])
    assert len(fig.axes[0].patches) == 15
    assert len(fig.axes[0].lines) == 41
    assert _words(fig) == ["layer 0 (input)", "layer 1 (hidden)", "layer 2 (hidden)", "layer 3 (output)"]


def test_network_writes_activations_and_names() -> None:
    """Activations are written with two decimals, without a negative zero; names stand beside first and last layer."""
    fig = plots.network([2, 1], a=[np.array([0.126, -2.0]), np.array([[-0.001]])], labels=(["speed", "volume"], ["jam"]))
    assert {"0.13", "−2.00", "0.00", "speed", "volume", "jam"} <= set(_words(fig))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"W": []}, "W has to hold 1 arrays for these sizes, but holds 0"),
        ({"W": [np.ones((2, 3))]}, r"W\[0\] has to have shape \(3, 2\), but has \(2, 3\)"),
        ({"W": [np.full((3, 2), np.nan)]}, r"W\[0\] holds nan or inf"),
        ({"a": [np.ones(2), np.ones((3, 4))]}, r"a\[1\] has to have shape \(3, 1\), but has \(3, 4\)"),
        ({"labels": (["x"], ["y"])}, "labels has to hold 2 names of inputs and 3 of outputs, but holds 1 and 1"),
    ],
)
def test_network_says_what_does_not_fit(arguments: dict, message: str) -> None:
    """Arrays that do not fit the sizes are refused by name, with the shape expected and the shape given."""
    with pytest.raises(ValueError, match=message):
        plots.network([2, 3], **arguments)


def test_topologies_names_three() -> None:
    """The three topologies carry their English names."""
    assert _words(plots.topologies()) == ["feed-forward", "feedback (recurrent)", "graph network"]


def test_layer_shapes_writes_every_shape() -> None:
    """A layer that fits shows W @ a + b = z, each with its shape, and the size that has to agree."""
    found = _words(plots.layer_shapes((5, 3), (3, 2)))
    assert [word for word in found if word in "W@a+b=z"] == ["W", "@", "a", "+", "b", "=", "z"]
    assert [word for word in found if word.startswith("(")] == ["(5, 3)", "(3, 2)", "(5, 1)", "(5, 2)"]
    assert found[-1] == "columns of W = rows of a = 3; b is added to every column"


def test_layer_shapes_marks_a_mismatch() -> None:
    """Where the inner sizes differ, the product is crossed out, the two sizes are named, and there is no z."""
    fig = plots.layer_shapes((4, 5), (4, 1))
    found = _words(fig)
    assert "z" not in found
    assert found[-1] == "W has 5 columns, but a has 4 rows: W @ a is not defined"
    assert [line.get_marker() for line in fig.axes[0].lines].count("x") == 1


def test_curves_differ_in_more_than_colour() -> None:
    """No two of seven curves share a colour or a line style, and each has its name in the legend."""
    fig = FIGURES["curves"]()
    lines = fig.axes[0].lines
    assert len({line.get_color() for line in lines}) == len({str(line._dash_pattern) for line in lines}) == 7
    assert [text.get_text() for text in fig.legends[0].get_texts()] == list("abcdefg")


def test_with_derivative_draws_the_pair_alike() -> None:
    """Left stand the functions, right their derivatives, each pair in one colour and line style, named once in the legend."""
    fig = plots.with_derivative(LINE, {"one": (LINE, 0 * LINE + 1), "two": (LINE**2, 2 * LINE)})
    left, right = ([(line.get_color(), line.get_linestyle()) for line in ax.lines] for ax in fig.axes)
    assert left == right
    assert [ax.get_title() for ax in fig.axes] == ["f(z)", "f′(z)"]
    assert np.array_equal(fig.axes[1].lines[1].get_ydata(), 2 * LINE)
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["one", "two"]


def test_approximation_gives_the_largest_error() -> None:
    """Each panel's title gives the number of hidden neurons and the largest error of the fit; the target is dashed grey."""
    fig = plots.approximation(UNIT, UNIT, {2: UNIT + 0.25, 4: UNIT - 0.125 * (UNIT == 1), 8: UNIT})
    titles = [ax.get_title() for ax in fig.axes if ax.axison]
    assert titles == [f"{m} hidden neurons: largest error {error}" for m, error in ((2, "0.250"), (4, "0.125"), (8, "0.000"))]
    target, fit = fig.axes[0].lines
    assert (target.get_linestyle(), fit.get_linestyle()) == ("--", "-")
    assert target.get_color() == plots.GREY


def test_graph_is_laid_out_in_the_order_of_computing() -> None:
    """Each node stands right of its arguments, no two in one place, and a leaf one column before its first use."""
    places = plots.graph_places(NEURON)
    assert len(set(places.values())) == len(places) == 13
    assert all(places[argument][0] < places[name][0] for name, (_, *arguments) in NEURON.items() for argument in arguments)
    assert places["w₀"][0] == 0
    assert places["w₂"][0] == places["s"][0] - 1


def test_graph_writes_values_and_gradients_in_two_colours() -> None:
    """Values stand above in blue, gradients below in orange, and only those that are known; a legend says which is which."""
    fig = plots.computational_graph(GRAPH, {"x": -2.0, "q": 3.0}, {"q": -4.0})
    coloured = {text.get_text(): (to_hex(text.get_color()), text.get_position()[1]) for text in _texts(fig)}
    assert {"x", "y", "z", "+", "×", "−2", "q = 3", "f", "−4"} <= set(coloured)
    assert coloured["q = 3"][0] == plots.BLUE.lower()
    assert coloured["−4"][0] == plots.VERMILLION.lower()
    assert coloured["q = 3"][1] > coloured["+"][1] > coloured["−4"][1]
    assert len(_words(fig)) == 5 + 4 + 2  # circles, numbers and the name of f, legend


def test_separation_rings_the_mistakes_of_the_last_line() -> None:
    """The last line is solid and those before it are not; points on its wrong side or on it have a ring, and the legend says so."""
    fig = plots.separation({"OR": (CORNERS, [0, 1, 1, 1], {"first": ([1, 1], -0.5), "last": ([1, 0], 0)})})
    [ax] = fig.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x₁", "x₂")
    assert [line.get_linestyle() for line in ax.lines] == ["--", "-"]
    yes, no, rings = (
        collection.get_offsets().tolist() for collection in ax.collections if len(collection.get_offsets()) and collection.get_zorder() == 3
    )
    assert (yes, no, rings) == ([[0, 1], [1, 0], [1, 1]], [[0, 0]], [[0, 0], [0, 1]])
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["first", "last", "yes", "no", "mistake"]


def test_separation_without_weights_has_no_line() -> None:
    """All weights zero: there is no line, every point is a mistake and no side is tinted."""
    [ax] = plots.separation({"XOR": (CORNERS, [0, 1, 1, 0], {"line": ([0, 0], 0)})}).axes
    assert not ax.lines
    assert len(ax.collections[-1].get_offsets()) == 4
    assert not [path for collection in ax.collections if collection.get_zorder() == 0 for path in collection.get_paths() if len(path)]


def test_plots_import_no_lesson() -> None:
    """The figures load no lesson of the course: lessons are withheld while a notebook is graded, figures are not."""
    lessons = "{'nnlab.activations', 'nnlab.backpropagation', 'nnlab.forward_propagation', 'nnlab.mp_neuron'}"
    code = f"import sys, nnlab.plots; assert not {lessons} & set(sys.modules), sorted(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("template", ["lab", "classic"])
@pytest.mark.filterwarnings("ignore")
def test_pages_made_of_a_notebook_keep_the_alt_text(template: str, course: Course) -> None:
    """Nbconvert writes each figure as an `<img>` with its alt text, once."""
    nbconvert = pytest.importorskip("nbconvert")
    solution = course.chapter("03").solution
    page, _ = nbconvert.HTMLExporter(template_name=template).from_filename(str(solution))
    pictures = re.findall(r"<img [^>]*>", page)
    outputs = [output for cell in load(solution).cells for output in cell.get("outputs", ())]
    assert len(pictures) == sum("image/png" in output.get("data", {}) for output in outputs) > 4
    assert all(re.search(r'alt="[^"]{40,}"', each) for each in pictures)


@pytest.mark.parametrize("chapter", CHAPTERS[:4])
def test_no_code_of_a_chapter_tells_what_a_figure_shows(chapter: str, course: Course) -> None:
    """A student predicts first: what the figure will show is not written in the cell that draws it."""
    cells = load(course.chapter(chapter).student).cells
    assert not [cell.source for cell in cells if cell.cell_type == "code" and "alt=" in cell.source]


def test_road_map_tells_what_each_function_gets_wrong() -> None:
    """A function of labels is counted, any other is told by its range; scores go to the class of the largest; lines are named."""
    X, y = np.array([[1.0, 2, 3, 4], [4, 3, 2, 1]]), [0, 0, 2, 2]
    speed = {"speed": lambda P: np.where(P[0] > 1.5, 2, 0)}
    told = plots.road_map(X, y, speed, {"speed": {"here": ([1, 0], -1.5)}}).get_label()
    assert "2 free around (1.5, 3.5) and 2 jammed around (3.5, 1.5)" in told
    assert "1 of 4 wrong. Line “here”: 1 x₁ + 0 x₂ + −1.5 = 0." in told
    assert "all 4 right" in plots.road_map(X, y, {"scores": lambda P: np.stack([P[1], P[0]])}).get_label()
    assert "on average at points that are free 0.5 and jammed 2.5" in plots.road_map(X, y, {"": lambda P: P[0] - 1}).get_label()
    assert "from (0, 1) to (4, 5)" in plots.road_map(X, y, None, {"": {"two points": ([0, 4], [1, 5])}}).get_label()


def test_road_map_rings_mistakes_unless_they_are_many() -> None:
    """Three of 200 points get a ring; if 100 are wrong, only the number is told, and the legend has no ring."""
    X, y = ROAD[0], np.where(ROAD[0][0] > 2, 1, -1)
    few = np.sort(X[0][y > 0])[2]
    one, many = (plots.road_map(X, y, {"": lambda P, at=at: np.where(P[0] > at, 1, -1)}) for at in (few, 9.0))
    assert (len(one.axes[0].collections[-1].get_offsets()), "wrong" in _words(one)) == (3, True)
    assert (one.axes[0].get_title(), many.axes[0].get_title()) == ("3 of 200 wrong", f"{(y > 0).sum()} of 200 wrong")
    assert "wrong" not in _words(many)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((CORNERS.T, [0, 1]), r"X must have two rows, and y one label for each of its columns, got shapes \(4, 2\) and \(2,\)"),
        ((CORNERS, [0, 0, 0, 0]), r"y must hold two or three different labels, got \[0.0\]"),
        ((CORNERS, [0, 0, 0, 1], {"": lambda P: 1.0}), r"answers must give one number for each of the \d+ points, got shape \(\)"),
        ((CORNERS, [0, 0, 0, 1], None, None, ["one"]), r"names must hold 2 names, one for each label, got \['one'\]"),
    ],
)
def test_road_map_says_what_does_not_fit(arguments: tuple, message: str) -> None:
    """Points, labels, answers and names that do not fit are refused by name."""
    with pytest.raises(ValueError, match=message):
        plots.road_map(*arguments)
