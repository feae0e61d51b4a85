"""What a student hands to the functions of 05 to 10 by mistake is refused in a sentence that names the argument, not in one from inside NumPy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnlab import model_selection as c10
from nnlab import optimizers as c08
from nnlab import overfitting as c07
from nnlab import regression as c09
from nnlab import traffic_classifier as c05
from nnlab import vanishing_gradients as c06
from nnlab.activations import sigmoid, sigmoid_derivative
from nnlab.languages import speaking
from nnlab.network import MLPClassifier

RNG = np.random.default_rng(0)
X, y = RNG.standard_normal((5, 12)), np.arange(12) % 3
Y = np.eye(3)[:, y]
W, b = [RNG.standard_normal((4, 5)), RNG.standard_normal((3, 4))], [np.zeros((4, 1)), np.zeros((3, 1))]
DEEP = (W, b, sigmoid, sigmoid_derivative)
IMAGES = np.ones((12, 4, 6))

REFUSED: dict[str, list[Callable[[], Any]]] = {
    "rng must be a random generator, got ": [
        lambda: c05.minibatches(5, 2, None),  # type: ignore[arg-type]
        lambda: c05.train(X, Y, W, b, 0.1, 1, 4, 7),  # type: ignore[arg-type]
        lambda: c05.predict_states(X, y, X, None),  # type: ignore[arg-type]
        lambda: c06.deep_start(X, [5, 3], "tanh", 0),  # type: ignore[arg-type]
        lambda: c07.robust_states(X, y, X, None),  # type: ignore[arg-type]
        lambda: c07.dropout_mask((2, 3), 0.5, None),  # type: ignore[arg-type]
        lambda: c08.scaled_start([3, 2], None),  # type: ignore[arg-type]
        lambda: c10.stratified_folds(y, 2, None),  # type: ignore[arg-type]
    ],
    "Y must be a matrix with one column for each sample of X, 12, got shape": [
        lambda: c05.train(X, Y[:, :5], W, b, 0.1, 1, 4, RNG),
        lambda: c06.train_deep(X, Y[:, :5], *DEEP, 0.1, [[0]]),  # type: ignore[list-item]
    ],
    "y must hold one label for each of the 12 columns of X, got shape": [
        lambda: c05.nearest_mean(X, y[:3], X),
        lambda: c05.whole_days_out(X, y[:3], y),
        lambda: c05.predict_states(X, y[:3], X, RNG),
        lambda: c07.augment(X, y[:3], 1, 0.1, RNG),
    ],
    "must be a number, got ": [
        lambda: c05.objective("1", W, 1),  # type: ignore[arg-type]
        lambda: c05.stopping_rule([1, 2], "0.1"),  # type: ignore[arg-type]
        lambda: c06.explosion_window([5, 6]),  # type: ignore[arg-type]
        lambda: c06.train_deep(X, Y, *DEEP, None, [[0]]),  # type: ignore[arg-type, list-item]
        lambda: c07.ridge(X, np.ones(12), "1"),  # type: ignore[arg-type]
        lambda: c07.early_stopping([1.0], "2"),  # type: ignore[arg-type]
        lambda: c07.l2_objective(None, W, 1, 5),  # type: ignore[arg-type]
    ],
    "must be a list of ": [
        lambda: c05.stopping_rule(None),  # type: ignore[arg-type]
        lambda: c06.clipped(None, 1),  # type: ignore[arg-type]
        lambda: c06.train_deep(X, Y, *DEEP, 0.1, 3),  # type: ignore[arg-type]
        lambda: c07.early_stopping(None, 1),  # type: ignore[arg-type]
        lambda: c07.l2_gradients(W, None, 1, 5),  # type: ignore[arg-type]
    ],
    "must be a function, got ": [
        lambda: c06.chain_factors([1], [1, 2], 3),  # type: ignore[arg-type]
        lambda: c06.residual_backward(np.eye(4), np.eye(4), np.eye(4), None),  # type: ignore[arg-type]
        lambda: c06.deep_forward(X, W, b, None),  # type: ignore[arg-type]
    ],
    "batches must hold ": [
        lambda: c06.train_deep(X, Y, *DEEP, 0.1, [[0, 99]]),  # type: ignore[list-item]
        lambda: c06.train_deep(X, Y, *DEEP, 0.1, [[]]),  # type: ignore[list-item]
    ],
    "must have 2 axes, got shape": [
        lambda: c05.precision_recall_f1([1, 2]),
        lambda: c06.layer_norm(X[0]),
        lambda: c06.batch_norm(X[0]),
        lambda: c06.layer_norm_grad(X[0], X[0]),
    ],
    "must have the shape of ": [
        lambda: c06.batch_norm_grad(X, X[:, :3]),
        lambda: c06.chain_factors([1], [1, 2], lambda z: z[:1]),
        lambda: c07.l2_gradients(W, W[::-1], 1, 5),
        lambda: c07.rms_error(np.ones(3), [1, 2], [1]),
    ],
    "must be a whole number of pixels, got ": [
        lambda: c07.shift_images(IMAGES, y, 1.5, 1),  # type: ignore[arg-type]
        lambda: c07.shift_images(IMAGES, y, 1, 0.5),  # type: ignore[arg-type]
    ],
    "must be a whole number of at least 1, got ": [
        lambda: c05.confusion_matrix([0, 1], [0, 1], 0),
        lambda: c06.initial_weights([5, 0], "he", RNG),
        lambda: c07.EarlyStopping(np.nan),
        lambda: c07.noisy_sine(0, RNG),
    ],
    "must hold numbers in rows of equal length, got ": [
        lambda: c06.start_quality(["w", "v"], b, X, Y, sigmoid, sigmoid_derivative),  # type: ignore[list-item]
        lambda: c08.clip_by_norm([[1.0, 2.0]], 1.0),  # type: ignore[list-item]
        lambda: c08.add_l2([np.ones(2, dtype=int)], [np.ones(2)], 1.0),
        lambda: c08.momentum_step("abc", np.ones(2), np.ones(2), 0.1, 0.9),  # type: ignore[arg-type]
    ],
    "gradients must be finite, got 1 NaN or infinite of 2": [lambda: c06.clipped([np.array([1.0, np.nan])], 1.0)],
    "draws must lie in [0, 1), got": [
        lambda: c07.dropout(np.ones(2), 0.5, [0.5, 1.0]),
        lambda: c07.dropout(np.ones(2), 0.5, [-0.1, 0.5]),
        lambda: c07.dropout(np.ones(2), 0.5, [np.nan, 0.5]),
    ],
    "out must have the shape (2, 3)": [lambda: c07.dropout_mask((2, 3), 0.5, RNG, np.empty((3, 2)))],
    "g must have the shape of theta, (2,), got (3,)": [
        lambda: c08.momentum_step(np.ones(2), np.ones(3), np.ones(2), 0.1, 0.9),
        lambda: c08.adam_step(np.ones(2), np.ones(3), np.ones(2), np.ones(2), 1),
    ],
    "A must be a matrix with one ": [lambda: c08.descent_path(np.ones((2, 3)), np.ones(2), 0.1, 2)],
    "X must be a matrix with one ": [
        lambda: c09.log_likelihood(X, np.ones(5), np.ones(5), 1.0),
        lambda: c09.log_posterior(np.ones(4), X, np.ones(12), 1.0, 1.0),
    ],
    "space must be a dict of lists of values, got": [lambda: c10.grid([1, 2])],  # type: ignore[arg-type]
    "y must have the shape of ": [
        lambda: c10.nearest_centroid(X, y[:5]),
        lambda: c10.select_features(X, y[:5], 2),
        lambda: c09.naive_line_fit([1.0, 2.0], [1.0]),
        lambda: c05.area_under(np.ones(2), np.ones(3)),
    ],
    "C must be a matrix with one column for each row of C": [lambda: c05.accuracy(np.ones((2, 3))), lambda: c05.f1(np.ones((2, 3)))],
    "X_val must hold numbers": [lambda: c07.train_regularised(X, Y, X[:, :0], Y[:, :0], W, b, 0.1, 2, 0, 1)],
    "validation must be a pair": [lambda: MLPClassifier((4,), epochs=1).fit(X.T, y, validation=3)],  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("message", "call"), [(message, call) for message, calls in REFUSED.items() for call in calls])
def test_is_refused_in_a_sentence(message: str, call: Callable[[], Any]) -> None:
    """The message says what came, and ends in what to try."""
    with pytest.raises(ValueError, match=re.escape(message)) as refused:
        call()
    assert str(refused.value).count(". ") + str(refused.value).count(": ") >= 1


@pytest.mark.parametrize("call", [call for calls in REFUSED.values() for call in calls])
def test_is_refused_in_chinese(call: Callable[[], Any]) -> None:
    """No English words stand in a row, but in what came."""
    with speaking("zh"), pytest.raises(ValueError, match="应该") as refused:
        call()
    assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", re.sub("<[^>]*>", "", str(refused.value)))


def test_patience_without_end() -> None:
    """`early_stopping` takes an infinite patience as `EarlyStopping` does."""
    assert c07.early_stopping([3.0, 2.0, 4.0, 5.0], np.inf) == (1, 3)
    assert len(c07.train_regularised(X, Y, X, Y, W, b, 0.1, 5, 0.0, np.inf)[2]) == 5


def test_precision_of_the_input_stays() -> None:
    """Single precision in, single precision out: the guards convert nothing."""
    single = X.astype(np.float32)
    assert c06.layer_norm(single).dtype == c06.batch_norm_grad(single, single).dtype == single.dtype
