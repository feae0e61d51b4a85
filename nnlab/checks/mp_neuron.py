"""Chapter 01, M-P neuron and perceptron: its exercises, declared as data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab.activations import Array
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception
from nnlab.languages import say
from nnlab.mp_neuron import (
    POINT_SETS,
    TRUTH_TABLE,
    classify,
    gate,
    hebb,
    mistake_bound,
    mp_neuron,
    one_epoch,
    perceptron_update,
    pocket,
    separating_line,
    train_perceptron,
    two_layers,
    xor_network,
)

Neuron = tuple[Array, float]
X_LECTURE, Y_LECTURE = POINT_SETS["lecture"]
X_AND, Y_AND = POINT_SETS["and"]
X_XOR, Y_XOR = POINT_SETS["xor"]

_PROBES = np.random.RandomState(1)


def _probe(inputs: int) -> Case:
    """Draw a sample, weights and a threshold that is near the sum, so that a wrong sum shows."""
    x, w = _PROBES.randint(-4, 5, (2, inputs)) / np.array([[1], [2]])
    return Case("", (x, w, float(w @ x) + _PROBES.choice([-2.5, -0.5, 0.0, 0.5, 2.5])))


MP_NEURON = Exercise(
    reference=mp_neuron,
    points=2,
    cases=(
        Case("the sum exceeds the threshold", (np.array([3.0, -1.0]), np.array([1.0, 2.0]), 0.5)),
        Case("the sum equals the threshold", (np.array([3.0, -1.0]), np.array([1.0, 2.0]), 1.0)),
        Case("the same weights and threshold, other inputs", (np.array([-1.0, 0.5]), np.array([1.0, 2.0]), 0.5)),
        Case("a negative threshold", (np.array([-3.0, 1.0, 0.0]), np.array([-0.5, -1.0, 2.0]), -1.5)),
        Case("a large sum, a larger threshold", (np.array([10.0, 2.0, 1.0]), np.array([0.5, 1.0, 1.0]), 10.5)),
        Case("many small inputs", (np.array([1.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0]), 5.0)),
    ),
    probes=tuple(_probe(inputs) for inputs in (2, 3, 4, 5) * 5),
    misconceptions=(
        Misconception(
            "it fires at the threshold already",
            lambda x, w, theta: float(np.dot(w, x) >= theta),
            "The sum must exceed θ. What should come out where the two are equal?",
        ),
        Misconception(
            "the weighted sum is returned",
            lambda x, w, theta: np.dot(w, x),
            "How many different outputs can a neuron have that is either excited or inhibited?",
        ),
        Misconception(
            "the silent neuron says −1",
            lambda x, w, theta: 1.0 if np.dot(w, x) > theta else -1.0,
            "Which number stands for “inhibited” in the definition of f?",
        ),
        Misconception(
            "the threshold is added",
            lambda x, w, theta: float(np.dot(w, x) + theta > 0),
            "Does a higher threshold make it easier or harder to fire?",
        ),
        Misconception(
            "the threshold is ignored",
            lambda x, w, theta: float(np.dot(w, x) > 0),
            "With which number is the weighted sum compared?",
        ),
        Misconception(
            "the last input is forgotten",
            lambda x, w, theta: float(np.dot(w[:-1], x[:-1]) > theta),
            "How many rounds does your loop make, and how many inputs are there?",
        ),
        Misconception(
            "the sum is cut to a whole number",
            lambda x, w, theta: float(int(np.dot(w, x)) > theta),
            "Does a sum of 1.5 exceed a threshold of 1?",
        ),
        Misconception(
            "the inputs are summed without their weights",
            lambda x, w, theta: float(np.sum(x) > theta),
            "What is each input multiplied by before the sum?",
        ),
        Misconception(
            "each product is compared with the threshold",
            lambda x, w, theta: float(np.any(w * x > theta)),
            "In w · x > θ, what is done first: the sum or the comparison?",
        ),
        Misconception(
            "yes and no are exchanged",
            lambda x, w, theta: float(np.dot(w, x) <= theta),
            "What does the neuron say where the sum exceeds θ: 1 or 0?",
        ),
    ),
    hints=(
        "Two steps: weigh and sum the inputs, then compare the sum with the threshold.",
        "`np.dot(w, x)` is the weighted sum. The neuron fires only where it is greater than `theta`; equal is not enough.",
        "if (sum of w_i x_i) > theta: return 1, else return 0",
    ),
)


def _gates(**wrong: tuple[tuple[float, ...], float]) -> Callable[[str], Neuron]:
    """Return the gates, with these in place of the right ones."""

    def other(name: str) -> Neuron:
        w, theta = wrong.get(name, gate(name))
        return np.array(w, dtype=float), theta

    return other


def _says(neuron: Neuron) -> dict[str, float]:
    """Return what a gate says to each of its inputs."""
    w, theta = neuron
    return _by_input(mp_neuron(TRUTH_TABLE if w.size == 2 else [[0, 1]], w, theta))


def _by_input(outputs: Array) -> dict[str, float]:
    inputs = ("(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)") if len(outputs) == 4 else ("0", "1")
    return {say("the input {each}", each=each): float(output) for each, output in zip(inputs, outputs, strict=True)}


GATE = Exercise(
    reference=gate,
    points=4,
    returns=("w", "theta"),
    judge=_says,
    cases=tuple(Case(name, (name,)) for name in ("AND", "OR", "NAND", "NOT")),
    misconceptions=(
        Misconception(
            "AND and OR are exchanged",
            _gates(AND=((1, 1), 0.5), OR=((1, 1), 1.5)),
            "With the weights 1 and 1 the sum is 0, 1 or 2. Which sums must exceed the threshold of AND, and which that of OR?",
        ),
        Misconception(
            "AND never fires",
            _gates(AND=((1, 1), 2)),
            "Both inputs are 1. What is your sum then, and does it exceed your threshold, or only reach it?",
        ),
        Misconception(
            "OR fires only where both inputs are 1",
            _gates(OR=((1, 1), 1)),
            "Only one input is 1. What is your sum then, and does it exceed your threshold, or only reach it?",
        ),
        Misconception(
            "OR fires without any input",
            _gates(OR=((1, 1), -0.5)),
            "All inputs are 0. What is the sum then, and does it exceed your threshold?",
        ),
        Misconception(
            "NAND never fires",
            _gates(NAND=((-1, -1), 1.5)),
            "Write down your sum for each line of the table. Can any of them exceed your threshold?",
        ),
        Misconception(
            "NAND always fires",
            _gates(NAND=((1, 1), -1.5)),
            "Both inputs are 1. What is your sum, and which sign of the weights would keep the neuron silent?",
        ),
        Misconception(
            "NAND is the same as AND",
            _gates(NAND=((1, 1), 1.5)),
            "NAND says the opposite of AND. For weights of −1 and −1, which of the four sums must stay below the threshold?",
        ),
        Misconception(
            "NAND says what NOR says: only where no input is 1",
            _gates(NAND=((-1, -1), -0.5)),
            "With the weights −1 and −1 the sums are 0, −1, −1 and −2. Which of them must exceed the threshold of NAND?",
        ),
        Misconception(
            "every threshold has the sign of a bias",
            _gates(AND=((1, 1), -1.5), OR=((1, 1), -0.5), NAND=((-1, -1), 1.5), NOT=((-1,), 0.5)),
            "The neuron fires where the sum exceeds θ. Is θ on the same side of > as the sum, or on the other?",
        ),
        Misconception(
            "NOT has two inputs",
            _gates(NOT=((-1, 0), -0.5)),
            "How many inputs has NOT, and how many weights does it need?",
        ),
        Misconception(
            "NOT says what its input says",
            _gates(NOT=((1,), 0.5)),
            "The input 1 must make the neuron silent. Which sign has its weight?",
        ),
        Misconception(
            "NOT never fires",
            _gates(NOT=((-1,), 0)),
            "The input is 0, and so is the sum. Which thresholds does 0 exceed?",
        ),
    ),
    hints=(
        "Take simple weights and write down the sum for every line of the truth table. "
        "The threshold must lie between the sums for 0 and the sums for 1.",
        "With the weights 1 and 1 the sums are 0, 1, 1, 2. With −1 and −1 they are 0, −1, −1, −2: where must the threshold of NAND lie?",
        "AND: threshold between 1 and 2; OR: between 0 and 1; NAND: weights −1 and −1, threshold between −2 and −1; "
        "NOT: weight −1, threshold between −1 and 0",
    ),
)

CLASSIFY = Exercise(
    reference=classify,
    points=2,
    cases=(
        Case("the lecture's points, below and above a line", (X_LECTURE, np.array([-2.0, 4.0]), 0.0)),
        Case("a bias", (X_LECTURE, np.array([1.0, 1.0]), -1.5)),
        Case("points on the line", (X_AND, np.array([1.0, -1.0]), 0.0)),
        Case("three features", (np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([1.0, -1.0, 2.0]), -2.0)),
    ),
    misconceptions=(
        Misconception(
            "the labels are 0 and 1",
            lambda X, w, b: np.where(w @ X + b > 0, 1.0, 0.0),
            "The learning rule multiplies by the label. Which two labels has a point here?",
        ),
        Misconception(
            "a point on the line gets +1",
            lambda X, w, b: np.where(w @ X + b >= 0, 1.0, -1.0),
            "The neuron fires where z > 0. What does it say at z = 0?",
        ),
        Misconception(
            "a point on the line gets 0",
            lambda X, w, b: np.sign(w @ X + b),
            "np.sign(0) is 0. Which of the two labels should it be?",
        ),
        Misconception(
            "the bias is missing",
            lambda X, w, b: np.where(w @ X > 0, 1.0, -1.0),
            "Which label gets the point (0, 0), and what does it depend on?",
        ),
        Misconception(
            "the bias is subtracted",
            lambda X, w, b: np.where(w @ X - b > 0, 1.0, -1.0),
            "w · x > θ and w · x + b > 0 are the same. How do b and θ differ in sign?",
        ),
        Misconception(
            "one label is given for all points",
            lambda X, w, b: np.where((w @ X + b).all() > 0, 1, -1),
            "How many points are there, and how many labels do you return?",
        ),
        Misconception(
            "z is returned in place of a label",
            lambda X, w, b: w @ X + b,
            "Which two values may the result hold?",
        ),
        Misconception(
            "the two labels are exchanged",
            lambda X, w, b: np.where(w @ X + b > 0, -1.0, 1.0),
            "On which side of the line is w · x + b positive?",
        ),
    ),
    hints=(
        "Compute z for all points at once, then turn each z into one of the two labels.",
        "`w @ X` gives one weighted sum for each column of X. `np.where(condition, this, that)` chooses for each element.",
        "z = w @ X + b; +1 where z > 0, else −1",
    ),
)

SEPARATING_LINE = Exercise(
    reference=separating_line,
    points=2,
    cases=(
        Case("a line through the origin", (np.array([-2.0, 4.0]), 0.0, np.array([0.0, 2.0, 5.0]))),
        Case("the line of AND", (np.array([1.0, 1.0]), -1.5, np.array([-1.0, 0.0, 1.0, 2.0]))),
        Case("a level line", (np.array([0.0, 2.0]), 3.0, np.array([0.0, 7.0]))),
        Case("uneven weights", (np.array([3.0, -0.5]), 2.0, np.array([-2.0, 0.25]))),
    ),
    misconceptions=(
        Misconception(
            "the slope is returned, not the points of the line",
            lambda w, b, x1: -w[0] / w[1],
            "For each x1 there is one x2. How many numbers do you return?",
        ),
        Misconception(
            "this is w1 x1 + b, not solved for x2",
            lambda w, b, x1: w[0] * x1 + b,
            "Where did w2 x2 go? The line is w1 x1 + w2 x2 + b = 0.",
        ),
        Misconception(
            "the minus sign is lost",
            lambda w, b, x1: (b + w[0] * x1) / w[1],
            "w1 x1 + w2 x2 + b = 0: what is w2 x2 alone, and with which sign?",
        ),
        Misconception(
            "only the bias changes its sign",
            lambda w, b, x1: (-b + w[0] * x1) / w[1],
            "Both b and w1 x1 go to the other side of the equation. Which signs do they have there?",
        ),
        Misconception(
            "the bias does not change its sign",
            lambda w, b, x1: (b - w[0] * x1) / w[1],
            "Both b and w1 x1 go to the other side of the equation. Does b keep its sign?",
        ),
        Misconception(
            "the two weights are exchanged",
            lambda w, b, x1: -(b + w[1] * x1) / w[0],
            "Which weight belongs to the x2 you solve for: w[0] or w[1]?",
        ),
        Misconception(
            "the bias is missing",
            lambda w, b, x1: -w[0] * x1 / w[1],
            "Does every line pass through the origin?",
        ),
        Misconception(
            "only one of the two terms is divided by w2",
            lambda w, b, x1: -b - w[0] * x1 / w[1],
            "In (b + w1 x1) / w2, what is divided by w2?",
        ),
    ),
    hints=(
        "On the line the neuron is undecided: z = 0. That is one equation with one unknown, x2.",
        "Bring b and w1 x1 to the other side, then divide by w2. `w[0]` is w1 and `w[1]` is w2.",
        "x2 = −(b + w1 x1) / w2",
    ),
)

X_THREE, Y_THREE = np.array([[1.0, 0.5, -2.0, 3.0], [0.0, 1.0, 4.0, -1.0], [2.0, -1.0, 0.25, 1.0]]), np.array([1.0, 1.0, -1.0, 1.0])


def _hebb(label: bool = True, rate: bool = True, bias: Callable[[Array], float] = lambda y: y.sum(), sign: float = 1.0) -> Any:
    """Build a wrong `hebb` from the parts of a right one."""

    def learn(X: Array, y: Array, learning_rate: float) -> tuple[Array, float]:
        step = sign * (learning_rate if rate else 1.0)
        return step * (X @ (y if label else np.ones(len(y)))), step * float(bias(y if label else np.ones(len(y))))

    return learn


HEBB = Exercise(
    reference=hebb,
    points=2,
    returns=("w", "b"),
    cases=(
        Case("one point", (np.array([[3.0], [-3.0]]), np.array([-1.0]), 1.0)),
        Case("the four points", (X_LECTURE, Y_LECTURE, 1.0)),
        Case("three features and a smaller learning rate", (X_THREE, Y_THREE, 0.25)),
    ),
    misconceptions=(
        Misconception(
            "the label is missing",
            _hebb(label=False),
            "What stands at the two ends of a weight? A point of class −1 must pull the other way.",
        ),
        Misconception(
            "the learning rate is missing",
            _hebb(rate=False),
            "What should a learning rate of 0 change?",
        ),
        Misconception(
            "the bias grows without the learning rate",
            lambda X, y, rate: (rate * (X @ y), float(y.sum())),
            "The bias is a weight like the others, on the input 1. Which factor do the others have?",
        ),
        Misconception(
            "it learns from mistakes only",
            lambda X, y, rate: (one_epoch(np.zeros(len(X)), 0.0, X, y, rate) or [(np.zeros(len(X)), 0.0)])[-1],
            "That is Rosenblatt's rule, which comes later. Does Hebb's rule ask whether a point is right?",
        ),
        Misconception(
            "only points of class +1 are learned",
            lambda X, y, rate: (rate * X[:, y > 0].sum(axis=1), rate * float((y > 0).sum())),
            "A point of class −1 has a label, too. What is its input times its label?",
        ),
        Misconception(
            "the mean is taken in place of the sum",
            lambda X, y, rate: (rate * (X @ y) / len(y), rate * float(y.mean())),
            "Each point makes its own step. Does a step become smaller because there are more points?",
        ),
        Misconception(
            "the bias stays zero", _hebb(bias=lambda y: 0.0), "The bias is a weight on an input that is always 1. How does it grow?"
        ),
        Misconception(
            "the bias grows with every point, whatever its label",
            _hebb(bias=len),
            "The input of the bias is always 1. And what is at the other end?",
        ),
        Misconception(
            "only the last point is kept",
            lambda X, y, rate: (rate * y[-1] * X[:, -1], rate * float(y[-1])),
            "Does the neuron keep what the points before have taught it?",
        ),
        Misconception(
            "the weights turn away from the points",
            _hebb(sign=-1.0),
            "For a point of class +1 the weights should move towards it. Which sign has the step?",
        ),
        Misconception(
            "w and b are returned in the wrong order",
            lambda X, y, rate: hebb(X, y, rate)[::-1],
            "Which of the two results is the array?",
        ),
    ),
    hints=(
        "What fires together, wires together: each weight grows by learning rate times input times label. The bias has the input 1.",
        "Start with `np.zeros(len(X))` and 0. `zip(X.T, y)` gives the points with their labels. Every point counts, also a right one.",
        "for each x, label: w = w + α · label · x; b = b + α · label; at the end return w, b",
    ),
)

PERCEPTRON_UPDATE = Exercise(
    reference=perceptron_update,
    points=2,
    returns=("w", "b"),
    cases=(
        Case("the lecture's first mistake", (np.zeros(2), 0.0, np.array([3.0, -3.0]), -1.0, 1.0)),
        Case("a point of the other class", (np.array([-3.0, 3.0]), -1.0, np.array([2.0, 1.0]), 1.0, 1.0)),
        Case("a smaller learning rate", (np.array([1.0, -2.0, 0.5]), 0.5, np.array([3.0, 1.0, -1.0]), -1.0, 0.25)),
        Case("a point of class +1 on the line", (np.array([2.0, -1.0]), -3.0, np.array([2.0, 1.0]), 1.0, 1.0)),
        Case("a point of class −1 on the line", (np.array([1.0, -2.0]), 4.0, np.array([2.0, 3.0]), -1.0, 0.5)),
    ),
    misconceptions=(
        Misconception(
            "the label is missing",
            lambda w, b, x, y, rate: (w + rate * x, b + rate),
            "A point of class −1 must push the line the other way. What gives the direction?",
        ),
        Misconception(
            "the learning rate is missing",
            lambda w, b, x, y, rate: (w + y * x, b + y),
            "What should a learning rate of 0 change?",
        ),
        Misconception(
            "the line is turned away from the point",
            lambda w, b, x, y, rate: (w - rate * y * x, b - rate * y),
            "y·z was not positive. Is y·z larger or smaller after your update?",
        ),
        Misconception(
            "the step of the bias contains x",
            lambda w, b, x, y, rate: (w + rate * y * x, b + rate * y * x),
            "The bias is the weight of a constant input. What number is that input?",
        ),
        Misconception(
            "the bias falls, whatever the label",
            lambda w, b, x, y, rate: (w + rate * y * x, b - rate),
            "The bias is a weight on an input that is always 1. Should it fall after a mistake on a point of class +1?",
        ),
        Misconception(
            "the bias stays as it was",
            lambda w, b, x, y, rate: (w + rate * y * x, b),
            "The bias is a weight on an input that is always 1. How would you update such a weight?",
        ),
        Misconception(
            "the bias is updated without the learning rate",
            lambda w, b, x, y, rate: (w + rate * y * x, b + y),
            "The bias is a weight like the others, on the input 1. Which factor do the others have?",
        ),
        Misconception(
            "the old weights are lost",
            lambda w, b, x, y, rate: (rate * y * x, rate * y),
            "Does the neuron keep what it has learned before?",
        ),
        Misconception(
            "w and b are returned in the wrong order",
            lambda w, b, x, y, rate: (b + rate * y, w + rate * y * x),
            "Which of the two results is the array?",
        ),
        Misconception(
            "a point on the line is not corrected",
            (
                lambda w, b, x, y, rate: (w + rate * y * x, b + rate * y) if y * (w @ x + b) < 0 else (w, b),
                lambda w, b, x, y, rate: (w, b) if y == (1 if w @ x + b >= 0 else -1) else (w + rate * y * x, b + rate * y),
                lambda w, b, x, y, rate: (w, b) if y == (1 if w @ x + b > 0 else -1) else (w + rate * y * x, b + rate * y),
            ),
            "Where z = 0 the neuron is undecided. Is y·z ≤ 0 there, and so a mistake? Your function is called for mistakes only.",
        ),
    ),
    hints=(
        "A step towards the point if its label is +1, away from it if −1. The label does both with one formula.",
        "Add `learning_rate * y * x` to `w`. The bias is a weight whose input is always 1. `w += …` would change the old array.",
        "w_new = w + α y x; b_new = b + α y; return both",
    ),
)


def _epoch(
    mistake: Callable[[float, float], bool] = lambda label, z: label * z <= 0,
    at_once: bool = True,
    rate: bool = True,
    bias: bool = True,
    most: int | None = None,
) -> Callable[..., list[tuple[Array, float]]]:
    """Build a wrong `one_epoch` from the parts of a right one: what is a mistake, which weights see a point, how many are corrected."""

    def epoch(w: Array, b: float, X: Array, y: Array, learning_rate: float) -> list[tuple[Array, float]]:
        old, path = (w, b), []
        for x, label in zip(X.T, y, strict=True):
            used_w, used_b = (w, b) if at_once else old
            if mistake(label, used_w @ x + (used_b if bias else 0)):
                w, b = perceptron_update(w, b, x, label, learning_rate if rate else 1.0)
                path.append((w, b))
        return path[:most]

    return epoch


ONE_EPOCH = Exercise(
    reference=one_epoch,
    points=2,
    cases=(
        Case("the four points, from zero", (np.zeros(2), 0.0, X_LECTURE, Y_LECTURE, 1.0)),
        Case("the four points in another unit, all of them right", (np.array([-2.0, 4.0]), 0.0, X_LECTURE / 10, Y_LECTURE, 1.0)),
        Case("points on the line", (np.array([1.0, 1.0]), -1.0, X_AND, Y_AND, 1.0)),
        Case("three features and a smaller learning rate", (np.array([0.5, -0.25, 0.5]), -0.5, X_THREE, -Y_THREE, 0.25)),
        Case("XOR, from zero", (np.zeros(2), 0.0, X_XOR, Y_XOR, 1.0)),
    ),
    misconceptions=(
        Misconception(
            "z is cut to a whole number",
            _epoch(lambda label, z: label * int(z) <= 0),
            "That is the classmate's mistake. What is int(0.5)? Was a point with z = 0.5 and label +1 a mistake?",
        ),
        Misconception(
            "z is rounded to a whole number",
            _epoch(lambda label, z: label * round(z) <= 0),
            "What is round(0.2)? Do you need to change z at all to see whether it has the sign of the label?",
        ),
        Misconception(
            "a point on the line is not counted as a mistake",
            _epoch(lambda label, z: label * z < 0),
            "All weights are zero at the start. What is z then, and which points would ever be corrected?",
        ),
        Misconception(
            "the points that are right are corrected, not the wrong ones",
            _epoch(lambda label, z: label * z > 0),
            "label · z is positive where label and neuron agree. Which points need a correction?",
        ),
        Misconception(
            "every point is corrected, also those that are right",
            _epoch(lambda label, z: True),
            "When should the weights stay as they are?",
        ),
        Misconception(
            "z and the label are compared as numbers",
            _epoch(lambda label, z: bool(z != label)),
            "A point of class +1 with z = 7 is right. Must z be equal to the label, or have its sign?",
        ),
        Misconception(
            "the label is not asked",
            _epoch(lambda label, z: z <= 0),
            "A point of class −1 with z = −3: is it right or wrong? What does your test say?",
        ),
        Misconception(
            "all points are tested with the weights from the start",
            _epoch(at_once=False),
            "After a correction, which weights does the next point see: the old ones or the new ones?",
        ),
        Misconception("the bias is not used", _epoch(bias=False), "z = w · x + b. Which part of it decides about a point at the origin?"),
        Misconception(
            "the learning rate is not handed on", _epoch(rate=False), "Which argument does the correction need besides the point?"
        ),
        Misconception(
            "the weights are kept before the correction, not after",
            lambda w, b, X, y, rate: [(w, b), *one_epoch(w, b, X, y, rate)][: len(one_epoch(w, b, X, y, rate))],
            "Each entry of the list holds the weights that a correction has led to. What do you append, and when?",
        ),
        Misconception(
            "it starts at zero, not at the w and b that are given",
            lambda w, b, X, y, rate: one_epoch(0 * w, 0.0, X, y, rate),
            "The second epoch goes on where the first has ended. Which arguments say where that is?",
        ),
        Misconception(
            "it stops after the first correction", _epoch(most=1), "One epoch is one pass through ALL points. Where does your loop end?"
        ),
    ),
    hints=(
        "A point is right where its label and z have the same sign. Everything else is a mistake, also z = 0.",
        "Compute z with the `w` and `b` of this moment. The product of label and z is positive where both have the same sign.",
        "z = w · x + b; mistake = (label · z is not positive)",
    ),
)


def _learn(
    wrong: Callable[[float], bool] = lambda yz: yz <= 0,
    passes: Callable[[int], int] = lambda limit: limit,
    restart: bool = False,
    at_once: bool = True,
    confirmed: bool = True,
    rate: bool = True,
    bias: bool = True,
) -> Callable[..., tuple[Array, float, int, bool]]:
    """Build a wrong `train_perceptron` from the parts of a right one: what is a mistake, how many passes, when w and b change."""

    def learn(X: Array, y: Array, max_epochs: int, learning_rate: float = 1.0) -> tuple[Array, float, int, bool]:
        w: Array = np.zeros(len(X))
        b, mistakes, before = 0.0, 0, -1
        for _ in range(passes(max_epochs)):
            if mistakes == before:
                break
            if restart:
                w, b = np.zeros(len(X)), 0.0
            before, old = mistakes, (w, b)
            for x, label in zip(X.T, y, strict=True):
                used_w, used_b = (w, b) if at_once else old
                if wrong(label * (used_w @ x + (used_b if bias else 0))):
                    w, b = perceptron_update(w, b, x, label, learning_rate if rate else 1.0)
                    mistakes += 1
        right = mistakes == before if confirmed else bool((classify(X, w, b) == y).all())
        return w, b, mistakes, right

    return learn


TRAIN_PERCEPTRON = Exercise(
    reference=train_perceptron,
    points=4,
    returns=("w", "b", "mistakes", "converged"),
    cases=(
        Case("the lecture's four points", (X_LECTURE, Y_LECTURE, 100)),
        Case("AND", (X_AND, Y_AND, 100)),
        Case("XOR, which never ends by itself", (X_XOR, Y_XOR, 10)),
        Case("the lecture's points, one pass only", (X_LECTURE, Y_LECTURE, 1)),
        Case("the lecture's points in another unit", (X_LECTURE / 10, Y_LECTURE, 100)),
        Case("AND, with a smaller learning rate", (X_AND, Y_AND, 100, 0.5)),
    ),
    misconceptions=(
        Misconception(
            "a point on the line is not counted as a mistake",
            _learn(wrong=lambda yz: yz < 0),
            "All weights are zero at the start. What is y·z then, and which points would ever be corrected?",
        ),
        Misconception(
            "the learning rate is not handed on",
            _learn(rate=False),
            "What is `self.learning_rate` for? Which function needs it?",
        ),
        Misconception(
            "every point is learned, also those that are right",
            _learn(wrong=lambda yz: True),
            "When should the weights stay as they are?",
        ),
        Misconception(
            "the points that are right are corrected, not the wrong ones",
            _learn(wrong=lambda yz: yz >= 0),
            "y·z is positive where label and neuron agree. Which points need a correction?",
        ),
        Misconception(
            "z is cut to a whole number",
            _learn(wrong=lambda yz: int(yz) <= 0),
            "What is int(0.5)? Was a point with z = 0.5 and label +1 a mistake?",
        ),
        Misconception(
            "it stops after the first pass",
            _learn(passes=lambda limit: min(limit, 1)),
            "A correction for one point may spoil another. When can you be sure that no point is wrong?",
        ),
        Misconception(
            "the bias is not used to find mistakes",
            _learn(bias=False),
            "z = w · x + b. Which part of it decides about a point at the origin?",
        ),
        Misconception(
            "it never says that it has converged",
            lambda X, y, max_epochs, learning_rate=1.0: (*train_perceptron(X, y, max_epochs, learning_rate)[:3], False),
            "What do you set `self.converged` to after a pass without a mistake?",
        ),
        Misconception(
            "the path is not kept",
            lambda X, y, max_epochs, learning_rate=1.0: (*train_perceptron(X, y, 1, learning_rate)[:2], 0, True),
            "The length of `self.path` is the number of mistakes. What do you append, and when?",
        ),
        Misconception(
            "one pass is missing",
            _learn(passes=lambda limit: limit - 1),
            "How many passes should there be where max_epochs is 1?",
        ),
        Misconception(
            "every pass starts from zero again",
            _learn(restart=True),
            "Where do you set w and b to zero: before all passes, or in each?",
        ),
        Misconception(
            "the weights change only at the end of a pass",
            _learn(at_once=False),
            "After a mistake, which weights does the next point see: the old ones or the new ones?",
        ),
        Misconception(
            "it is called converged without a pass that made no mistake",
            _learn(confirmed=False),
            "With max_epochs = 1 the only pass made mistakes. Was there a pass without one?",
        ),
    ),
    hints=(
        "One loop over the epochs, and in it your `one_epoch`. What does it return when every point is right?",
        "`range(self.max_epochs)` is the limit. An empty list of corrections: set `self.converged` and stop. "
        "Else put the corrections behind `self.path`, and go on with the last of them.",
        "for each epoch: corrections = one_epoch(w, b, …); none: converged, break; else path += corrections; w, b = the last of them",
    ),
)


def _pocket(
    count: Callable[[Array], int] = lambda yz: int((yz <= 0).sum()),
    pick: Callable[[list[int]], int] = np.argmin,
    told: Callable[[int, int, int], int] = lambda wrong, points, corrections: wrong,
    rate: bool = True,
    ends: bool = False,
) -> Any:
    """Build a wrong `pocket`: what is counted, which line is kept, what is returned with it."""

    def best(X: Array, y: Array, max_epochs: int, learning_rate: float = 1.0) -> tuple[Array, float, int]:
        w: Array = np.zeros(len(X))
        b, path = 0.0, []
        for _ in range(max_epochs):
            steps = one_epoch(w, b, X, y, learning_rate if rate else 1.0)
            if not steps:
                break
            path += steps[-1:] if ends else steps
            w, b = steps[-1]
        wrong = [count(y * (w @ X + b)) for w, b in path]
        at = int(pick(wrong))
        return path[at][0], float(path[at][1]), told(wrong[at], len(y), len(path))

    return best


X_MIXED, Y_MIXED = np.array([[3.0, 1.0, 2.0, 0.5, 4.0], [0.0, 1.0, 0.5, 2.0, 0.0]]), np.array([-1.0, 1.0, 1.0, -1.0, -1.0])

POCKET = Exercise(
    reference=pocket,
    points=0,
    returns=("w", "b", "mistakes"),
    cases=(
        Case("the four points", (X_LECTURE, Y_LECTURE, 100)),
        Case("XOR", (X_XOR, Y_XOR, 5)),
        Case("one point enclosed by four, a smaller learning rate", (*POINT_SETS["enclosed"], 7, 0.5)),
        Case("five points that no line separates", (X_MIXED, Y_MIXED, 6)),
        Case("AND, stopped early", (X_AND, Y_AND, 4)),
    ),
    misconceptions=(
        Misconception(
            "the last line is returned, not the best",
            _pocket(pick=lambda wrong: len(wrong) - 1),
            "After which of all corrections were the fewest points wrong?",
        ),
        Misconception(
            "of equally good lines the last one is kept",
            _pocket(pick=lambda wrong: len(wrong) - 1 - int(np.argmin(wrong[::-1]))),
            "If a line is only as good as the one in your pocket, do you change it?",
        ),
        Misconception(
            "a point on the line is counted as right",
            _pocket(count=lambda yz: int((yz < 0).sum())),
            "For which points is y z ≤ 0? Does z = 0 belong to them?",
        ),
        Misconception(
            "the worst line is kept",
            _pocket(pick=lambda wrong: int(np.argmax(wrong))),
            "Do you look for the fewest or for the most points that are wrong?",
        ),
        Misconception(
            "the points that are right are counted",
            _pocket(told=lambda wrong, points, corrections: points - wrong),
            "The third number says how many points the line gets wrong. What do you count?",
        ),
        Misconception(
            "the number of corrections is returned",
            _pocket(told=lambda wrong, points, corrections: corrections),
            "The third number belongs to one line: how many of the points does it get wrong?",
        ),
        Misconception("the learning rate is not handed on", _pocket(rate=False), "Which arguments does your class `Perceptron` take?"),
        Misconception(
            "only the line at the end of each epoch is tried",
            _pocket(ends=True),
            "A good line may be gone again when the epoch ends. Which list has the lines after every correction?",
        ),
    ),
    hints=(
        "Let your perceptron learn. Then go through its path and try each line on all points.",
        "`Perceptron(max_epochs, learning_rate).fit(X, y).path` is the list of `(w, b)`. "
        "A point is wrong where `y * (w @ X + b)` is not positive.",
        "best = more than possible; for each w, b of the path: count the wrong; fewer than best: keep w, b and the count; return all",
    ),
)


def _bound(
    one: bool = True,
    bias: bool = True,
    norm: bool = True,
    label: bool = True,
    powers: tuple[int, int] = (2, 2),
    pick: Any = np.min,
    largest: Any = np.max,
) -> Any:
    """Build a wrong `mistake_bound`: without the constant input, the bias, the norm, the labels, the squares, or of another margin."""

    def bound(X: Array, y: Array, w: Array, b: float) -> float:
        z = (y if label else 1) * (w @ X + b)
        length = np.linalg.norm(np.append(w, b if bias else 0)) if norm else 1
        R = np.sqrt(largest((X**2).sum(axis=0) + one))
        return float(R ** powers[0] / (pick(z) / length) ** powers[1])

    return bound


MISTAKE_BOUND = Exercise(
    reference=mistake_bound,
    points=3,
    cases=(
        Case("two numbers", (np.array([[2.0, -1.0]]), np.array([1.0, -1.0]), np.array([1.0]), 0.0)),
        Case("the lecture's points and a line", (X_LECTURE, Y_LECTURE, np.array([2.0, 11.0]), 6.0)),
        Case("AND", (X_AND, Y_AND, np.array([1.0, 1.0]), -1.5)),
    ),
    misconceptions=(
        Misconception(
            "the constant input 1 and the bias are left out",
            _bound(one=False, bias=False),
            "The perceptron learns b as well. Which input belongs to this weight, and does it count in the norms?",
        ),
        Misconception(
            "R is taken without the constant input 1",
            _bound(one=False),
            "R is the largest norm of the longer vectors (x, 1). What is the norm of (2, 1)?",
        ),
        Misconception(
            "the bias is missing in the norm of the weights",
            _bound(bias=False),
            "γ divides by the norm of (w, b). How long is (3, 4, 12)?",
        ),
        Misconception(
            "the margin is not divided by the norm of (w, b)",
            _bound(norm=False),
            "Take twice the weights and the bias. The line is the same; is your bound the same?",
        ),
        Misconception(
            "the labels are missing",
            _bound(label=False),
            "z is negative for a point of class −1. What makes the margin of every right point positive?",
        ),
        Misconception(
            "R / γ is not squared",
            _bound(powers=(1, 1)),
            "The theorem says R²/γ². Which of the two did you square?",
        ),
        Misconception(
            "the fraction is upside down",
            lambda X, y, w, b: 1 / mistake_bound(X, y, w, b),
            "A wide gap makes learning easy. Should a large γ make the bound large or small?",
        ),
        Misconception(
            "only R is squared",
            _bound(powers=(2, 1)),
            "The theorem says R²/γ². Which of the two did you square?",
        ),
        Misconception(
            "R is the norm of all samples together",
            _bound(largest=np.sum),
            "R is the largest norm of one sample. Along which axis do you take the norm?",
        ),
        Misconception(
            "the mean margin is taken in place of the smallest",
            _bound(pick=np.mean),
            "Which point makes learning hard: the nearest to the line, or the average one?",
        ),
        Misconception(
            "the largest margin is taken in place of the smallest",
            _bound(pick=np.max),
            "Which point makes learning hard: the nearest to the line, or the farthest?",
        ),
    ),
    hints=(
        "Give every point the extra feature 1, and the weights the extra entry b. R and γ are norms and products of these longer vectors.",
        "`np.vstack([X, np.ones(len(y))])` and `np.append(w, b)` are longer. `np.linalg.norm(A, axis=0)` is the norm of each column.",
        "R = largest norm of a column (x, 1); γ = smallest of y · (w · x + b), divided by the norm of (w, b); return R² / γ²",
    ),
)


def _network(first: str, second: str, output: str) -> Callable[[], tuple[Neuron, Neuron, Neuron]]:
    return lambda: (gate(first), gate(second), gate(output))


XOR_NETWORK = Exercise(
    reference=xor_network,
    points=2,
    returns=("first", "second", "output"),
    judge=lambda neurons: _by_input(two_layers(TRUTH_TABLE, *neurons)),
    cases=(Case("all four inputs", ()),),
    misconceptions=(
        Misconception(
            "it says yes to two equal inputs, and no to different ones",
            _network("OR", "NAND", "NAND"),
            "Your outputs are the opposite of what is asked for. Which of your three neurons could turn them round?",
        ),
        Misconception(
            "it says yes to two inputs of 1, as OR does",
            _network("OR", "OR", "AND"),
            "Only one line is wrong. Which hidden neuron could be silent for two inputs of 1, so that the output is, too?",
        ),
        Misconception(
            "it says yes to everything",
            _network("OR", "NAND", "OR"),
            "Ask each of your hidden neurons all four inputs. When should the output neuron stay silent?",
        ),
        Misconception(
            "it says yes only to two inputs of 1, as AND does",
            _network("OR", "AND", "AND"),
            "The output should be silent for two inputs of 1. Which hidden neuron should be silent there?",
        ),
        Misconception(
            "it says no to everything",
            lambda: (gate("AND"), (-gate("OR")[0], -0.5), gate("AND")),
            "Is there an input for which both of your hidden neurons fire?",
        ),
        Misconception(
            "the output neuron has one input",
            _network("OR", "NAND", "NOT"),
            "How many hidden neurons report to the output neuron?",
        ),
        Misconception(
            "it says no only to two inputs of 1, as NAND does",
            _network("NAND", "NAND", "AND"),
            "Only one line is wrong. Which hidden neuron could be silent for two inputs of 0, so that the output is, too?",
        ),
    ),
    hints=(
        "XOR is true where at least one input is 1, and not both. Each half of this sentence is a gate you have.",
        "“At least one” is OR, “not both” is NAND. Which gate says that two things hold at once?",
        "first = OR, second = NAND, output = AND; `gate` gives the weights of each",
    ),
)

CHAPTER = Chapter(
    name="01_mp_neuron",
    title="01 M-P neuron and perceptron",
    exercises=(
        MP_NEURON,
        GATE,
        SEPARATING_LINE,
        CLASSIFY,
        HEBB,
        PERCEPTRON_UPDATE,
        ONE_EPOCH,
        TRAIN_PERCEPTRON,
        POCKET,
        MISTAKE_BOUND,
        XOR_NETWORK,
    ),
    data=("traffic.csv",),
)
