"""Chapter 05, the traffic-state classifier: its exercises, declared as data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from operator import index as whole
from typing import Any

import numpy as np

from nnlab.activations import sigmoid, sigmoid_derivative, softmax
from nnlab.backpropagation import backward, cross_entropy, one_hot, optimize
from nnlab.checks._exercise import Case, Chapter, Exercise, Misconception, Property
from nnlab.forward_propagation import forward, init_params
from nnlab.languages import say
from nnlab.traffic_classifier import (
    auc,
    confusion_matrix,
    f1,
    minibatches,
    nearest_mean,
    precision,
    precision_recall_f1,
    predict_states,
    recall,
    standardised,
    train,
    whole_days_out,
)

ONE_HOT = Exercise(
    reference=one_hot,
    points=2,
    cases=(
        Case("four samples, three classes", (np.array([2, 0, 1, 1]), 3)),
        Case("five classes", (np.array([4, 0, 3]), 5)),
        Case("class 2 does not occur", (np.array([1, 0, 1, 1]), 3)),
    ),
    properties=(Property("every column sums to 1", lambda f: np.array_equal(f(np.array([0, 3, 1, 2, 2]), 4).sum(axis=0), np.ones(5))),),
    misconceptions=(
        Misconception("each sample is a row", lambda y, classes: np.eye(classes)[y], "Columns are samples. How many columns are there?"),
        Misconception("there are always three classes", lambda y, classes: np.eye(3)[:, y], "What if y holds the classes 0 to 4?"),
        Misconception(
            "class 1 lights the first row",
            lambda y, classes: np.eye(classes)[:, y - 1],
            "Counting starts at 0. Which row does class 0 light?",
        ),
        Misconception(
            "there is a row only for classes that occur",
            lambda y, classes: (np.unique(y)[:, None] == y).astype(float),
            "This batch has no sample of class 2. How long is a column all the same?",
        ),
        Misconception(
            "there are as many rows as the largest label says",
            lambda y, classes: np.eye(int(np.max(y)) + 1)[:, y],
            "`classes` says how many there are. Which labels does this batch happen to lack?",
        ),
        Misconception(
            "the other rows hold −1",
            lambda y, classes: 2 * one_hot(y, classes) - 1,
            "Softmax gives shares from 0 to 1. What should a class get that it is not?",
        ),
        Misconception(
            "the class itself stands in place of the 1",
            lambda y, classes: one_hot(y, classes) * (np.asarray(y) + 1),
            "The row says which class it is. What number says “yes”, for every class?",
        ),
        Misconception(
            "class 0 lights the last row",
            lambda y, classes: one_hot(y, classes)[::-1],
            "Rows are counted from the top. Which one has the number 0?",
        ),
    ),
    hints=(
        "Each sample gets a column of zeros with a single 1. The class says in which row.",
        "`np.eye(classes)` holds one such column for each class. Which columns do you want, and in which order?",
        "return np.eye(classes)[all rows, columns y]",
    ),
)

SEEN = np.array([[1.0, 3.0, 5.0, 7.0], [10.0, 10.0, 30.0, 50.0], [0.1, -0.1, 0.3, 0.5]])
NEW = np.array([[4.0, 20.0], [25.0, -25.0], [0.2, 4.0]])
STUCK = np.array([[2.0, 4.0, 9.0], [6.0, 6.0, 6.0]])  # its second feature never moves


def _scaled(mean: Any, spread: Any, X: Any) -> Any:
    return (X - mean) / np.where(spread > 0, spread, 1.0)


STANDARDISED = Exercise(
    reference=standardised,
    points=3,
    cases=(
        Case("two new samples", (SEEN, NEW)),
        Case("the training samples themselves", (SEEN, SEEN)),
        Case("a feature that never moved", (STUCK, np.array([[5.0], [6.5]]))),
    ),
    properties=(
        Property("a sample does not depend on those beside it", lambda f: np.allclose(f(SEEN, NEW)[:, [1]], f(SEEN, NEW[:, [1]]))),
        Property("the training samples get mean 0", lambda f: np.allclose(f(SEEN, SEEN).mean(axis=1), 0)),
    ),
    misconceptions=(
        Misconception(
            "mean and spread are those of X, not of the training samples",
            lambda train, X: _scaled(X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True), X),
            "A single new sample arrives. What would be its mean, and its spread?",
        ),
        Misconception(
            "mean and spread are those of training and new samples together",
            lambda train, X: _scaled(
                np.hstack([train, X]).mean(axis=1, keepdims=True), np.hstack([train, X]).std(axis=1, keepdims=True), X
            ),
            "May a sample that you want to predict move the ruler by which you measure it?",
        ),
        Misconception(
            "one mean and one spread serve all features",
            lambda train, X: (X - train.mean()) / train.std(),
            "You average km/h with m/s². What unit has the result? Which axis holds the samples?",
        ),
        Misconception(
            "it is divided by the variance",
            lambda train, X: _scaled(train.mean(axis=1, keepdims=True), train.var(axis=1, keepdims=True), X),
            "If all speeds are given in m/s instead of km/h, should the result change?",
        ),
        Misconception(
            "a feature without spread is divided by 0",
            lambda train, X: (X - train.mean(axis=1, keepdims=True)) / train.std(axis=1, keepdims=True),
            "One feature was the same in all training samples. What is its standard deviation, and what should it say now?",
        ),
        Misconception(
            "the spread is that of a sample estimate, divisor n − 1",
            lambda train, X: _scaled(train.mean(axis=1, keepdims=True), train.std(axis=1, keepdims=True, ddof=1), X),
            "Do the training samples get standard deviation 1 exactly? Which divisor does `np.std` use by itself?",
        ),
        Misconception(
            "only the mean is taken away",
            lambda train, X: X - train.mean(axis=1, keepdims=True),
            "Volume reaches 89, acceleration 0.8. Are they on one scale now?",
        ),
        Misconception(
            "the smallest value becomes 0 and the largest 1",
            lambda train, X: (
                (X - train.min(axis=1, keepdims=True))
                / np.where(np.ptp(train, axis=1, keepdims=True) > 0, np.ptp(train, axis=1, keepdims=True), 1.0)
            ),
            "That is min-max scaling, one of the three of the text. Which two numbers does standardising use?",
        ),
        Misconception(
            "the training samples are returned, not X",
            lambda train, X: standardised(train, train),
            "Which of the two arguments is put on the scale, and which one only gives it?",
        ),
    ),
    hints=(
        "Two numbers a feature are learned from `train`: its mean and its standard deviation. They are applied to X.",
        "Samples lie along axis 1; `keepdims=True` keeps the columns. A spread of 0 must not divide: put 1 in its place.",
        "mean, spread of train along axis 1; spread = 1 where it is 0; return (X minus mean) over spread",
    ),
)

SCORES = np.array([[2.0, 0.5], [-1.0, 0.25], [0.0, 3.0]])
TARGETS = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])


def _log_softmax(z: Any) -> Any:
    z = z - z.max(axis=0)
    return z - np.log(np.exp(z).sum(axis=0))


CROSS_ENTROPY = Exercise(
    reference=cross_entropy,
    points=3,
    cases=(
        Case("two samples", (SCORES, TARGETS)),
        Case("one sample, four classes", (np.array([[0.1], [0.2], [1.5], [-3.0]]), np.array([[0.0], [0.0], [0.0], [1.0]]))),
        Case("scores of 800, sure and wrong", (np.array([[800.0, 0.0], [0.0, 800.0], [0.0, 0.0]]), TARGETS[:, ::-1])),
    ),
    properties=(
        Property(
            "equal scores of three classes cost log 3",
            lambda f: np.allclose(f(np.full((3, 4), 7.0), np.eye(3)[:, [0, 1, 2, 0]]), np.log(3)),
        ),
        Property("adding 5 to all scores changes nothing", lambda f: np.allclose(f(SCORES + 5, TARGETS), f(SCORES, TARGETS))),
    ),
    misconceptions=(
        Misconception(
            "this is the sum over the samples",
            lambda z, y: -(y * _log_softmax(z)).sum(),
            "With twice as many samples alike, should the cost double? The learning rate would have to be halved.",
        ),
        Misconception(
            "the mean is over classes and samples",
            lambda z, y: -(y * _log_softmax(z)).mean(),
            "How many numbers of y are not 0? By how many do you divide?",
        ),
        Misconception(
            "the logarithm has base 2",
            lambda z, y: cross_entropy(z, y) / np.log(2),
            "The gradient a − y belongs to the natural logarithm. Which is yours?",
        ),
        Misconception(
            "softmax comes first and is rounded to 0",
            (
                lambda z, y: float(-(y * np.log(np.exp(z) / np.exp(z).sum(axis=0))).sum(axis=0).mean()),
                lambda z, y: float(-(y * np.log(softmax(z))).sum(axis=0).mean()),
            ),
            "What are exp(800) and log(0) as floats? Take the logarithm on paper first: log softmax(z) = z − log Σ exp(z).",
        ),
        Misconception(
            "the largest score is taken in place of the target's",
            lambda z, y: -_log_softmax(z).max(axis=0).mean(),
            "The network is sure and wrong. Should that cost nothing?",
        ),
        Misconception(
            "the sign is wrong", lambda z, y: -cross_entropy(z, y), "log of a probability is never positive. What should a cost be?"
        ),
        Misconception(
            "softmax is forgotten",
            lambda z, y: float(-(y * z).sum(axis=0).mean()),
            "A higher score of the right class lowers your cost. Do the scores of the other classes play no part?",
        ),
        Misconception(
            "the shares are kept away from 0",
            (
                lambda z, y: float(-(y * np.log(np.clip(softmax(z), 1e-12, 1))).sum(axis=0).mean()),
                lambda z, y: float(-(y * np.log(np.clip(softmax(z), 1e-15, 1))).sum(axis=0).mean()),
            ),
            "Sure and wrong by 800 costs 800. How much can it cost at most, if no share is below 10⁻¹²?",
        ),
        Misconception(
            "the smallest score is taken away, not the largest",
            lambda z, y: -(y * (z - z.min(axis=0) - np.log(np.exp(z - z.min(axis=0)).sum(axis=0)))).sum(axis=0).mean(),
            "Which of z − min and z − max has no large number in it? Only large ones make exp overflow.",
        ),
    ),
    probes=(Case("", (SCORES + 800, TARGETS)), Case("", (720 * TARGETS, TARGETS[:, ::-1]))),  # a share of exp(−720) is not yet 0
    hints=(
        "A sample costs −log of the probability that its own class got. The cost is the mean over the samples.",
        "log softmax(z) = z − log Σ exp(z). Subtract each column's maximum first; then no exp overflows and no log sees 0.",
        "z = z minus its column maxima; logs = z minus log of column sums of exp(z); "
        "return minus the mean of the column sums of y times logs",
    ),
)


def _pieces(batches: Sequence[Any]) -> tuple[list[int], list[int], bool]:
    """Say what an epoch of batches does: how large they are, which samples they hold, and whether their order is random."""
    order = [whole(i) for batch in batches for i in sorted(batch)]  # within a batch it does not matter; a float is no index
    return [len(batch) for batch in batches], sorted(order), len(batches) == 1 or order != sorted(order)


def _cut(order: Any, size: int) -> list[Any]:
    return [order[start : start + size] for start in range(0, len(order), size)]


MINIBATCHES = Exercise(
    reference=minibatches,
    points=3,
    judge=_pieces,
    cases=(
        Case("twenty samples, six a batch", (20, 6, np.random.default_rng(5))),
        Case("sizes that fit", (12, 4, np.random.default_rng(6))),
        Case("all at once", (10, 64, np.random.default_rng(7))),
    ),
    properties=(
        Property("the next epoch has another order", lambda f: _changes(f)),
        Property("the same seed gives the same order", lambda f: _pairs(f, 8, 8)),
    ),
    misconceptions=(
        Misconception(
            "the short last batch is dropped",
            lambda n, size, rng: [each for each in _cut(rng.permutation(n), size) if len(each) == size],
            "7309 = 114 · 64 + 13. Where are the 13?",
        ),
        Misconception(
            "samples are drawn with replacement",
            lambda n, size, rng: _cut(rng.integers(n, size=n), size),
            "In one epoch each sample comes once. How often can a number come if each is drawn anew?",
        ),
        Misconception(
            "the order is not random",
            lambda n, size, rng: _cut(np.arange(n), size),
            "Rows of one road stand together in the file. What would one batch see?",
        ),
        Misconception(
            "this is one batch",
            lambda n, size, rng: [rng.permutation(n)[:size]],
            "An epoch uses all samples. How many batches does it have?",
        ),
        Misconception(
            "the last batch is joined to the one before",
            lambda n, size, rng: np.split(rng.permutation(n), range(size, n - size + 1, size)),
            "How many samples may a batch have at most?",
        ),
        Misconception(
            "all batches are about equally large",
            lambda n, size, rng: np.array_split(rng.permutation(n), -(-n // size)),
            "Every batch but the last has `size` samples. How many has your first?",
        ),
        Misconception(
            "samples are counted from 1",
            lambda n, size, rng: _cut(1 + rng.permutation(n), size),
            "X[:, index] counts from 0. Which column never comes up?",
        ),
        Misconception(
            "an index is no whole number",
            lambda n, size, rng: _cut(rng.permutation(n).astype(float), size),
            "What do you put between the square brackets?",
        ),
    ),
    hints=(
        "Shuffle the numbers 0 to n − 1, then cut the row into pieces of `size`.",
        "`rng.permutation(n)` shuffles. A slice `order[start : start + size]` ends by itself where the row ends.",
        "order = shuffled numbers; return [order from start to start + size for start in range(0, n, size)]",
    ),
)


def _order(batches: Sequence[Any]) -> list[int]:
    return [int(i) for batch in batches for i in batch]


def _changes(f: Any) -> bool:
    rng = np.random.default_rng(8)
    return len({tuple(_order(f(30, 7, rng))) for _ in range(3)}) == 3


def _pairs(f: Any, one: int, other: int) -> bool:
    return _order(f(30, 7, np.random.default_rng(one))) == _order(f(30, 7, np.random.default_rng(other)))


# Full batches and samples that are all alike: then the order of the samples does not matter, and any way to shuffle gives these numbers.
START = init_params([2, 3, 3], np.random.RandomState(51))
POINTS = np.random.RandomState(52).standard_normal((2, 9)).round(1)
STATES = one_hot([0, 1, 2, 2, 1, 0, 0, 2, 1], 3)
ALIKE = np.tile([[0.8], [-0.5]], 10), np.tile([[0.0], [1.0], [0.0]], 10)


def _trained(
    steps: Any = minibatches,
    better: Any = optimize,
    slopes: Any = backward,
    costs: str = "after",
    output: Any = softmax,
    once: bool = False,
) -> Any:
    """Build a wrong `train`: how batches are drawn, how a step is made, what the gradients are, and which cost is noted."""

    def wrong(X: Any, Y: Any, W: Any, b: Any, alpha: float, epochs: int, size: int, rng: Any) -> Any:
        W, b, noted, cost, after = list(W), list(b), [], 0.0, 0.0
        first = steps(X.shape[1], size, rng)
        for epoch in range(epochs):
            before = cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y)
            for index in first if once or not epoch else steps(X.shape[1], size, rng):
                z, a = forward(X[:, index], W, b, sigmoid, output)
                cost = cross_entropy(z[-1], Y[:, index])
                W, b = better(W, b, *slopes(Y[:, index], W, z, a, sigmoid_derivative, np.ones_like), alpha)
                after = cross_entropy(forward(X, W, b, sigmoid, softmax)[0][-1], Y)
                noted += [after] * (costs == "each")
            noted += {"after": [after], "before": [before], "last batch": [cost], "each": []}[costs]
        return W, b, noted

    return wrong


def _summed(y: Any, W: Any, z: Any, a: Any, f_grad: Any, f_out_grad: Any) -> Any:
    dW, db = backward(y, W, z, a, f_grad, f_out_grad)
    return [g * y.shape[1] for g in dW], [g * y.shape[1] for g in db]


TRAIN = Exercise(
    reference=train,
    points=5,
    returns=("W", "b", "costs"),
    cases=(
        Case("three epochs, all samples in one batch", (POINTS, STATES, *START, 0.5, 3, 9, np.random.default_rng(53))),
        Case("ten samples alike, three a batch, two epochs", (*ALIKE, *START, 0.3, 2, 3, np.random.default_rng(54))),
        Case("one sample a step", (ALIKE[0][:, :4], ALIKE[1][:, :4], *START, 1.0, 1, 1, np.random.default_rng(55))),
    ),
    properties=(
        Property("no epoch at all changes nothing", lambda f: _rests(f)),
        Property("the same seed gives the same order", lambda f: _repeats(f)),
        Property("each step uses the samples of its batch, and no others", lambda f: _steps_alone(f)),
        Property("smaller batches take more steps and come further in an epoch", lambda f: _further(f)),
    ),
    misconceptions=(
        Misconception(
            "the cost is that of the last batch",
            _trained(costs="last batch"),
            "One batch is a small and lucky or unlucky sample. Over which samples should a cost be that you compare from epoch to epoch?",
        ),
        Misconception(
            "the cost is that before the epoch", _trained(costs="before"), "After how many epochs was the first number of `costs` measured?"
        ),
        Misconception(
            "the step goes with the gradient",
            _trained(better=lambda W, b, dW, db, alpha: optimize(W, b, dW, db, -alpha)),
            "The gradient points to where the cost grows. Which way do you step?",
        ),
        Misconception(
            "the output goes through sigmoid instead of softmax",
            _trained(output=sigmoid),
            "Which function makes the three outputs of one sample sum to 1?",
        ),
        Misconception(
            "an epoch takes one step",
            _trained(steps=lambda n, size, rng: minibatches(n, size, rng)[:1]),
            "How many batches does an epoch have? After which of them do the weights move?",
        ),
        Misconception(
            "the gradients are summed over the batch",
            _trained(slopes=_summed),
            "`backward` gives the mean over the samples already. What happens with larger batches?",
        ),
        Misconception(
            "only the weights are moved",
            _trained(better=lambda W, b, dW, db, alpha: (optimize(W, b, dW, db, alpha)[0], b)),
            "Do the biases learn, too?",
        ),
        Misconception(
            "the error of the output has a slope in it",
            _trained(slopes=lambda y, W, z, a, f_grad, f_out_grad: backward(y, W, z, a, f_grad, sigmoid_derivative)),
            "With softmax and cross-entropy the output's error is a − y. Which slope leaves it as it is?",
        ),
        Misconception(
            "a cost is noted after each batch",
            _trained(costs="each"),
            "How many numbers does `costs` have after two epochs?",
        ),
    ),
    hints=(
        "One epoch is all batches once. One batch is: forward, backward, optimize.",
        "`for index in minibatches(...)`: take the columns `X[:, index]` and `Y[:, index]`. "
        "After the batches of an epoch, note the cost of all samples.",
        "z, a = forward(batch, W, b, sigmoid, softmax); dW, db = backward(targets, W, z, a, sigmoid_derivative, np.ones_like); "
        "W, b = optimize(...)",
    ),
    cpu=20,
    call=30,
)


def _steps_alone(f: Any) -> bool:
    """Tell whether three samples, one a step, end where one of the six orders leads."""
    X, Y = POINTS[:, :3], STATES[:, :3]
    ends = []
    for order in permutations(range(3)):
        W, b = START
        for i in order:
            W, b, _ = train(X[:, [i]], Y[:, [i]], W, b, 2.0, 1, 1, np.random.default_rng(0))
        ends.append(W[0])
    W, _, _ = f(X, Y, *START, 2.0, 1, 1, np.random.default_rng(1))
    return any(np.allclose(W[0], end) for end in ends)


def _rests(f: Any) -> bool:
    W, b, costs = f(POINTS, STATES, *START, 0.5, 0, 4, np.random.default_rng(0))
    return len(costs) == 0 and all(np.array_equal(one, other) for one, other in zip((*W, *b), (*START[0], *START[1]), strict=True))


def _repeats(f: Any) -> bool:
    """Tell whether one seed leads to one end; of three samples, one a step, another order leads elsewhere."""
    ends = [f(POINTS, STATES, *START, 2.0, 1, 1, np.random.default_rng(2))[0][0] for _ in range(2)]
    return bool(np.allclose(*ends))


def _further(f: Any) -> bool:
    return f(*ALIKE, *START, 0.1, 1, 2, np.random.default_rng(0))[2][-1] < f(*ALIKE, *START, 0.1, 1, 10, np.random.default_rng(0))[2][-1]


TOLD = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2]), np.array([0, 0, 0, 1, 1, 1, 2, 1, 2])
MATRIX = np.array([[50, 3, 0], [6, 20, 4], [1, 2, 30]])
LAZY = np.array([[58, 0, 0], [23, 0, 0], [19, 0, 0]])  # says class 0 to all

CONFUSION_MATRIX = Exercise(
    reference=confusion_matrix,
    points=2,
    cases=(
        Case("nine samples", (*TOLD, 3)),
        Case("a class that nobody has and nobody says", (np.array([0, 1, 1, 0]), np.array([1, 1, 1, 0]), 3)),
        Case("four classes", (np.array([3, 0, 2, 3, 3]), np.array([3, 1, 2, 0, 3]), 4)),
    ),
    properties=(Property("the counts sum to the number of samples", lambda f: np.sum(f(*TOLD, 3)) == 9),),
    misconceptions=(
        Misconception(
            "rows and columns are exchanged",
            lambda y, predicted, classes: confusion_matrix(predicted, y, classes),
            "Row 0 holds the samples that ARE of class 0. Which of your two axes is the truth?",
        ),
        Misconception(
            "shares stand in place of counts",
            lambda y, predicted, classes: confusion_matrix(y, predicted, classes) / len(y),
            "A share hides how many samples it rests on. What do you count?",
        ),
        Misconception(
            "a class without samples vanishes",
            lambda y, predicted, classes: confusion_matrix(y, predicted, int(max(y.max(), predicted.max())) + 1),
            "`classes` says how many rows there are. What if the last class does not occur?",
        ),
        Misconception(
            "samples of the same kind are counted once",
            lambda y, predicted, classes: np.minimum(confusion_matrix(y, predicted, classes), 1),
            "`C[y, predicted] += 1` adds once for each different pair. What counts every time? (`np.add.at`, or a loop.)",
        ),
        Misconception(
            "only the right answers are counted",
            lambda y, predicted, classes: np.diag(np.diag(confusion_matrix(y, predicted, classes))),
            "Which place belongs to a sample of class 1 that was called 2?",
        ),
        Misconception(
            "there are always two classes",
            lambda y, predicted, classes: confusion_matrix((np.asarray(y) > 0).astype(int), (np.asarray(predicted) > 0).astype(int), 2),
            "Slow and congested are two classes. Where does a slow sample go that was called congested?",
        ),
        Misconception(
            "each row is divided by its sum",
            lambda y, predicted, classes: (
                confusion_matrix(y, predicted, classes) / np.maximum(confusion_matrix(y, predicted, classes).sum(axis=1, keepdims=True), 1)
            ),
            "A share hides how many samples it rests on. Which numbers were there before the division?",
        ),
        Misconception(
            "only the mistakes are counted",
            lambda y, predicted, classes: (
                confusion_matrix(y, predicted, classes) - np.diag(np.diag(confusion_matrix(y, predicted, classes)))
            ),
            "Where in the table are the samples that were told right?",
        ),
    ),
    hints=(
        "A table of counts: the row is the true class, the column the predicted one.",
        "Start with `np.zeros((classes, classes), dtype=int)` and add 1 for each pair of true and predicted class.",
        "for each true, told in zip(y, predicted): C[true, told] += 1; return C",
    ),
)


def _plain(part: Any, whole: Any) -> Any:
    with np.errstate(all="ignore"):
        return part / whole


def _f1_by(rule: Any) -> Any:
    """Build a wrong `precision_recall_f1` whose divisions by 0 are nan, from how F1 is made of the matrix, precision and recall."""

    def wrong(C: Any) -> Any:
        P, R = _plain(np.diag(C), C.sum(axis=0)), _plain(np.diag(C), C.sum(axis=1))
        with np.errstate(all="ignore"):
            return P, R, rule(C, P, R)

    return wrong


PRECISION_RECALL_F1 = Exercise(
    reference=precision_recall_f1,
    points=3,
    returns=("the precision", "the recall", "the F1"),
    cases=(
        Case("three classes", (MATRIX,)),
        Case("always class 0", (LAZY,)),
        Case("a class without samples", (np.array([[5, 1, 2], [2, 7, 0], [0, 0, 0]]),)),
    ),
    properties=(
        Property("a matrix with all samples on the diagonal scores 1 throughout", lambda f: np.allclose(f(np.diag([3, 1, 7])), 1)),
    ),
    misconceptions=(
        Misconception(
            "precision and recall are exchanged",
            lambda C: (recall(C), precision(C), f1(C)),
            "Precision asks about all that were CALLED slow, recall about all that ARE slow. Which are rows?",
        ),
        Misconception(
            "F1 is the mean of precision and recall",
            lambda C: (precision(C), recall(C), (precision(C) + recall(C)) / 2),
            "Precision 1 and recall 0: what good is that class's classifier? What does the harmonic mean 2PR / (P + R) say?",
        ),
        Misconception(
            "nothing divided by nothing is nan",
            (_f1_by(lambda C, P, R: _plain(2 * np.diag(C), C.sum(axis=0) + C.sum(axis=1))), _f1_by(lambda C, P, R: 2 * P * R / (P + R))),
            "The rule that always says class 0 never says class 1. What is its precision there to be?",
        ),
        Misconception(
            "F1 is that of the averages",
            lambda C: (
                precision(C),
                recall(C),
                np.full(len(C), 2 * precision(C).mean() * recall(C).mean() / (precision(C).mean() + recall(C).mean())),
            ),
            "F1 belongs to one class. How many F1 are there?",
        ),
        Misconception(
            "all samples stand below the fraction",
            lambda C: (np.diag(C) / C.sum(), np.diag(C) / C.sum(), np.diag(C) / C.sum()),
            "Of those called slow, which share is slow? How many were called slow?",
        ),
        Misconception(
            "the factor 2 of F1 is missing",
            lambda C: (precision(C), recall(C), f1(C) / 2),
            "Where P = R = 1, what should F1 be?",
        ),
        Misconception(
            "F1 is nan where precision and recall are 0",
            lambda C: (precision(C), recall(C), _plain(2 * precision(C) * recall(C), precision(C) + recall(C))),
            "Which of your divisions can still be 0 / 0?",
        ),
        Misconception(
            "F1 is the geometric mean",
            lambda C: (precision(C), recall(C), np.sqrt(precision(C) * recall(C))),
            "The harmonic mean is 2PR / (P + R). Is there a root in it?",
        ),
        Misconception(
            "nothing divided by nothing is 1",
            lambda C: (
                np.where(C.sum(axis=0) > 0, precision(C), 1.0),
                np.where(C.sum(axis=1) > 0, recall(C), 1.0),
                _plain(
                    2 * np.where(C.sum(axis=0) > 0, precision(C), 1.0) * np.where(C.sum(axis=1) > 0, recall(C), 1.0),
                    np.where(C.sum(axis=0) > 0, precision(C), 1.0) + np.where(C.sum(axis=1) > 0, recall(C), 1.0),
                ),
            ),
            "A class that is never said would get the precision 1. Is that a reward it has earned?",
        ),
    ),
    hints=(
        "All three start from the diagonal: the samples of a class that were called so. What differs is what you divide by.",
        "Precision: the column's sum. Recall: the row's sum. F1 = 2PR / (P + R). Divide only where the divisor is not 0.",
        "right = diagonal; P = right over column sums or 0; R = right over row sums or 0; F1 = 2PR over P + R or 0",
    ),
)

SIX = np.array([1, 0, 1, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.4, 0.3, 0.1])
TIES = np.array([1, 0, 1, 0, 0]), np.array([0.5, 0.5, 0.9, 0.2, 0.5])


def _pairs_won(positive: Any, score: Any, tie: float) -> float:
    chosen = np.asarray(positive).astype(bool)
    mine, other = score[chosen][:, None], score[~chosen][None, :]
    return float(((mine > other) + tie * (mine == other)).mean())


AUC = Exercise(
    reference=auc,
    points=3,
    cases=(
        Case("six samples", SIX),
        Case("ties", TIES),
        Case("scores of any size", (np.array([0, 1, 1, 0]), np.array([-3.0, 12.0, 2.5, 4.0]))),
    ),
    probes=(Case("ties, positives first", (np.array([1, 0, 1, 0, 0, 1]), np.array([0.5, 0.5, 0.5, 0.5, 0.2, 0.9]))),),
    properties=(
        Property("equal scores everywhere give one half", lambda f: np.allclose(f(np.array([1, 0, 0, 1, 0]), np.ones(5)), 0.5)),
        Property("exp of the scores changes nothing", lambda f: np.allclose(f(SIX[0], np.exp(SIX[1])), f(*SIX))),
        Property("the other class has what is missing to 1", lambda f: np.allclose(f(1 - TIES[0], TIES[1]) + f(*TIES), 1)),
    ),
    misconceptions=(
        Misconception(
            "ties count nothing",
            lambda positive, score: _pairs_won(positive, score, 0.0),
            "All scores are equal. Is that worse than a coin?",
        ),
        Misconception(
            "ties count in full", lambda positive, score: _pairs_won(positive, score, 1.0), "All scores are equal. Is that a perfect model?"
        ),
        Misconception(
            "the order is turned round",
            lambda positive, score: 1 - auc(positive, score),
            "A positive above a negative is a pair won. Do you count the pairs lost?",
        ),
        Misconception(
            "this is the share of right answers at the threshold 0.5",
            lambda positive, score: float(np.mean((score > 0.5) == np.asarray(positive).astype(bool))),
            "AUC uses no threshold. Does it change if all scores are halved?",
        ),
        Misconception(
            "the pairs are counted, not their share",
            lambda positive, score: auc(positive, score) * np.sum(positive) * (len(positive) - np.sum(positive)),
            "How many pairs are there in all?",
        ),
        Misconception(
            "all pairs of samples are counted below the fraction",
            lambda positive, score: auc(positive, score) * np.sum(positive) * (len(positive) - np.sum(positive)) / len(positive) ** 2,
            "A pair has one positive and one negative sample. How many such pairs are there?",
        ),
        Misconception(
            "the ranks are counted from 0",
            lambda positive, score: float(
                (np.argsort(np.argsort(score))[np.asarray(positive) == 1].sum() - np.sum(positive) * (np.sum(positive) + 1) / 2)
                / (np.sum(positive) * (len(score) - np.sum(positive)))
            ),
            "The formula with ranks takes 1 for the lowest score. Which rank has it in your code?",
        ),
        Misconception(
            "this is a difference of two means",
            lambda positive, score: float(np.mean(score[np.asarray(positive) == 1]) - np.mean(score[np.asarray(positive) == 0])),
            "AUC only compares: which score is higher? Does yours change if all scores are doubled?",
        ),
        Misconception(
            "positives are compared with positives, too",
            lambda positive, score: float(((score[:, None] > score) + 0.5 * (score[:, None] == score))[np.asarray(positive) == 1].mean()),
            "A pair has one positive and one negative sample. Which pairs are too many?",
        ),
    ),
    hints=(
        "Take every pair of a positive and a negative sample. In which share of them has the positive the higher score?",
        "Write the positives' scores as a column and the negatives' as a row: NumPy compares all pairs at once. "
        "For many samples, sort the negatives' scores: `np.searchsorted` counts how many lie below a score.",
        "won = pairs with higher score, plus half of the pairs with equal score; return won over number of pairs",
    ),
)

KNOWN = np.array(
    [
        [10.0, 12.0, 40.0, 44.0, 110.0, 14.0, 39.0, 42.0, 9.0, 13.0, 41.0, 15.0],
        [1.0, 2.0, 1.5, 2.5, 1.0, 1.2, 2.2, 1.1, 2.6, 1.9, 1.4, 2.1],
    ]
)
KIND = np.array([0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0])
DAYS = np.array([3, 3, 3, 3, 1, 1, 1, 1, 2, 2, 2, 2])
SHIFTED = np.vstack([KNOWN[0] + 100.0 * (DAYS == 3), 30 * KNOWN[1]])  # one day measured by another device


def _folds(scale: str = "known", learn: str = "known", order: Any = np.unique, result: Any = list, score: str = "out") -> Any:
    """Build a wrong `whole_days_out`: where the scale and the means come from, the order of the days, and what is returned."""

    def wrong(X: Any, y: Any, day: Any) -> Any:
        accuracies = []
        for out in order(day):
            parts = {"known": day != out, "all": np.full(day.shape, True), "out": day == out}
            scaled = X if scale == "none" else standardised(X[:, parts[scale]], X)
            told = nearest_mean(scaled[:, parts[learn]], y[parts[learn]], scaled[:, parts[score]])
            accuracies.append(float(np.mean(told == y[parts[score]])))
        return result(accuracies)

    return wrong


WHOLE_DAYS_OUT = Exercise(
    reference=whole_days_out,
    points=4,
    cases=(
        Case("three days", (KNOWN, KIND, DAYS)),
        Case("one day measured by another device", (SHIFTED, KIND, DAYS)),
        Case("two days", (KNOWN[:, :8], KIND[:8], np.array([7, 7, 7, 5, 5, 5, 5, 7]))),
    ),
    probes=(Case("", (np.roll(KNOWN, -4, axis=1), np.roll(KIND, -4), np.sort(DAYS))),),  # the file is in order, and the last day the worst
    misconceptions=(
        Misconception(
            "the scale is learned from all days",
            _folds(scale="all"),
            "Mean and spread are learned, too. Whose samples may they know?",
        ),
        Misconception(
            "the day left out is among those learned from",
            _folds(learn="all"),
            "`nearest_mean` gets known samples. Is a sample of that day known?",
        ),
        Misconception(
            "the mean over the days is returned",
            _folds(result=lambda each: float(np.mean(each))),
            "How would one see whether the days differ?",
        ),
        Misconception(
            "the days come in the order of the file",
            _folds(order=lambda day: list(dict.fromkeys(day.tolist()))),
            "Earlier days first: what does `np.unique` return?",
        ),
        Misconception(
            "the features are not on one scale",
            _folds(scale="none"),
            "A distance adds km/h and stops. Which feature decides it?",
        ),
        Misconception(
            "the model is tried on the days it has learned from",
            _folds(score="known"),
            "The accuracy is to say how the model does on a day it has never seen. Which samples are those?",
        ),
        Misconception(
            "one day is learned from, the others are predicted",
            _folds(scale="out", learn="out", score="known"),
            "One day is left OUT. From which days do you learn?",
        ),
        Misconception(
            "the day left out is put on a scale of its own",
            lambda X, y, day: [
                float(
                    np.mean(
                        nearest_mean(
                            standardised(X[:, day != d], X[:, day != d]), y[day != d], standardised(X[:, day == d], X[:, day == d])
                        )
                        == y[day == d]
                    )
                )
                for d in np.unique(day)
            ],
            "A single sample of the new day arrives at six in the morning. Where would its scale come from?",
        ),
        Misconception(
            "the accuracies are sorted",
            _folds(result=sorted),
            "Which day has the lowest accuracy? Can one still see it?",
        ),
        Misconception(
            "these are the shares of mistakes",
            lambda X, y, day: [1 - each for each in whole_days_out(X, y, day)],
            "Where `told == y`, is that a hit or a mistake?",
        ),
    ),
    hints=(
        "One day at a time is unseen. Everything that is learned, the scale too, is learned from the other days.",
        "`known = day != each` chooses columns. `standardised(X[:, known], X)` puts all samples on the scale of the known ones.",
        "for each day in np.unique(day): scale by the known, nearest_mean from the known for the others, share that equals y",
    ),
)

# A little town: three states, five features of very different size. The last 90 samples are new.
_TOWN = np.random.RandomState(56)
_LABELS = _TOWN.randint(3, size=690)
_CENTRES = np.array([[45.0, 22.0, 9.0], [0.05, 0.0, -0.02], [20.0, 34.0, 42.0], [9.0, 11.0, 5.0], [0.1, 0.8, 2.2]])
_TOWN_X = _CENTRES[:, _LABELS] + np.array([[6.0], [0.05], [9.0], [2.5], [0.35]]) * _TOWN.standard_normal((5, 690))
_TRUE = _LABELS[600:]


def _quality(states: Any) -> str:
    """Say whether these are states, and whether enough of the new samples are right."""
    states = np.asarray(states)
    if states.dtype.kind not in "iu":
        return say("numbers with decimals" if states.dtype.kind == "f" else "truth values")
    if not set(states.tolist()) <= {0, 1, 2}:
        return say("numbers from {lowest} to {highest}", lowest=states.min(), highest=states.max())
    if len(set(states.tolist())) == 1:
        return say("always the same state")
    enough = np.mean(states == _TRUE) >= 0.85
    return say("states of which at least {share} are right" if enough else "states of which fewer than {share} are right", share="85 %")


PREDICT_STATES = Exercise(
    reference=predict_states,
    points=5,
    judge=_quality,
    cases=(Case("a small town", (_TOWN_X[:, :600], _LABELS[:600], _TOWN_X[:, 600:], np.random.default_rng(57))),),
    properties=(
        Property(
            "a new sample gets the same state alone as among others",
            lambda f: _alone(f),
            "A single new sample has no mean and no spread of its own. From whose samples does the scale of yours come?",
        ),
    ),
    misconceptions=(
        Misconception(
            "the classes are counted from 1",
            lambda X, y, X_new, rng: predict_states(X, y, X_new, rng) + 1,
            "`y` holds the classes 0, 1 and 2. Which numbers do you return?",
        ),
        Misconception(
            "always the same state",
            lambda X, y, X_new, rng: np.full(X_new.shape[1], np.bincount(y).argmax()),
            "Always to say the most frequent state is the rule you are to beat. Does your network learn at all?",
        ),
    ),
    hints=(
        "You have all the parts: a scale, targets, a start, a loop. Put them together, then take the largest output of each column.",
        "Standardise both by X. `init_params([5, 4, 3, 3], rng)`, then `train` with α = 0.5, 30 epochs and 64 samples a batch. "
        "Is that the best you can do? Try more units, more epochs, a smaller α at the end.",
        "W, b, _ = train(scaled X, one_hot(y, 3), ...); z, a = forward(scaled X_new, W, b, sigmoid, softmax); "
        "return argmax of a[-1] along axis 0",
    ),
    cpu=60,
    call=90,
)


def _alone(f: Any) -> bool:
    """Ask about a few samples alone, and beside others of which some come from a device of another scale."""
    X, y, new = _TOWN_X[:, :600], _LABELS[:600], _TOWN_X[:, 600:]
    among = np.hstack([new, 50 * new])
    return bool(np.array_equal(f(X, y, among, np.random.default_rng(1))[:40], f(X, y, new[:, :40], np.random.default_rng(1))))


CHAPTER = Chapter(
    name="05_traffic_classifier",
    title="05 The traffic-state classifier",
    exercises=(
        ONE_HOT,
        STANDARDISED,
        CROSS_ENTROPY,
        MINIBATCHES,
        TRAIN,
        CONFUSION_MATRIX,
        PRECISION_RECALL_F1,
        AUC,
        WHOLE_DAYS_OUT,
        PREDICT_STATES,
    ),
    data=("traffic.csv",),
)
