"""Chapter 09, regression: its exercises, declared as data."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlab.activations import sigmoid
from nnlab.backpropagation import central_differences
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.overfitting import TEN_T, TEN_X, polynomial_features
from nnlab.regression import (
    descend_to_fit,
    least_squares,
    line_fit,
    log_posterior,
    logistic_fit,
    map_weights,
    my_fit,
    naive_line_fit,
    polynomial_system,
    residual_report,
)

X_5, Y_5 = np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 4, 5, 4, 5])
X_3, Y_3 = np.array([-2.0, 0.5, 4.0]), np.array([1.0, -1.5, 3.0])
EXACT = np.array([0.0, 1.0, 3.0]), np.array([-1.0, 1.0, 5.0])
SECONDS = 1e8 + np.arange(6.0), np.array([1.0, 2.5, 2.0, 4.0, 4.5, 4.0])


def _slope_first(x: Any, y: Any) -> Any:
    return line_fit(x, y)[::-1]


def _from_slope(slope: Any) -> Any:
    return lambda x, y: (y.mean() - slope(x, y) * x.mean(), slope(x, y))


LINE_FIT = Exercise(
    reference=line_fit,
    points=2,
    returns=("the intercept", "the slope"),
    cases=(
        Case("the five points", (X_5, Y_5)),
        Case("three points on both sides of 0", (X_3, Y_3)),
        Case("points that lie on a line", EXACT),
        Case("seconds: x near a hundred million", SECONDS),
    ),
    properties=(
        Property("moving y up by 3 moves only the intercept", lambda f: np.allclose(f(X_5, Y_5 + 3), np.add(f(X_5, Y_5), (3, 0)))),
        Property("the residuals sum to 0", lambda f: bool(abs(np.sum(Y_3 - f(X_3, Y_3)[0] - f(X_3, Y_3)[1] * X_3)) < 1e-9)),
    ),
    misconceptions=(
        Misconception("the slope comes first", _slope_first, "Put x = 0 into your line. Which of the two numbers is its height there?"),
        Misconception(
            "the line is made to pass through the origin",
            (_from_slope(lambda x, y: (x @ y) / (x @ x)), lambda x, y: (0.0, (x @ y) / (x @ x))),
            "Does the line have to pass through (0, 0)? Through which point does it pass for certain?",
        ),
        Misconception(
            "x is predicted from y",
            _from_slope(lambda x, y: np.sum((x - x.mean()) * (y - y.mean())) / np.sum((y - y.mean()) ** 2)),
            "Along which axis are the residuals measured?",
        ),
        Misconception(
            "the intercept is the mean of y",
            lambda x, y: (y.mean(), line_fit(x, y)[1]),
            "At x̄ the line has the height ȳ. How far is it from there to x = 0, and how much does the line climb on the way?",
        ),
        Misconception(
            "sums are not measured from the middle",
            (naive_line_fit, _from_slope(lambda x, y: naive_line_fit(x, y)[1])),
            "n Σx² and (Σx)² are both near 10¹⁷ there. How many digits does their difference have?",
        ),
        Misconception(
            "the slope joins the first point and the last",
            _from_slope(lambda x, y: (y[-1] - y[0]) / (x[-1] - x[0])),
            "What do the points between them say?",
        ),
        Misconception(
            "the intercept is added, not subtracted",
            lambda x, y: (y.mean() + line_fit(x, y)[1] * x.mean(), line_fit(x, y)[1]),
            "Go from (x̄, ȳ) back to x = 0. Does a rising line climb or fall on this way?",
        ),
        Misconception(
            "x and y are sorted apart",
            lambda x, y: line_fit(np.sort(x), np.sort(y)),
            "Which y belongs to which x after sorting?",
        ),
        Misconception(
            "the correlation is taken for the slope",
            _from_slope(lambda x, y: np.corrcoef(x, y)[0, 1]),
            "A correlation has no unit. Which unit has a slope, if y is in metres and x in seconds?",
        ),
        Misconception(
            "n and n − 1 are mixed",
            (
                _from_slope(lambda x, y: line_fit(x, y)[1] * (len(x) - 1) / len(x)),
                _from_slope(lambda x, y: line_fit(x, y)[1] * len(x) / (len(x) - 1)),
            ),
            "Above stands a sum, and below a sum. Divide both by the same number, or neither. `np.cov` divides by n − 1, `np.var` by n.",
        ),
    ),
    hints=(
        "The line runs through the middle of the cloud. Seen from there, only the slope is unknown.",
        "With d = x − x̄ and h = y − ȳ: Q = Σ (h − β₁ d)². Its derivative is −2 Σ d (h − β₁ d). Set it to 0. Then β₀ = ȳ − β₁ x̄.",
        "slope = sum of d · h / sum of d · d; return ȳ − slope · x̄, slope",
    ),
)


def _entry(x: Any, i: int, j: int) -> Any:
    return np.sum(x ** (i + j))


def _side(x: Any, y: Any, i: int) -> Any:
    return np.sum(x**i * y)


def _system(entry: Any = _entry, side: Any = _side, size: int = 1) -> Any:
    """Build a wrong `polynomial_system` from what stands in a place."""

    def wrong(x: Any, y: Any, degree: Any) -> Any:
        places = range(degree + size)
        return np.array([[entry(x, i, j) for j in places] for i in places]), np.array([side(x, y, i) for i in places])

    return wrong


POLYNOMIAL_SYSTEM = Exercise(
    reference=polynomial_system,
    points=3,
    returns=("A", "r"),
    cases=(
        Case("the five points, up to x²", (X_5, Y_5, 2)),
        Case("three points, a line", (X_3, Y_3, 1)),
        Case("degree 0", (X_5, Y_5, 0)),
        Case("a point at x = 0, up to x³", (np.array([0.0, -1.0, 2.0, 0.5]), np.array([1.0, 2.0, -1.0, 3.0]), 3)),
    ),
    properties=(Property("A is symmetric", lambda f: np.allclose(f(X_3, Y_3, 3)[0], f(X_3, Y_3, 3)[0].T)),),
    misconceptions=(
        Misconception(
            "the corner is not the number of points",
            _system(lambda x, i, j: np.sum(x ** (i + j)) if i + j else 1.0),
            "Σ x⁰ is a sum of ones. How many?",
        ),
        Misconception(
            "a_M is missing",
            _system(size=0),
            "How many weights are there from a₀ to a_M?",
        ),
        Misconception(
            "powers are multiplied",
            _system(lambda x, i, j: np.sum(x ** (i * j))),
            "xⁱ · xʲ: are the exponents added or multiplied?",
        ),
        Misconception("y is missing in r", _system(side=lambda x, y, i: np.sum(x**i)), "What stands on the right: what has no a in it?"),
        Misconception(
            "means stand in place of sums",
            _system(lambda x, i, j: np.mean(x ** (i + j)), lambda x, y, i: np.mean(x**i * y)),
            "The weights come out the same. But what stands in the sum of squares: a sum or a mean?",
        ),
        Misconception(
            "powers of the sums stand in place of sums of powers",
            _system(lambda x, i, j: np.sum(x) ** (i + j), lambda x, y, i: np.sum(x) ** i * np.sum(y)),
            "Is Σ x² the same as (Σ x)²?",
        ),
        Misconception(
            "the product is taken over the weights, not over the samples",
            (
                lambda x, y, degree: (
                    polynomial_features(x, degree).T @ polynomial_features(x, degree),
                    polynomial_features(x, degree) @ y,
                ),
                lambda x, y, degree: (polynomial_features(x, degree).T @ polynomial_features(x, degree), y),
            ),
            "A has a row and a column for each weight. Over what is its sum?",
        ),
        Misconception(
            "the highest power comes first",
            lambda x, y, degree: tuple(np.flip(part) for part in polynomial_system(x, y, degree)),
            "Row 0 belongs to a₀. Which power of x stands with it? `np.vander` begins at the other end.",
        ),
        Misconception(
            "the system is solved already",
            lambda x, y, degree: (polynomial_system(x, y, degree)[0], np.linalg.solve(*polynomial_system(x, y, degree))),
            "The right-hand side r is asked for, not the weights.",
        ),
        Misconception(
            "points at x = 0 are left out",
            lambda x, y, degree: polynomial_system(x[x != 0], y[x != 0], degree),
            "What is 0⁰ in NumPy? And does a point at x = 0 say nothing about a₀?",
        ),
    ),
    hints=(
        "There is one equation for each weight: the derivative of the sum of squares by it, set to 0.",
        "Row i: Σ xⁱ (a₀ + a₁ x + … − y) = 0. Multiply out: what stands in front of a_j, and what is left without an a?",
        "A[i, j] = sum of x ** (i + j); r[i] = sum of x ** i · y",
    ),
)

UNEVEN = np.array([[1.0, 1.0, 1.0, 1.0], [0.5, -1.0, 2.0, 1.5]])
AIMS = np.array([1.0, 3.0, -2.0, 0.5])
DEPENDENT = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0]])


def _without_dependent(X: Any, t: Any) -> Any:
    """Give the weight 0 to each feature that those before it explain."""
    kept = [i for i in range(len(X)) if np.linalg.matrix_rank(X[: i + 1]) > (np.linalg.matrix_rank(X[:i]) if i else 0)]
    w = np.zeros(len(X))
    w[kept] = np.linalg.lstsq(X[kept].T, t)[0]
    return w


LEAST_SQUARES = Exercise(
    reference=least_squares,
    points=2,
    cases=(
        Case("a line through four points", (UNEVEN, AIMS)),
        Case("the ten points, M = 9", (polynomial_features(TEN_X, 9), TEN_T)),
        Case("a feature that is twice another", (DEPENDENT, np.array([1.0, 2.0, 2.5, 4.0]))),
        Case("no row of ones", (UNEVEN[1:], AIMS)),
    ),
    properties=(
        Property(
            "what is left stands at right angles to every feature", lambda f: np.allclose(UNEVEN @ (AIMS - f(UNEVEN, AIMS) @ UNEVEN), 0)
        ),
    ),
    misconceptions=(
        Misconception(
            "the product X Xᵀ costs half the digits",
            (
                lambda X, t: np.linalg.solve(X @ X.T, X @ t),
                lambda X, t: np.linalg.inv(X @ X.T) @ X @ t,
                lambda X, t: np.linalg.inv(X @ X.T) @ (X @ t),
                lambda X, t: np.linalg.pinv(X @ X.T) @ X @ t,
                lambda X, t: np.linalg.lstsq(X @ X.T, X @ t)[0],
            ),
            "X has 16 digits, and κ(XXᵀ) = κ(X)². How many are left for M = 9?",
        ),
        Misconception(
            "a row of ones is added",
            lambda X, t: np.linalg.lstsq(np.vstack([np.ones(X.shape[1]), X]).T, t)[0],
            "X comes as it is meant. How many weights are asked for?",
        ),
        Misconception(
            "small singular values are dropped",
            lambda X, t: np.linalg.lstsq(X.T, t, rcond=1e-6)[0],
            "What does `rcond` do with directions of which the data say little?",
        ),
        Misconception(
            "samples and features are exchanged",
            lambda X, t: np.linalg.lstsq(X, t)[0],
            "`np.linalg.lstsq` wants one row a sample. What are the rows of X?",
        ),
        Misconception(
            "all that `lstsq` returns is returned",
            lambda X, t: np.linalg.lstsq(X.T, t),
            "It returns four things. Which one comes first?",
        ),
        Misconception(
            "the squares that are left are returned",
            lambda X, t: np.linalg.lstsq(X.T, t)[1],
            "`lstsq` returns the weights first, then the sum of what is left.",
        ),
        Misconception(
            "dependent features are not dealt with",
            (
                lambda X, t: np.linalg.solve(np.linalg.qr(X.T)[1], np.linalg.qr(X.T)[0].T @ t),
                lambda X, t: np.linalg.inv(np.linalg.qr(X.T)[1]) @ np.linalg.qr(X.T)[0].T @ t,
                _without_dependent,
            ),
            "Where one feature is twice another, many weights are equally good. Which of them are the shortest?",
        ),
        Misconception(
            "there is a price on the weights",
            tuple(
                lambda X, t, price=price: np.linalg.lstsq(
                    np.vstack([X.T, np.sqrt(price) * np.eye(len(X))]), np.append(t, np.zeros(len(X)))
                )[0]
                for price in (1e-3, 1e-6, 1e-9, 1e-12)
            ),
            "That is ridge. Here weights cost nothing.",
        ),
        Misconception(
            "the targets are centred first",
            lambda X, t: np.linalg.lstsq(X.T, t - t.mean())[0],
            "The mean of t is a part of what is to be explained. Whose weight would carry it?",
        ),
        Misconception(
            "the weights are rounded",
            tuple(lambda X, t, digits=digits: np.linalg.lstsq(X.T, t)[0].round(digits) for digits in (1, 2, 3, 4, 5)),
            "Round where you print, not where you calculate.",
        ),
    ),
    hints=(
        "Do not form X Xᵀ. There are methods that work on X itself.",
        "`np.linalg.lstsq(M, t)` finds w for M w ≈ t, with samples as rows of M. It returns a tuple.",
        "return np.linalg.lstsq(X.T, t)[0]",
    ),
)


def _density(values: Any, sd: Any) -> Any:
    return -0.5 * (values / sd) ** 2 - np.log(np.sqrt(2 * np.pi) * sd)


def _unsquared(values: Any, sd: Any) -> Any:
    return -0.5 * values**2 / sd - np.log(np.sqrt(2 * np.pi) * sd)


def _posterior(of_residuals: Any = _density, of_weights: Any = _density, total: Any = np.sum) -> Any:
    return lambda w, X, t, sigma, nu: total(of_residuals(t - w @ X, sigma)) + total(of_weights(w, nu))


WEIGHTS = np.array([0.5, -1.5])

LOG_POSTERIOR = Exercise(
    reference=log_posterior,
    points=3,
    cases=(
        Case("the five points, σ = 1, ν = 2", (np.array([2.2, 0.6]), np.vstack([np.ones(5), X_5]), Y_5, 1.0, 2.0)),
        Case("σ = 0.5, ν = 3", (WEIGHTS, UNEVEN, AIMS, 0.5, 3.0)),
        Case("one sample far away: its density is below the smallest float", (WEIGHTS, UNEVEN[:, :1], np.array([500.0]), 0.5, 0.25)),
    ),
    properties=(
        Property(
            "twice the same data count twice",
            lambda f: np.isclose(
                f(WEIGHTS, np.hstack([UNEVEN, UNEVEN]), np.tile(AIMS, 2), 0.5, 3.0) - f(WEIGHTS, UNEVEN, AIMS, 0.5, 3.0),
                np.sum(_density(AIMS - WEIGHTS @ UNEVEN, 0.5)),
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "σ stands without its square",
            (_posterior(_unsquared, _unsquared), _posterior(_unsquared)),
            "In the exponent of the normal density: is it e²/2σ or e²/2σ²?",
        ),
        Misconception(
            "the factors in front are left out",
            _posterior(lambda v, sd: -0.5 * (v / sd) ** 2, lambda v, sd: -0.5 * (v / sd) ** 2),
            "Compare two σ. Which part of log p depends on σ, and not on w?",
        ),
        Misconception(
            "means stand in place of sums", _posterior(total=np.mean), "Independent densities multiply. What do their logarithms do?"
        ),
        Misconception(
            "the prior is on the residuals",
            lambda w, X, t, sigma, nu: np.sum(_density(t - w @ X, sigma)) + np.sum(_density(t - w @ X, nu)),
            "What did you believe before you saw any data: something about residuals, or about weights?",
        ),
        Misconception(
            "the prior is missing",
            lambda w, X, t, sigma, nu: np.sum(_density(t - w @ X, sigma)),
            "That is the likelihood. Where is what you believed before?",
        ),
        Misconception(
            "σ and ν are exchanged",
            lambda w, X, t, sigma, nu: _posterior()(w, X, t, nu, sigma),
            "Which of the two is the spread of the noise?",
        ),
        Misconception(
            "the product of the densities underflows",
            lambda w, X, t, sigma, nu: np.log(np.prod(np.exp(_density(t - w @ X, sigma))) * np.prod(np.exp(_density(w, nu)))),
            "What is the smallest number that a float can hold? Take logarithms before you multiply.",
        ),
        Misconception(
            "the constant of the prior is missing",
            _posterior(of_weights=lambda v, sd: -0.5 * (v / sd) ** 2),
            "The prior is a normal density, too.",
        ),
        Misconception(
            "it is the cost of ridge, not a probability",
            (
                lambda w, X, t, sigma, nu: -0.5 * np.sum((t - w @ X) ** 2) - 0.5 * (sigma / nu) ** 2 * np.sum(w**2),
                lambda w, X, t, sigma, nu: 0.5 * np.sum((t - w @ X) ** 2) + 0.5 * (sigma / nu) ** 2 * np.sum(w**2),
            ),
            "Both have their lowest and highest place at the same weights. But here the logarithm of a density is asked for, with its σ.",
        ),
        Misconception(
            "squares make it more probable",
            _posterior(lambda v, sd: _density(v, sd) + (v / sd) ** 2, lambda v, sd: _density(v, sd) + (v / sd) ** 2),
            "Should a large residual be likely? Which sign stands in the exponent?",
        ),
        Misconception(
            "the prior is subtracted",
            lambda w, X, t, sigma, nu: np.sum(_density(t - w @ X, sigma)) - np.sum(_density(w, nu)),
            "Likelihood and prior are multiplied. What do their logarithms do?",
        ),
        Misconception(
            "the root of 2π is missing",
            _posterior(lambda v, sd: _density(v, sd) - 0.5 * np.log(2 * np.pi), lambda v, sd: _density(v, sd) - 0.5 * np.log(2 * np.pi)),
            "In front of the exponential stands 1/(√(2π) σ). What does the root become in a logarithm?",
        ),
    ),
    hints=(
        "Logarithms turn products into sums. There are two sums: one over the residuals, one over the weights.",
        "log p of one number v with the spread s: −½ (v/s)² − ln(√(2π) s). Use it for t − Xᵀw with σ, and for w with ν.",
        "return sum of log p over the residuals, with sigma, + sum of log p over w, with nu",
    ),
)


def _priced(penalty: Any, spare: bool = False, everywhere: bool = False) -> Any:
    """Build a wrong `map_weights`: its price, and where it stands."""

    def wrong(X: Any, t: Any, sigma: Any, nu: Any) -> Any:
        price = penalty(sigma, nu, len(t)) * (np.ones((len(X), len(X))) if everywhere else np.eye(len(X)))
        price[0, 0] *= not spare
        return np.linalg.solve(X @ X.T + price, X @ t)

    return wrong


def _flat(f: Any) -> bool:
    found = f(UNEVEN, AIMS, 0.5, 3.0)
    return bool(np.abs(central_differences(lambda w: log_posterior(w, UNEVEN, AIMS, 0.5, 3.0), found)).max() < 1e-6)


MAP_WEIGHTS = Exercise(
    reference=map_weights,
    points=4,
    cases=(
        Case("the five points, σ = 1, ν = 2", (np.vstack([np.ones(5), X_5]), Y_5, 1.0, 2.0)),
        Case("σ = 0.5, ν = 3", (UNEVEN, AIMS, 0.5, 3.0)),
        Case("more weights than samples", (UNEVEN.T[:3, :2], AIMS[:2], 2.0, 0.5)),
    ),
    properties=(
        Property("the slope of `log_posterior` is 0 there", _flat),
        Property("with a vague belief it is least squares", lambda f: np.allclose(f(UNEVEN, AIMS, 1.0, 1e4), least_squares(UNEVEN, AIMS))),
    ),
    misconceptions=(
        Misconception(
            "σ and ν are exchanged in λ",
            _priced(lambda s, v, n: (v / s) ** 2),
            "You are nearly sure that weights are 0: ν is tiny. Is λ tiny then?",
        ),
        Misconception(
            "the squares are missing in λ",
            _priced(lambda s, v, n: s / v),
            "In both exponents the standard deviation stands squared. And in λ?",
        ),
        Misconception(
            "the noise is left out of λ",
            _priced(lambda s, v, n: 1 / v**2),
            "The whole log-posterior was multiplied by −σ². The prior's term, too?",
        ),
        Misconception(
            "λ is multiplied by the number of samples",
            _priced(lambda s, v, n: n * (s / v) ** 2),
            "Is the sum of squares a sum or a mean here?",
        ),
        Misconception(
            "the price is taken away", _priced(lambda s, v, n: -((s / v) ** 2)), "Should a belief in small weights make them longer?"
        ),
        Misconception(
            "the price stands in every place of the matrix",
            _priced(lambda s, v, n: (s / v) ** 2, everywhere=True),
            "λ times the unit matrix: where are its ones?",
        ),
        Misconception(
            "the first weight pays nothing",
            _priced(lambda s, v, n: (s / v) ** 2, spare=True),
            "The prior is on each weight. Is the constant none of them?",
        ),
        Misconception("the prior is left out", _priced(lambda s, v, n: 0.0), "These are the most *likely* weights. What does ν change?"),
        Misconception(
            "λ is halved", _priced(lambda s, v, n: (s / v) ** 2 / 2), "Both terms carry a ½. What is left of it in the derivative?"
        ),
        Misconception(
            "X is missing on the right",
            lambda X, t, sigma, nu: np.linalg.solve(X @ X.T + (sigma / nu) ** 2 * np.eye(len(X)), t),
            "The derivative is X (Xᵀw − t) + λ w. What stands with t?",
        ),
    ),
    hints=(
        "Multiply the log-posterior by −σ². Then it is a sum of squares plus a price on the weights. Which price?",
        "λ = σ²/ν². The derivative, set to 0, gives (X Xᵀ + λ I) w = X t. `np.eye(n)` is the unit matrix.",
        "return solve(X Xᵀ + (sigma / nu)² · eye, X t)",
    ),
)


def _walk(
    step: Any = None,
    before: bool = False,
    factor: float = 0.5,
    extra: int = 0,
    start: float = 0.0,
    note: Any = lambda w, X, t: w,
    total: Any = np.mean,
    first: Any = None,
) -> Any:
    """Build a wrong `descend_to_fit`: its gradient, when and of what the cost is taken, its start, and how many steps are made."""
    step = step or (lambda X, e, n: X @ e / n)

    def wrong(X: Any, t: Any, alpha: Any, steps: Any) -> Any:
        w = np.full(len(X), start)
        costs = [factor * (first or total)((note(w, X, t) @ X - t) ** 2)]
        for _ in range(steps + extra):
            w = w - alpha * step(X, w @ X - t, len(t))
            costs.append(factor * total((w @ X - t) ** 2))
        return w, np.array(costs[:-1] if before else costs)

    return wrong


DESCEND_TO_FIT = Exercise(
    reference=descend_to_fit,
    points=4,
    returns=("the vector of weights", "the list of costs"),
    cases=(
        Case("three steps on the five points", (np.vstack([np.ones(5), X_5]), Y_5, 0.05, 3)),
        Case("one step, four points", (UNEVEN, AIMS, 0.1, 1)),
        Case("no step", (UNEVEN, AIMS, 0.1, 0)),
        Case("forty steps", (UNEVEN, AIMS, 0.2, 40)),
    ),
    properties=(
        Property(
            "after many steps it is least squares",
            lambda f: np.allclose(f(UNEVEN, AIMS, 0.3, 500)[0], least_squares(UNEVEN, AIMS), atol=1e-8),
        ),
    ),
    misconceptions=(
        Misconception(
            "the sum over the samples is taken", _walk(lambda X, e, n: X @ e), "E is half a *mean*. What is its derivative divided by?"
        ),
        Misconception(
            "the cost after the last step is missing",
            _walk(before=True),
            "One cost before the first step and one after each: how many are there?",
        ),
        Misconception(
            "it walks uphill", _walk(lambda X, e, n: -X @ e / n), "The gradient points to where the cost grows. Where do you want to go?"
        ),
        Misconception("the ½ of the cost is missing", _walk(factor=1.0), "How is E written above?"),
        Misconception(
            "the gradient is twice too long", _walk(lambda X, e, n: 2 * X @ e / n), "The ½ of E is there to cancel something. What?"
        ),
        Misconception(
            "it is divided by the number of features",
            _walk(lambda X, e, n: X @ e / len(X)),
            "Over what is the mean taken: samples or features? `len(X)` counts rows.",
        ),
        Misconception("one step too many is made", _walk(extra=1), "How often does the loop's body run?"),
        Misconception(
            "one step too few is made",
            _walk(extra=-1),
            "How often does the loop's body run?",
        ),
        Misconception(
            "it does not start from zeros",
            (_walk(start=1.0), _walk(start=1.0, note=lambda w, X, t: 0.0 * w)),
            "With which weights does the exercise want you to begin?",
        ),
        Misconception(
            "only the first sample is used",
            _walk(lambda X, e, n: X[:, 0] * e[0]),
            "Each sample has a say. Over what is the mean of the gradient?",
        ),
        Misconception(
            "the costs are sums",
            (_walk(total=np.sum), _walk(total=np.sum, first=np.mean)),
            "E is half the *mean* square. What do you divide by?",
        ),
        Misconception(
            "without a step there is no cost",
            lambda X, t, alpha, steps: descend_to_fit(X, t, alpha, steps) if steps else (np.zeros(len(X)), np.array([])),
            "Before the first step there is a cost already.",
        ),
    ),
    hints=(
        "Downhill on the mean square, as in chapter 04, with one layer and no activation function.",
        "The errors are e = Xᵀw − t, an array of shape (samples,). The gradient of ½ mean e² by w is X e / samples.",
        "w ← w − alpha · X @ (w @ X − t) / len(t); note ½ mean((w @ X − t)²) before the loop and after each step",
    ),
)

FOUR, MIXED, APART = np.array([[-2.0, -1, 1, 2]]), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
TWO_D = np.array([[0.5, -1.0, 2.0, 1.5, -0.3], [1.0, 0.25, -0.75, 0.5, -2.0]])
KINDS = np.array([1, 0, 1, 1, 0])


def _neuron(error: Any = None, bias: Any = None, price: Any = None, target: Any = lambda y: y) -> Any:
    """Build a wrong `logistic_fit`: its error term, how the bias moves, what the price is, and what the labels become."""
    error = error or (lambda a, y, z: a - y)
    price = price or (lambda w, penalty, n: penalty * w)

    def wrong(X: Any, y: Any, alpha: Any, steps: Any, penalty: Any = 0.0) -> Any:
        w, b, y = np.zeros(len(X)), 0.0, target(y)
        for _ in range(steps):
            z = w @ X + b
            delta = error(sigmoid(z), y, z)
            w, b = (
                w - alpha * (X @ delta / len(y) + price(w, penalty, len(y))),
                (bias or (lambda b, delta, alpha, penalty: b - alpha * np.mean(delta)))(b, delta, alpha, penalty),
            )
        return w, b

    return wrong


def _one_after_the_other(X: Any, y: Any, alpha: Any, steps: Any, penalty: Any = 0.0) -> Any:
    """Move the weights first, and take the gradient of the bias behind that."""
    w, b = np.zeros(len(X)), 0.0
    for _ in range(steps):
        w = w - alpha * (X @ (sigmoid(w @ X + b) - y) / len(y) + penalty * w)
        b = b - alpha * np.mean(sigmoid(w @ X + b) - y)
    return w, b


LOGISTIC_FIT = Exercise(
    reference=logistic_fit,
    points=4,
    returns=("the vector of weights", "the bias"),
    cases=(
        Case("two steps on four points", (FOUR, MIXED, 1.0, 2, 0.0)),
        Case("ten steps, five points of a plane", (TWO_D, KINDS, 0.5, 10, 0.0)),
        Case("ten steps with a price", (TWO_D, KINDS, 0.5, 10, 0.3)),
        Case("far points: z reaches 1000", (1000 * FOUR, APART, 1.0, 3, 0.0)),
    ),
    properties=(
        Property(
            "with twice the samples, each twice, it is the same",
            lambda f: np.allclose(np.append(*f(np.hstack([TWO_D, TWO_D]), np.tile(KINDS, 2), 0.5, 5)), np.append(*f(TWO_D, KINDS, 0.5, 5))),
        ),
    ),
    misconceptions=(
        Misconception(
            "the squared error's slope is still there",
            _neuron(lambda a, y, z: (a - y) * a * (1 - a)),
            "With the cross-entropy no slope is left in the error term. What would the slope do at z = −10?",
        ),
        Misconception(
            "the labels are turned into −1 and 1",
            _neuron(target=lambda y: 2 * y - 1),
            "The neuron says a probability. Can it ever reach −1?",
        ),
        Misconception(
            "the bias pays, too",
            _neuron(bias=lambda b, delta, alpha, penalty: b - alpha * (np.mean(delta) + penalty * b)),
            "What does the exercise say of the bias?",
        ),
        Misconception("the price is left out", _neuron(price=lambda w, penalty, n: 0.0), "What does `penalty` do in your function?"),
        Misconception(
            "the price is divided by the samples",
            _neuron(price=lambda w, penalty, n: penalty * w / n),
            "λ/2 ‖w‖² is added to the mean. Does N come in again?",
        ),
        Misconception(
            "sums are taken in place of means",
            _neuron(lambda a, y, z: (a - y) * len(y)),
            "The error is a *mean* over the samples. By what do you divide?",
        ),
        Misconception(
            "it learns from yes and no, like the perceptron",
            _neuron(lambda a, y, z: (z > 0) - y),
            "Where does the sigmoid stand in your loop?",
        ),
        Misconception(
            "the bias never moves",
            _neuron(bias=lambda b, delta, alpha, penalty: b),
            "The bias is a weight with the input 1. What is its gradient?",
        ),
        Misconception(
            "there is no sigmoid", _neuron(lambda a, y, z: z - y), "That is gradient descent on squares. What turns z into a probability?"
        ),
        Misconception("it walks uphill", _neuron(lambda a, y, z: y - a), "Against the gradient: which sign has a − y, and which the step?"),
        Misconception(
            "the price is twice too high",
            _neuron(price=lambda w, penalty, n: 2 * penalty * w),
            "The ½ in λ/2 ‖w‖² is there to cancel something. What?",
        ),
        Misconception(
            "the sigmoid overflows",
            (_neuron(lambda a, y, z: np.exp(z) / (1 + np.exp(z)) - y),),
            "e to the power 1000 is no float. Your `sigmoid` of chapter 02 knows a way.",
        ),
        Misconception(
            "the weights move before the bias has its gradient",
            _one_after_the_other,
            "Both gradients belong to one place. Which one do you compute after the move?",
        ),
    ),
    hints=(
        "One neuron, one layer: forward, the error term, one step; again.",
        "a = σ(w @ X + b) has the shape (samples,). The error term is a − y. Gradients: X (a − y) / N + λ w, and the mean of a − y.",
        "d = sigmoid(w @ X + b) − y; w ← w − alpha · (X @ d / N + penalty · w); b ← b − alpha · mean(d)",
    ),
)

UNSORTED = np.array([3.0, 0.0, 5.0, 1.0, 4.0, 2.0]), np.array([2.5, 0.5, 6.0, 1.0, 3.0, 1.0])


def _report(r: Any = None, sort: bool = True, signed: bool = False, lag: int = 1, by: Any = lambda x, y: x) -> Any:
    """Build a wrong `residual_report`."""

    def wrong(x: Any, y: Any, intercept: Any, slope: Any) -> Any:
        order = np.argsort(by(x, y)) if sort else np.arange(len(x))
        x, y = x[order], y[order]
        e = y - intercept - slope * x
        if not e.any():
            return 1.0, np.nan, np.nan
        share = (r or (lambda x, y, e: 1 - (e @ e) / np.sum((y - y.mean()) ** 2)))(x, y, e)
        return share, np.corrcoef(e[:-lag], e[lag:])[0, 1], np.corrcoef(e if signed else np.abs(e), x)[0, 1]

    return wrong


RESIDUAL_REPORT = Exercise(
    reference=residual_report,
    points=2,
    returns=("R²", "the neighbours' correlation", "the funnel's correlation"),
    cases=(
        Case("the five points and their line", (X_5, Y_5, 2.2, 0.6)),
        Case("samples in any order", (*UNSORTED, 0.2, 0.9)),
        Case("a line worse than the mean", (X_5, Y_5, 6.0, -1.0)),
        Case("a line without residuals", (*EXACT, -1.0, 2.0)),
    ),
    misconceptions=(
        Misconception(
            "R² is the squared correlation",
            _report(lambda x, y, e: np.corrcoef(x, y)[0, 1] ** 2),
            "That is R² of the *best* line. What if the line is another one?",
        ),
        Misconception(
            "R is given without its square", _report(lambda x, y, e: np.corrcoef(x, y)[0, 1]), "R² is a share of squares. Where are they?"
        ),
        Misconception(
            "the spread is not measured from the mean",
            _report(lambda x, y, e: 1 - (e @ e) / (y @ y)),
            "With what is the line compared: with 0, or with the mean of y?",
        ),
        Misconception(
            "R² is cut off at 0",
            _report(lambda x, y, e: max(0.0, 1 - (e @ e) / np.sum((y - y.mean()) ** 2))),
            "A line may be worse than the mean. What is R² then?",
        ),
        Misconception(
            "the share that is left is given",
            _report(lambda x, y, e: (e @ e) / np.sum((y - y.mean()) ** 2)),
            "R² is what is explained, not what is left.",
        ),
        Misconception("the samples are not sorted", _report(sort=False), "Neighbours in what: in the list, or in x?"),
        Misconception("the sizes have a sign", _report(signed=True), "A funnel opens to both sides. What is the *size* of a residual?"),
        Misconception("the neighbour but one is taken", _report(lag=2), "e[:-1] and e[1:]: which residual meets which?"),
        Misconception(
            "the slope is added to the residual",
            lambda x, y, intercept, slope: residual_report(x, y, intercept, -slope),
            "A residual is what is measured minus *all* that the line says.",
        ),
        Misconception(
            "the samples are sorted by y",
            _report(by=lambda x, y: y),
            "Along which axis are two points neighbours?",
        ),
        Misconception(
            "nothing is left, and 0 is said of it",
            lambda x, y, intercept, slope: tuple(np.nan_to_num(residual_report(x, y, intercept, slope)).tolist()),
            "A correlation of 0 is a statement. Can anything be said of numbers that are all 0?",
        ),
    ),
    hints=(
        "Sort by x, compute the residuals of the given line, then three numbers from them.",
        "`np.argsort(x)` gives the order; apply it to x and to y. Neighbours are `e[:-1]` and `e[1:]`. Sizes are `np.abs(e)`.",
        "1 − sum e² / sum (y − ȳ)², corrcoef(e[:-1], e[1:])[0, 1], corrcoef(abs(e), x)[0, 1]",
    ),
)


def _sets(kinds: int = 4) -> list[tuple[Any, Any]]:
    """Draw some easy sets for the visible check: many points, little noise."""
    rng, drawn = np.random.default_rng(5), []
    for kind in range(kinds):
        x = np.sort(rng.uniform(0, 1, 40))
        truth = (0.5 + 0 * x, 1 - 2 * x, np.sin(2 * np.pi * x), np.sin(4 * np.pi * x))[kind]
        drawn.append((x, truth + 0.1 * rng.normal(size=40)))
    return drawn


EASY = _sets()


def _finite(values: Any) -> Any:
    """Judge a fit by its form alone: many curves are right."""
    return [*values.shape, bool(np.isfinite(values).all())]


NAMES = ("a constant", "a line", "one period of a sine", "two periods of a sine")
AT = np.linspace(0.02, 0.98, 97)
CURVES = (0.5 + 0 * AT, 1 - 2 * AT, np.sin(2 * np.pi * AT), np.sin(4 * np.pi * AT))


def _follows(i: int) -> Any:
    return lambda f: bool(np.sqrt(np.mean((f(*EASY[i], AT) - CURVES[i]) ** 2)) < 0.15)


def _by_folds(x: Any, t: Any) -> Any:
    """Return the degree that points held back in turn choose, and its weights on all points."""
    folds = np.arange(len(x)) % 5

    def error(degree: int) -> float:
        squares: list[Any] = []
        for fold in range(5):
            w = least_squares(polynomial_features(x[folds != fold], degree), t[folds != fold])
            squares.extend((t[folds == fold] - w @ polynomial_features(x[folds == fold], degree)) ** 2)
        return float(np.mean(squares))

    best = min(range(10), key=error)
    return best, least_squares(polynomial_features(x, best), t)


MY_FIT = Exercise(
    reference=my_fit,
    points=2,
    cpu=8,
    judge=_finite,
    cases=tuple(Case(f"forty points of {name}", (*EASY[i], AT)) for i, name in enumerate(NAMES)),
    properties=tuple(
        Property(f"forty points of {name}, with little noise: it is near the curve", _follows(i)) for i, name in enumerate(NAMES)
    ),
    misconceptions=(
        Misconception(
            "the weights are returned",
            lambda x, t, x_new: _by_folds(x, t)[1],
            "Where do you put the new places in?",
        ),
        Misconception(
            "the curve is given at the points themselves",
            lambda x, t, x_new: my_fit(x, t, x),
            "At which places is the curve asked for?",
        ),
    ),
    hints=(
        "More bends are worth it only if points that were not used for the fit like them.",
        "Hold back every fifth point in turn, fit on the others, and add up the squared errors on those held back. Do so for each degree.",
        "best = the degree with the least error on held-back points; return least_squares(polynomial_features(x, best), t) at x_new",
    ),
)

CHAPTER = Chapter(
    name="09_regression",
    title="09 Regression",
    exercises=(
        LINE_FIT,
        POLYNOMIAL_SYSTEM,
        LEAST_SQUARES,
        LOG_POSTERIOR,
        MAP_WEIGHTS,
        DESCEND_TO_FIT,
        LOGISTIC_FIT,
        RESIDUAL_REPORT,
        MY_FIT,
    ),
)
