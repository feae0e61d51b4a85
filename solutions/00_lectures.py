# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # For students of the five lectures
#
# This course follows five lectures. You need none of them: chapters 01 to 10 stand on their own, and you may skip this appendix.
#
# Have you heard one of them, or do you hold its slides in your hand? Then you will want to know three things:
# which chapter holds what, how each lecture writes what we write, and where a slide and a computer disagree.
#
# | | the lecture |
# |---|---|
# | **S0** | traffic big data, chapter 11: neural networks |
# | **S1** | artificial neural networks, chapter 8 |
# | **S2** | regression, the perceptron, computational graphs |
# | **S3** | a coursework report on a classifier |
# | **S4** | how a network works: forward, backward, gradient descent |
#
# There is nothing to hand in here. Every claim has a cell that shows it: run it, and change it.

# %%
import itertools
import math

import numpy as np

from nnlab.activations import gelu, sigmoid, sigmoid_derivative, softmax, swish
from nnlab.backpropagation import backward, naive_hidden_grad, optimize, sigmoid_grad, small_network
from nnlab.forward_propagation import forward, init_params
from nnlab.mp_neuron import naive_sign
from nnlab.overfitting import SLIDE_RIDGE, TEN_T, TEN_X, fit_polynomial
from nnlab.regression import line_fit

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## 1. Which chapter holds what
#
# | chapter | from | what |
# |---|---|---|
# | 01 M-P neuron | S0 S1 S2 S3 | the threshold unit, gates, the learning rule and its bound, XOR |
# | 02 Activation functions | S0 S1 S2 S3 | all functions and their slopes, saturation, dead units, overflow |
# | 03 Forward propagation | all | one neuron, layers, the network 5-4-3-3 with seed 42, other topologies |
# | 04 Backpropagation | all | the three worked graphs, BP-1 to BP-4, S4's network step by step |
# | 05 The traffic classifier | S0 S1 S3 S4 | the data, losses, descent in batches, stopping, cross-validation |
# | 06 Vanishing gradients | S0 S1 S3 | the chain of slopes, explosion, and what helps |
# | 07 Overfitting | S0 S2 S3 | polynomials, ridge, a price on weights, early stopping, dropout |
# | 08 Optimizers | S2 | the network for Fashion-MNIST, GD, SGD, Adam |
# | 09 Regression | S2 | normal equations, likelihood, priors |
# | 10 Model selection | S3 | grids, halving, Hyperband, leakage |

# %% [markdown]
# ## 2. Six ways to write one thing
#
# The same network looks different in each lecture. The first column is ours. A row is one thing.
#
# | here | S0 (traffic) | S1 (theory) | S1 (worked example) | S2, S3 | S4 (small network) |
# |---|---|---|---|---|---|
# | input $\mathbf{a}^{(0)}$ | $\mathbf{a}^{(1)}$: layers count from 1 | $\mathbf{a}^{(0)}$ | $\mathbf{a}^{(1)}$: layers count from 1 | $\mathbf{a}^{(0)}$ | $i_1, i_2$ |
# | $M_l$ | $N^{(l+1)}$ | $n^l$ | $n_{l+1}$ | $M_l$ | 2 |
# | $W^{(l)}$ | $\mathbf{w}^{(l),\top}$; in the code `w[l - 1]`, not transposed | $W^{(l)}$ | $W^{(l+1)}$ | $W^{(l)}$ | $w_1 \dots w_4$, then $w_5 \dots w_8$ |
# | $\mathbf{b}^{(l)}$ | $\mathbf{b}^{(l)}$ | $\mathbf{b}^{(l)}$ | $\mathbf{b}^{(l+1)}$ | $\mathbf{b}^{(l)}$ | $b_1$, then $b_2$ |
# | $\mathbf{z}^{(l)}$ | $\mathbf{z}^{(l+1)}$ | $\mathbf{z}^{(l)}$ | $\mathbf{z}^{(l+1)}$ | $\mathbf{z}^{(l)}$ | $l_{h1}, l_{h2}$, then $l_{o1}, l_{o2}$ |
# | $\mathbf{a}^{(l)}$ | $\mathbf{a}^{(l+1)}$ | $\mathbf{a}^{(l)}$ | $\mathbf{a}^{(l+1)}$ | $\mathbf{a}^{(l)}$ | $out_{h1}, out_{h2}$, then $out_{o1}, out_{o2}$ |
#
# S0 says that its traffic network has four layers, and we say $L = 3$. Both are right: S0 counts the input as a layer, we count the layers that have weights.

# %% [markdown]
# ## 3. Where a slide and a computer disagree
#
# Slips are normal; every text has some. They are worth a look, because you could have made them too.
# Each is told in the same way: what the slide says, what is right, and a cell that shows it.

# %% [markdown]
# ### Erratum 1: the slope of the sigmoid
#
# S0 writes $\sigma'(x) = \sigma(x) \cdot \sigma(1 - x)$. Right is $\sigma(x)\,(1 - \sigma(x))$: the $\sigma$ stands before the bracket instead of in it.
# At 0 the slope is 0.25, and S0's own code gives that.

# %%
h = 1e-6
measured = (sigmoid(h) - sigmoid(-h)) / (2 * h)
print(f"measured {measured:.4f}   σ(x)(1 − σ(x)) {sigmoid_grad(0.0):.4f}   the slide {sigmoid(0.0) * sigmoid(1 - 0.0):.4f}")

# %% [markdown]
# ### Erratum 2: a softmax that does not sum to 1
#
# S0, step 6, prints (0.45860661, 0.08641333, 0.37609855) as the output of a softmax. Its sum is 0.9211, so it cannot be one.
# With the slide's own seed, sample and fifty steps the code gives (0.5292, 0.0634, 0.4075), where the seed is set again before the weights are drawn.

# %%
x, y = np.array([[4.0], [0.0], [2.0], [3.0], [3.0]]), np.array([[0.0], [1.0], [0.0]])
W, b = init_params([5, 4, 3, 3], np.random.RandomState(42))
for _ in range(50):
    Z, A = forward(x, W, b, sigmoid, softmax)
    W, b = optimize(W, b, *backward(y, W, Z, A), 0.01)
print("the slide sums to", round(0.45860661 + 0.08641333 + 0.37609855, 4))
print("fifty steps give", softmax(forward(x, W, b, sigmoid, softmax)[0][-1]).ravel(), "with the sum 1")

# %% [markdown]
# ### Erratum 3: a program that does not run
#
# S0, step 6, gives weights of the shapes (5, 4), (4, 3), (3, 3) to a `forward` that needs (4, 5), (3, 4), (3, 3); takes two values
# from a function that returns six; calls `delta_Output` where `delta_output` is defined. In its formula of the error term,
# $W$ on the way back must be transposed where it is not on the way forward, and $f'$ is taken at $\mathbf{z}^{(l)}$, not $\mathbf{z}^{(L)}$.

# %%
def six_values():
    """Return six values, as the slide's `forward` does."""
    return 1, 2, 3, 4, 5, 6


def delta_output(a, y):
    """Return the error term, spelled as the slide defines it."""
    return a - y


for what in ("np.ones((5, 4)) @ x", "a, z = six_values()", "delta_Output(x, x)", "W[1] @ np.ones((3, 1))", "np.ones((4, 1)) * np.ones((3, 1))"):
    try:
        exec(what)
    except (ValueError, NameError) as error:
        print(f"{what}\n    {type(error).__name__}: {str(error).partition(' (')[0][:60]}")
print("right: ", (W[1].T @ np.ones((3, 1))).shape, "is the error of the four neurons before")

# %% [markdown]
# ### Erratum 4: a sum beside a mean
#
# S0's `hidden_grad` adds up over the batch, its `hidden_bias_grad` takes the mean. With one sample nobody sees it. With eight the weights go eight times as far as the biases.

# %%
delta, ones = np.full((2, 8), 0.1), np.ones((3, 8))
print("weights, the slide", naive_hidden_grad(delta, ones)[0, 0].round(4), "  biases", delta.mean(axis=1)[0].round(4), "  eight times:", 8 * 0.1)

# %% [markdown]
# ### Erratum 5: tanh and the slope of ReLU at 0
#
# S0 says that tanh maps into $[-1, 1]$. The ends are never reached: $(-1, 1)$. A computer rounds to 1 from about 19 on.
# S0 takes $\mathrm{relu}'(0) = 1$, S1 and S2 take 0. Neither is wrong: there is a corner, and almost no $z$ is exactly 0. We take 0.

# %%
print("1 − tanh(10) is", 1 - math.tanh(10) > 0 and "above 0", "· tanh(20) == 1.0 as a float:", math.tanh(20) == 1.0)
z = np.random.default_rng(0).standard_normal(1_000_000)
print("of a million pre-activations, exactly 0:", int((z == 0).sum()))

# %% [markdown]
# ### Erratum 6: numbers that overflow
#
# S0's `softmax` overflows at $z = 1000$, its `sigmoid` warns at $z = -1000$. Subtract the maximum; use $e^{-|z|}$ only.

# %%
with np.errstate(all="ignore"):
    z = np.array([1000.0, 0.0])
    print("the slide", np.exp(z) / np.exp(z).sum(), "  shifted", softmax(z))
    print("the slide", 1 / (1 + np.exp(1000.0)), "with a warning   by sign", sigmoid(-1000.0))

# %% [markdown]
# ### Erratum 7: three losses called MSE
#
# S0 and S4 call "MSE" a sum, $\frac{1}{n}\sum$ and $\frac{1}{2}\sum$, on neighbouring lines. The gradients differ by a factor, as if each had another learning rate.

# %%
a, target = np.array([0.7, 0.2, 0.4]), np.array([1.0, 0.0, 0.0])
for name, factor in (("sum", 1.0), ("mean", 1 / 3), ("half the sum", 0.5)):
    print(f"{name:13} loss {factor * np.sum((a - target) ** 2):.4f}   gradient {2 * factor * (a - target)}")

# %% [markdown]
# ### Erratum 8: an order, a number and a sign
#
# S2 writes the chain rule with the innermost factor on the left ($\frac{\partial f^1}{\partial x} \frac{\partial f^2}{\partial f^1} \cdots$); with one row an output the outermost stands there.
# It speaks of 764 inputs where $28 \times 28 = 784$. And its `sign` returns `int(y)`, which turns 0.5 into 0: a right point counts as a mistake.

# %%
inner, outer = np.ones((4, 3)), np.ones((2, 4))
print("outer @ inner", (outer @ inner).shape)
try:
    inner @ outer
except ValueError:
    print("inner @ outer: the shapes do not fit")
print("28 · 28 =", 28 * 28, "   the slide's sign of 0.5:", naive_sign(0.5), "  np.sign:", int(np.sign(0.5)))

# %% [markdown]
# ### Erratum 9: two columns under wrong heads
#
# S2 prints the weights of $M = 9$ under $\ln \lambda = -18$ and $\ln \lambda = 0$. The columns belong to $-16.08$ and $2.28$.

# %%
for head, right in ((-18, -16.08), (0, 2.28)):
    gaps = [np.abs(fit_polynomial(TEN_X, TEN_T, 9, np.exp(log)) - SLIDE_RIDGE[head]).max() for log in (head, right)]
    print(f"head ln λ = {head:3}: largest gap {gaps[0]:6.2f};   at {right:6.2f}: {gaps[1]:.3f}")
weights = fit_polynomial(TEN_X, TEN_T, 9, np.exp(-18))[:4]
print("at ln λ = -18 the weights begin with", *(f"{weight:.2f}" for weight in weights))

# %% [markdown]
# ### Erratum 10: what looks like evidence
#
# S3 scales its data before cross-validation, so that test rows move the scale (leakage 数据泄露); scores class labels with a mean absolute
# *percentage* error, which divides by the label; names a solver `lbgfs` that does not exist; and shows a perfect confusion matrix of training rows.

# %%
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

rng = np.random.default_rng(0)
noise, labels = rng.standard_normal((200, 5)), rng.integers(0, 3, 200)
scaled = (noise - noise.mean(axis=0)) / noise.std(axis=0)
print("mean of the rows for training, scaled with all rows:", bool(np.abs(scaled[:160].mean(axis=0)).max() > 1e-3), "that it is not 0")
with np.errstate(divide="ignore"):
    print("percentage error of a label 0 taken for 1:", abs(np.float64(0) - 1) / np.float64(0))
try:
    MLPClassifier(solver="lbgfs").fit(noise, labels)
except ValueError:
    print("solver 'lbgfs': a ValueError; it is 'lbfgs'")
neighbour = KNeighborsClassifier(1).fit(noise[:160], labels[:160])
print("pure noise, rows for training:", neighbour.score(noise[:160], labels[:160]), "right; new rows: about a third:", neighbour.score(noise[160:], labels[160:]) < 0.5)

# %% [markdown]
# ### Erratum 11: a square, a sign, and "close to zero"
#
# S1, section 3.1, begins $E = \frac{1}{2} \lVert \mathbf{y} - \mathbf{o} \rVert$ and loses the square that its next line uses. Its rule for the bias has $\frac{\partial E}{b}$ for $\frac{\partial E}{\partial b}$.
# It asks for first weights "close to zero" and not how close: with the same weight everywhere all hidden neurons stay alike, and with tiny ones the gradient is tiny. Chapter 06 measures it.

# %%
error = np.array([3.0, 4.0])
print("½‖e‖ =", 0.5 * np.linalg.norm(error), "   ½‖e‖² =", 0.5 * np.sum(error**2))
bias, step = 3.0, 1e-6
print("E = b² at b = 3:  E/b =", bias**2 / bias, "   ∂E/∂b =", round(((bias + step) ** 2 - (bias - step) ** 2) / (2 * step), 4))
for spread in (1.0, 0.01):
    W, b = init_params([5, 4, 3, 3], np.random.default_rng(0))
    W = [spread * each for each in W]
    Z, A = forward(x, W, b, sigmoid, softmax)
    dW, _ = backward(y, W, Z, A)
    print(f"weights of {spread:4}: first gradient is {'large' if np.linalg.norm(dW[0]) > 1e-3 else 'tiny'}")

# %% [markdown]
# ### Erratum 12: two estimates exchanged
#
# S2's closed form for one variable has its two estimates swapped. It calls a polynomial "multiple" regression, though there is one variable. And it says that tanh squeezes into (0, 1).

# %%
xs = np.array([0.0, 1.0, 2.0, 3.0])
intercept, slope = line_fit(xs, 2 + 3 * xs)
print(f"the line 2 + 3x:  intercept {intercept:.2f}, slope {slope:.2f}; the slide exchanges their names")
print("tanh(−1) =", round(math.tanh(-1), 4), "is not in (0, 1)")

# %% [markdown]
# ### Erratum 13: the network program of S2
#
# Its branch RELU3 sets only the derivative. Adam's m and v are made and never used. `propagation` returns $k \cdot a$, and `backpropagation` knows no $k$.
# "First update layer $k + 1$, then layer $k$" changes weights that the gradient still needs. `np.mat` is gone from NumPy 2. `err = tmp.reshape` has no `tmp`. Its two `perf` columns are on different scales.

# %%
X4, Y4, W4, b4 = small_network()
Z, A = forward(X4, W4, b4, sigmoid, sigmoid)
delta = (A[-1] - Y4) * sigmoid_derivative(Z[-1])
for name, later in (("before the step", W4[1]), ("after it", W4[1] - delta @ A[1].T)):
    first = (later.T @ delta) * sigmoid_derivative(Z[0]) @ X4.T
    print(f"S4's w₁: gradient with layer 2 as it is {name:16} {first[0, 0]:.9f}")
print("NumPy has np.mat:", int(np.__version__.split(".")[0]) < 2)


class Program:
    """The two branches as the slide has them, and its pair of functions."""

    def choose(self, activation):
        """Set what belongs to an activation."""
        if activation == "RELU":
            self.activation, self.activation_deriv = np.abs, np.sign
        elif activation == "RELU3":
            self.activation_deriv = np.sign

    def propagation(self, a, k):
        """Return the output."""
        return k * a


program = Program()
program.choose("RELU3")
print("after RELU3 there is an activation:", hasattr(program, "activation"), "  slope of propagation for k = 3:", program.propagation(1.0, 3) - program.propagation(0.0, 3))


def adam_step(weight, gradient, rate):
    """Return the weight after a step of the slide's ADAM, and its unused m and v."""
    return weight - rate * gradient, (0.1 * gradient, 0.001 * gradient**2)


print("steps for gradients 1 and 100: the slide's ADAM", [round(-adam_step(0.0, g, 0.01)[0], 2) for g in (1, 100)], "  Adam: 0.01 for both")
try:
    exec("err = tmp.reshape(-1, 1)")
except NameError as error:
    print("err = tmp.reshape(-1, 1):", error)
print("a wrong image costs at least ½(a² + (1 − a)²), and that at least ¼")
for name, perf, right in (("GD", 1151.5, 3459), ("SGD", 8.7, 3947)):
    fewest = (5000 - right) / 4
    print(f"{name:3} perf {perf:6}; {5000 - right} wrong images cost at least {fewest:.0f}: a sum over all 5,000? {perf > fewest}")

# %% [markdown]
# ### Erratum 14: how many are left, and how many are tried
#
# S3 halves $T = \lceil \log_2 N \rceil - 1$ times. Where $N$ is a power of two, two settings are left and not one. A third of its grid's 63,000 fits cannot run,
# and 1,120 of its 2,520 settings are distinct. Its step from 0.95 to 0.96125 lies inside one standard error, 0.0172 for 160 rows.

# %%
for n in (9, 16, 64):
    left, halvings = n, math.ceil(math.log2(n)) - 1
    for _ in range(halvings):
        left //= 2
    print(f"N = {n:2}: {halvings} halvings leave {left}")
sizes, functions, solvers, prices, rates = range(10), range(4), ("adam", "lbgfs", "sgd"), range(7), ("constant", "invscaling", "adaptive")
settings = list(itertools.product(sizes, functions, solvers, prices, rates))
runs = [each for each in settings if each[2] != "lbgfs"]
distinct = {each if each[2] == "sgd" else each[:4] for each in runs}  # only sgd looks at the kind of learning rate
print(len(settings), "settings,", 25 * len(settings), "fits; can run:", 25 * len(runs), "fits; distinct:", len(distinct), "settings")
print("one standard error:", round(math.sqrt(0.95 * 0.05 / 160), 4), "  the step:", round(0.96125 - 0.95, 5))

# %% [markdown]
# ### Erratum 15: what shrinks, and what grows
#
# S1, section 4, argues "$f' < 1$, so each layer weakens the error" and forgets $W^\top$. With tanh, weights of $N(0, 1)$ and 32 neurons gradients *grow* on their way back through ten layers.
# It gives $[0, 1]$ and $[0, \frac{1}{4}]$ as the ranges of the slopes of tanh and $\sigma$. The ends on the left are never reached: $(0, 1]$ and $(0, \frac{1}{4}]$.

# %%
growth = []
for seed in range(20):
    rng = np.random.default_rng(seed)
    W = [rng.standard_normal((32, 32)) for _ in range(10)]
    a, Z = rng.standard_normal((32, 64)), []
    for w in W:
        Z.append(w @ a)
        a = np.tanh(Z[-1])
    back = rng.standard_normal((32, 64)) * (1 - np.tanh(Z[-1]) ** 2)
    size = np.linalg.norm(back)
    for w, z in zip(W[:0:-1], Z[-2::-1], strict=True):
        back = (w.T @ back) * (1 - np.tanh(z) ** 2)
    growth.append(np.linalg.norm(back) / size)
print("the error of layer 1 is larger than that of layer 10 in", sum(g > 1 for g in growth), "of 20 networks")
print("by more than ten times in half of them:", bool(np.median(growth) > 10))
print("tanh′(9) and σ′(30) are above 0:", 1 - math.tanh(9) ** 2 > 0 and bool(sigmoid_derivative(30.0) > 0))

# %% [markdown]
# ### Erratum 16: the size of a brain
#
# S1 and S3 disagree: $10^{11}$ to $10^{14}$ cells against $8.6 \cdot 10^{10}$. The second is the count of today. $10^{14}$ is the order of *connections*.

# %%
print("S1's largest number is", round(1e14 / 8.6e10), "times S3's: about as many as a neuron has connections")

# %% [markdown]
# ### Erratum 17: three prices for weights
#
# S0 has $\lambda \sum w^2$ and, two slides on, $\frac{\lambda}{2m} \sum w^2$; S1 and S3 have $\frac{\lambda}{2} \sum w^2$. It is one penalty with three names for its price:
# $\lambda_{S0} = m\,\lambda_{S3} = 2m\,\lambda_{\text{first}}$. Ask which is meant before you copy a number.

# %%
w, m, first = np.array([0.5, -2.0]), 300, 0.01
prices = first * np.sum(w**2), (2 * m * first) / (2 * m) * np.sum(w**2), (2 * first) / 2 * np.sum(w**2)
print("λΣw²", prices[0], "  λ/(2m)Σw²", prices[1], "  ½λΣw²", prices[2])
assert np.allclose(prices, prices[0])

# %% [markdown]
# ## 4. Three more that are no slips
#
# They are true for the case on the slide, and not beyond it.
#
# - S2 states the perceptron's bound with $R = \max \lVert \mathbf{x} \rVert$. That holds for lines through the origin; its program learns a bias, which is one more input of 1. For AND the bound is then 51, not 16.
# - S2 asks that an activation only ever rises, and later shows Swish and GELU, which fall at first.
# - S2 calls two layers "stacked linear transforms". Without the step between them they would be one linear transform, and could not compute XOR.

# %%
points = np.array(list(itertools.product((0.0, 1.0), repeat=2)))
gap = 0.5 / math.sqrt(2)
print("R²/γ² without the extra input:", round((np.linalg.norm(points, axis=1).max() / gap) ** 2))
z = np.linspace(-5, 0, 501)
print("Swish falls until", z[np.argmin(swish(z))].round(2), "  GELU until", z[np.argmin(gelu(z))].round(2))
two = np.array([[1.0, -2.0]]) @ np.array([[3.0, 1.0], [0.5, 4.0]])
print("two linear layers are one:", two.shape == (1, 2))
