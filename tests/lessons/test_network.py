"""The network: exact gradients, scikit-learn's own checks, and each of its settings."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import graphs
import numpy as np
import pytest
from graphs import GRAPHS
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_info

from nnlab._progress import Progress
from nnlab.activations import ACTIVATIONS, DERIVATIVES, softmax
from nnlab.backpropagation import Node, gradient_check, relative_error
from nnlab.network import MLPClassifier, MLPRegressor, blas
from nnlab.network.estimators import MLP, Batch, Network
from nnlab.network.in_place import HIDDEN, activation_into
from nnlab.vanishing_gradients import INITIAL_STD

LOSSES = {"cross_entropy": MLPClassifier, "softmax mse": MLPClassifier, "mse": MLPRegressor}
IRIS, KIND = load_iris(return_X_y=True)
IRIS = (IRIS - IRIS.mean(axis=0)) / IRIS.std(axis=0)


def small(estimator: type[MLP] = MLPClassifier, **settings: Any) -> Any:
    """Return an estimator that learns within a moment."""
    return estimator((6,), **{"epochs": 5, "learning_rate": 0.01, "random_state": 0, **settings})


# ---- Gradients ----


def problem(function: str, loss: str, dtype: Any = np.float64) -> tuple[Network, Batch]:
    """Return a network of three layers with seven samples. No pre-activation is within 0.06 of a kink."""
    rng = np.random.default_rng(18293)
    sizes = [4, 5, 4, 3]
    theta = 0.7 * rng.standard_normal(sum(m * (n + 1) for n, m in pairwise(sizes)))
    x, y = rng.standard_normal((7, 4)), np.eye(3)[:, rng.integers(3, size=7)]
    rows = np.column_stack([x, np.ones(7)]).astype(dtype)
    fill = LOSSES[loss].LOSSES[loss.split()[-1]]
    return Network(sizes, function, fill, theta.astype(dtype)), Batch(sizes, rows, y.astype(dtype))


def cost_as_graph(net: Network, batch: Batch, loss: str) -> tuple[Node, list[Node]]:
    """Return the mean loss as a graph, and the leaves that are its weights with their biases."""
    leaves, a, ones = [Node(W) for W in net.W], Node(batch.rows[:, :-1].T), np.ones((1, len(batch.rows)))
    for layer, leaf in enumerate(leaves):
        inputs = leaf.value.shape[1] - 1
        z = leaf @ (np.eye(inputs + 1, inputs) @ a + np.eye(inputs + 1)[:, -1:] @ ones)
        a = GRAPHS[net.function](z) if layer < len(leaves) - 1 else z
    if loss == "cross_entropy":
        return graphs.cross_entropy(z, batch.y), leaves
    return graphs.mse(graphs.softmax(z) if "softmax" in loss else z, batch.y), leaves


@pytest.mark.parametrize("function", HIDDEN)
@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_against_differences_and_the_graph(function: str, loss: str) -> None:
    """For every activation and loss the loss is the graph's, and its gradient the measured one and the graph's, below 1e-10."""
    net, batch = problem(function, loss)
    before = net.theta.copy()
    cost = net.loss_and_gradient(batch)
    ours = net.gradient.copy()

    def measured(theta: np.ndarray) -> float:
        net.theta[:] = theta
        return net.mean_loss(batch)

    assert gradient_check(measured, {"theta": before}, {"theta": ours})["theta"] < 1e-10
    net.theta[:] = before
    total, leaves = cost_as_graph(net, batch, loss)
    total.backward()
    assert float(total.value) == pytest.approx(cost, rel=1e-13)
    assert relative_error(ours, np.concatenate([leaf.grad.ravel() for leaf in leaves])) < 1e-10


def pytorchs_functions(torch: Any) -> dict[str, Callable[[Any], Any]]:
    """Return the activation functions that PyTorch has."""
    functions = torch.nn.functional
    return {
        "identity": lambda z: z,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "hard_logistic": lambda z: (z / 4 + 0.5).clamp(0, 1),
        "hard_tanh": functions.hardtanh,
        "relu": torch.relu,
        "leaky_relu": functions.leaky_relu,
        "prelu": lambda z: functions.leaky_relu(z, 0.25),
        "elu": functions.elu,
        "softplus": functions.softplus,
        "swish": functions.silu,
        "gelu": functions.gelu,
        "gelu_tanh": lambda z: functions.gelu(z, approximate="tanh"),
        "gelu_sigmoid": lambda z: z * torch.sigmoid(1.702 * z),
        "step": lambda z: torch.heaviside(z.detach(), torch.zeros((), dtype=z.dtype)) + 0 * z,
    }


@pytest.mark.parametrize("function", HIDDEN)
@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_is_pytorchs(torch: Any, function: str, loss: str) -> None:
    """For every activation and loss, PyTorch's automatic differentiation in float64 gives the same gradient, below 1e-10."""
    f = pytorchs_functions(torch)[function]
    net, batch = problem(function, loss)
    ours = net.loss_and_gradient(batch), net.gradient.copy()
    theta = [torch.tensor(W, requires_grad=True) for W in net.W]
    a, y = torch.tensor(batch.rows[:, :-1]), torch.tensor(batch.y.T.copy())
    for layer, W in enumerate(theta):
        z = a @ W[:, :-1].T + W[:, -1]
        a = f(z) if layer < len(theta) - 1 else z
    if loss == "cross_entropy":
        cost = torch.nn.functional.cross_entropy(z, y)
    else:
        cost = ((torch.softmax(z, dim=1) if "softmax" in loss else z) - y).square().sum() / 14
    cost.backward()
    assert ours[0] == pytest.approx(cost.item(), rel=1e-13)
    assert relative_error(ours[1], np.concatenate([W.grad.numpy().ravel() for W in theta])) < 1e-10


@pytest.mark.parametrize("function", HIDDEN)
@pytest.mark.parametrize("loss", LOSSES)
def test_float32_is_close_to_float64(function: str, loss: str) -> None:
    """In float32 everything stays float32, and the gradient has six digits."""
    (single, batch), (double, exact) = problem(function, loss, np.float32), problem(function, loss)
    single.loss_and_gradient(batch)
    double.loss_and_gradient(exact)
    assert {array.dtype for array in (single.gradient, *batch.z, *batch.a, *batch.slope, batch.delta)} == {np.dtype("float32")}
    assert relative_error(single.gradient, double.gradient) < 2e-6


@pytest.mark.parametrize("loss", LOSSES)
def test_penalty_belongs_to_loss_and_gradient(loss: str) -> None:
    """With L2 the gradient is that of the loss that is returned, and biases are not penalised."""
    net, batch = problem("tanh", loss)
    plain = net.loss_and_gradient(batch), net.gradient.copy()
    net.l2 = 0.3
    weights = net.views(net.theta.copy())
    for W in weights:
        W[:, -1] = 0
    assert net.loss_and_gradient(batch) == pytest.approx(plain[0] + 0.15 * sum((W**2).sum() for W in weights))
    assert_allclose(net.gradient, plain[1] + 0.3 * np.concatenate([W.ravel() for W in weights]), rtol=1e-12)


def test_dropout_gradient_is_that_of_the_thinned_network() -> None:
    """With the same neurons switched off, differences measure the same gradient; without a generator none is."""
    net, batch = problem("tanh", "cross_entropy")
    whole = net.loss_and_gradient(batch)
    net.dropout = 0.5
    before = net.theta.copy()

    def thinned(theta: np.ndarray) -> float:
        net.theta[:] = theta
        return net.loss_and_gradient(batch, np.random.default_rng(3))

    loss = thinned(before)
    ours = net.gradient.copy()
    assert gradient_check(thinned, {"theta": before}, {"theta": ours})["theta"] < 1e-10
    net.theta[:] = before
    assert net.mean_loss(batch) == pytest.approx(whole)
    assert abs(loss - whole) > 0.01


@pytest.mark.parametrize("function", HIDDEN)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fast_activations_are_those_of_the_lessons(function: str, dtype: type) -> None:
    """What the network fills in is what the tables of `nnlab.activations` say, far out as well."""
    z = np.array([-1e20, -1000, -30, -3, -0.4, 0, 0.4, 3, 30, 1000, 1e20], dtype)  # (1e20)² is infinite in float32
    a, slope = np.empty_like(z), np.empty_like(z)
    with np.errstate(over="ignore"):
        activation_into(function)(z, a, slope)
    digits = 32 * np.finfo(dtype).eps  # a gated slope holds z (1 − σ), which is off by |z| roundings
    assert_allclose(a, ACTIVATIONS[function](z), rtol=digits, atol=digits)
    assert_allclose(slope, DERIVATIVES[function](z), rtol=digits, atol=digits)


def test_extreme_scores_stay_finite() -> None:
    """Scores of ±1e4 give a finite loss and gradient under every activation."""
    for function in HIDDEN:
        net, batch = problem(function, "cross_entropy")
        net.theta *= 1e4
        with np.errstate(over="ignore"):
            assert np.isfinite(net.loss_and_gradient(batch))
        assert np.isfinite(net.gradient).all()


# ---- scikit-learn ----


@parametrize_with_checks([MLPClassifier(epochs=100, learning_rate=0.01), MLPRegressor(epochs=100, learning_rate=0.01)])
def test_estimator_checks(estimator: Any, check: Callable[[Any], None]) -> None:
    """scikit-learn's own checks of an estimator."""
    check(estimator)


def test_hundred_steps_are_scikit_learns() -> None:
    """From the same weights, 100 steps of gradient descent on all samples end where scikit-learn's do."""
    ours = small(optimizer="sgd", activation="tanh", batch_size=None, epochs=100, learning_rate=0.5).fit(IRIS, KIND)
    start = small(optimizer="sgd", activation="tanh", batch_size=None, epochs=1, learning_rate=1e-300).fit(IRIS, KIND)
    theirs = TheirClassifier(
        (6,), activation="tanh", solver="sgd", batch_size=len(IRIS), alpha=0, momentum=0, learning_rate_init=0.5, shuffle=False
    )
    theirs.partial_fit(IRIS, KIND, classes=[0, 1, 2])
    theirs.coefs_ = [W.T.copy() for W in start.weights_]
    theirs.intercepts_ = [b.ravel().copy() for b in start.biases_]
    theirs._optimizer.params = theirs.coefs_ + theirs.intercepts_
    theirs._optimizer.velocities = [np.zeros_like(p) for p in theirs._optimizer.params]
    for _ in range(100):
        theirs.partial_fit(IRIS, KIND)
    assert max(relative_error(W, V.T) for W, V in zip(ours.weights_, theirs.coefs_, strict=True)) < 1e-10
    assert_allclose(ours.predict_proba(IRIS), theirs.predict_proba(IRIS), atol=1e-10)


def test_search_cross_validation_and_pipelines() -> None:
    """Grid search, cross-validation and pipelines take the network as any estimator."""
    pipeline = make_pipeline(StandardScaler(), small(epochs=40))
    assert cross_val_score(pipeline, IRIS, KIND, cv=3).mean() > 0.9
    grid = {"mlpclassifier__hidden_layer_sizes": [(), (8,), (5, 5)], "mlpclassifier__optimizer": ["adam", "momentum"]}
    search = GridSearchCV(pipeline, grid, cv=3).fit(IRIS, KIND)
    assert search.best_score_ > 0.9
    assert len(search.cv_results_["params"]) == 6


@pytest.mark.parametrize("copied", [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy], ids=["pickle", "deepcopy"])
def test_copies_are_whole_and_apart(copied: Callable[[Any], Any]) -> None:
    """A copy predicts the same, goes on learning the same, and its weights are views of its own parameters."""
    model = small(dropout=0.2, l2=0.01).fit(IRIS, KIND)
    twin, score = copied(model), model.predict_proba(IRIS)
    assert_array_equal(twin.predict_proba(IRIS), score)
    model.partial_fit(IRIS, KIND)
    assert_array_equal(twin.predict_proba(IRIS), score)
    assert_array_equal(twin.partial_fit(IRIS, KIND).predict_proba(IRIS), model.predict_proba(IRIS))
    twin.weights_[0][:] = 0
    assert (twin.network_.theta == 0).any()


def test_any_labels() -> None:
    """Labels may be words, and come back as they were; probabilities stand in the order of `classes_` and sum to 1."""
    words = np.array(["versicolor", "setosa", "virginica"])[KIND]
    model = small(epochs=60).fit(IRIS, words)
    assert model.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert (model.predict(IRIS) == words).mean() > 0.9
    probabilities = model.predict_proba(IRIS)
    assert_allclose(probabilities.sum(axis=1), 1)
    assert_array_equal(model.classes_[probabilities.argmax(axis=1)], model.predict(IRIS))


def test_regressor_keeps_the_shape_of_its_targets() -> None:
    """One target comes back flat, two in two columns; both are learned."""
    x = np.linspace(-1, 1, 80)[:, None]
    one, two = np.sin(3 * x[:, 0]), np.column_stack([np.sin(3 * x[:, 0]), x[:, 0] ** 2])
    for y in (one, two):
        model = small(MLPRegressor, activation="tanh", epochs=300).fit(x, y)
        assert model.predict(x).shape == y.shape
        assert model.score(x, y) > 0.95
    scaled = TransformedTargetRegressor(small(MLPRegressor, activation="tanh", epochs=300), transformer=StandardScaler())
    assert scaled.fit(x, 1e6 * one).score(x, 1e6 * one) > 0.95


def test_predictions_do_not_depend_on_how_many_are_asked_for() -> None:
    """Whole chunks, the rest of one, and single samples give the same."""
    X = np.random.default_rng(0).normal(size=(1100, 4))
    model = small().fit(IRIS, KIND)
    expected = model.predict_proba(X)
    assert_allclose(model.predict_proba(X[:1024]), expected[:1024], rtol=1e-12)
    assert_allclose(np.vstack([model.predict_proba(x[None]) for x in X[:20]]), expected[:20], rtol=1e-12)
    a = X.T
    for W, b in zip(model.weights_, model.biases_, strict=True):
        z = W @ a + b
        a = np.maximum(z, 0)
    assert_allclose(expected.T, softmax(z), rtol=1e-12)


# ---- Settings ----


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_optimizer_and_loss_learns(optimizer: str, loss: str, dtype: str) -> None:
    """The loss falls, most flowers are told apart, and everything has the number type that was asked for."""
    rate = {"sgd": 0.3, "momentum": 0.05, "adam": 0.02}[optimizer]
    model = small(optimizer=optimizer, loss=loss, dtype=dtype, learning_rate=rate, epochs=60).fit(IRIS, KIND)
    assert model.history_["loss"][-1] < 0.4 * model.history_["loss"][0]
    assert model.score(IRIS, KIND) > 0.93
    assert model.network_.theta.dtype == model.predict_proba(IRIS).dtype == dtype


@pytest.mark.parametrize("function", HIDDEN)
def test_every_activation_is_taken(function: str) -> None:
    """Each of the table learns XOR, but the identity leaves a line, which gets three of four right, and the step passes no gradient on."""
    X = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]] * 10)
    y = (X[:, 0] != X[:, 1]).astype(int)
    model = MLPClassifier((16,), activation=function, epochs=300, learning_rate=0.02, random_state=1).fit(X, y)
    assert (model.score(X, y) == 1) == (function not in ("identity", "step"))
    assert (model.history_["gradient_norms"][-1][0] == 0) == (function == "step")


@pytest.mark.parametrize("init", [*INITIAL_STD, 0.3])
def test_initialisations(init: str | float) -> None:
    """Weights have the deviation that was asked for, biases are 0, and 300 × 200 weights show it."""
    X, y = np.random.default_rng(0).normal(size=(4, 300)), [0, 1, 0, 1]
    model = MLPClassifier((200,), init=init, epochs=1, optimizer="sgd", learning_rate=1e-300, random_state=0).fit(X, y)
    expected = INITIAL_STD[init](300, 200) if isinstance(init, str) else init
    assert model.weights_[0].std() == pytest.approx(expected, rel=0.02)
    assert np.abs(model.biases_[0]).max() < 1e-290


def test_zeros_show_why_not() -> None:
    """From zeros all neurons of a layer stay alike, and the flowers are not told apart; from He's they are."""
    model = small(init="zeros", activation="tanh", epochs=60).fit(IRIS, KIND)
    assert_array_equal(model.weights_[0], np.broadcast_to(model.weights_[0][:1], (6, 4)))
    assert model.score(IRIS, KIND) < 0.5 < 0.9 < small(activation="tanh", epochs=60).fit(IRIS, KIND).score(IRIS, KIND)


def test_batches_count_steps() -> None:
    """None is one step an epoch, 1 one a sample, 40 four for 150 samples, the last of 30."""
    for size, steps in ((None, 1), (1, 150), (40, 4), (10**6, 1)):
        model = small(batch_size=size, epochs=2).fit(IRIS, KIND)
        assert (model.n_iter_, model.n_steps_) == (2, 2 * steps)


def test_loss_of_an_epoch_is_the_mean_over_its_samples() -> None:
    """With a step that moves nothing, the epoch's loss is the loss of all samples, whatever the size of the batches."""
    losses = [
        small(batch_size=size, epochs=1, optimizer="sgd", learning_rate=1e-300).fit(IRIS, KIND).history_["loss"][0]
        for size in (None, 1, 40)
    ]
    assert losses == pytest.approx([losses[0]] * 3, rel=1e-12)


def test_random_state_repeats_a_fit() -> None:
    """The same seed gives the same bits, another seed others; global random numbers are left alone unless asked for."""
    first, again, other = (small(random_state=seed, dropout=0.2).fit(IRIS, KIND).network_.theta for seed in (0, 0, 1))
    assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1
    before = np.random.get_state()[1].copy()
    small().fit(IRIS, KIND)
    assert_array_equal(np.random.get_state()[1], before)


def test_l2_shrinks_the_weights() -> None:
    """The larger λ, the smaller the weights."""
    sizes = [np.linalg.norm(np.concatenate([W.ravel() for W in small(l2=l2, epochs=60).fit(IRIS, KIND).weights_])) for l2 in (0, 0.01, 0.1)]
    assert sizes == sorted(sizes, reverse=True)


def test_dropout_is_for_learning_only() -> None:
    """It changes what is learned; predictions are the same each time."""
    model = small(dropout=0.5).fit(IRIS, KIND)
    assert_array_equal(model.predict_proba(IRIS), model.predict_proba(IRIS))
    assert relative_error(model.network_.theta, small().fit(IRIS, KIND).network_.theta) > 0.01


@pytest.mark.parametrize("clip", ["clip_value", "clip_norm"])
def test_clipping_bounds_the_steps(clip: str) -> None:
    """Under gradient descent with rate 1 no step is longer, or no element larger, than the limit; norms are recorded before clipping."""
    seen = [np.zeros(0)]

    def look(model: Any) -> None:
        seen.append(model.network_.theta.copy())

    model = small(optimizer="sgd", learning_rate=1.0, on_step=look, epochs=1, **{clip: 0.01}).fit(1000 * IRIS, KIND)
    steps = np.diff(seen[1:], axis=0)
    size = np.abs(steps).max(axis=1) if clip == "clip_value" else np.linalg.norm(steps, axis=1)
    assert_allclose(size, 0.01, rtol=1e-9)
    assert np.max(model.history_["gradient_norms"]) > 1


def test_early_stopping_returns_to_the_best() -> None:
    """It stops `patience` epochs after the lowest validation loss, and has the parameters of that epoch again."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 5)), rng.integers(2, size=60)  # nothing can be learned: it overfits at once
    kept: list[np.ndarray] = []
    model = MLPClassifier((30,), epochs=500, learning_rate=0.01, early_stopping=True, validation_fraction=0.3, patience=7, random_state=0, on_epoch=lambda m: kept.append(m.network_.theta.copy()))  # fmt: skip
    model.fit(X, y)
    losses = model.history_["validation_loss"]
    assert model.n_iter_ == len(losses) == int(np.argmin(losses)) + 8 < 500
    assert_array_equal(model.network_.theta, kept[int(np.argmin(losses))])


def test_early_stopping_sets_each_class_aside() -> None:
    """A rare class is among the samples set aside in its share, and no sample is on both sides."""
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(200, 3)), np.repeat([0, 1, 2], [150, 30, 20])
    model = small(early_stopping=True, validation_fraction=0.1)
    rows, targets = model._begin(X, y, first=True)
    (kept, learned), (aside, watched) = model._set_aside(rows, targets)
    assert watched.sum(axis=1).tolist() == [15, 3, 2]
    assert learned.sum(axis=1).tolist() == [135, 27, 18]
    assert len({*map(tuple, kept), *map(tuple, aside)}) == 200


def test_watching_samples_of_ones_own() -> None:
    """Samples given to fit are watched: recorded without early stopping, gone by with it, and all others are learned from."""
    X, y, X_val, y_val = IRIS[::2], KIND[::2], IRIS[1::2], KIND[1::2]
    watched = small(epochs=5).fit(X, y, validation=(X_val, y_val))
    assert len(watched.history_["validation_loss"]) == 5
    assert watched.history_["loss"] == small(epochs=5).fit(X, y).history_["loss"]
    shares = watched.predict_proba(X_val)[np.arange(len(y_val)), y_val]
    assert watched.history_["validation_loss"][-1] == pytest.approx(-np.log(shares).mean())
    patient = small(epochs=40, learning_rate=0.1, early_stopping=True, patience=np.inf).fit(X, y, validation=(X_val, y_val))
    losses = patient.history_["validation_loss"]
    assert len(losses) == 40
    shares = patient.predict_proba(X_val)[np.arange(len(y_val)), y_val]
    assert -np.log(shares).mean() == pytest.approx(min(losses))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_error_terms_too_small_to_count_are_zero(dtype: str) -> None:
    """Where an error term has sunk below the type's smallest number over its precision, the layers before get a gradient of 0, the others their own."""
    depth = 40 if dtype == "float32" else 200
    X, y = np.random.default_rng(4).normal(size=(7, 6)), np.arange(7) % 3
    model = MLPClassifier((6,) * depth, activation="sigmoid", init="small", dtype=dtype, random_state=0, verbose=False)
    rows, targets = model._begin(X, y, first=True)
    net, batch = model.network_, Batch(model.network_.sizes, rows, targets)
    net.loss_and_gradient(batch)
    flushed = [dW.copy() for dW in net.dW]
    net.least = 0.0
    net.loss_and_gradient(batch)
    reached = [i for i, dW in enumerate(flushed) if dW.any()]
    assert 0 < reached[0] < depth
    assert reached == list(range(reached[0], depth + 1))
    for i in reached:
        assert np.array_equal(flushed[i], net.dW[i])
    limits = np.finfo(dtype)
    assert max(np.abs(net.dW[i]).max() for i in range(reached[0])) < 7 * limits.tiny / limits.eps


def test_early_stopping_without_an_epoch_keeps_what_was_learned() -> None:
    """Interrupted within the first epoch there is no best yet, so that the parameters stay."""
    model = small(early_stopping=True, on_step=lambda m: True).fit(IRIS, KIND)
    start = small(early_stopping=True, optimizer="sgd", learning_rate=1e-300, epochs=1).fit(IRIS, KIND)
    assert model.history_["validation_loss"] == []
    assert np.abs(model.network_.theta - start.network_.theta).max() == pytest.approx(0.01, rel=1e-3)


def test_history_has_the_norms_of_each_layer() -> None:
    """One entry an epoch: the loss, and the norms of all layers' gradients. In a deep sigmoid network the first is far smaller."""
    model = MLPClassifier([10] * 6, activation="sigmoid", init="xavier", epochs=3, random_state=0).fit(IRIS, KIND)
    norms = np.array(model.history_["gradient_norms"])
    assert (norms.shape, len(model.history_["loss"])) == ((3, 7), 3)
    assert (norms[:, 0] < 1e-2 * norms[:, -1]).all()


@pytest.mark.parametrize(("callback", "count"), [("on_epoch", "n_iter_"), ("on_step", "n_steps_")])
def test_callbacks_see_and_stop(callback: str, count: str) -> None:
    """A callback is called with the estimator each time, can predict, and ends learning by returning True."""
    seen: list[float] = []

    def look(model: Any) -> bool:
        seen.append(model.score(IRIS, KIND))
        return len(seen) == 3

    model = small(batch_size=50, **{callback: look}).fit(IRIS, KIND)
    assert len(seen) == getattr(model, count) == 3


def test_partial_fit_goes_on() -> None:
    """Each call is one epoch, a learning rate changed between two calls is taken up, and `fit` starts anew."""
    model = small().partial_fit(IRIS, KIND)
    for _ in range(4):
        model.partial_fit(IRIS, KIND)
    assert (model.n_iter_, len(model.history_["loss"])) == (5, 5)
    assert_array_equal(model.network_.theta, small().fit(IRIS, KIND).network_.theta)
    before = model.network_.theta.copy()
    model.set_params(learning_rate=1e-300).partial_fit(IRIS, KIND)
    assert_array_equal(model.network_.theta, before)
    assert model.set_params(learning_rate=0.01).fit(IRIS, KIND).n_iter_ == 5


def test_partial_fit_knows_all_classes_from_the_first_call() -> None:
    """Classes named at first may come later."""
    model = small().partial_fit(IRIS[:50], KIND[:50], classes=[0, 1, 2]).partial_fit(IRIS[50:], KIND[50:])
    assert model.predict_proba(IRIS).shape == (150, 3)


def test_a_linear_model_is_a_network_without_hidden_layers() -> None:
    """No hidden layer is multinomial logistic regression, one number is one layer."""
    assert [W.shape for W in MLPClassifier((), epochs=1).fit(IRIS, KIND).weights_] == [(3, 4)]
    assert [W.shape for W in MLPClassifier(7, epochs=1).fit(IRIS, KIND).weights_] == [(7, 4), (3, 7)]


def test_clone_keeps_settings() -> None:
    """scikit-learn's `clone` and `get_params` see every setting."""
    model = small(l2=0.1, on_epoch=print, init=0.5)
    assert clone(model).get_params() == model.get_params()
    assert "l2=0.1" in repr(model)


def test_divergence_warns_and_goes_back() -> None:
    """A loss that is no longer finite ends learning with a warning that says what to try; the parameters are those before that epoch."""
    x = np.linspace(-1, 1, 20)[:, None]
    model = small(MLPRegressor, optimizer="sgd", learning_rate=1e6, activation="identity", epochs=50)
    with pytest.warns(
        ConvergenceWarning,
        match=r"diverged in epoch \d+: a finite loss was expected, with learning_rate=1000000.0 it became (inf|nan).*Try a smaller",
    ):
        model.fit(x, x[:, 0])
    assert np.isfinite(model.network_.theta).all()
    assert model.n_iter_ < 50
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.set_params(learning_rate=1e-3).fit(x, x[:, 0]).n_iter_ == 50


# ---- Threads, slices, progress ----


def test_small_networks_take_one_thread() -> None:
    """By default one BLAS thread for a small network; None leaves the setting, which comes back afterwards in any case."""
    seen: dict[Any, set[int]] = {}
    before = {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}
    for threads in ("auto", 2, None):
        small(blas_threads=threads, epochs=1, on_epoch=lambda m: seen.update({m.blas_threads: {i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"}})).fit(IRIS, KIND)  # fmt: skip
    assert (seen["auto"], seen[2], seen[None]) == ({1}, {2}, before)
    assert {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"} == before


@pytest.mark.parametrize("samples", [1, 32, 100])
def test_products_in_slices_are_whole(samples: int) -> None:
    """A product in slices of 32 samples is the whole product, with a rest or without."""
    rng = np.random.default_rng(0)
    W, rows, out = rng.normal(size=(5, 300)), rng.normal(size=(samples, 300)), np.empty((5, samples))
    assert blas._dot_in_slices(W, rows.T, out) is out
    assert_allclose(out, W @ rows.T, rtol=1e-12)


def test_slices_are_for_wide_flat_products_on_avx512(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only OpenBLAS's kernels of SkylakeX get slices, and only for few neurons with many inputs."""

    class Library:
        architecture = "SkylakeX"

        def info(self) -> list[dict[str, str]]:
            return [{"architecture": self.architecture}]

    monkeypatch.setattr(blas, "_blas", Library)
    assert blas.dot_for(28, 785) is blas._dot_in_slices
    assert blas.dot_for(28, 100) is blas.dot_for(256, 785) is np.ndarray.dot
    monkeypatch.setattr(Library, "architecture", "Haswell")
    assert blas.dot_for(28, 785) is np.ndarray.dot


def test_progress_says_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Asked for, a line on standard error shows epoch, loss and time left, and ends full; else short fits say nothing."""
    small(epochs=3, verbose=True).fit(IRIS, KIND)
    shown = capsys.readouterr().err
    assert "epoch 1/3, loss" in shown
    assert "s left" in shown
    assert shown.split("\r")[-1].startswith(f"[{'#' * 30}] epoch 3/3")
    assert shown.endswith("\n")
    for verbose in (None, False):
        small(epochs=3, verbose=verbose).fit(IRIS, KIND)
        assert capsys.readouterr() == ("", "")


def test_long_fits_show_progress_unasked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After two seconds the line comes by itself, unless verbose is False; five times a second at most."""
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    for verbose, lines in ((None, 6), (False, 0)):
        with Progress(300, verbose) as progress:
            for epoch in range(1, 301):
                clock[0] += 0.01
                progress.show(epoch, 0.5)
        assert capsys.readouterr().err.count("\r") == lines


# ---- Bad input ----

NAN = np.where(np.arange(IRIS.size).reshape(IRIS.shape) == 7, np.nan, IRIS)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"hidden_layer_sizes": (3, 0)}, r"hidden_layer_sizes has to be whole numbers above 0, one for each hidden layer, got \(3, 0\): try \(28,\)"),
        ({"hidden_layer_sizes": 2.5}, r"hidden_layer_sizes has to be whole numbers above 0, .* got 2.5"),
        ({"activation": "rleu"}, r"activation has to be one of identity, step, .*, got 'rleu': try 'relu'"),
        ({"activation": "softmax"}, r"activation has to be one of .*, got 'softmax'"),
        ({"loss": "hinge"}, r"loss has to be one of cross_entropy, mse, got 'hinge'"),
        ({"optimizer": "lbfgs"}, r"optimizer has to be one of sgd, momentum, nesterov, adam, got 'lbfgs': try 'adam'"),
        ({"learning_rate": 0}, r"learning_rate has to be a number above 0, got 0: try 0.001 \('adam'\)"),
        ({"learning_rate": -0.1}, r"learning_rate has to be a number above 0, got -0.1"),
        ({"learning_rate": np.nan}, r"learning_rate has to be a number above 0, got nan"),
        ({"learning_rate": np.inf}, r"learning_rate has to be a number above 0, got inf"),
        ({"learning_rate": "fast"}, r"learning_rate has to be a number above 0, got 'fast'"),
        ({"momentum": 1}, r"momentum has to be a number from 0 to below 1, got 1: try 0.9"),
        ({"batch_size": 0}, r"batch_size has to be a whole number above 0, or None for all samples, got 0: try 32"),
        ({"batch_size": True}, r"batch_size has to be a whole number above 0, .* got True"),
        ({"epochs": 1.5}, r"epochs has to be a whole number above 0, got 1.5: try 100"),
        ({"init": "lecun"}, r"init has to be one of zeros, small, normal, xavier, he, sigmoid, or a standard deviation, got 'lecun': try 'he'"),
        ({"init": -1.0}, r"init has to be .*, got -1.0"),
        ({"l2": -1}, r"l2 has to be a number not below 0, got -1: try 0.0001"),
        ({"dropout": 1.0}, r"dropout has to be a number from 0 to below 1, got 1.0: try 0.2"),
        ({"clip_value": 0}, r"clip_value has to be a number above 0, or None, got 0: try 1.0"),
        ({"clip_norm": -2}, r"clip_norm has to be a number above 0, or None, got -2: try 1.0"),
        ({"early_stopping": "yes"}, r"early_stopping has to be True or False, got 'yes': try True"),
        ({"validation_fraction": 0}, r"validation_fraction has to be a number between 0 and 1, got 0: try 0.1"),
        ({"patience": 0}, r"patience has to be a whole number of epochs above 0, or inf, got 0: try 10"),
        ({"dtype": "float16"}, r"dtype has to be 'float32' or 'float64', got 'float16': try 'float64'"),
        ({"blas_threads": 0}, r"blas_threads has to be 'auto', None or a whole number above 0, got 0: try 'auto'"),
        ({"on_step": 3}, r"on_step has to be a function of the estimator, or None, got 3"),
        ({"on_epoch": "print"}, r"on_epoch has to be a function of the estimator, or None, got 'print'"),
        ({"verbose": "loud"}, r"verbose has to be True, False or None, got 'loud'"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_bad_settings_are_named(settings: dict[str, Any], message: str, method: str) -> None:
    """Every setting is checked when learning starts: what was expected, what came, what to try."""
    with pytest.raises(ValueError, match=message):
        getattr(small().set_params(**settings), method)(IRIS, KIND)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: small().fit(NAN, KIND), r"Input X contains NaN"),
        (lambda: small().fit(IRIS, KIND[:-1]), r"inconsistent numbers of samples: \[150, 149\]"),
        (lambda: small().fit(IRIS[:, 0], KIND), r"Expected 2D array, got 1D array instead"),
        (lambda: small().fit(IRIS[:0], KIND[:0]), r"Found array with 0 sample"),
        (lambda: small().fit(IRIS, KIND + 0.5), r"Unknown label type: continuous"),
        (lambda: small().fit(IRIS, KIND).predict(IRIS[:, :3]), r"X has 3 features, but MLPClassifier is expecting 4 features"),
        (lambda: small().fit(IRIS[:1], KIND[:1]).set_params(early_stopping=True).fit(IRIS[:1], KIND[:1]), r"early_stopping needs samples to learn from and to set aside, got 1: try early_stopping=False"),
        (lambda: small(early_stopping=True).fit(IRIS[[0, 60]], KIND[[0, 60]]), r"early_stopping needs samples to learn from and to set aside, got 2: try early_stopping=False"),
        (lambda: small().partial_fit(IRIS[:50], KIND[:50]).partial_fit(IRIS, KIND), r"y and classes have to hold labels among \[0\], got \[1, 2\]: try to name all labels as `classes` in the first partial_fit"),
        (lambda: small().partial_fit(IRIS, KIND, classes=[0, 1]), r"y and classes have to hold labels among \[0, 1\], got \[2\]"),
        (lambda: small().partial_fit(IRIS, KIND).partial_fit(IRIS, KIND, classes=[0, 1, 2, 3]), r"have to hold labels among \[0, 1, 2\], got \[0, 1, 2, 3\]"),
        (lambda: small(MLPRegressor).fit(IRIS, NAN[:, 3]), r"Input y contains (NaN|infinity)"),
        (lambda: small(MLPRegressor, loss="cross_entropy").fit(IRIS, IRIS), r"loss has to be one of mse, got 'cross_entropy'"),
        (lambda: small(MLPRegressor).partial_fit(IRIS, IRIS).partial_fit(IRIS, IRIS[:, :2]), r"y has to hold 4 targets a sample as at first, got 2: try to start anew with fit"),
        (lambda: small(MLPRegressor).fit(IRIS, ["a"] * 150), r"could not convert string to float|Unable to convert"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    """Errors say which argument, what was expected, what came, and what to try."""
    with pytest.raises(ValueError, match=message):
        call()


def test_an_unfitted_network_says_so() -> None:
    """Prediction before learning is refused."""
    with pytest.raises(NotFittedError, match="not fitted yet"):
        small().predict(IRIS)
