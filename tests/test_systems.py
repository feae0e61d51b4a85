"""Every system of the source lectures runs somewhere: in a cell of its chapter's solution, or in the lesson that stands behind it."""

from __future__ import annotations

from importlib import import_module

import nbformat
import pytest
from support import CHAPTERS, ROOT

SYSTEMS = {  # chapter: system: what its cells call, or else where the library has it
    "01_mp_neuron": {
        "threshold unit and its bias": "mp_neuron(",
        "gates by hand": "gate(",
        "Hebb's rule": "hebb(",
        "perceptron learning rule": "train_perceptron(",
        "bound R²/γ²": "mistake_bound(",
        "separating line, drawn": "plots.road_map(",
        "XOR by two layers": "xor_network(",
        "XOR by a feature": "product(",
        "XOR and other inseparable cases": "y_xor",
        "step function at its limits": "nnlab.activations.step",
    },
    "02_activations": {
        "step": "step(",
        "logistic": "sigmoid(",
        "ReLU": "relu(",
        "leaky ReLU": "leaky(",
        "softplus": "softplus(",
        "Swish": "swish(",
        "GELU": "gelu(",
        "hard logistic": "hard_logistic(",
        "tanh": "nnlab.activations.tanh",
        "hard tanh": "nnlab.activations.hard_tanh",
        "PReLU": "nnlab.activations.prelu",
        "ELU": "elu_derivative(",
        "GELU's approximations": "nnlab.activations.gelu_tanh",
        "GELU's other approximation": "nnlab.activations.gelu_sigmoid",
        "softmax with a temperature": "temperature_for(",
        "derivatives": "plots.with_derivative(",
        "dying ReLU": "dead_share(",
        "linear layers collapse": "merge_layers(",
    },
    "03_forward_propagation": {
        "one neuron": "neuron(",
        "matrix form": "fc_layer(",
        "shapes": "dense_shape(",
        "batches and depth": "forward(",
        "first weights": "init_params(",
        "softmax": "softmax(",
        "feedback network": "run_feedback(",
        "graph network": "graph_layer(",
        "universal approximation": "plots.approximation(",
    },
    "04_backpropagation": {
        "worked graphs": "graph_gradients(",
        "static graph": "graph_values(",
        "dynamic graph": "node_gradients(",
        "BP-1": "delta_output(",
        "BP-2": "delta_hidden(",
        "BP-3 and BP-4": "layer_gradients(",
        "backward": "backward(",
        "gradient descent": "optimize(",
        "numerical check": "central_differences(",
        "start from zeros": "np.zeros",
    },
    "05_traffic_classifier": {
        "standardise": "standardised(",
        "min-max": "nnlab.traffic_classifier.min_max",
        "whiten": "nnlab.traffic_classifier.whiten",
        "cross-entropy": "cross_entropy(",
        "mean squared error": '"mse"',
        "objective": "nnlab.traffic_classifier.objective",
        "mini-batches": "minibatches(",
        "training": "train(",
        "learning rate too small, too large": "plots.cost_curves(",
        "stopping rule": "stopping_rule(",
        "confusion matrix": "confusion_matrix(",
        "precision, recall, F1": "precision_recall_f1(",
        "ROC": "plots.roc_curves(",
        "repeated 5 x 5 cross-validation": "nnlab.traffic_classifier.repeated_stratified_kfold",
        "scikit-learn's classifier": "MLPClassifier(",
    },
    "06_vanishing_gradients": {
        "four-layer chain product": "chain_factors(",
        "explosion": "explosion_window(",
        "gradient clipping": "clipped(",
        "weight penalty": "train_with_penalty(",
        "first weights": "initial_std(",
        "leaky ReLU": "leaky_relu",
        "residual layers": "residual_backward(",
        "normalised layers": "layer_norm(",
        "cures side by side": "train_deep(",
    },
    "07_overfitting": {
        "polynomial fits": "polynomial_features(",
        "ridge": "ridge(",
        "augmentation": "shift_images(",
        "L2 in the cost": "l2_objective(",
        "early stopping": "early_stopping(",
        "dropout": "dropout(",
        "a tiny set, overfitted on purpose": "train_regularised(",
        "more data": "few_rows(",
    },
    "08_optimizers": {
        "the network from scratch": "neural_network(",
        "GD": "descent_path(",
        "SGD": "train_network(",
        "momentum": "momentum_step(",
        "Nesterov": "nesterov_step(",
        "Adam": "adam_step(",
        "noise of a batch": "batch_noise(",
        "schedules": "learning_rate(",
        "saturated first layer": "plots.saturation(",
        "activations compared": "after_ten_epochs(",
        "quasi-Newton": "minimize(",
        "the table of attempts": "history(",
        "Fashion-MNIST": "nnlab.data.load_fashion_mnist",
    },
    "09_regression": {
        "simple linear regression": "line_fit(",
        "polynomial normal equations": "polynomial_system(",
        "least squares": "least_squares(",
        "maximum likelihood and a posteriori": "log_posterior(",
        "ridge is a belief": "map_weights(",
        "QR and singular values": "np.linalg.svd(",
        "residuals": "residual_report(",
        "descent to the same weights": "descend_to_fit(",
        "logistic regression": "logistic_fit(",
    },
    "10_model_selection": {
        "grid": "all_settings(",
        "random search": "plots.darts(",
        "successive halving": "halve_curves(",
        "Hyperband": "brackets(",
        "Gaussian process": "gp_posterior(",
        "expected improvement": "expected_improvement(",
        "controller that learns": "reinforce_step(",
        "stratified folds": "stratified_folds(",
        "leakage": "fold_scores(",
        "architecture search": "controlled(",
        "architecture search by evolution": "evolution(",
        "a search that learns from its trials": "propose(",
        "nested cross-validation": "search_network(",
        "what a framework adds": "torch.nn.Sequential(",
        "scikit-learn's halving": "HalvingRandomSearchCV(",
    },
}


def test_every_chapter_is_listed() -> None:
    """A chapter with exercises has its systems here."""
    assert SYSTEMS.keys() == {*CHAPTERS}


@pytest.mark.parametrize(("chapter", "system"), [(chapter, system) for chapter, systems in SYSTEMS.items() for system in systems])
def test_it_runs(chapter: str, system: str) -> None:
    """A cell of the solution calls it, and every cell there has run (nbval runs it again); or the library has it, and its tests run it."""
    where = SYSTEMS[chapter][system]
    if where.startswith("nnlab."):
        module, _, name = where.rpartition(".")
        assert callable(getattr(import_module(module), name))
        return
    cells = nbformat.read(ROOT / "solutions" / f"{chapter}.ipynb", 4).cells
    told = (where, f"check({where.removesuffix('(')})")
    calling = [cell for cell in cells if cell.cell_type == "code" and any(each in cell.source.replace(f"def {where}", "") for each in told)]
    assert calling
    assert all(cell.execution_count for cell in calling)
