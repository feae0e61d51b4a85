"""The demo of chapter 04: what it draws and says, and what its controls do."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from nnlab import demos, plots
from nnlab.backpropagation import central_differences, graph_s0, graph_s1, graph_s2

demo = demos.backpropagation
STARTS = [demo.State.start(name) for name in demo.GRAPHS]
STATES = [replace(start, done=done) for start in STARTS for done in range(start.last + 1)]
each_start = pytest.mark.parametrize("start", STARTS, ids=list(demo.GRAPHS))
each_state = pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state.graph} {state.done}")


def _drawing(state: object) -> ElementTree.Element:
    return ElementTree.fromstring(demo.svg(state))


def _of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def test_graphs_are_those_of_the_lectures() -> None:
    """Before anything is moved, the three graphs have the lectures' values, and at the end the lectures' gradients."""
    for start, nodes in zip(STARTS, (graph_s0(), graph_s1(), graph_s2()), strict=True):
        result = list(nodes.values())[-1]
        result.backward()
        end = replace(start, done=start.last)
        assert list(end.values().values()) == [node.value for node in nodes.values()]
        assert end.gradients() == {demo._pretty(name): pytest.approx(float(node.grad)) for name, node in nodes.items()}


@each_start
def test_gradients_are_what_differences_measure(start: object) -> None:
    """The gradients at the leaves are those measured by moving each leaf a little."""
    end = replace(start, done=start.last)

    def result(values: object) -> float:
        nodes = demo.GRAPHS[start.graph].build(*values)
        return float(list(nodes.values())[-1].value)

    measured = central_differences(result, list(start.leaves.values()))
    gradients = end.gradients()
    assert [gradients[demo._pretty(name)] for name in start.leaves] == pytest.approx(measured.tolist(), abs=1e-8)


@each_start
def test_each_step_adds_what_it_says(start: object) -> None:
    """Forward steps add one value each, then the way back starts with 1, then each step adds gradients of its arguments."""
    count = len(start.operations)
    for done in range(1, start.last + 1):
        before, after = (replace(start, done=each) for each in (done - 1, done))
        new_values = after.values().keys() - before.values().keys()
        new_gradients = after.gradients().keys() - before.gradients().keys()
        text = " ".join(after.sentences())
        if done <= count:
            assert (len(new_values), len(new_gradients)) == (1, 0)
            assert text.startswith(f"Forward: {new_values.pop()} = ")
        elif done == count + 1:
            assert after.gradients() == {after.names[after.operations[-1]]: 1.0}
        else:
            assert not new_values
            assert set(re.findall(r"Backward: ∂\w+[₀-₉]?/∂(\w[₀-₉]?) =", text)) == new_gradients


@each_state
def test_drawing_shows_what_is_known(state: object) -> None:
    """Each value and each gradient known so far has its box, and nothing else has; the legend has one of each."""
    root = _drawing(state)
    assert len(_of_class(root, "value")) == len(state.values()) + 1
    assert len(_of_class(root, "gradient")) == len(state.gradients()) + 1
    texts = {text.text for text in root.iter("text")}
    assert {f"{value:z.2f}".replace("-", "−") for value in state.gradients().values()} <= texts
    assert set(state.sentences()) <= texts


@each_state
def test_active_node_and_its_lines(state: object) -> None:
    """The node of the last step has a thick rim; its lines are blue on the way forward, dashed and turned round on the way back."""
    root = _drawing(state)
    kind, node = state.event
    assert len(_of_class(root, "active")) == (node is not None)
    for way in ("forward", "backward"):
        marked = [group for group in _of_class(root, way) if group.tag == "g"]
        assert len(marked) == (len(state.steps()[state.names[node]]) - 1 if kind == way else 0)


def test_lines_turn_round_on_the_way_back() -> None:
    """In (x + y) z, the lines of f end at f on the way forward, and begin there on the way back."""
    start = STARTS[0]
    [forward, _] = _of_class(_drawing(replace(start, done=2)), "forward")
    [backward, _] = _of_class(_drawing(replace(start, done=4)), "backward")
    (ahead, back) = (float(group[0].get("d").split("L")[1].split()[0]) for group in (forward, backward))
    assert ahead > demo.RIGHT - 50
    assert back < demo.RIGHT - 250


@each_state
def test_drawing_is_described_in_words(state: object) -> None:
    """The drawing is one picture to a screen reader, and its label gives step, values and gradients."""
    root = _drawing(state)
    assert root.get("role") == "img"
    label = root.get("aria-label")
    assert label == demo.describe(state)
    assert f"Step {state.done} of {state.last}." in label
    assert all(sentence in label for sentence in state.sentences())


def test_colours_belong_to_the_palette_and_text_to_the_page() -> None:
    """Values and gradients have two colours of the palette and two shapes; text takes the colour of the page."""
    svg = demo.svg(replace(STARTS[0], done=5))
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", svg)) <= {plots.BLUE, plots.VERMILLION, plots.SKY, plots.GREY}
    assert ".bwd text { fill: currentColor;" in svg
    root = ElementTree.fromstring(svg)
    assert {box.get("rx") for box in _of_class(root, "value")} == {"0"}
    assert {box.get("rx") for box in _of_class(root, "gradient")} == {"9"}


@each_state
def test_nothing_is_drawn_outside(state: object) -> None:
    """All boxes and circles lie within the drawing, and no two boxes overlap."""
    root = _drawing(state)
    _, _, width, height = (float(number) for number in root.get("viewBox").split())
    boxes = [[float(box.get(key)) for key in ("x", "y", "width", "height")] for box in root.iter() if box.tag == "rect"]
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    assert not [
        (one, other)
        for i, one in enumerate(boxes)
        for other in boxes[:i]
        if abs(one[0] - other[0]) < one[2] and abs(one[1] - other[1]) < one[3]
    ]


@each_state
def test_no_arrow_runs_through_a_number(state: object) -> None:
    """Arrows begin and end at the sides of boxes, and none crosses another box."""
    root = _drawing(state)
    numbers = re.compile(r"-?[\d.]+")
    boxes = [[float(each) for each in numbers.findall(box.get("d"))][:3] for box in _of_class(root, "box")]
    for edge in _of_class(root, "edge"):
        x0, y0, x1, y1 = (float(each) for each in numbers.findall(edge.get("d")))
        points = [(x0 + t / 50 * (x1 - x0), y0 + t / 50 * (y1 - y0)) for t in range(51)]
        assert not [
            point for point in points for x, y, wide in boxes if x + 0.2 < point[0] < x + wide - 0.2 and y < point[1] < y + demo.HIGH
        ]


def test_letters_can_be_read_in_a_narrow_column() -> None:
    """In a column of 500 CSS pixels all letters are at least 11 of them high."""
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", demo.svg(STARTS[0]))]
    assert min(sizes) * 500 / 720 >= 11


def test_the_slider_is_named_after_its_leaf() -> None:
    """What it moves is said beside it, and to those who hear it."""
    controls = demo._Controls()
    controls.choice.value = "z"
    assert controls.value.description == "Value of z"


def test_controls_step_and_stop_at_the_ends() -> None:
    """Next and Undo go one step, the slider any number; at the ends the buttons are off."""
    controls = demo._Controls()
    assert (controls.back.disabled, controls.next.disabled) == (True, False)
    seen = {controls.picture.value}
    for done in range(1, controls.state.last + 1):
        controls.next.click()
        assert controls.done.value == done
        assert controls.picture.value not in seen
        seen.add(controls.picture.value)
    assert (controls.back.disabled, controls.next.disabled) == (False, True)
    controls.back.click()
    assert controls.state.done == controls.state.last - 1
    controls.done.value = 2
    assert controls.picture.value == demo.svg(replace(STARTS[0], done=2))


def test_choosing_a_graph_brings_its_leaves() -> None:
    """Another graph starts before its first step, with its own leaves to move; and back again."""
    controls = demo._Controls()
    controls.done.value = 5
    for start in (*STARTS[1:], STARTS[0]):
        controls.graph.value = start.graph
        assert controls.state == start
        assert (controls.done.value, controls.done.max) == (0, start.last)
        assert [name for _, name in controls.choice.options] == list(start.leaves)
        assert controls.value.value == start.leaves[start.chosen]


def test_moving_a_leaf_keeps_the_step() -> None:
    """A moved leaf changes values and gradients at once, at the same step; choosing a leaf moves none; reset brings all back."""
    controls = demo._Controls()
    controls.done.value = 5
    controls.choice.value = "z"
    assert controls.state.leaves == STARTS[0].leaves
    controls.value.value = 2.0
    assert controls.state.done == 5
    assert controls.state.gradients() == {"f": 1, "q": 2, "x": 2, "y": 2, "z": 3}
    controls.reset.click()
    assert controls.state == STARTS[0]
    assert (controls.choice.value, controls.value.value) == ("x", -2.0)


def test_question_of_the_demo_has_an_answer_in_reach() -> None:
    """In σ(wx + b) the gradient of b is largest where wx + b is 0, within reach of the slider."""
    start = demo.State.start("σ(wx + b)")

    def gradient(b: float) -> float:
        state = replace(start, leaves={**start.leaves, "b": b}, done=start.last)
        return state.gradients()["b"]

    assert gradient(0.0) == 0.25 == max(gradient(b / 10) for b in range(-50, 51))


def test_the_still_shows_the_whole_pass() -> None:
    """It is of the graph that is chosen, with all steps done, wherever the widget stands."""
    shown = demos.backpropagation()
    data = shown._repr_mimebundle_()[0]
    assert data["text/plain"] == demo.describe(replace(STARTS[0], done=STARTS[0].last))
    shown.widget.children[0].children[0].value = "σ(wx + b)"
    assert "h₆ = 0.50" in shown._repr_mimebundle_()[0]["text/plain"]
