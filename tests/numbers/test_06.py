"""Every worked number and every erratum of the lectures that belongs to chapter 06 stands in the executed notebook."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from support import ROOT

from nnlab.activations import sigmoid, sigmoid_derivative, softmax, tanh
from nnlab.backpropagation import Node, apply, backward, one_hot
from nnlab.data import load_traffic
from nnlab.forward_propagation import forward
from nnlab.traffic_classifier import minibatches, standardised
from nnlab.vanishing_gradients import chain_factors, explosion_window, initial_weights, train_deep
from nnlab.workbook.build import load
from nnlab.workbook.course import Course


@cache
def outputs() -> dict[str, str]:
    """Return what each code cell of the solution prints, by the cell's id."""
    cells = load(Course(ROOT).chapter("06").solution).cells
    return {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in cells if cell.cell_type == "code"}


@cache
def prose() -> str:
    """Return the text of the solution's notebook, its answers included."""
    return "\n".join(cell.source for cell in load(Course(ROOT).chapter("06").solution).cells if cell.cell_type == "markdown")


def line(cell: str, label: str) -> str:
    """Return the rest of the line of a cell's output that begins with the label."""
    [found] = [each for each in outputs()[cell].splitlines() if each.startswith(label)]
    return found.removeprefix(label).strip()


NUMBERS = {
    "S0: four factors of 1/4": ("checkpoint_chain_of_four", "weights 1, z = 0:", "0.25 0.25 0.25 0.25  product 0.00390625"),
    "S1: tanh′ is at most 1": ("checkpoint_chain_of_four", "tanh, weights 1, z = 0:", "product 1"),
    "S0: |wσ′| ≫ 1, from |w| = 4": ("checkpoint_window", "w =   4.0:", "width 0.0000"),
    "S0: w = 5": ("checkpoint_window", "w =   5.0:", "width 0.3850"),
    "S0: the widest window": ("checkpoint_window", "w = 6.894:", "width 0.4477"),
    "S0: w = 20": ("checkpoint_window", "w =  20.0:", "width 0.2887"),
    "S0: explosion is rare": ("checkpoint_window", "probability of a factor above 1:", "6.1e-06"),
    "S0: sigmoid vanishes": ("checkpoint_norms_table", "sigmoid sd 0.18:", "2e-06     1e-03     5e-01   vanishing"),
    "S1: tanh with N(0, 1) explodes": ("checkpoint_norms_table", "tanh with sd 1 grows by more than 30 towards layer 1:", "True"),
    "erratum 11: flat and tiny": ("checkpoint_norms_table", "tanh    sd 0.01:", "6e-12     4e-12     5e-12   small everywhere"),
    "cure: ReLU with the right start": ("checkpoint_norms_table", "relu    sd 0.25:", "3e+00     3e+00     3e+00   healthy"),
    "cure: initialisation": ("checkpoint_keep_variance", "layers of 32:", "tanh 0.1768, ReLU 0.2500, sigmoid 0.7071"),
    "no cure: ReLU with N(0, 1)": ("checkpoint_keep_variance", "ReLU with 1: above 10000 in layer 9:", "True"),
    "cure: gradient clipping": (
        "checkpoint_clip_rescues",
        "α = 0.05, limit 1.0:",
        "before the first step exploding, more than 0.7 right: True",
    ),
    "no cure: a small learning rate": (
        "checkpoint_clip_rescues",
        "α = 0.001, limit None:",
        "before the first step exploding, more than 0.7 right: False",
    ),
    "cure: residual layers, gradient": ("checkpoint_cures_gradient_check", "residual:", "fine: True"),
    "cure: layer normalisation, gradient": ("checkpoint_cures_gradient_check", "layer norm:", "fine: True"),
    "cure: batch normalisation, gradient": ("checkpoint_cures_gradient_check", "batch norm:", "fine: True"),
}

# What is said of each erratum and of each effect that did not appear.
ERRATA = {
    "11: close to zero, how close": ('weights should start "close to zero"', "close *and not too close*"),
    "S1: f′ alone does not decide": ("The sum over 32 neurons", "S1 looks at $f'$ alone."),
    "S1: closed intervals": ("$[0, 1]$ and $[0, 0.25]$", "the 0 is not, for any $z$"),
    "S0: explosion is rarer": ("is right, for a chain",),
    "S0: w1 is not in the product": ("A change of $b_1$ does not pass it.",),
    "S0: the weight penalty does not rescue": ("The penalty acts *after* the first step",),
    "S0: ReLU alone is no cure": ('"use ReLU" is no cure by itself',),
    "Xavier does not save the sigmoid": ("*Xavier does not save the sigmoid*",),
    "layer normalisation does not save it either": ("*layer normalisation does not save it either*",),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_number_is_printed(name: str) -> None:
    """The executed notebook prints the number."""
    cell, label, expected = NUMBERS[name]
    assert line(cell, label) == expected


@pytest.mark.parametrize("name", ERRATA)
def test_erratum_is_told(name: str) -> None:
    """The notebook says what the slide says, and what is right."""
    assert [words for words in ERRATA[name] if words not in prose()] == []


def test_chain_of_the_lecture_by_the_graph() -> None:
    """S0: ∂a4/∂b1 is the product of the seven factors, and w1 is not among them: reverse mode says so too."""
    rng = np.random.default_rng(6)
    for w_1 in (0.1, 3.0):
        w, b, z, a = [w_1, *rng.normal(size=3)], [Node(v) for v in rng.normal(size=4)], [], Node(0.7)
        first = a
        for weight, bias in zip(w, b, strict=True):
            z.append(weight * a + bias)
            a = apply("sigmoid", z[-1])
        a.backward()
        factors = chain_factors(w[1:], [float(node.value) for node in z], sigmoid_derivative)
        assert factors.prod() == pytest.approx(float(b[0].grad), rel=1e-12)
        assert float(first.grad) == pytest.approx(w_1 * factors.prod(), rel=1e-12)


def test_slopes_of_the_lecture() -> None:
    """S1: σ′ is at most 1/4 and tanh′ at most 1, both at 0; neither reaches 0 where floats can still tell."""
    z = np.linspace(-15, 15, 3001)
    slope = 1 - tanh(z) ** 2
    assert (sigmoid_derivative(z).max(), slope.max()) == (0.25, 1.0)
    assert sigmoid_derivative(z).min() > 0
    assert slope.min() > 0


def test_gradients_of_tanh_grow() -> None:
    """Erratum 15: with weights of N(0, 1) and 32 neurons they grow about 49-fold over ten layers; what f′ < 1 alone says would be less than 1."""
    (rows, y), *_ = load_traffic(split="day", return_X_y=True)
    some, growth = np.random.default_rng(1).permutation(len(y))[:128], []
    X, Y = standardised(rows.T, rows[some].T), one_hot(y[some], 3)
    for seed in range(10):
        W = initial_weights([5, *[32] * 9, 3], 1.0, np.random.default_rng(seed))
        z, a = forward(X, W, [np.zeros((len(w), 1)) for w in W], tanh, softmax)
        norms = [np.linalg.norm(g) for g in backward(Y, W, z, a, lambda z: 1 - np.tanh(z) ** 2, np.ones_like)[0]]
        growth.append(norms[0] / norms[-2])
    assert np.median(growth) == pytest.approx(49, rel=0.25)


def test_windows_by_counting() -> None:
    """The formula's width is the share of a fine grid on which |wσ′| is at least 1, and nowhere wider than 0.4477."""
    a = np.linspace(-1, 1, 200_001)
    for w in (4.5, 5.0, -6.894, 20.0, 100.0):
        s = sigmoid(w * a)
        assert explosion_window(w) == pytest.approx(2 * np.mean(abs(w) * s * (1 - s) >= 1), abs=2e-5)
    assert max(explosion_window(w) for w in np.linspace(4, 20, 1601)) == pytest.approx(0.4477, abs=5e-5)


def right(cell_start: str, label: str) -> str:
    """Return what a table of cures prints as right behind a label."""
    text = "\n".join(each for name, each in outputs().items() if name.startswith(cell_start))
    [found] = [each for each in text.splitlines() if each.startswith(label)]
    return found.partition("right")[2].lstrip(": ")


def accuracy(cell_start: str, label: str) -> tuple[float, float]:
    """Return the mean and standard deviation in such a line."""
    mean, sd = right(cell_start, label).split(" ± ")
    return float(mean), float(sd)


CURED = ("… batch normalisation", "… residual", "sigmoid, N(0, 1)", "sigmoid, 4 × Xavier", "tanh, Xavier", "ReLU, He")
NOT_CURED = ("sigmoid, Xavier", "… clipped at 1", "… layer normalisation")


@pytest.mark.parametrize("name", CURED)
def test_cures_of_vanishing(name: str) -> None:
    """The cures that the text names reach 0.9 over three seeds, with a small spread; four times Xavier comes close to it."""
    mean, sd = accuracy("the-cures-side-by-side", name)
    slow = name == "sigmoid, 4 × Xavier"  # one of its seeds is late
    assert mean > (0.87 if slow else 0.9)
    assert sd < (0.05 if slow else 0.02)


@pytest.mark.parametrize("name", NOT_CURED)
def test_no_cures_of_vanishing(name: str) -> None:
    """What the text says does nothing leaves the network at the majority, with every seed."""
    assert accuracy("the-cures-side-by-side", name) == (0.58, 0.0)


def test_cures_of_explosion() -> None:
    """Clipping and layer normalisation rescue ReLU; the penalty gives the same as nothing; weights of 0.01 stay at the majority."""
    cell = "and-against-explosion"
    assert accuracy(cell, "ReLU … clipped at 1")[0] > 0.85
    assert accuracy(cell, "ReLU … layer normalisation")[0] > 0.9
    assert right(cell, "ReLU … with penalty") == right(cell, "ReLU, N(0, 1), α = 0.001") == "luck decides"
    assert accuracy(cell, "ReLU, sd 0.01  ") == (0.58, 0.0)
    assert accuracy(cell, "ReLU … residual") == (0.0, 0.0)
    assert accuracy(cell, "ReLU, sd 0.01 … residual")[0] > 0.9
    assert accuracy(cell, "tanh … layer normalisation")[0] > 0.9
    assert right(cell, "tanh, N(0, 1)") == "luck decides"


def test_ten_layers_are_hardly_better_than_three() -> None:
    """The honest line: seven more layers bring less than one point."""
    three = accuracy("the-cures-side-by-side", "3 layers")[0]
    tables = [("the-cures-side-by-side", name) for name in CURED] + [
        ("and-against-explosion", "tanh … layer"),
        ("and-against-explosion", "ReLU, sd 0.01 …"),
    ]
    assert max(accuracy(*each)[0] for each in tables) < three + 0.01


DOCTOR = {
    ("sigmoid, Xavier", "plain"): "vanishing",
    ("sigmoid, Xavier", "residual"): "healthy",
    ("sigmoid, Xavier", "layer norm"): "vanishing",
    ("tanh, sd 1", "residual"): "exploding",
    ("tanh, sd 1", "layer norm"): "healthy",
    ("ReLU, sd 1", "residual"): "exploding",
    ("ReLU, sd 1", "layer norm"): "healthy",
    ("tanh, Xavier", "residual"): "healthy",
    ("ReLU, He", "plain"): "healthy",
    ("ReLU, He", "residual"): "exploding",
    ("ReLU, He", "layer norm"): "healthy",
    ("sigmoid, Xavier", "batch norm"): "healthy",
    ("tanh, Xavier", "batch norm"): "healthy",
    ("ReLU, sd 1", "batch norm"): "exploding",
    ("ReLU, He", "batch norm"): "exploding",
}


@pytest.mark.parametrize("patient", DOCTOR, ids=" ".join)
def test_what_a_cure_does_before_training(patient: tuple[str, str]) -> None:
    """Where residual and normalised layers help, where they do nothing, and where they do harm, in twenty layers."""
    start, way = patient
    assert line("before-a-single-step-where-do-they-help-4", f"{start:15} {way:10}").split()[1] == DOCTOR[patient]


@pytest.mark.parametrize("alpha", [0.01, 0.3, 10.0])
def test_no_learning_rate_helps(alpha: float) -> None:
    """Ten sigmoid layers with weights of 0.18 say "free flow" to every test sample after twenty epochs, whatever the rate."""
    (rows, y), _, (rows_67, y_67) = load_traffic(split="day", return_X_y=True)
    some, rng = np.random.default_rng(1).permutation(len(y))[:2000], np.random.default_rng(0)
    W = initial_weights([5, *[32] * 9, 3], 0.18, rng)
    batches = [index for _ in range(20) for index in minibatches(2000, 64, rng)]
    X, Y = standardised(rows.T, rows[some].T), one_hot(y[some], 3)
    W, b, _, _ = train_deep(X, Y, W, [np.zeros((len(w), 1)) for w in W], sigmoid, sigmoid_derivative, alpha, batches)
    said = forward(standardised(rows.T, rows_67.T), W, b, sigmoid, softmax)[1][-1].argmax(axis=0)
    assert set(said.tolist()) == {0}
    assert np.mean(y_67 == 0) == pytest.approx(0.580, abs=5e-4)


def test_probability_of_a_factor_above_1_by_drawing() -> None:
    """The 6.1e-6 of the window agrees with what is counted among weights above 4: their share is 6.33e-5, and one in ten of them exceeds 1."""
    rng = np.random.default_rng(6)
    tail = 2 * 3.167e-5  # P(|w| > 4)
    w = np.sqrt(16 + 2 * rng.exponential(size=4_000_000))  # |w| above 4, but for a factor 1/w in its density
    weight = 1 / w
    z = w * rng.random(w.size) + rng.standard_normal(w.size)
    s = sigmoid(z)
    share = np.sum(weight * (w * s * (1 - s) >= 1)) / np.sum(weight)
    assert tail * share == pytest.approx(6.13e-6, rel=0.02)
