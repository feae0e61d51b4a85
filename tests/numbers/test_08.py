"""Every worked number and every erratum of the lectures that belongs to chapter 08 stands in the executed notebook."""

from __future__ import annotations

import ast
import gzip
import hashlib
import struct
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from support import ROOT

from nnlab.data import images
from nnlab.network.recipes import BASELINE, recipe_gain
from nnlab.workbook.build import load
from nnlab.workbook.course import Course


@cache
def outputs() -> str:
    """Return all that the solution prints."""
    cells = load(Course(ROOT).chapter("08").solution).cells
    return "\n".join("".join(output.get("text", "") for output in cell.outputs) for cell in cells if cell.cell_type == "code")


LINES = {
    "the best rate, third step": "alpha = 2/21: (-7.4063, -0.7406)",
    "at the limit": "alpha = 0.1: after 100 steps across the ravine 1.000",
    "beyond the limit": "alpha = 0.101: after 100 steps across the ravine 7.245",
    "momentum by hand": "momentum, step 3: (0.865500, -1.676000)",
    "Nesterov by hand": "Nesterov, step 3: (0.838950, -1.708400)",
    "Adam by hand": "Adam, step 3: (0.785261, -1.909332)",
    "race: gradient descent": "gradient descent, α = 2/21: 55 steps",
    "race: momentum": "momentum, α = 1/20: 77 steps",
    "race: Nesterov": "Nesterov, α = 1/20: 36 steps",
    "race: Adam": "Adam, α = 0.5: 80 steps",
    "S2: parameters of [784, 28, 10]": "[784, 28, 10] has 22270 parameters",
    "more than S2's 0.692 and 0.789": "adam     more of the test digits right than 0.692: True, 0.789: True, 0.94: True",
    "the lecture's rate": "lecture, rate 0.1      0.537 ± 0.108   -0.428  worse",
    "a tie is called a tie": "lecture, rate 3        0.967 ± 0.010   +0.002  tie",
    "Adam, paired": "Adam 0.003             0.973 ± 0.011   +0.007  better",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_line_is_printed(line: str) -> None:
    """It stands in the executed notebook, as a line of its own."""
    assert line in outputs().splitlines()


def test_noise_floor() -> None:
    """A constant rate of 0.5 ends at α / (2 − α), halved."""
    measured = next(line for line in outputs().splitlines() if line.startswith("constant: mean of x²/2"))
    assert float(measured.split()[-1]) == pytest.approx(0.5 / 1.5 / 2, rel=0.03)


def test_seven_hundred_eighty_four_weights() -> None:
    """Weights from [−1, 1] over 784 pixels spread z so far that most sigmoids are flat."""
    line = next(line for line in outputs().splitlines() if line.startswith("784 pixels"))
    assert int(line.split()[-1].removesuffix("%")) > 50


def test_recipes() -> None:
    """The baseline gains nothing over itself, and a setting that is none is refused with its name."""
    assert recipe_gain(BASELINE, (0, 1)) == 0
    for place, value, name in ((4, 4, "batch_size"), (2, "rmsprop", "optimizer"), (0, "RELU3", "activation")):
        wrong = [*BASELINE]
        wrong[place] = value
        with pytest.raises(ValueError, match=name):
            recipe_gain(wrong, (0,))
    with pytest.raises(ValueError, match="6 settings"):
        recipe_gain(BASELINE[:5], (0,))


def test_upper_layer_first() -> None:
    """S2's "first update layer k + 1, then layer k" changes the gradient of the layer below: in S4's network by more than a quarter."""
    from nnlab.activations import sigmoid, sigmoid_derivative
    from nnlab.backpropagation import backward, delta_hidden, delta_output, small_network
    from nnlab.forward_propagation import forward

    x, y, W, b = small_network()
    z, a = forward(x, W, b, sigmoid, sigmoid)
    dW, _ = backward(y, W, z, a, sigmoid_derivative, sigmoid_derivative)
    moved = W[1] - 1.0 * dW[1]
    late = delta_hidden(delta_output(a[-1], y, sigmoid_derivative(z[-1])), moved, z[0], sigmoid_derivative) @ a[0].T
    assert not np.allclose(late, dW[0], rtol=0.05)


@pytest.fixture
def fashion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that NNLAB_DATA_HOME names: four files in the published form with 6,100 images, bright where their class says."""
    published = {}
    for name, samples in zip(images.FASHION, (5100, 5100, 1000, 1000), strict=True):
        labels = np.arange(samples) % 10
        array = labels if "labels" in name else np.where(np.arange(784) // 79 == labels[:, None], 200, 20).reshape(samples, 28, 28)
        data = gzip.compress(struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.astype(np.uint8).tobytes(), 1)
        (tmp_path / f"{name}.gz").write_bytes(data)
        published[name] = images.Idx(array.shape, hashlib.md5(data).hexdigest())
    monkeypatch.setattr(images, "FASHION", published)
    monkeypatch.setenv(images.HOME, str(tmp_path))
    return tmp_path


def run_fashion_cell() -> None:
    """Run the cell that trains on Fashion-MNIST, with the chapter's own functions and fewer steps."""
    from nnlab import activations, optimizers, traffic_classifier
    from nnlab.backpropagation import backward, optimize
    from nnlab.forward_propagation import forward

    cells = [cell.source for cell in load(Course(ROOT).chapter("08").solution).cells if cell.cell_type == "code"]
    given = {node.name: node for source in cells for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    space = {name: getattr(activations, name) for name in ("relu", "sigmoid", "sigmoid_derivative", "softmax")}
    space |= {"np": np, "backward": backward, "optimize": optimize, "forward": forward, "one_hot": traffic_classifier.one_hot}
    exec(compile(ast.Module([given["lecture"], given["right_of"]], []), "given", "exec"), space)
    lecture, train = space["lecture"], optimizers.train_network
    space["lecture"] = lambda X, Y, alpha, steps: lecture(X, Y, alpha, 2)
    space["train_network"] = lambda *arguments: train(*arguments[:7], 1, arguments[8])
    space["b_start"], space["checkpoint"] = [np.zeros((28, 1)), np.zeros((10, 1))], lambda *functions: nullcontext()
    exec(next(source for source in cells if "load_fashion_mnist(return_X_y=True)" in source), space)


def test_fashion_cell_trains(fashion: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the files are, both programs are trained on 5,000 images and tested on 1,000."""
    run_fashion_cell()
    lecture, yours = capsys.readouterr().out.splitlines()
    assert lecture.startswith("the lecture's program, rate 1, 300 steps: training 0.")
    assert yours == "yours, Adam, 30 epochs: training 1.000, test 1.000"


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_fashion_cell_says_what_is_wrong(fashion: Path, capsys: pytest.CaptureFixture[str], damage: str) -> None:
    """A broken set or half of one is a sentence in the notebook, and no traceback."""
    path = fashion / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-100]) if damage == "cut" else path.unlink()
    run_fashion_cell()
    told = capsys.readouterr().out
    assert ("is not the published file" if damage == "cut" else "lacks t10k-images-idx3-ubyte") in told
    assert "training" not in told
