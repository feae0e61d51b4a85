"""Chapter 07, overfitting: its exercises, declared as data."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlab.activations import relu, relu_derivative, sigmoid, sigmoid_derivative, softmax
from nnlab.backpropagation import backward, central_differences, cross_entropy, one_hot, optimize
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.forward_propagation import forward
from nnlab.languages import say
from nnlab.overfitting import (
    TEN_T,
    TEN_X,
    bias_variance,
    dropout,
    early_stopping,
    l2_gradients,
    l2_objective,
    polynomial_features,
    ridge,
    robust_states,
    shift_image,
    shift_images,
    train_regularised,
)
from nnlab.traffic_classifier import standardised
from nnlab.vanishing_gradients import initial_weights

FEW = np.array([2.0, -1.0, 0.5])

POLYNOMIAL_FEATURES = Exercise(
    reference=polynomial_features,
    points=2,
    cases=(
        Case("three points, up to x²", (FEW, 2)),
        Case("two points, up to x⁴", (np.array([3.0, -2.0]), 4)),
        Case("degree 0", (np.array([0.0, 5.0, 7.0, -1.0]), 0)),
    ),
    properties=(Property("at x = 1 every power is 1", lambda f: np.array_equal(f(np.ones(3), 5), np.ones((6, 3)))),),
    misconceptions=(
        Misconception(
            "the row of ones is missing",
            lambda x, degree: np.array([x**k for k in range(1, degree + 1)]),
            "w₀ is a weight, too. Which feature does it multiply?",
        ),
        Misconception(
            "each sample is a row",
            lambda x, degree: np.vander(x, degree + 1, increasing=True),
            "Columns are samples. How many columns are there?",
        ),
        Misconception(
            "the highest power comes first",
            lambda x, degree: np.vander(x, degree + 1).T,
            "Row j belongs to w_j. Which power does w₀ multiply?",
        ),
        Misconception(
            "the highest power is missing",
            lambda x, degree: np.array([x**k for k in range(degree)]),
            "`range(M)` ends at M − 1. How many powers are there from 0 to M?",
        ),
        Misconception(
            "x is multiplied by the power's number",
            lambda x, degree: np.array([x * k for k in range(degree + 1)]),
            "What is 2³, and what is 2 · 3?",
        ),
        Misconception(
            "there is one power too many",
            lambda x, degree: polynomial_features(x, degree + 1),
            "Which power is the highest that is asked for?",
        ),
        Misconception(
            "the power's number is raised to x",
            lambda x, degree: np.array([np.power(float(k), x) for k in range(degree + 1)]),
            "x³ is x · x · x. Which of the two is the base?",
        ),
        Misconception(
            "it ends with x²",
            lambda x, degree: polynomial_features(x, 2)[: degree + 1],
            "`degree` may be 9. What makes as many rows as it says?",
        ),
        Misconception(
            "every power is one too high",
            lambda x, degree: polynomial_features(x, degree + 1)[1:],
            "Row 0 belongs to w₀. Which power of x is 1 for every x?",
        ),
    ),
    hints=(
        "Row j holds x to the power j, for all samples. j runs from 0 to the degree.",
        "`x**j` works on the whole array. Make a list of rows, then `np.array(...)`. How far must `range` go?",
        "return np.array([x to the power j for j in range(degree + 1)])",
    ),
)

NARROW = np.array([[1.0, 1.0, 1.0, 1.0], [0.5, -1.0, 2.0, 1.5]])
AIMS = np.array([1.0, 3.0, -2.0, 0.5])


def _normal(scale: Any = lambda penalty, X: penalty, spare: bool = False) -> Any:
    """Build a wrong `ridge` from the normal equations: what stands on the diagonal, and whether the first weight is free."""

    def wrong(X: Any, t: Any, penalty: Any = 0.0) -> Any:
        pull = np.sqrt(scale(penalty, X)) * np.eye(len(X))
        pull[0, 0] *= not spare
        return np.linalg.lstsq(np.vstack([X.T, pull]), np.append(t, np.zeros(len(X))), rcond=None)[0]

    return wrong


RIDGE = Exercise(
    reference=ridge,
    points=3,
    cases=(
        Case("a line through four points", (NARROW, AIMS, 2.0)),
        Case("no penalty", (NARROW, AIMS, 0.0)),
        Case("the ten points, M = 9, no penalty", (polynomial_features(TEN_X, 9), TEN_T, 0.0)),
        Case("three weights, two points", (np.array([[1.0, 1.0], [2.0, -1.0], [0.5, 3.0]]), np.array([1.0, -2.0]), 0.25)),
    ),
    properties=(
        Property(
            "the higher the price, the shorter the weights",
            lambda f: np.linalg.norm(f(NARROW, AIMS, 10.0)) < np.linalg.norm(f(NARROW, AIMS, 1.0)) < np.linalg.norm(f(NARROW, AIMS, 0.1)),
        ),
        Property("without a price the errors are at right angles to every feature", lambda f: _square(f)),
    ),
    misconceptions=(
        Misconception(
            "λ is squared",
            _normal(lambda penalty, X: penalty**2),
            "A row of √λ times w, squared, gives λ w². What does a row of λ give?",
        ),
        Misconception(
            "the root of λ is taken twice",
            _normal(lambda penalty, X: np.sqrt(penalty)),
            "In (Xᵀ)ᵀXᵀ + λI it is λ; in the appended rows it is √λ. Which of the two ways do you go?",
        ),
        Misconception(
            "λ is halved",
            _normal(lambda penalty, X: penalty / 2),
            "Both terms carry a ½. What is left of it when the derivative is set to 0?",
        ),
        Misconception(
            "λ is multiplied by the number of samples",
            _normal(lambda penalty, X: penalty * X.shape[1]),
            "½‖t − Xᵀw‖² is a sum over the samples, not a mean. Does m come in anywhere?",
        ),
        Misconception(
            "w₀ is free",
            _normal(spare=True),
            "S2 sums λ/2 · w_j² over all j. Does it spare w₀?",
        ),
        Misconception(
            "the normal equations lose half the digits",
            lambda X, t, penalty=0.0: np.linalg.solve(X @ X.T + penalty * np.eye(len(X)), X @ t),
            "X Xᵀ squares what is large and what is small. Which way to the least squares does not build that product?",
        ),
        Misconception(
            "the penalty is left out",
            lambda X, t, penalty=0.0: np.linalg.lstsq(X.T, t, rcond=None)[0],
            "What should happen to the weights when λ is 1000?",
        ),
        Misconception(
            "all that `lstsq` returns is returned",
            lambda X, t, penalty=0.0: np.linalg.lstsq(
                np.vstack([X.T, np.sqrt(penalty) * np.eye(len(X))]), np.append(t, np.zeros(len(X))), rcond=None
            ),
            "`lstsq` returns four things. Which of them are the weights?",
        ),
        Misconception(
            "the new rows ask the weights to be 1",
            lambda X, t, penalty=0.0: np.linalg.lstsq(
                np.vstack([X.T, np.sqrt(penalty) * np.eye(len(X))]), np.append(t, np.ones(len(X))), rcond=None
            )[0],
            "λ/2 · w² is smallest at which w? That is the target of the new rows.",
        ),
        Misconception(
            "λ is divided by the number of samples",
            _normal(lambda penalty, X: penalty / X.shape[1]),
            "½‖t − Xᵀw‖² is a sum over the samples, not a mean. Does m come in anywhere?",
        ),
        Misconception(
            "the mean is taken from the targets",
            lambda X, t, penalty=0.0: ridge(X, t - t.mean(), penalty),
            "The row of ones is there for the height of the curve. Who else takes it away?",
        ),
        Misconception(
            "small singular values are cut off",
            (
                lambda X, t, penalty=0.0: np.linalg.lstsq(
                    np.vstack([X.T, np.sqrt(penalty) * np.eye(len(X))]), np.append(t, np.zeros(len(X))), rcond=1e-4
                )[0],
                lambda X, t, penalty=0.0: np.linalg.lstsq(
                    np.vstack([X.T, np.sqrt(penalty) * np.eye(len(X))]), np.append(t, np.zeros(len(X))), rcond=1e-8
                )[0],
            ),
            "That is a penalty of another kind. Which `rcond` keeps all that floats can tell?",
        ),
    ),
    probes=(Case("", (np.array([np.ones(4), 1e-9 * np.arange(4)]), np.arange(4.0))),),  # a singular value that is small and counts
    hints=(
        "A price on the weights acts like more data: for each weight a sample that asks it to be 0.",
        "Append √λ times the unit matrix below Xᵀ, and as many zeros to t. Then it is plain least squares: `np.linalg.lstsq`.",
        "return np.linalg.lstsq(Xᵀ above √λ · eye, t followed by zeros, rcond=None)[0]",
    ),
)


def _square(f: Any) -> bool:
    return bool(np.allclose(NARROW @ (AIMS - NARROW.T @ f(NARROW, AIMS, 0.0)), 0))


MATRICES = [np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]]), np.array([[2.0, -0.5]])]
SLOPES = [np.array([[0.5, 0.25, -1.0], [1.5, -0.75, 2.0]]), np.array([[-1.0, 0.125]])]

L2_OBJECTIVE = Exercise(
    reference=l2_objective,
    points=2,
    cases=(
        Case("two layers, five samples", (0.7, MATRICES, 3.0, 5)),
        Case("one layer, one sample", (1.25, MATRICES[1:], 0.5, 1)),
        Case("no price", (0.7, MATRICES, 0.0, 8)),
    ),
    properties=(
        Property("twice the price costs twice as much more", lambda f: np.isclose(f(0, MATRICES, 2.0, 7), 2 * f(0, MATRICES, 1.0, 7))),
    ),
    misconceptions=(
        Misconception(
            "the ½ is missing",
            lambda cost, W, penalty, samples: cost + penalty / samples * sum(np.sum(w**2) for w in W),
            "The 2 of the exponent comes down in the derivative. What is there to meet it?",
        ),
        Misconception(
            "the number of samples is missing",
            lambda cost, W, penalty, samples: cost + penalty / 2 * sum(np.sum(w**2) for w in W),
            "That is the form of S1 and S3. Where does S0 have its m?",
        ),
        Misconception(
            "the norm is not squared",
            lambda cost, W, penalty, samples: cost + penalty / (2 * samples) * sum(np.sqrt(np.sum(w**2)) for w in W),
            "‖W‖² is the sum of all squares. Is a root left?",
        ),
        Misconception(
            "absolute values stand in place of squares",
            lambda cost, W, penalty, samples: cost + penalty / (2 * samples) * sum(np.sum(np.abs(w)) for w in W),
            "That is L1. What does the 2 in L2 stand for?",
        ),
        Misconception(
            "the squares are averaged",
            lambda cost, W, penalty, samples: cost + penalty / (2 * samples) * sum(np.mean(w**2) for w in W),
            "‖W‖² is a sum. Should a wide layer cost less for each weight than a narrow one?",
        ),
        Misconception(
            "only the first layer pays",
            lambda cost, W, penalty, samples: cost + penalty / (2 * samples) * np.sum(W[0] ** 2),
            "The sum runs over l. How many layers are there?",
        ),
        Misconception(
            "the penalty is taken away",
            lambda cost, W, penalty, samples: cost - penalty / (2 * samples) * sum(np.sum(w**2) for w in W),
            "We make the objective small. Should large weights make it smaller?",
        ),
        Misconception(
            "the brackets around 2m are missing",
            lambda cost, W, penalty, samples: cost + penalty / 2 * samples * sum(np.sum(w**2) for w in W),
            "What does Python compute first in `penalty / 2 * samples`?",
        ),
        Misconception(
            "this is the penalty alone",
            lambda cost, W, penalty, samples: l2_objective(0.0, W, penalty, samples),
            "What would a network learn that only has to keep its weights small?",
        ),
        Misconception(
            "only the last layer pays",
            lambda cost, W, penalty, samples: l2_objective(cost, W[-1:], penalty, samples),
            "The sum runs over l. Does each round of your loop add, or replace?",
        ),
        Misconception(
            "the weights are summed before they are squared",
            lambda cost, W, penalty, samples: cost + penalty / (2 * samples) * sum(np.sum(w) ** 2 for w in W),
            "Weights of 3 and −3: are they free?",
        ),
        Misconception(
            "this is the spectral norm",
            lambda cost, W, penalty, samples: cost + penalty / (2 * samples) * sum(float(np.linalg.norm(w, 2)) ** 2 for w in W),
            "‖W‖² is the sum of all squares. What does `np.linalg.norm(w, 2)` compute of a matrix?",
        ),
    ),
    hints=(
        "Sum the squares of all weights of all layers, times the factor in front, plus the cost.",
        "`np.sum(w**2)` is ‖w‖² of one layer. The factor is λ/(2m). Biases are not in W.",
        "return cost + penalty / (2 · samples) · sum of np.sum(w**2) over the layers",
    ),
)


def _priced(step: Any) -> Any:
    return lambda dW, W, penalty, samples: [step(g, w, penalty, samples) for g, w in zip(dW, W, strict=True)]


def _is_slope(f: Any) -> bool:
    at = MATRICES[0]
    measured = central_differences(lambda w: l2_objective(0.0, [w, MATRICES[1]], 3.0, 5), at)
    return bool(np.allclose(f([np.zeros_like(w) for w in MATRICES], MATRICES, 3.0, 5)[0], measured, atol=1e-7))


L2_GRADIENTS = Exercise(
    reference=l2_gradients,
    points=2,
    cases=(
        Case("two layers, five samples", (SLOPES, MATRICES, 3.0, 5)),
        Case("one layer, one sample", (SLOPES[1:], MATRICES[1:], 0.5, 1)),
        Case("no price", (SLOPES, MATRICES, 0.0, 8)),
    ),
    properties=(Property("it is the measured slope of `l2_objective`", _is_slope),),
    misconceptions=(
        Misconception("there is a ½ too much", _priced(lambda g, w, c, m: g + c / (2 * m) * w), "What is the derivative of ½ w² by w?"),
        Misconception(
            "the number of samples is missing here",
            _priced(lambda g, w, c, m: g + c * w),
            "That belongs to the objective of S1 and S3. Where does ours have its m?",
        ),
        Misconception(
            "the weights are made to grow",
            _priced(lambda g, w, c, m: g - c / m * w),
            "A step goes against the gradient. Does w − α(… − λw) shrink w or stretch it?",
        ),
        Misconception(
            "the squares are still there",
            _priced(lambda g, w, c, m: g + c / m * w**2),
            "What is the derivative of w² by w?",
        ),
        Misconception(
            "only the sign of the weights counts",
            _priced(lambda g, w, c, m: g + c / m * np.sign(w)),
            "That pulls all weights equally: L1. How hard does L2 pull a large weight?",
        ),
        Misconception(
            "this is the penalty's part alone",
            _priced(lambda g, w, c, m: c / m * w),
            "Without the gradient of the cost, what would the network learn?",
        ),
        Misconception(
            "all weights are pulled together",
            _priced(lambda g, w, c, m: g + c / m * w.sum()),
            "The derivative by one weight: which of the squares does it touch?",
        ),
        Misconception(
            "gradients and weights have changed places",
            _priced(lambda g, w, c, m: w - c / m * g),
            "A gradient is to be returned. Which of the two lists holds gradients?",
        ),
        Misconception(
            "the bracket is in the wrong place",
            _priced(lambda g, w, c, m: (g + c) / m * w),
            "λ/m multiplies w, and nothing else. What is in your bracket?",
        ),
        Misconception(
            "only the first layer is pulled",
            lambda dW, W, penalty, samples: [*l2_gradients(dW[:1], W[:1], penalty, samples), *dW[1:]],
            "The objective sums over all layers. How many of them pay?",
        ),
    ),
    hints=(
        "Differentiate λ/(2m) · w² by w, and add that to the gradient of the cost, layer by layer.",
        "Walk over both lists with `zip`. Build a new list; do not write `g += …`, which changes the array that was given.",
        "return [g + penalty / samples · w for g and its w]",
    ),
)

A_FEW = np.array([[1.0, 2.0, -3.0], [0.5, 4.0, 8.0]])
DRAWS = np.array([[0.1, 0.9, 0.5], [0.24, 0.25, 0.74]])


def _keeps_the_mean(f: Any) -> bool:
    dropped, _ = f(np.ones((100, 1000)), 0.4, np.random.default_rng(7).random((100, 1000)))
    return bool(abs(dropped.mean() - 1) < 0.01)


def _dropped(mask: Any) -> Any:
    return lambda a, p, draws: (a * mask(p, draws), mask(p, draws))


DROPOUT = Exercise(
    reference=dropout,
    points=3,
    returns=("the array of activations", "the mask"),
    cases=(
        Case("p = 0.25", (A_FEW, 0.25, DRAWS)),
        Case("half are dropped", (A_FEW, 0.5, DRAWS)),
        Case("nothing is dropped", (A_FEW, 0.0, DRAWS)),
        Case("some activations are 0 by themselves", (np.array([[0.0, 2.0, 0.0], [3.0, 0.0, 1.0]]), 0.4, DRAWS[:2])),
    ),
    properties=(Property("the mean of many activations stays what it was", _keeps_the_mean),),
    misconceptions=(
        Misconception(
            "what stays is not scaled",
            _dropped(lambda p, draws: (draws >= p).astype(float)),
            "Half are gone. What has become of the mean that the next layer sees?",
        ),
        Misconception(
            "what stays is scaled by 1/p",
            lambda a, p, draws: (a * (draws >= p) / (p or 1), (draws >= p) / (p or 1)),
            "Four of five stay when p = 0.2. By what do you multiply them so that their sum is that of five?",
        ),
        Misconception(
            "what stays is scaled down",
            _dropped(lambda p, draws: (draws >= p) * (1 - p)),
            "Fewer are left. Should each speak softer or louder?",
        ),
        Misconception(
            "p is the probability to stay",
            _dropped(lambda p, draws: (draws < p) / (p or 1)),
            "With p = 0 nothing is dropped. What does your function return there?",
        ),
        Misconception(
            "it is dropped where the draw is large",
            _dropped(lambda p, draws: (draws < 1 - p) / (1 - p)),
            "The statement says: dropped where the draw is below p. Which side of p do you keep?",
        ),
        Misconception(
            "a whole sample is dropped",
            _dropped(lambda p, draws: (draws[:1] >= p) / (1 - p) + 0 * draws),
            "Each neuron of each sample has a draw of its own. Do you use all of them?",
        ),
        Misconception(
            "what is 0 counts as dropped",
            lambda a, p, draws: (a * (draws >= p) / (1 - p), (a * (draws >= p) != 0) / (1 - p)),
            "ReLU often gives 0 by itself. Has such a neuron been dropped, or may its error term pass?",
        ),
        Misconception(
            "only the activations are scaled, not the mask",
            lambda a, p, draws: (a * (draws >= p) / (1 - p), (draws >= p).astype(float)),
            "On the way back the error term meets the mask alone. Is the slope 1 or 1 / (1 − p)?",
        ),
        Misconception(
            "the activations get the mask twice",
            lambda a, p, draws: (a * dropout(a, p, draws)[1] ** 2, dropout(a, p, draws)[1]),
            "By what is a neuron multiplied that stays, with p = 0.5?",
        ),
        Misconception(
            "a neuron is dropped for all samples",
            _dropped(lambda p, draws: (draws[:, :1] >= p) / (1 - p) + 0 * draws),
            "Each neuron of each sample has a draw of its own. Do you use all of them?",
        ),
        Misconception(
            "a draw of exactly p is dropped",
            _dropped(lambda p, draws: (draws > p) / (1 - p)),
            "Dropped where the draw is below p. Is p below p?",
        ),
    ),
    hints=(
        "Switch off some, and let the others speak louder, so that the mean stays.",
        "`draws >= p` says which stay. Divide that by 1 − p: this is the mask. The activations are multiplied by it.",
        "mask = (draws >= p) / (1 - p); return a · mask, mask",
    ),
)


def _answers(change: Any) -> Any:
    """Build a wrong `early_stopping` that says something else of the right epochs."""
    return lambda costs, patience: change(costs, *early_stopping(costs, patience))


def _walk(better: Any = None, rest: str = "since the best", late: int = 0, keep_last: bool = False, swap: bool = False) -> Any:
    """Build a wrong `early_stopping`: what counts as better, what is counted, how late it stops, which epoch is kept, in which order."""
    better = better or (lambda cost, best: cost < best)

    def wrong(costs: Any, patience: int) -> Any:
        best, keep, rises, before = np.inf, 0, 0, np.inf
        for epoch, cost in enumerate(costs):
            rises = rises + 1 if cost > before else 0
            before = cost
            if better(cost, best):
                best, keep = cost, epoch
                continue
            waited = {"since the best": epoch - keep, "in a row": rises, "one rise": patience * min(rises, 1)}[rest]
            if waited >= patience + late:
                return (epoch, keep) if swap else ((epoch if keep_last else keep), epoch)
        return (len(costs) - 1 if keep_last else keep), len(costs) - 1

    return wrong


COSTS = [1.1, 0.8, 0.7, 0.75, 0.72, 0.69, 0.71, 0.74, 0.7, 0.73, 0.66, 0.68, 0.8]

EARLY_STOPPING = Exercise(
    reference=early_stopping,
    points=4,
    returns=("the epoch to keep", "the last epoch"),
    cases=(
        Case("patience 3", (COSTS, 3)),
        Case("patience 1, the slide's rule", (COSTS, 1)),
        Case("patience 5: a better one comes just in time", (COSTS, 5)),
        Case("patience never ends", ([3.0, 2.0, 1.0, 1.5], 4)),
        Case("two epochs of equal cost", ([2.0, 1.0, 1.0, 1.0, 1.0, 0.5], 2)),
        Case("a cost that is not a number", ([2.0, float("nan"), 1.0, float("nan"), 3.0, 4.0], 3)),
    ),
    misconceptions=(
        Misconception(
            "the last epoch is kept",
            _walk(keep_last=True),
            "You waited because it might get better, and it did not. Whose weights do you want?",
        ),
        Misconception(
            "it stops at the first rise",
            _walk(rest="one rise"),
            "Costs are noisy. What is the patience for?",
        ),
        Misconception(
            "rises in a row are counted",
            _walk(rest="in a row"),
            "A cost falls a little, but stays above the best. Is the wait over?",
        ),
        Misconception(
            "an equal cost starts the clock again",
            _walk(better=lambda cost, best: cost <= best),
            "A cost that stays where it is for 1000 epochs: is it getting better?",
        ),
        Misconception(
            "it stops one epoch too late",
            _walk(late=1),
            "The best was epoch 2 and the patience is 3. After which epoch are three without a better one over?",
        ),
        Misconception(
            "it stops one epoch too early",
            _walk(late=-1),
            "The best was epoch 2 and the patience is 3. After which epoch are three without a better one over?",
        ),
        Misconception(
            "the lowest of all costs is kept",
            lambda costs, patience: (int(np.nanargmin(costs)), early_stopping(costs, patience)[1]),
            "Could the training know a cost that comes after it has stopped?",
        ),
        Misconception(
            "a cost that is not a number counts as better",
            _walk(better=lambda cost, best: not cost >= best),
            "What is `float('nan') < 1`, and what is `not float('nan') >= 1`?",
        ),
        Misconception(
            "the lowest cost is returned, not its epoch",
            _answers(lambda costs, keep, last: (costs[keep], last)),
            "You want to fetch weights that you have kept. By which number do you find them?",
        ),
        Misconception(
            "the two epochs are exchanged where it stops",
            _walk(swap=True),
            "Which of the two comes first: the one to keep, or the last one?",
        ),
        Misconception(
            "the number of epochs is returned",
            _answers(lambda costs, keep, last: (keep, last + 1)),
            "Epochs are counted from 0. Which number has the first?",
        ),
        Misconception(
            "the whole list is searched first",
            (
                lambda costs, patience: (int(np.argmin(costs)), min(int(np.argmin(costs)) + patience, len(costs) - 1)),
                lambda costs, patience: (int(np.nanargmin(costs)), min(int(np.nanargmin(costs)) + patience, len(costs) - 1)),
            ),
            "Could the training know a cost that comes after it has stopped?",
        ),
    ),
    hints=(
        "Remember the lowest cost so far and the epoch it came in.",
        "One walk through the list. A lower cost is remembered. Otherwise ask: how many epochs is the best one ago? "
        "What do you return when the list ends before?",
        "for epoch, cost in enumerate(costs): if cost < best: remember both; elif epoch - keep >= patience: return keep, epoch",
    ),
)

GUESSES = np.array([[1.0, 2.0, 4.0], [3.0, 2.0, 0.0], [2.0, 5.0, 1.0], [2.0, 1.0, -1.0]])
TRUE_CURVE = np.array([1.5, 2.0, 3.0])


def _add_up(f: Any) -> bool:
    bias, variance = f(GUESSES, TRUE_CURVE)
    return bool(np.isclose(bias + variance, np.mean((GUESSES - TRUE_CURVE) ** 2)))


BIAS_VARIANCE = Exercise(
    reference=bias_variance,
    points=3,
    returns=("the squared bias", "the variance"),
    cases=(
        Case("four data sets, three points", (GUESSES, TRUE_CURVE)),
        Case("three data sets, three points", (GUESSES[:3], TRUE_CURVE)),
        Case("all sets agree, and are wrong", (np.full((3, 2), 5.0), np.array([4.0, 7.0]))),
    ),
    properties=(Property("their sum is the mean squared distance from the truth", _add_up),),
    misconceptions=(
        Misconception(
            "the bias is not squared",
            lambda f, truth: (float(np.mean(np.abs(f.mean(axis=0) - truth))), float(f.var(axis=0).mean())),
            "Only squares add up: bias² + variance. What does your first number add to?",
        ),
        Misconception(
            "errors of single curves are squared before they are averaged",
            lambda f, truth: (float(np.mean((f - truth) ** 2)), float(f.var(axis=0).mean())),
            "Bias is what is left when 200 students average their curves. Which comes first: mean or square?",
        ),
        Misconception(
            "the variance is taken along the curve",
            lambda f, truth: (float(np.mean((f.mean(axis=0) - truth) ** 2)), float(f.var(axis=1).mean())),
            "A curve that everybody draws alike has no variance, however wavy it is. Over which axis lie the data sets?",
        ),
        Misconception(
            "the variance is divided by sets − 1",
            lambda f, truth: (float(np.mean((f.mean(axis=0) - truth) ** 2)), float(f.var(axis=0, ddof=1).mean())),
            "Then the two do not add up to the mean squared distance. Which divisor does `np.var` use by itself?",
        ),
        Misconception(
            "standard deviations stand in place of variances",
            lambda f, truth: (float(np.mean((f.mean(axis=0) - truth) ** 2)), float(f.std(axis=0).mean())),
            "What is the unit of bias², and what is the unit of your second number?",
        ),
        Misconception(
            "the bias of the mean over all points is taken",
            lambda f, truth: (float((f.mean() - truth.mean()) ** 2), float(f.var(axis=0).mean())),
            "Too high on the left and too low on the right: is that no bias?",
        ),
        Misconception(
            "one variance is taken over everything",
            lambda f, truth: (float(np.mean((f.mean(axis=0) - truth) ** 2)), float(f.var())),
            "A curve that everybody draws alike has no variance, however wavy it is. Around which mean do you measure?",
        ),
        Misconception(
            "a sum over the points stands where a mean should",
            lambda f, truth: (float(np.sum((f.mean(axis=0) - truth) ** 2)), float(f.var(axis=0).mean())),
            "With twice as many points on the axis, should the bias double?",
        ),
        Misconception(
            "the bias is that of each curve's mean height",
            lambda f, truth: (
                float(np.mean((f.mean(axis=1, keepdims=True) - truth) ** 2)),
                float(np.mean((f - f.mean(axis=1, keepdims=True)) ** 2)),
            ),
            "The mean curve has a value at each point. Over which axis lie the data sets?",
        ),
        Misconception(
            "the variance is measured around the truth",
            lambda f, truth: (float(np.mean((f.mean(axis=0) - truth) ** 2)), float(np.mean((f - truth) ** 2))),
            "Nobody knows the truth when they draw. Around which curve do their curves scatter?",
        ),
        Misconception(
            "the median curve is taken",
            lambda f, truth: (
                float(np.mean((np.median(f, axis=0) - truth) ** 2)),
                float(np.mean((f - np.median(f, axis=0)) ** 2)),
            ),
            "Bias² + variance is the whole error only around one curve. Which one?",
        ),
    ),
    hints=(
        "First the mean curve over all data sets. Bias: how far is it from the truth? Variance: how far are the single curves from it?",
        "`predictions.mean(axis=0)` is the mean curve. Square the distances, then average.",
        "mean = mean over axis 0; return mean of (mean − truth)², mean of (predictions − mean)²",
    ),
)

PICTURES = np.arange(1.0, 13).reshape(2, 2, 3)
KINDS = np.array([7, 3])


def _moved(move: Any, labels: Any = lambda y: np.append(y, y)) -> Any:
    """Build a wrong `shift_images`: how one picture is moved, and what becomes of the labels."""

    def wrong(images: Any, y: Any, down: int, right: int) -> Any:
        return np.concatenate([images, np.stack([move(image, down, right) for image in images])]), labels(y)

    return wrong


SHIFT_IMAGES = Exercise(
    reference=shift_images,
    points=3,
    returns=("the array of pictures", "the array of labels"),
    cases=(
        Case("one down", (PICTURES, KINDS, 1, 0)),
        Case("one to the left", (PICTURES, KINDS, 0, -1)),
        Case("one up, two to the right", (PICTURES, KINDS, -1, 2)),
        Case("not at all", (PICTURES, KINDS, 0, 0)),
    ),
    misconceptions=(
        Misconception(
            "what leaves on one side comes in on the other",
            _moved(lambda image, down, right: np.roll(image, (down, right), axis=(0, 1))),
            "The heel of a shoe leaves on the right. Should it come in at the toe?",
        ),
        Misconception(
            "down and up are exchanged",
            _moved(lambda image, down, right: shift_image(image, -down, right)),
            "Row 0 is the top row. One down: where does it go?",
        ),
        Misconception(
            "right and left are exchanged",
            _moved(lambda image, down, right: shift_image(image, down, -right)),
            "Column 0 is on the left. One to the right: where does it go?",
        ),
        Misconception(
            "down and right are exchanged",
            _moved(lambda image, down, right: shift_image(image, right, down)),
            "The first index counts rows. Which way do rows run?",
        ),
        Misconception(
            "the pictures themselves are lost",
            lambda images, y, down, right: (np.stack([shift_image(image, down, right) for image in images]), y),
            "Augmentation makes more of the data. How many pictures should come back?",
        ),
        Misconception(
            "the labels are not doubled",
            _moved(shift_image, labels=lambda y: y),
            "A moved shoe is a shoe. Which label has picture number k + 1 of 2k?",
        ),
        Misconception(
            "each label comes twice in a row",
            _moved(shift_image, labels=lambda y: np.repeat(y, 2)),
            "First all originals, then all copies. In which order are the labels?",
        ),
        Misconception(
            "the edge is drawn out",
            _moved(lambda image, down, right: _smeared(image, down, right)),
            "What comes in from outside is 0. What comes in with you?",
        ),
        Misconception(
            "the copies come first",
            lambda images, y, down, right: (
                np.concatenate([shift_images(images, y, down, right)[0][len(images) :], images]),
                np.append(y, y),
            ),
            "The first k pictures should be those that you got. What comes behind them?",
        ),
        Misconception(
            "each picture stands beside its copy",
            lambda images, y, down, right: (
                np.stack([images, shift_images(images, y, down, right)[0][len(images) :]], axis=1).reshape(-1, *images.shape[1:]),
                np.append(y, y),
            ),
            "First all originals, then all copies. Which picture is number 1 with you?",
        ),
        Misconception(
            "pictures are glued edge to edge",
            lambda images, y, down, right: (
                np.concatenate([images, shift_images(images, y, down, right)[0][len(images) :]], axis=2),
                np.append(y, y),
            ),
            "Twice as many pictures, not twice as wide. Along which axis do pictures lie?",
        ),
        Misconception(
            "negative places count from the other end",
            _moved(lambda image, down, right: _wrapped(image, down, right)),
            "What is row −1 for NumPy? Which rows must not be written at all?",
        ),
    ),
    hints=(
        "Start from zeros, put the part that stays into its new place, and hang the copies behind the originals.",
        "Rows that stay: with down = 2, rows 0 … h − 3 go to rows 2 … h − 1. `max(0, down)` and `max(0, -down)` are the two beginnings. "
        "The same for columns; all pictures at once with `[:, rows, columns]`.",
        "moved = zeros; moved[:, new rows, new columns] = images[:, old rows, old columns]; "
        "return np.concatenate([images, moved]), np.concatenate([labels, labels])",
    ),
)


def _wrapped(image: Any, down: int, right: int) -> Any:
    """Write every value that has a place, and those before the first row or column at the other end."""
    moved = np.zeros(image.shape)
    h, w = image.shape
    for i in range(h):
        for j in range(w):
            if i + down < h and j + right < w:
                moved[i + down, j + right] = image[i, j]
    return moved


def _smeared(image: Any, down: int, right: int) -> Any:
    h, w = image.shape
    return image[np.clip(np.arange(h) - down, 0, h - 1)][:, np.clip(np.arange(w) - right, 0, w - 1)]


# A network that learns twelve samples by heart while six others get worse after some steps
_RNG = np.random.RandomState(70)
LEARNED = _RNG.standard_normal((2, 12)).round(1), one_hot([0, 1, 2, 0, 1, 2, 0, 1, 2, 2, 1, 0], 3)
WATCHED = _RNG.standard_normal((2, 6)).round(1), one_hot([0, 1, 2, 0, 1, 2], 3)
START = [_RNG.standard_normal((m, n)).round(2) for n, m in ((2, 4), (4, 3))], [np.zeros((4, 1)), np.zeros((3, 1))]


def _loop(
    watch: str = "val",
    price: Any = None,
    keep: str = "best",
    patient: bool = True,
    f: Any = relu,
    slope: Any = relu_derivative,
    after: Any = lambda patience: patience,
    when: str = "after",
    rest: bool = False,
) -> Any:
    """Build a wrong `train_regularised`: what is watched and when, how weights are priced, what is kept or rests, and how patience ends."""

    def wrong(X: Any, Y: Any, X_val: Any, Y_val: Any, W: Any, b: Any, alpha: float, epochs: int, penalty: float, patience: int) -> Any:
        W, b, samples = [w.copy() for w in W], [v.copy() for v in b], X.shape[1]
        best, lowest, best_epoch, costs = (W, b), np.inf, 0, []
        for epoch in range(epochs):
            z, a = forward(X, W, b, f, softmax)
            dW, db = backward(Y, W, z, a, slope, np.ones_like)
            dW = (price or l2_gradients)(dW, W, penalty, samples)
            before = W, b
            W, b = optimize(W, b, dW, [0 * g for g in db] if rest else db, alpha)
            at = (X, Y) if watch == "train" else (X_val, Y_val)
            cost = cross_entropy(forward(at[0], *(before if when == "before" else (W, b)), f, softmax)[0][-1], at[1])
            costs.append(l2_objective(cost, W, penalty, samples) if watch == "objective" else cost)
            if costs[-1] < lowest:
                best, lowest, best_epoch = (before if keep == "before" else (W, b)), costs[-1], epoch
            elif patient and epoch - best_epoch >= after(patience):
                break
        return *((W, b) if keep == "last" else best), costs

    return wrong


def _plain(f: Any) -> bool:
    """Tell whether without price and with endless patience it is plain descent."""
    W, b, costs = f(*LEARNED, *LEARNED, *START, 0.1, 4, 0.0, 99)
    at: Any = START[0]
    biases: Any = START[1]
    for _ in range(4):
        z, a = forward(LEARNED[0], at, biases, relu, softmax)
        at, biases = optimize(at, biases, *backward(LEARNED[1], at, z, a, relu_derivative, np.ones_like), 0.1)
    return len(costs) == 4 and all(np.allclose(one, other) for one, other in zip((*W, *b), (*at, *biases), strict=True))


TRAIN_REGULARISED = Exercise(
    reference=train_regularised,
    points=6,
    returns=("W", "b", "costs"),
    cases=(
        Case("patience 3, no price", (*LEARNED, *WATCHED, *START, 0.5, 40, 0.0, 3)),
        Case("patience 4, λ = 1", (*LEARNED, *WATCHED, *START, 0.5, 40, 1.0, 4)),
        Case("ten epochs, patience never ends", (*LEARNED, *WATCHED, *START, 0.5, 10, 2.0, 50)),
        Case("one epoch", (*LEARNED, *WATCHED, *START, 0.5, 1, 2.0, 1)),
    ),
    properties=(Property("without a price and without end of patience it is plain gradient descent", _plain),),
    misconceptions=(
        Misconception(
            "the last weights are returned, or the best were overwritten",
            _loop(keep="last"),
            "Patience waited for nothing. Whose weights do you want? And does `-=` leave the array alone that you have remembered?",
        ),
        Misconception(
            "the training cost is watched",
            _loop(watch="train"),
            "The training cost falls for ever. Which samples tell that the network has begun to learn by heart?",
        ),
        Misconception(
            "the penalty is in the validation cost",
            _loop(watch="objective"),
            "The price is a means to train. What do you want to know from the validation samples?",
        ),
        Misconception(
            "the penalty is left out",
            _loop(price=lambda dW, W, penalty, samples: dW),
            "Where does λ enter your step?",
        ),
        Misconception(
            "the penalty is not divided by the number of samples",
            _loop(price=lambda dW, W, penalty, samples: l2_gradients(dW, W, penalty, 1)),
            "`l2_gradients` asks for the number of samples. How many are in X?",
        ),
        Misconception(
            "it never stops early",
            _loop(patient=False),
            "How many costs come back? What has the patience done?",
        ),
        Misconception(
            "the price is shared by the features, not the samples",
            _loop(price=lambda dW, W, penalty, samples: l2_gradients(dW, W, penalty, W[0].shape[1])),
            "Columns are samples. Which entry of `X.shape` counts them?",
        ),
        Misconception(
            "the weights of before the step are kept",
            _loop(keep="before"),
            "The cost you noted belongs to which weights: those before or those after the step?",
        ),
        Misconception(
            "the hidden layers use the sigmoid",
            _loop(f=sigmoid),
            "Which function stands in this chapter's hidden layers?",
        ),
        Misconception(
            "the slope is that of the sigmoid",
            _loop(slope=sigmoid_derivative),
            "f is ReLU. Whose derivative goes into `backward`?",
        ),
        Misconception(
            "it stops at the first rise",
            _loop(after=lambda patience: 1),
            "Costs are noisy. What is the patience for?",
        ),
        Misconception(
            "it stops one epoch too late",
            _loop(after=lambda patience: patience + 1),
            "The best was epoch 2 and the patience is 3. After which epoch are three without a better one over?",
        ),
        Misconception(
            "the cost is that before the step",
            _loop(when="before"),
            "Do you note the cost of the network that you have, or of the one that you had?",
        ),
        Misconception(
            "the biases never move",
            _loop(rest=True),
            "What does the network learn its biases from?",
        ),
    ),
    hints=(
        "Your loop of chapter 05, with three additions: the price in the gradients, the validation cost after each epoch, "
        "a memory of the best.",
        "After each step: note the cost on X_val, ask `early_stopping(costs, patience)` which epoch to keep. "
        "If it is this one, remember W and b. "
        "If it is `patience` epochs ago, end the loop.",
        "each epoch: forward; backward; optimize with l2_gradients(...); costs.append(...); keep, _ = early_stopping(costs, patience); "
        "if keep == epoch: best = W, b; if epoch - keep >= patience: break; return best and costs",
    ),
    cpu=20,
    call=30,
)

# A little town of three states; a quarter of the labels that are learned from is wrong.
_TOWN = np.random.RandomState(71)
_TRUE = _TOWN.randint(3, size=460)
_CENTRES = np.array([[45.0, 24.0, 10.0], [0.05, 0.0, -0.02], [20.0, 34.0, 42.0], [9.0, 11.0, 5.0], [0.1, 0.8, 2.2]])
_SPREAD = np.array([[7.0], [0.06], [11.0], [3.0], [0.45]])
_TOWN_X = _CENTRES[:, _TRUE] + _SPREAD * _TOWN.standard_normal((5, 460))
_TOLD = np.where(_TOWN.uniform(size=160) < 0.25, (_TRUE[:160] + _TOWN.randint(1, 3, size=160)) % 3, _TRUE[:160])
_SEEN, _NEW, _ASKED = _TOWN_X[:, :160], _TOWN_X[:, 160:], _TRUE[160:]
ENOUGH = 0.8


def _quality(states: Any) -> str:
    """Say whether these are states, and whether enough of the new samples are right."""
    states = np.asarray(states)
    if states.dtype.kind not in "iu":
        return say("numbers with decimals" if states.dtype.kind == "f" else "truth values")
    if not set(states.tolist()) <= {0, 1, 2}:
        return say("numbers from {lowest} to {highest}", lowest=states.min(), highest=states.max())
    if len(set(states.tolist())) == 1:
        return say("always the same state")
    enough, share = np.mean(states == _ASKED) >= ENOUGH, f"{100 * ENOUGH:.0f} %"
    return say("states of which at least {share} are right" if enough else "states of which fewer than {share} are right", share=share)


def _network(sizes: Any, alpha: float, epochs: int, penalty: float, scaled: bool = True) -> Any:
    """Build a `robust_states` of a network without stopping."""
    scale = standardised if scaled else lambda seen, X: X

    def answer(X: Any, y: Any, X_new: Any, rng: Any) -> Any:
        W: Any = initial_weights([len(X), *sizes, 3], "he", rng)
        b: Any
        b, seen = [np.zeros((len(w), 1)) for w in W], scale(X, X)
        W, b, _ = train_regularised(seen, one_hot(y, 3), seen, one_hot(y, 3), W, b, alpha, epochs, penalty, epochs)
        return forward(scale(X, X_new), W, b, relu, softmax)[1][-1].argmax(axis=0)

    return answer


def _nearest(X: Any, y: Any, X_new: Any, rng: Any) -> Any:
    """Say the label of the nearest sample: what is learned by heart."""
    seen, new = standardised(X, X), standardised(X, X_new)
    return y[np.square(seen[:, :, None] - new[:, None, :]).sum(axis=0).argmin(axis=0)]


def _alone(f: Any) -> bool:
    """Ask about jams alone, and before others of which some come from a device of another scale."""
    jams = _NEW[:, _ASKED == 2][:, :40]
    whole, few = (f(_SEEN, _TOLD, new, np.random.default_rng(1)) for new in (np.hstack([jams, _NEW, 50 * _NEW]), jams))
    return bool(np.array_equal(whole[:40], few))


ROBUST_STATES = Exercise(
    reference=robust_states,
    points=5,
    judge=_quality,
    cases=(Case("a small town, a quarter of the labels wrong", (_SEEN, _TOLD, _NEW, np.random.default_rng(72))),),
    properties=(
        Property(
            "a new sample gets the same state alone as among others",
            _alone,
            "A single new sample has no mean and no spread of its own. From whose samples does the scale of yours come?",
        ),
    ),
    misconceptions=(
        Misconception(
            "always the most frequent state",
            lambda X, y, X_new, rng: np.full(X_new.shape[1], np.bincount(y).argmax()),
            "That is the rule you are to beat. What does the network say?",
        ),
        Misconception(
            "the classes are counted from 1",
            lambda X, y, X_new, rng: robust_states(X, y, X_new, rng) + 1,
            "`y` holds the classes 0, 1 and 2. Which numbers do you return?",
        ),
        Misconception(
            "the wrong labels lead it astray",
            _nearest,
            "If all labels are right, it does well. What keeps your network from learning the wrong ones by heart?",
        ),
        Misconception(
            "the features are not on one scale",
            _network((32,), 0.3, 400, 3.0, scaled=False),
            "Speed reaches 60, acceleration 0.2. Which of them does an unscaled network see?",
        ),
        Misconception(
            "even from right labels it learns too little",
            _network((32,), 1e-6, 1, 3.0),
            "Is the price too high, are the steps too few, or do you not take the largest output?",
        ),
    ),
    probes=(  # right labels; then the same samples, scaled by hand: who scales says the same to them as in the case
        Case("", (_SEEN, _TRUE[:160], _NEW, np.random.default_rng(72))),
        Case("", ((_SEEN - _CENTRES[:, [1]]) / _SPREAD, _TOLD, (_NEW - _CENTRES[:, [1]]) / _SPREAD, np.random.default_rng(72))),
    ),
    hints=(
        "A quarter of the labels is wrong. A network that can learn them all will. Which of your cures keeps it from that?",
        'Standardise both by X, start with `initial_weights([5, 32, 3], "he", rng)` and biases of 0, train with `train_regularised`. '
        "Try a price of 1, 3, 10. Or hold out a fifth of the samples and stop early. Mind: the held-out labels are wrong, too.",
        "W, b, _ = train_regularised(scaled X, one_hot(y, 3), ..., alpha, epochs, penalty, patience); "
        "z, a = forward(scaled X_new, W, b, relu, softmax); return argmax of a[-1] along axis 0",
    ),
    cpu=60,
    call=90,
)

CHAPTER = Chapter(
    name="07_overfitting",
    title="07 Overfitting",
    exercises=(
        POLYNOMIAL_FEATURES,
        RIDGE,
        BIAS_VARIANCE,
        L2_OBJECTIVE,
        L2_GRADIENTS,
        EARLY_STOPPING,
        DROPOUT,
        TRAIN_REGULARISED,
        SHIFT_IMAGES,
        ROBUST_STATES,
    ),
    data=("traffic.csv",),
)
