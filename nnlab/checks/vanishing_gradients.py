"""Chapter 06, vanishing gradients: its exercises, declared as data."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from nnlab.activations import relu, relu_derivative, sigmoid, sigmoid_derivative, softmax, tanh
from nnlab.backpropagation import backward, central_differences, cross_entropy, optimize
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.forward_propagation import forward, init_params
from nnlab.languages import say
from nnlab.vanishing_gradients import (
    EPSILON,
    chain_factors,
    clipped,
    deep_start,
    diagnose,
    explosion_window,
    initial_std,
    layer_norm,
    layer_norm_grad,
    residual_backward,
    start_quality,
    train_deep,
)


def _tanh_grad(z: Any) -> Any:
    return 1 - np.tanh(z) ** 2


CHAIN_FACTORS = Exercise(
    reference=chain_factors,
    points=2,
    cases=(
        Case("the chain of S0: four layers", (np.array([0.5, -2.0, 3.0]), np.array([0.2, -1.0, 0.7, 1.5]), sigmoid_derivative)),
        Case("three layers, tanh", (np.array([1.5, -0.5]), np.array([0.3, 1.1, -0.8]), _tanh_grad)),
        Case("a single neuron", (np.array([]), np.array([0.4]), sigmoid_derivative)),
    ),
    properties=(
        Property(
            "with weights of at most 1, the product of four sigmoid factors is at most 1/256",
            lambda f: np.prod(f(np.array([1.0, -1.0, 1.0]), np.zeros(4), sigmoid_derivative)) == -1 / 256,
        ),
    ),
    misconceptions=(
        Misconception(
            "the product is returned, not its factors",
            lambda w, z, f_grad: float(np.prod(chain_factors(w, z, f_grad))),
            "How many factors has a chain of four layers? Return them one by one; the notebook multiplies them.",
        ),
        Misconception(
            "the weights are left out",
            lambda w, z, f_grad: f_grad(np.asarray(z)),
            "z2 = w2 a1 + b2. What is ∂z2/∂a1?",
        ),
        Misconception(
            "each weight stands beside the slope of the layer before it",
            lambda w, z, f_grad: np.append(w, 1.0) * f_grad(np.asarray(z)),
            "w2 joins layer 1 to layer 2. Beside which slope does the 1 stand, f′(z1) or f′(zL)?",
        ),
        Misconception(
            "the slope is taken at w z",
            lambda w, z, f_grad: f_grad(np.append(1.0, w) * np.asarray(z)),
            "z is the pre-activation already, weight and all. At what is f′ taken, and where does w go?",
        ),
        Misconception(
            "the first factor is left out",
            lambda w, z, f_grad: np.asarray(w) * f_grad(np.asarray(z)[1:]),
            "b1 reaches a1 through f(z1). Which slope is that?",
        ),
        Misconception(
            "these are the running products",
            lambda w, z, f_grad: np.cumprod(chain_factors(w, z, f_grad)),
            "One factor a layer, not yet multiplied.",
        ),
        Misconception(
            "the factors stand in reverse order",
            lambda w, z, f_grad: chain_factors(w, z, f_grad)[::-1],
            "z[0] is layer 1. Which factor comes first?",
        ),
        Misconception(
            "only the size of the weights counts",
            lambda w, z, f_grad: chain_factors(np.abs(w), z, f_grad),
            "The product can be negative. Which factor brings the sign?",
        ),
        Misconception(
            "a 0 stands before the weights",
            lambda w, z, f_grad: np.append(0.0, w) * f_grad(np.asarray(z)),
            "b1 reaches z1 unchanged. By which number is “unchanged” written in a product?",
        ),
        Misconception(
            "the slope is always that of the sigmoid",
            lambda w, z, f_grad: chain_factors(w, z, sigmoid_derivative),
            "`f_grad` is an argument. Where do you call it?",
        ),
    ),
    hints=(
        "Walk from b1 to aL. Each layer multiplies by its slope f′(z), and each connection by its weight.",
        "There are L slopes and L − 1 weights. The first slope has no weight before it: put a 1 in front of w.",
        "return (1 followed by w) times f_grad(z), element by element",
    ),
)


def _window(w: float, four: float = 4.0, width: float = 2.0) -> float:
    """Compute the window with another limit than 4, or another factor than 2."""
    size = abs(w)
    return 0.0 if size <= four else float(width / size * np.log(size * (1 + np.sqrt(max(0.0, 1 - 4 / size))) / 2 - 1))


def _only_positive(w: float) -> float:
    return explosion_window(w) if w > 0 else 0.0


EXPLOSION_WINDOW = Exercise(
    reference=explosion_window,
    points=3,
    cases=(
        Case("w = 5", (5.0,)),
        Case("a negative weight", (-6.894,)),
        Case("a large weight", (100.0,)),
        Case("a weight that is too small", (3.0,)),
        Case("exactly 4", (4.0,)),
        Case("no weight", (0.0,)),
    ),
    properties=(
        Property(
            "with w = 20, |w σ′(w a)| is 1 at the two edges of the window",
            lambda f: bool(np.isclose(20 * sigmoid_derivative(20 * f(20.0) / 2), 1)),
        ),
        Property("the window is nowhere wider than 0.45", lambda f: max(f(w) for w in np.linspace(-40, 40, 161)) < 0.45),
    ),
    misconceptions=(
        Misconception(
            "this is half the window",
            lambda w: _window(w, width=1.0),
            "σ′ falls to both sides of its top. Where is the other edge?",
        ),
        Misconception(
            "this is the width in z, not in a",
            lambda w: abs(w) * explosion_window(w),
            "z = w a + b. If z moves by 1, how far does a move?",
        ),
        Misconception(
            "a negative weight has no window",
            _only_positive,
            "The factor counts by its size, |w σ′|. Does the sign of w matter?",
        ),
        Misconception(
            "the window of a negative weight is negative",
            lambda w: float(np.sign(w)) * explosion_window(w),
            "Can a width be negative?",
        ),
        Misconception(
            "the limit is 2 instead of 4",
            lambda w: _window(w, four=2.0),
            "What is σ′ at its top? How large must |w| be, so that |w| times this is 1?",
        ),
        Misconception(
            "below 4 there is nothing defined",
            lambda w: float("nan") if abs(w) < 4 else explosion_window(w),
            "If no a makes the factor 1, how wide is the set of those that do?",
        ),
        Misconception(
            "the formula is used below 4, too",
            lambda w: 2 / abs(w) * np.log(abs(w) * (1 + np.sqrt(1 - 4 / abs(w))) / 2 - 1),
            "What is 1 − 4/|w| for |w| = 3, and what is its root?",
        ),
        Misconception(
            "the logarithm is that of the edge",
            lambda w: 0.0 if abs(w) <= 4 else float(2 / abs(w) * np.log((1 + np.sqrt(1 - 4 / abs(w))) / 2)),
            "The edge s is a value of σ. Which z has it? Look at ln(|w| s − 1).",
        ),
        Misconception(
            "below 4 the whole axis is a window",
            lambda w: 1.0 if abs(w) <= 4 else explosion_window(w),
            "For these weights no a makes the factor 1. How wide is an empty set?",
        ),
    ),
    hints=(
        "First the weights that never reach 1, whatever a is. Then the formula of the text.",
        "σ′ is at most 1/4, so |w| must be more than 4. Work with `size = abs(w)`; the logarithm is `np.log`, the root `np.sqrt`.",
        "if size is at most 4: 0; else 2 / size times log(size times (1 + root of (1 − 4 / size)) / 2 − 1)",
    ),
)

INITIAL_STD = Exercise(
    reference=initial_std,
    points=3,
    cases=(
        Case("tanh, 30 inputs, 20 neurons", (30, 20, "tanh")),
        Case("ReLU, 30 inputs, 20 neurons", (30, 20, "relu")),
        Case("sigmoid, 30 inputs, 20 neurons", (30, 20, "sigmoid")),
        Case("the first layer of the traffic network, ReLU", (5, 32, "relu")),
    ),
    probes=(Case("", (20, 30, "tanh")),),  # more neurons than inputs
    properties=(
        Property(
            "ReLU needs more than tanh where the layers are equally large: it lets half of the values through",
            lambda f: np.isclose(f(24, 24, "relu"), np.sqrt(2) * f(24, 24, "tanh")),
        ),
    ),
    misconceptions=(
        Misconception(
            "this is the variance, not the standard deviation",
            lambda n, m, activation: initial_std(n, m, activation) ** 2,
            "The rules are for the variance. What is asked for is its square root.",
        ),
        Misconception(
            "the sigmoid is treated like tanh",
            lambda n, m, activation: initial_std(n, m, "relu" if activation == "relu" else "tanh"),
            "σ′(0) = 1/4. What must the weights make up for?",
        ),
        Misconception(
            "inputs and neurons are exchanged",
            lambda n, m, activation: initial_std(m, n, activation),
            "z is a sum over the inputs. Which of the two numbers says how many terms it has?",
        ),
        Misconception(
            "every function gets He's rule",
            lambda n, m, activation: initial_std(n, m, "relu"),
            "He's factor 2 is for ReLU, which zeroes one half. Does tanh do that?",
        ),
        Misconception(
            "every function gets Xavier's rule",
            lambda n, m, activation: initial_std(n, m, "tanh"),
            "ReLU lets only half through, and the sigmoid only a quarter. Who makes up for it?",
        ),
        Misconception(
            "only the way forward is kept: √(1 / n)",
            lambda n, m, activation: float(np.sqrt((2 if activation == "relu" else 1) / n)) * (4 if activation == "sigmoid" else 1),
            "Xavier's rule is a compromise between forward, n, and backward, m. Where is m?",
        ),
        Misconception(
            "the factor 4 is under the root",
            lambda n, m, activation: initial_std(n, m, activation) / (2 if activation == "sigmoid" else 1),
            "Four times the standard deviation: how many times the variance is that?",
        ),
        Misconception(
            "this is the bound of a uniform distribution",
            lambda n, m, activation: initial_std(n, m, activation) * (1 if activation == "relu" else float(np.sqrt(3))),
            "√(6 / (n + m)) is how far a uniform draw may reach. What is its standard deviation?",
        ),
        Misconception(
            "the 4 of the sigmoid divides",
            lambda n, m, activation: initial_std(n, m, activation) / (16 if activation == "sigmoid" else 1),
            "Its slope is only ¼. Must the weights be larger or smaller to make up for it?",
        ),
        Misconception(
            "ReLU's rule has no root",
            lambda n, m, activation: 2 / n if activation == "relu" else initial_std(n, m, activation),
            "2 / n is the variance. What is asked for?",
        ),
        Misconception(
            "ReLU's rule asks for both sizes",
            lambda n, m, activation: initial_std(n, m, activation) if activation != "relu" else float(np.sqrt(4 / (n + m))),
            "He looks only at the way forward. Which size does a sum over the inputs have?",
        ),
        Misconception(
            "the brackets around n + m are missing",
            lambda n, m, activation: (
                initial_std(n, m, activation) if activation == "relu" else float(np.sqrt(2 / n + m)) * (4 if activation == "sigmoid" else 1)
            ),
            "What does Python compute first in `2 / n + m`?",
        ),
        Misconception(
            "the sigmoid is missing",
            lambda n, m, activation: {"tanh": initial_std(n, m, "tanh"), "relu": initial_std(n, m, "relu")}[activation],
            "Three functions may come. Which one does yours not know?",
        ),
    ),
    hints=(
        "Three rules, one for each function. All give a standard deviation, so a root comes last.",
        "Xavier: variance 2 / (n + m). He: variance 2 / n. For the sigmoid multiply Xavier's standard deviation by 4.",
        'if activation is "relu": root of 2 / inputs; else root of 2 / (inputs + neurons), times 4 if it is "sigmoid"',
    ),
)


def _diagnosis(
    order: Callable[[Any], Any] = np.asarray,
    small: float = 1e-4,
    last: int = -2,
    large: float = 1000.0,
    fall: float = 100.0,
    rise: float = 10.0,
    strict: bool = False,
) -> Any:
    """Build a wrong `diagnose`: which way it reads, what it calls small, with which layer it compares, what is large, a fall or a rise."""

    def wrong(norms: Any) -> str:
        norms = order(np.asarray(norms, dtype=float))
        if not norms.max() <= large:
            return "exploding"
        if norms.max() < small:
            return "small everywhere"
        first, other = norms[0], norms[last]
        if first <= other / fall and not (strict and first == other / fall):
            return "vanishing"
        return "exploding" if first >= rise * other and not (strict and first == rise * other) else "healthy"

    return wrong


def _halves(norms: Any) -> str:
    """Compare the sums of the two halves."""
    half = len(norms) // 2
    if not np.max(norms) <= 1000 or np.max(norms) < 1e-4:
        return diagnose(norms)
    return diagnose(np.array([np.sum(norms[:half]), np.sum(norms[half:]), 1.0]))


DIAGNOSE = Exercise(
    reference=diagnose,
    points=3,
    cases=(
        Case("sigmoid, Xavier", (np.array([2e-6, 1e-5, 1e-3, 0.05, 0.36, 1.3]),)),
        Case("tanh, weights N(0, 1)", (np.array([58.0, 45.0, 9.5, 1.2, 1.1]),)),
        Case("weights of 0.01: as flat as can be, and tiny", (np.array([4.4e-12, 4.2e-12, 4.2e-12, 4.7e-12]),)),
        Case("ReLU, weights N(0, 1): flat and huge", (np.array([1.7e5, 1.9e5, 2.3e5, 2.9e5]),)),
        Case("ReLU, He", (np.array([0.56, 1.7, 1.9, 1.5, 1.7]),)),
        Case("a large output layer", (np.array([0.3, 0.4, 0.5, 60.0]),)),
        Case("a tiny output layer", (np.array([0.3, 0.2, 0.1, 0.004]),)),
        Case("one number has overflowed", (np.array([0.2, np.inf, 0.3]),)),
        Case("nothing arrives", (np.array([0.0, 0.0, 0.5]),)),
    ),
    misconceptions=(
        Misconception(
            "only the ratio is looked at",
            _diagnosis(small=0.0, large=np.inf),
            "Four norms of 4·10⁻¹² have a ratio of 1. Would a network with such gradients learn?",
        ),
        Misconception(
            "the first layer is compared with the output layer",
            _diagnosis(last=-1),
            "The output layer has no f′ behind it. With which layer does the text compare?",
        ),
        Misconception(
            "the layers are read from the back",
            _diagnosis(order=lambda norms: np.append(norms[-2::-1], norms[-1])),
            "norms[0] belongs to the layer next to the input. Does its gradient vanish or explode here?",
        ),
        Misconception(
            "tiny gradients everywhere are called healthy",
            _diagnosis(small=0.0),
            "In which order do you ask? Norms of 10⁻¹² everywhere pass every question about ratios.",
        ),
        Misconception(
            "huge gradients everywhere are called healthy",
            _diagnosis(large=np.inf),
            "A step of the size 10⁵ in every layer: is that healthy, because it is the same in all layers?",
        ),
        Misconception(
            "one small layer is enough for “small everywhere”",
            lambda norms: (
                "small everywhere" if np.min(norms) < 1e-4 and np.all(np.isfinite(norms)) and np.max(norms) <= 1000 else diagnose(norms)
            ),
            "“All below 10⁻⁴”: which of the norms must be small, then?",
        ),
        Misconception(
            "a small fall is called vanishing",
            (_diagnosis(fall=2.0), _diagnosis(fall=10.0)),
            "At most a hundredth, says question 3. How many times smaller is yours?",
        ),
        Misconception(
            "only a rise of a hundred times is called exploding",
            (_diagnosis(rise=100.0), _diagnosis(rise=1000.0)),
            "At least ten times, says question 4. How many times larger is yours?",
        ),
        Misconception(
            "only a gradient of 0 is called vanishing",
            _diagnosis(fall=np.inf),
            "A first norm of 10⁻⁶ beside a last one of 0.4: would layer 1 learn?",
        ),
        Misconception(
            "at the limits the other answer is given",
            _diagnosis(strict=True),
            "Nothing arrives: first and last are both 0. What does “at most a hundredth” say to that?",
        ),
        Misconception(
            "halves of the network are compared",
            _halves,
            "Question 3 names two layers. Which are they?",
        ),
    ),
    probes=(  # a fall to a twentieth; a rise of thirty times, in the first layer alone
        Case("", (np.array([0.05, 0.2, 0.9, 1.0, 1.1]),)),
        Case("", (np.array([30.0, 1.0, 1.0, 1.0, 1.0]),)),
    ),
    hints=(
        "Four questions in the order of the text. The first that fits decides.",
        "`np.max(norms)` and `np.isfinite(norms).all()` answer the first two. `norms[0]` is the first layer, "
        "`norms[-2]` the last hidden one.",
        'if not all finite or largest above 1000: "exploding"; if largest below 1e-4: "small everywhere"; '
        'if first ≤ last / 100: "vanishing"; if first ≥ 10 last: "exploding"; else "healthy"',
    ),
)

_DRAW = np.random.RandomState(6)


def _some(*shape: int) -> Any:
    return _DRAW.uniform(-2, 2, shape).round(1)


DELTA, W_SQUARE, Z = _some(3, 2), _some(3, 3), _some(3, 2)


def _round(through: Any, around: Any = lambda delta_out, delta: delta_out, delta: Any = None) -> Any:
    """Build a wrong `residual_backward` from the two ways."""

    def wrong(delta_out: Any, W: Any, z: Any, f_grad: Any) -> Any:
        error = delta(delta_out, f_grad(z)) if delta else delta_out * f_grad(z)
        return through(W, error) + around(delta_out, error), error

    return wrong


def _residual_slopes(f: Any) -> bool:
    """Compare with measured slopes of Σ upstream · (a + tanh(W a + b))."""
    a, b = _DRAW_A, np.array([[0.3], [-0.2], [0.1]])
    measured = central_differences(lambda x: float(np.sum(DELTA * (x + np.tanh(W_SQUARE @ x + b)))), a)
    return np.allclose(f(DELTA, W_SQUARE, W_SQUARE @ a + b, _tanh_grad)[0], measured, rtol=1e-5, atol=1e-7)


_DRAW_A = _some(3, 2)

RESIDUAL_BACKWARD = Exercise(
    reference=residual_backward,
    points=4,
    returns=("back", "delta"),
    cases=(
        Case("three neurons, two samples, sigmoid", (DELTA, W_SQUARE, Z, sigmoid_derivative)),
        Case("as many samples as neurons, tanh", (_some(2, 2), _some(2, 2), _some(2, 2), _tanh_grad)),
        Case("a layer that does nothing yet: W = 0", (DELTA, np.zeros((3, 3)), Z, sigmoid_derivative)),
    ),
    properties=(
        Property(
            "with W = 0 the whole gradient goes round the layer",
            lambda f: np.array_equal(f(DELTA, 0 * W_SQUARE, Z, sigmoid_derivative)[0], DELTA),
        ),
        Property("it agrees with measured slopes", _residual_slopes),
    ),
    misconceptions=(
        Misconception(
            "the way round the layer is missing",
            _round(lambda W, error: W.T @ error, lambda delta_out, error: 0.0),
            "a(l) = a(l−1) + f(z). On how many ways does a(l−1) reach a(l)?",
        ),
        Misconception(
            "the way round is multiplied by f′",
            _round(lambda W, error: W.T @ error, lambda delta_out, error: error),
            "The way round does not pass f. Which slope has x ↦ x?",
        ),
        Misconception(
            "W is not transposed",
            _round(lambda W, error: W @ error),
            "Backwards, an error goes from the neurons to their inputs. Which shape of W does that?",
        ),
        Misconception(
            "f′ is left out",
            _round(lambda W, error: W.T @ error, delta=lambda delta_out, slope: delta_out),
            "The way through the layer passes f. Where is its slope?",
        ),
        Misconception(
            "the two ways are averaged",
            lambda delta_out, W, z, f_grad: ((W.T @ (delta_out * f_grad(z)) + delta_out) / 2, delta_out * f_grad(z)),
            "Chapter 04: a node is used twice. How do its two shares come together?",
        ),
        Misconception(
            "back and delta are returned in the wrong order",
            lambda delta_out, W, z, f_grad: residual_backward(delta_out, W, z, f_grad)[::-1],
            "Which of the two goes on to the layer before?",
        ),
        Misconception(
            "the way round is added before f′ and W",
            lambda delta_out, W, z, f_grad: (W.T @ (2 * delta_out * f_grad(z)), 2 * delta_out * f_grad(z)),
            "Draw the layer: where does the arrow that goes round it start, and where does it end?",
        ),
        Misconception(
            "what went round is added twice",
            _round(lambda W, error: W.T @ error, lambda delta_out, error: 2 * delta_out),
            "How many arrows go round the layer?",
        ),
        Misconception(
            "what went round is taken away",
            _round(lambda W, error: W.T @ error, lambda delta_out, error: -delta_out),
            "Shares of several ways are added (chapter 04). Which sign does yours have?",
        ),
        Misconception(
            "f′ is taken at delta_out",
            lambda delta_out, W, z, f_grad: (W.T @ (delta_out * f_grad(delta_out)) + delta_out, delta_out * f_grad(delta_out)),
            "The slope of f at which point did the signal pass on its way forward?",
        ),
        Misconception(
            "delta holds what went round, too",
            lambda delta_out, W, z, f_grad: (residual_backward(delta_out, W, z, f_grad)[0], delta_out * f_grad(z) + delta_out),
            "delta is the error at z. Does what goes round the layer pass z?",
        ),
    ),
    hints=(
        "Two ways lead from the layer's output back to its input. Each brings a share, and shares are added.",
        "Through the layer as in BP-2: times f′(z), then times Wᵀ. Round the layer: nothing happens to it.",
        "delta = delta_out times f_grad(z); back = transposed W times delta, plus delta_out; return both",
    ),
)


def _norm_grad(
    mean: bool = True,
    spread: bool = True,
    axis: int = 0,
    root: bool = True,
    wrong_n: bool = False,
    centre: Any = None,
    inner: Any = None,
    ddof: int = 0,
) -> Any:
    """Build a wrong `layer_norm_grad`: without one of its parts, along the other axis, with z in place of n, or with other means."""

    def wrong(delta: Any, z: Any) -> Any:
        variance = z.var(axis=axis, keepdims=True, ddof=ddof) + EPSILON
        n = z if wrong_n else (z - z.mean(axis=axis, keepdims=True)) / np.sqrt(variance)
        shift = centre(delta) if centre else delta.mean(axis=axis, keepdims=True)
        stretch = inner(delta, n) if inner else (delta * n).mean(axis=axis, keepdims=True)
        return (delta - mean * shift - spread * n * stretch) / (np.sqrt(variance) if root else variance)

    return wrong


def _norm_slopes(f: Any) -> bool:
    """Compare with measured slopes of Σ upstream · layer_norm(z)."""
    measured = central_differences(lambda z: float(np.sum(DELTA * layer_norm(z))), Z)
    return np.allclose(f(DELTA, Z), measured, rtol=1e-5, atol=1e-7)


LAYER_NORM_GRAD = Exercise(
    reference=layer_norm_grad,
    points=4,
    cases=(
        Case("three neurons, two samples", (DELTA, Z)),
        Case("four neurons, four samples", (_some(4, 4), _some(4, 4))),
        Case("one sample", (_some(5, 1), 3 * _some(5, 1))),
    ),
    properties=(
        Property("nothing is left that would move the mean of a sample", lambda f: np.allclose(f(DELTA, Z).sum(axis=0), 0)),
        Property("nothing is left that would move its spread", lambda f: np.allclose((f(DELTA, Z) * layer_norm(Z)).sum(axis=0), 0)),
        Property("it agrees with measured slopes", _norm_slopes),
    ),
    misconceptions=(
        Misconception(
            "delta is only divided by the spread",
            _norm_grad(mean=False, spread=False),
            "If all z of a sample grow by 1, what happens to n? And what does your gradient say?",
        ),
        Misconception(
            "what would move the spread is not taken out",
            _norm_grad(spread=False),
            "If all z of a sample are doubled, what happens to n? And what does your gradient say?",
        ),
        Misconception(
            "what would move the mean is not taken out",
            _norm_grad(mean=False),
            "If all z of a sample grow by 1, what happens to n? And what does your gradient say?",
        ),
        Misconception(
            "the means are over the samples",
            _norm_grad(axis=1),
            "A layer is normalised sample by sample. Along which axis do the neurons of one sample lie?",
        ),
        Misconception(
            "it is divided by the variance",
            _norm_grad(root=False),
            "n = (z − mean) / sd. By which of the two is z divided on the way forward?",
        ),
        Misconception(
            "z stands where n should",
            _norm_grad(wrong_n=True),
            "Which of the two has mean 0 and spread 1: z or n?",
        ),
        Misconception(
            "this is the way forward: layer_norm(delta)",
            lambda delta, z: layer_norm(delta),
            "By whose spread is the gradient divided: by that of delta or that of z?",
        ),
        Misconception(
            "a sum stands where the mean of delta · n should",
            _norm_grad(inner=lambda delta, n: (delta * n).sum(axis=0)),
            "With twice as many neurons, should twice as much be taken out?",
        ),
        Misconception(
            "the mean of delta is over everything",
            _norm_grad(centre=lambda delta: delta.mean()),
            "Each sample is normalised by itself. Which numbers belong to one sample?",
        ),
        Misconception(
            "the mean of delta is added",
            _norm_grad(centre=lambda delta: -delta.mean(axis=0)),
            "What would move the mean must be taken OUT. Which sign does that?",
        ),
        Misconception(
            "the spread has the divisor m − 1",
            _norm_grad(ddof=1),
            "`np.var` divides by the number of neurons. Which does the way forward use?",
        ),
        Misconception(
            "n is missing in the second mean",
            _norm_grad(inner=lambda delta, n: delta.mean(axis=0)),
            "The formula has the mean of delta times n. Which of the two did you average?",
        ),
        Misconception(
            "it is not divided by the spread",
            lambda delta, z: layer_norm_grad(delta, z) * np.sqrt(z.var(axis=0) + EPSILON),
            "n = (z − mean) / sd. If sd is 100, how much of a change of z arrives at n?",
        ),
    ),
    hints=(
        "What would move the mean or the spread of a sample must not pass: normalising takes it away again.",
        "With n = layer_norm(z): subtract from delta its mean, and n times the mean of delta · n. All means are over the neurons, axis 0. "
        "Then divide by the spread of z.",
        "return (delta − mean of delta − n times mean of (delta times n)) over root of (variance of z + 1e-12)",
    ),
)

LONG = [np.array([[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]]), np.array([[12.0]]), np.array([0.5, -0.5])]
SHORT = [0.01 * g for g in LONG]


def _norm(gradients: Any) -> float:
    return float(np.sqrt(sum(float(np.square(g).sum()) for g in gradients)))


def _direction(gradients: Any) -> Any:
    return np.concatenate([np.ravel(g) for g in gradients]) / _norm(gradients)


def _factor(factor: Callable[[Any, float], float]) -> Any:
    """Build a wrong `clipped` from its one factor."""
    return lambda gradients, limit: [factor(gradients, limit) * g for g in gradients]


CLIPPED = Exercise(
    reference=clipped,
    points=3,
    cases=(
        Case("three gradients, together too long", (LONG, 2.0)),
        Case("short enough", (SHORT, 2.0)),
        Case("exactly at the limit", ([np.array([[3.0]]), np.array([[0.0, 4.0]])], 5.0)),
        Case("nothing but zeros", ([np.zeros((2, 2)), np.zeros(3)], 1.0)),
    ),
    properties=(
        Property("a long gradient is as long as the limit afterwards", lambda f: bool(np.isclose(_norm(f(LONG, 0.7)), 0.7))),
        Property("its direction stays: one factor for all", lambda f: np.allclose(_direction(f(LONG, 0.7)), _direction(LONG))),
    ),
    misconceptions=(
        Misconception(
            "each gradient is clipped by itself",
            lambda gradients, limit: [clipped([g], limit)[0] for g in gradients],
            "The step is one arrow through all weights. Does its direction stay, if each layer gets a factor of its own?",
        ),
        Misconception(
            "each value is clipped by itself",
            lambda gradients, limit: [np.clip(g, -limit, limit) for g in gradients],
            "Clipping values bends the arrow. What has to be multiplied, so that it only becomes shorter?",
        ),
        Misconception(
            "short gradients are made longer",
            _factor(lambda gradients, limit: limit / _norm(gradients) if _norm(gradients) > 0 else 1.0),
            "A limit is a largest length. What should happen to an arrow that is short enough?",
        ),
        Misconception(
            "the factor is divided by the squared length",
            (
                _factor(lambda gradients, limit: min(1.0, limit / max(1e-300, _norm(gradients) ** 2))),
                _factor(lambda gradients, limit: limit / _norm(gradients) ** 2 if _norm(gradients) > limit else 1.0),
            ),
            "The length is the root of the sum of squares. Where is the root?",
        ),
        Misconception(
            "the lengths of the gradients are added",
            _factor(lambda gradients, limit: min(1.0, limit / max(1e-300, sum(float(np.linalg.norm(g)) for g in gradients)))),
            "Arrows of 3 and 4 at a right angle: how long are they together?",
        ),
        Misconception(
            "the longest gradient decides",
            _factor(lambda gradients, limit: min(1.0, limit / max(1e-300, max(float(np.linalg.norm(g)) for g in gradients)))),
            "The limit is for all gradients together. Are the others of length 0?",
        ),
        Misconception(
            "nothing divided by nothing",
            lambda gradients, limit: [g * (min(1.0, limit / _norm(gradients)) if _norm(gradients) else np.nan) for g in gradients],
            "What is the factor, if all gradients are 0?",
        ),
        Misconception(
            "nothing is shortened",
            lambda gradients, limit: [1.0 * g for g in gradients],
            "How long are the gradients together, before and after?",
        ),
        Misconception(
            "the new length is 1, whatever the limit",
            _factor(lambda gradients, limit: 1 / _norm(gradients) if _norm(gradients) > limit else 1.0),
            "How long should an arrow be that was too long?",
        ),
    ),
    hints=(
        "One arrow, not L arrows: all gradients together have one length, and get one factor.",
        "The length of all is √Σ‖g‖². Only if it is above the limit, the factor is limit / length; else it is 1.",
        "norm = root of the sum over g of (g²).sum(); factor = limit / norm if norm > limit else 1; return [factor times g for each g]",
    ),
)

# A small deep network, uneven, and six batches of which no two are alike
_NET = np.random.RandomState(61)
SIZES = (3, 4, 2, 3)
W_NET, B_NET = init_params(SIZES, _NET)
X_NET, Y_NET = _NET.standard_normal((3, 7)).round(2), np.eye(3)[:, [0, 2, 1, 1, 0, 2, 0]]
BATCHES = [np.array([0, 1, 2]), np.array([6]), np.array([3, 4, 5, 2]), np.array([1, 5])]


def _trained(
    clip: Any = None,
    look: str = "before",
    cost: str = "batch",
    norm: Any = np.linalg.norm,
    step: Any = optimize,
    whole: bool = False,
    sigmoid_always: bool = False,
    norm_of: str = "dW",
    slope_at_the_end: bool = False,
) -> Any:
    """Build a wrong `train_deep` from its parts."""

    def both(dW: Any, db: Any, limit: float) -> Any:
        short = clipped([*dW, *db], limit)
        return short[: len(dW)], short[len(dW) :]

    def wrong(X: Any, Y: Any, W: Any, b: Any, f: Any, f_grad: Any, alpha: float, batches: Any, limit: Any = None) -> Any:
        W, b, costs, norms = list(W), list(b), [], []
        f, f_grad = (sigmoid, sigmoid_derivative) if sigmoid_always else (f, f_grad)
        for index in batches:
            index = np.arange(X.shape[1]) if whole else index
            z, a = forward(X[:, index], W, b, f, softmax)
            dW, db = backward(Y[:, index], W, z, a, f_grad, f_grad if slope_at_the_end else np.ones_like)
            raw = dW if norm_of == "dW" else db
            if limit is not None:
                dW, db = (clip or both)(dW, db, limit)
            norms.append(np.array([norm(g) for g in (raw if look == "before" else dW)]))
            costs.append(cross_entropy(z[-1], Y[:, index]))
            W, b = step(W, b, dW, db, alpha)
            if cost == "after":
                costs[-1] = cross_entropy(forward(X[:, index], W, b, f, softmax)[0][-1], Y[:, index])
            elif cost == "all":
                costs[-1] = cross_entropy(forward(X, W, b, f, softmax)[0][-1], Y)
        return W, b, costs, norms

    return wrong


def _learns(f: Any) -> bool:
    """Tell whether the cost of one batch, taken sixty times, falls to less than a half."""
    costs = f(X_NET, Y_NET, W_NET, B_NET, np.tanh, _tanh_grad, 0.5, [np.arange(7)] * 60)[2]
    return costs[-1] < 0.5 * costs[0]


def _steps_short(f: Any) -> bool:
    """Tell whether a step with limit 0.01 and α = 1 is 0.01 long, over weights and biases together."""
    W, b, *_ = f(X_NET, Y_NET, W_NET, B_NET, np.tanh, _tanh_grad, 1.0, BATCHES[:1], 0.01)
    return bool(np.isclose(_norm([new - old for new, old in zip((*W, *b), (*W_NET, *B_NET), strict=True)]), 0.01))


TRAIN_DEEP = Exercise(
    reference=train_deep,
    points=5,
    returns=("W", "b", "costs", "norms"),
    cases=(
        Case("four batches, tanh", (X_NET, Y_NET, W_NET, B_NET, np.tanh, _tanh_grad, 0.3, BATCHES)),
        Case("the same, clipped at 0.2", (X_NET, Y_NET, W_NET, B_NET, np.tanh, _tanh_grad, 0.3, BATCHES, 0.2)),
        Case("a limit that is never reached", (X_NET, Y_NET, W_NET, B_NET, np.sin, np.cos, 1.0, BATCHES[:2], 100.0)),
        Case("no batch at all", (X_NET, Y_NET, W_NET, B_NET, np.tanh, _tanh_grad, 0.3, [])),
    ),
    properties=(
        Property("a step with limit 0.01 and α = 1 is 0.01 long, weights and biases together", _steps_short),
        Property("the cost of one batch, taken sixty times, falls to less than a half", _learns),
    ),
    misconceptions=(
        Misconception(
            "the limit is not used",
            _trained(clip=lambda dW, db, limit: (dW, db)),
            "What is `limit` for? `clipped` takes it.",
        ),
        Misconception(
            "weights and biases are clipped one by one",
            _trained(clip=lambda dW, db, limit: (clipped(dW, limit), clipped(db, limit))),
            "The step is one arrow through all parameters. How long is it, if each half may be as long as the limit?",
        ),
        Misconception(
            "only the weights are clipped",
            _trained(clip=lambda dW, db, limit: (clipped(dW, limit), db)),
            "The biases take a step too. Who holds it back?",
        ),
        Misconception(
            "the norms are those after clipping",
            _trained(look="after"),
            "You want to see whether gradients explode. Can you, after they were cut?",
        ),
        Misconception(
            "the cost is that after the step",
            _trained(cost="after"),
            "The first cost should tell how the network stood at the start. Have the weights moved by then?",
        ),
        Misconception(
            "the cost is that of all samples",
            _trained(cost="all"),
            "Here the cost is that of the batch, which comes for free: its z is there already.",
        ),
        Misconception(
            "every step takes all samples",
            _trained(whole=True),
            "Which columns of X and Y belong to a batch?",
        ),
        Misconception(
            "f is always the sigmoid",
            _trained(sigmoid_always=True),
            "`f` and `f_grad` are arguments. Does `forward` know of them?",
        ),
        Misconception(
            "the norms are squared",
            _trained(norm=lambda g: np.square(g).sum()),
            "‖dW‖ is the root of the sum of squares.",
        ),
        Misconception(
            "the step goes with the gradient",
            _trained(step=lambda W, b, dW, db, alpha: optimize(W, b, dW, db, -alpha)),
            "The gradient points to where the cost grows. Which way do you step?",
        ),
        Misconception(
            "the biases never move",
            _trained(step=lambda W, b, dW, db, alpha: (optimize(W, b, dW, db, alpha)[0], b)),
            "What does the network learn its biases from?",
        ),
        Misconception(
            "only the first batch is used",
            lambda X, Y, W, b, f, f_grad, alpha, batches, limit=None: train_deep(X, Y, W, b, f, f_grad, alpha, batches[:1], limit),
            "How many costs should come back? What ends the loop?",
        ),
        Misconception(
            "the norms are those of the biases",
            _trained(norm_of="db"),
            "‖dW‖ tells what the weights get. Which of the two lists do you walk over?",
        ),
        Misconception(
            "the error of the output has a slope in it",
            _trained(slope_at_the_end=True),
            "With softmax and cross-entropy the output's error is a − y. Which slope leaves it as it is?",
        ),
    ),
    hints=(
        "The loop of chapter 05, with one list more. For each batch: forward, backward, write down, shorten, step.",
        "`forward(X[:, index], W, b, f, softmax)`, `backward(Y[:, index], W, z, a, f_grad, np.ones_like)`, "
        "`cross_entropy(z[-1], Y[:, index])`. Clip the list `dW + db` as one, then take it apart again at `len(W)`.",
        "for index in batches: z, a = forward; dW, db = backward; note the cost and the norms of dW; "
        "if limit is not None: both = clipped(dW + db, limit), dW = first L of both, db = the rest; W, b = optimize",
    ),
    cpu=20,
    call=30,
)

# Standardised samples, and a label that depends on them
_START = np.random.RandomState(62)
X_START = _START.standard_normal((5, 96))
Y_START = np.eye(3)[:, np.digitize(X_START[0] + X_START[1], [-0.6, 0.6])]
FUNCTIONS: dict[str, tuple[Any, Any]] = {
    "sigmoid": (sigmoid, sigmoid_derivative),
    "tanh": (tanh, _tanh_grad),
    "relu": (relu, relu_derivative),
}
DEEP = [5, *[24] * 15, 3]


def _kind(start: Any) -> list[Any]:
    """Say what a start is made of: the shapes of its arrays, whether all are finite, and whether the neurons of a layer differ."""
    W, b = start
    arrays = [np.asarray(each, dtype=float) for each in (*W, *b)]
    finite = all(np.isfinite(each).all() for each in arrays)
    differ = all(np.ptp(each, axis=0).max() > 0 for each in arrays[: len(W)])
    return [
        *(list(each.shape) for each in arrays),
        say("finite numbers" if finite else "numbers that are not finite"),
        say("neurons that differ" if differ else "neurons that are all alike"),
    ]


def _quality(f: Any, activation: str) -> tuple[float, float, float]:
    """Measure a start for sixteen layers."""
    W, b = f(X_START, DEEP, activation, np.random.default_rng(63))
    return start_quality(W, b, X_START, Y_START, *FUNCTIONS[activation])


def _steady(f: Any, activation: str, least: float, most: float, spread: tuple[float, float] = (0.0, np.inf)) -> bool:
    ratio, sd, _ = _quality(f, activation)
    return least <= ratio <= most and spread[0] <= sd <= spread[1]


def _drawn(std: Callable[[int, int], float], samples: bool = False) -> Any:
    """Build a start with weights of another standard deviation, and no biases."""

    def wrong(X: Any, sizes: Any, activation: str, rng: Any) -> Any:
        W = [std(n, m) * rng.standard_normal((m, n)) for n, m in pairwise(sizes)]
        return W, [np.zeros((len(weights), 1)) for weights in W]

    return wrong


DEEP_START = Exercise(
    reference=deep_start,
    points=7,
    returns=("W", "b"),
    judge=_kind,
    cases=(
        Case("four layers, tanh", (X_START[:, :10], [5, 7, 4, 6, 3], "tanh", np.random.default_rng(64))),
        Case("three layers, sigmoid", (X_START[:, :10], [5, 6, 4, 3], "sigmoid", np.random.default_rng(65))),
        Case("two layers, ReLU", (X_START[:, :10], [5, 8, 3], "relu", np.random.default_rng(66))),
    ),
    properties=(
        Property(
            "tanh, 16 layers: the first layer's gradient is between 1/30 and 30 times that of the last hidden layer",
            lambda f: _steady(f, "tanh", 1 / 30, 30),
            "A layer sums over all neurons below it. What standard deviation keeps that sum as large as one of them?",
        ),
        Property(
            "ReLU, 16 layers: the same between 1/100 and 30, and the activations of the last hidden layer spread by 0.01 to 100",
            lambda f: _steady(f, "relu", 1 / 100, 30, (0.01, 100)),
            "ReLU makes one half of the values 0. What do the weights have to make up for?",
        ),
        Property(
            "sigmoid, 16 layers: the first layer gets more than 10⁻⁷ of the gradient",
            lambda f: _steady(f, "sigmoid", 1e-7, 1e3),
            "The slope of the sigmoid is ¼ at most. How much larger must its weights be than those of tanh?",
        ),
    ),
    misconceptions=(
        Misconception(
            "the neurons of a layer start equal",
            _drawn(lambda n, m: 0.0),
            "Chapter 04, the last section: what do neurons that start equal become?",
        ),
        Misconception(
            "the matrices are transposed",
            (
                lambda X, sizes, activation, rng: (
                    [w.T for w in deep_start(X, sizes, activation, rng)[0]],
                    deep_start(X, sizes, activation, rng)[1],
                ),
                lambda X, sizes, activation, rng: (
                    [w.T for w in deep_start(X, sizes, activation, rng)[0]],
                    [np.zeros((n, 1)) for n in sizes[:-1]],
                ),
            ),
            "W(l) has a row for each neuron and a column for each input. Which of sizes[l], sizes[l + 1] comes first?",
        ),
        Misconception(
            "the biases are flat",
            lambda X, sizes, activation, rng: (
                deep_start(X, sizes, activation, rng)[0],
                [each.ravel() for each in deep_start(X, sizes, activation, rng)[1]],
            ),
            "A bias is added to every column of W @ a. Which shape must it have?",
        ),
        Misconception(
            "the last layer is missing",
            lambda X, sizes, activation, rng: deep_start(X, sizes[:-1], activation, rng),
            "`sizes` holds the inputs, too. How many layers lie between its entries?",
        ),
        Misconception(
            "the sigmoid is missing",
            lambda X, sizes, activation, rng: deep_start(X, sizes, {"tanh": "tanh", "relu": "relu"}[activation], rng),
            "Three functions may come. Which one does yours not know?",
        ),
    ),
    hints=(
        "Follow one layer: what keeps the size of its activations, and of the error that goes back? For tanh and ReLU you have the rule.",
        "σ(z) = ½ + ½ tanh(z/2). Weights four times as large make up for the slope ¼. "
        "But its activations have the mean ½, and so each sum of inputs is shifted. Which bias takes that away?",
        "W = initial_std(...) times random numbers; for the sigmoid, in all layers but the first, b = −½ times the row sums of W; else 0",
    ),
    cpu=20,
    call=30,
)

CHAPTER = Chapter(
    name="06_vanishing_gradients",
    title="06 Vanishing gradients",
    exercises=(
        CHAIN_FACTORS,
        EXPLOSION_WINDOW,
        DIAGNOSE,
        CLIPPED,
        TRAIN_DEEP,
        INITIAL_STD,
        RESIDUAL_BACKWARD,
        LAYER_NORM_GRAD,
        DEEP_START,
    ),
    data=("traffic.csv",),
)
