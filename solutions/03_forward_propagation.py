# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 Forward propagation 前向传播
#
# A network turns numbers that go in into numbers that come out.
# In this chapter you write that computation yourself: first one neuron, then a layer, then a network of any depth.
#
# **After this chapter you can**
#
# - compute the output of a neuron and of a layer by hand,
# - tell the shape of every array in a network before you run it,
# - write `sigmoid` and `softmax` so that large numbers do not break them,
# - write forward propagation for any number of layers and samples, and test it against the numbers of a lecture.
#
# **Time:** 75 minutes. **You need:** NumPy arrays and matrix products; the neuron of chapter 01; the sigmoid of chapter 02.
#
# Each exercise has a cell for your code and a check below it.
# Run the check as often as you like. Stuck? Run `hint(...)` in a new cell. There are three hints an exercise.

# %% [markdown]
# Run this cell first. After a restart of the kernel nothing is defined: then run all cells above the one you work on.

# %%
import numpy as np

from nnlab import check, checkpoint, hint, plots, progress

np.set_printoptions(precision=8, suppress=True)


def relu(z):
    """Cut off below zero: max(0, z), for each element."""
    return np.maximum(0, z)


# %% [markdown]
# ## 1. One neuron 神经元
#
# A neuron gets some numbers, its **inputs** 输入 $x_1, x_2, x_3$.
# It has a **weight** 权重 for each input, $w_1, w_2, w_3$, and one **bias** 偏置 $b$.
# It does two things.
#
# 1. It sums the weighted inputs and the bias. The result is its **pre-activation** 净输入 $z$.
# 2. It applies an **activation function** 激活函数 $f$. The result is its **activation** 活性值 $a$.
#
# $$z = w_1 x_1 + w_2 x_2 + w_3 x_3 + b = \mathbf{w}^\top \mathbf{x} + b, \qquad a = f(z)$$
#
# **Predict.** Take $\mathbf{w} = (1, 2, 3)$, $\mathbf{x} = (1, -1, -2)$, $b = 8$, and $f = \mathrm{relu}$ with $\mathrm{relu}(z) = \max(0, z)$.
# Compute $z$ and $a$ on paper. Then run the cell.

# %%
w_1 = np.array([1.0, 2.0, 3.0])
x_1 = np.array([1.0, -1.0, -2.0])
b_1 = 8.0

products = w_1 * x_1
z_1 = products.sum() + b_1
print("products:", products)
print("z =", z_1)
print("a =", relu(z_1))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The products are $1 \cdot 1 = 1$, $2 \cdot (-1) = -2$ and $3 \cdot (-2) = -6$. Their sum is $-7$, and $-7 + 8 = 1$.
# So $z = 1$, and relu leaves it as it is: $a = 1$.
#
# </details>

# %% [markdown]
# ### Exercise `neuron`
#
# Write the neuron as a function. It takes the weights `w`, the activations `a` of the layer before (here: the inputs), the bias `b` and the activation function `f`.
# It returns one number:
#
# $$f(\mathbf{w}^\top \mathbf{a} + b)$$

# %% exercise="neuron"
def neuron(w, a, b, f):
    """Return the output of one neuron.

    w, a : arrays of shape (inputs,)
    b : number
    f : activation function
    """
    ### BEGIN SOLUTION
    # step: Sum the weighted inputs. np.dot is the sum of the products.
    weighted = np.dot(w, a)
    # step: Add the bias, then apply f once.
    return f(weighted + b)
    ### END SOLUTION


# %% check="neuron"
check(neuron)

# %% [markdown]
# ## 2. A layer is a matrix product
#
# Five neurons that get the same three inputs form a **layer** 层.
# Each neuron has its own three weights and its own bias. Write the weights of each neuron as one **row**:
#
# $$
# W = \begin{pmatrix} w_{11} & w_{12} & w_{13} \\ w_{21} & w_{22} & w_{23} \\ w_{31} & w_{32} & w_{33} \\ w_{41} & w_{42} & w_{43} \\ w_{51} & w_{52} & w_{53} \end{pmatrix},
# \qquad
# \mathbf{z} = W \mathbf{x} + \mathbf{b}
# = \begin{pmatrix} w_{11} x_1 + w_{12} x_2 + w_{13} x_3 + b_1 \\ \vdots \\ w_{51} x_1 + w_{52} x_2 + w_{53} x_3 + b_5 \end{pmatrix}
# $$
#
# $w_{ij}$ leads from input $j$ to neuron $i$. The matrix product does five neurons at once, and $f$ is applied to every element of $\mathbf{z}$.

# %%
plots.show(plots.network([3, 5]))

# %% [markdown]
# **Try it** (from the lecture). The sample $\mathbf{x} = (1, -1, -2)$ enters a layer of five neurons with ReLU:
#
# $$
# W = \begin{pmatrix} 1 & 2 & 3 \\ 2 & 3 & 4 \\ 3 & 4 & 5 \\ 1 & 0 & 2 \\ 2 & 1 & 3 \end{pmatrix},
# \qquad \mathbf{b} = \begin{pmatrix} 8 \\ 1 \\ 6 \\ -1 \\ 7 \end{pmatrix}
# $$
#
# **Predict.** How many numbers leave the layer? You know the first neuron already. Compute one more by hand. Which of them does ReLU cut to zero?

# %%
W_relu = np.array([[1.0, 2, 3], [2, 3, 4], [3, 4, 5], [1, 0, 2], [2, 1, 3]])
b_relu = np.array([[8.0], [1], [6], [-1], [7]])
x_relu = np.array([[1.0], [-1], [-2]])

z_relu = W_relu @ x_relu + b_relu
print("z =", z_relu.ravel())
print("a =", relu(z_relu).ravel())

# %% [markdown]
# <details><summary>Answer</summary>
#
# Five numbers, one for each neuron: $\mathbf{z} = (1, -8, -5, -4, 2)$ and $\mathbf{a} = (1, 0, 0, 0, 2)$.
# The second, for example, is $2 \cdot 1 + 3 \cdot (-1) + 4 \cdot (-2) + 1 = -8$. ReLU cuts three of the five to zero.
#
# </details>

# %% [markdown]
# `x_relu` and `b_relu` are **columns**, of shape (3, 1) and (5, 1). This matters as soon as there is more than one sample, as you will see in section 4.

# %% [markdown]
# ### Shapes before numbers
#
# Most mistakes in a network are mistakes of shape. So it pays to know the shape of a result before you compute it.
#
# The matrix product $W \mathbf{a}$ needs as many **columns** in $W$ as there are **rows** in $\mathbf{a}$.

# %%
plots.show(plots.layer_shapes((5, 3), (3, 1)))

# %% [markdown]
# ### Exercise `dense_shape`
#
# Predict the shape of $W \mathbf{a} + \mathbf{b}$ from the shapes alone.
# `W_shape` is `(neurons, inputs)` and `a_shape` is `(features, samples)`: one row a feature, one column a sample.
# Return a tuple. Return `None` if the layer cannot take this input.
#
# Do it on paper first for $W$ of shape (4, 5) with inputs of shape (5, 1), (5, 32) and (4, 1).

# %% exercise="dense_shape"
def dense_shape(W_shape, a_shape):
    """Return the shape of W @ a + b, or None if W @ a is not defined."""
    ### BEGIN SOLUTION
    # step: Take the four sizes apart and name them.
    neurons, inputs = W_shape
    features, samples = a_shape
    # step: The inner two must agree.
    if inputs != features:
        return None
    # step: The outer two are left.
    return (neurons, samples)
    ### END SOLUTION


# %% check="dense_shape"
check(dense_shape)

# %% [markdown]
# **Find the error.** One slide of the lecture computes $\mathbf{z}^{(1)} = W^{(1)} \mathbf{x} + \mathbf{b}^{(1)}$ and so on, with an input of shape (5, 1).
# It gives the three weight matrices the shapes (5, 4), (4, 3) and (3, 3). Which product fails? Think first, then open the answer.
#
# <details><summary>The slide says, the code says</summary>
#
# The slide says (5, 4), (4, 3), (3, 3). The first product already fails: (5, 4) has 4 columns, and the input has 5 rows.
# The code needs (4, 5), (3, 4), (3, 3): neurons first, inputs second.
# The mistake is easy to make, because some books write $\mathbf{z} = W^\top \mathbf{x} + \mathbf{b}$ with the sizes the other way round.
#
# </details>

# %% [markdown]
# ## 3. Notation 记号
#
# A **feed-forward network** 前馈神经网络 is a chain of layers. We count the layers from 0. Layer 0 is the input; it computes nothing.
#
# | symbol | meaning | shape |
# |---|---|---|
# | $L$ | number of layers with weights; layer $L$ is the output | |
# | $M_l$ | number of neurons in layer $l$ | |
# | $f_l$ | activation function of layer $l$ | |
# | $W^{(l)}$ | weights from layer $l-1$ to layer $l$ | $(M_l, M_{l-1})$ |
# | $\mathbf{b}^{(l)}$ | biases of layer $l$ | $(M_l, 1)$ |
# | $\mathbf{z}^{(l)}$ | pre-activations of layer $l$ | $(M_l, \text{samples})$ |
# | $\mathbf{a}^{(l)}$ | activations of layer $l$; $\mathbf{a}^{(0)} = \mathbf{x}$ | $(M_l, \text{samples})$ |
#
# With this notation, forward propagation is two lines for each $l = 1, \dots, L$:
#
# $$\mathbf{z}^{(l)} = W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}, \qquad \mathbf{a}^{(l)} = f_l(\mathbf{z}^{(l)})$$
#
# The lectures do not all write it so. This table translates them.
# S0 is the lecture on traffic data (chapter 11), S1 the one on artificial neural networks (chapter 8),
# S2 regression, perceptron and computational graphs, S3 the coursework report, S4 "how a network works".
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
# **Question.** S0 says its traffic network has four layers. We say $L = 3$. Who is right?
#
# <details><summary>Answer</summary>
#
# Both. S0 counts the input as a layer, and we count the layers that have weights. Always ask which convention a text uses before you count.
#
# </details>

# %% [markdown]
# ## 4. Batches: columns are samples 批
#
# A network seldom works on one sample. Put the samples side by side, one **column** each. Then the same product does all of them at once.
#
# **Predict.** `X` below holds two samples. What is the shape of `W_relu @ X + b_relu`? What is in its first column?
# <!-- option: (5, 2), and z of the first sample :: Right: a column in, a column out. -->
# <!-- option: (5, 1), and z of the first sample :: They think of one sample. Ask how many columns X has. -->
# <!-- option: (2, 5), and z of the first neuron :: They have samples in rows, as data tables do. Say that this course has them in columns. -->

# %%
X = np.array([[1.0, 0.0], [-1.0, 0.0], [-2.0, 0.0]])
print("shapes:", W_relu.shape, X.shape, b_relu.shape)
print(W_relu @ X + b_relu)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The shape is (5, 2). The first column is the $\mathbf{z}$ from above. The second sample is all zeros, so its column is the bias itself.
# NumPy adds the column `b_relu` to every column of the product. This is called **broadcasting** 广播.
#
# </details>

# %% [markdown]
# **Predict again.** What if the bias were flat, of shape (5,) instead of (5, 1)? And what if there were five samples?

# %%
flat_bias = b_relu.ravel()
for samples in (2, 5):
    try:
        print(samples, "samples: shape", (W_relu @ np.zeros((3, samples)) + flat_bias).shape)
    except ValueError as error:
        print(samples, "samples:", error)

# %% [markdown]
# <details><summary>Answer</summary>
#
# With two samples NumPy refuses: it lines up the *last* sizes, and 5 does not match 2.
# With five samples it adds the flat bias to every **row**. The shape is right and the numbers are wrong. No error warns you.
# So keep the biases as columns.
#
# </details>

# %% [markdown]
# ## 5. Two activation functions for a classifier
#
# The lecture's network tells the state of a road: free flow 畅通, slow 缓行 or congested 拥堵.
# Its hidden layers use the **sigmoid** function, its output layer uses **softmax**.
#
# ### Exercise `sigmoid`
#
# The sigmoid, or logistic function, squashes any number into $(0, 1)$:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# Write it for arrays of any shape.

# %% exercise="sigmoid"
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), element by element.

    z : array of any shape
    """
    ### BEGIN SOLUTION
    # step: exp(-|z|) is at most 1, so nothing overflows.
    e = np.exp(-np.abs(z))
    # step: For negative z, multiply numerator and denominator by exp(z).
    return np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION


# %% check="sigmoid"
check(sigmoid)

# %% [markdown]
# **Find the error.** The slide writes `1 / (1 + np.exp(-z))`. For one of the numbers below NumPy warns. For which, and why?

# %%
with np.errstate(over="raise"):
    for z in (-1000.0, 0.0, 1000.0):
        try:
            print(z, 1 / (1 + np.exp(-z)))
        except FloatingPointError as error:
            print(z, error)

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# For $z = -1000$ the slide computes $e^{1000}$. The largest float is about $1.8 \cdot 10^{308}$, and $e^{1000} \approx 2 \cdot 10^{434}$.
# Here the result is still right, because $1 / \infty = 0$. In the next exercise the same overflow gives a wrong result.
#
# The way out: use only $e^{-|z|}$, which is at most 1. For $z \ge 0$ it stands in the formula already.
# For $z < 0$ multiply numerator and denominator by $e^{z}$: $\sigma(z) = e^{z} / (1 + e^{z})$.
#
# </details>

# %% [markdown]
# ### Exercise `softmax`
#
# The output layer has one neuron for each class. Its pre-activations are **scores**. Softmax turns the scores of one sample into shares that sum to 1:
#
# $$\mathrm{softmax}_i(\mathbf{z}) = \frac{e^{z_i}}{\sum_{j} e^{z_j}}$$
#
# Each **column** of `z` is one sample. Make every column sum to 1, also for scores of 1000.
# `z` may also be a plain vector of shape (classes,); `axis=0` serves both.
#
# Before you start: what happens to the fraction if you subtract the same number $m$ from all scores?
#
# <details><summary>Answer</summary>
#
# Nothing. $e^{z_i - m} = e^{z_i} e^{-m}$, and the factor $e^{-m}$ stands in the numerator and in every term of the sum. It cancels.
# So you may choose $m$ as you like. Which $m$ makes the largest exponent zero?
#
# </details>

# %% exercise="softmax"
def softmax(z):
    """Return the softmax of each column of z.

    z : array of shape (classes, samples) or (classes,)
    """
    ### BEGIN SOLUTION
    # step: Subtract each column's largest score. The result stays the same, and exp cannot overflow.
    e = np.exp(z - np.max(z, axis=0))
    # step: Divide by the sum of each column.
    # wrong: return e / np.sum(e)
    return e / np.sum(e, axis=0)
    ### END SOLUTION


# %% check="softmax"
check(softmax)

# %% [markdown]
# **Try it** (from the lecture). A sample has the scores 10 for free flow, 6 for slow and 8 for congested.
# Guess the three shares before you run the cell. Is the first about 10/24?

# %% checkpoint="softmax_scores"
with checkpoint(softmax):
    shares = softmax(np.array([[10.0], [6.0], [8.0]]))
    for state, share in zip(["free flow", "slow", "congested"], shares.ravel(), strict=True):
        print(f"{state:10} {share:.6f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.867, 0.016 and 0.117, as on the slide. The shares follow the *differences* of the scores, not the scores: two points more mean $e^2 \approx 7.4$ times the share.
#
# </details>

# %% [markdown]
# **Find the error.** Another slide prints this as the output of a softmax layer: (0.45860661, 0.08641333, 0.37609855). How can you tell, without running anything, that it is not?
#
# <details><summary>The slide says, the code says</summary>
#
# The three numbers sum to 0.9211. Softmax outputs sum to 1. With the slide's own seed and steps the code gives (0.5292, 0.0634, 0.4075).
# Chapter 04 runs that network. A quick test like this finds many errors.
#
# </details>

# %% [markdown]
# ## 6. One layer as a function
#
# ### Exercise `fc_layer`
#
# Every neuron of one layer is joined to every neuron of the next, so the layer is called **fully connected** 全连接. Write it as a function:
#
# $$\mathbf{z}^{(l)} = W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}, \qquad \mathbf{a}^{(l)} = f(\mathbf{z}^{(l)})$$
#
# Return both, `z` first. Chapter 04 will need the pre-activations.

# %% exercise="fc_layer"
def fc_layer(a, W, b, f):
    """Return z and the activation of one fully connected layer.

    a : activations of the layer before, shape (inputs, samples)
    W : weights, shape (neurons, inputs)
    b : biases, shape (neurons, 1)
    f : activation function
    """
    ### BEGIN SOLUTION
    # step: All neurons and all samples in one product. The bias column is added to every sample.
    z = np.dot(W, a) + b
    # step: Return both. The activation goes on to the next layer.
    return z, f(z)
    ### END SOLUTION


# %% check="fc_layer"
check(fc_layer)

# %% [markdown]
# Your function should give the numbers of section 2.

# %% checkpoint="relu_layer"
with checkpoint(fc_layer):
    z_relu, a_relu = fc_layer(x_relu, W_relu, b_relu, relu)
    print("z =", z_relu.ravel())
    print("a =", a_relu.ravel())

# %% [markdown]
# ## 7. Where the weights come from
#
# Before training, the weights and biases are random numbers. The network's **sizes** say how many: $M_0, M_1, \dots, M_L$.
#
# **Predict.** The traffic network has the sizes 5, 4, 3, 3. How many weights and biases does it have in all?
# <!-- say: Let two people with different numbers explain theirs before the answer unfolds. -->
# <!-- option: 51 :: Right: 20 + 12 + 9 weights and 4 + 3 + 3 biases. -->
# <!-- option: 41 :: They forget the biases. -->
# <!-- option: 56 :: They give the input layer biases too. -->
# <!-- option: 15 :: They count neurons. -->
#
# <details><summary>Answer</summary>
#
# Weights: $4 \cdot 5 + 3 \cdot 4 + 3 \cdot 3 = 41$. Biases: $4 + 3 + 3 = 10$. In all 51 numbers, its **parameters** 参数. Training looks for good values of these 51 numbers.
#
# </details>

# %% [markdown]
# ### Exercise `init_params`
#
# Draw all weight matrices, then all bias columns, from the standard normal distribution. Return two lists.
#
# `rng` is a random number generator. `rng.standard_normal((3, 2))` draws an array of shape (3, 2).
# Draw each array at once and in its own shape: an array of shape (2, 3), turned round by `.T`, holds the same numbers in other places.
# The function gets the generator as an argument, so the same seed gives the same network. That makes results repeatable.

# %% exercise="init_params"
def init_params(sizes, rng):
    """Return lists W and b for a network with these layer sizes.

    sizes : M_0, M_1, ..., M_L, for example [5, 4, 3, 3]
    rng : random number generator with the method standard_normal(shape)
    """
    ### BEGIN SOLUTION
    # step: Neighbouring sizes, pair by pair: n inputs, m neurons. One matrix for each pair.
    W = [rng.standard_normal((m, n)) for n, m in zip(sizes[:-1], sizes[1:], strict=True)]
    # step: One bias for each neuron after the input layer, as a column.
    b = [rng.standard_normal((m, 1)) for m in sizes[1:]]
    return W, b
    ### END SOLUTION


# %% check="init_params"
check(init_params)

# %% [markdown]
# ## 8. The whole network
#
# Forward propagation passes the input through all layers:
#
# $$\mathbf{x} = \mathbf{a}^{(0)} \to \mathbf{z}^{(1)} \to \mathbf{a}^{(1)} \to \mathbf{z}^{(2)} \to \dots \to \mathbf{z}^{(L)} \to \mathbf{a}^{(L)}$$
#
# ### Exercise `forward`
#
# The lecture's `forward` is written for three layers. Write yours for any number.
# The hidden layers use `f`, the last layer uses `f_out`.
#
# Return two lists: `z` with the $L$ pre-activations and `a` with the $L + 1$ activations. `a[0]` is `x`.

# %% exercise="forward"
def forward(x, W, b, f, f_out):
    """Return lists z and a of all layers.

    x : inputs, shape (M_0, samples)
    W, b : lists of weights and biases, one entry a layer
    f, f_out : activation functions of the hidden layers and of the output layer
    """
    ### BEGIN SOLUTION
    # step: The input is activation 0. There is no z for it.
    z, a = [], [x]
    # step: One function a layer: f for all but the last.
    functions = [f] * (len(W) - 1) + [f_out]
    # step: What leaves one layer enters the next.
    for weights, bias, function in zip(W, b, functions, strict=True):
        z_l, a_l = fc_layer(a[-1], weights, bias, function)
        z.append(z_l)
        a.append(a_l)
    return z, a
    ### END SOLUTION


# %% check="forward"
check(forward)

# %% [markdown]
# ### The lecture's numbers
#
# S0 sets the seed 42, draws the weights, then the biases, then one input, and prints the activations of every layer.
# `np.random.RandomState(42)` is the same generator as after `np.random.seed(42)`, held in a variable.
# If your three functions are right, your digits are the slide's digits.
# The slide counts the input as layer 1, so what it calls layer 2 is our layer 1.

# %% checkpoint="seed_42"
with checkpoint(init_params, forward, sigmoid, softmax):
    rng = np.random.RandomState(42)
    W, b = init_params([5, 4, 3, 3], rng)
    x = rng.standard_normal((5, 1))
    z, a = forward(x, W, b, sigmoid, softmax)
    for layer, activation in enumerate(a[1:], start=1):
        print(f"layer {layer}:", activation.ravel())

# %% [markdown]
# The slide prints
#
# | layer | activations |
# |---|---|
# | 1 | 0.86081109, 0.35346999, 0.03774752, 0.06688258 |
# | 2 | 0.59127908, 0.28733531, 0.63138266 |
# | 3 | 0.61434866, 0.00909127, 0.37656007 |
#
# **Question.** The last line sums to 1, the others do not. Why? And what does the network say about this road?
#
# <details><summary>Answer</summary>
#
# Only the last layer uses softmax. Read as classes, the network says free flow with a share of 0.61.
# But its weights are random, and so is its answer. It has learned nothing yet. That is the subject of chapters 04 and 05.
#
# </details>

# %% [markdown]
# ### A second test: the small network of S4
#
# S4 has two inputs (0.10, 0.20), two hidden neurons and two outputs, all with the sigmoid. One bias serves each layer.
# The lecture finds 0.595078474 and 0.598687660 in the hidden layer, and 0.702307507 and 0.714634132 at the output.
#
# **Before you run it:** the weights are given as $w_1 \dots w_4$ = 0.05, 0.15, 0.10, 0.20. The first neuron uses $w_1$ and $w_2$. Which row do they form?

# %% checkpoint="small_network"
with checkpoint(forward, sigmoid):
    W_4 = [np.array([[0.05, 0.15], [0.10, 0.20]]), np.array([[0.25, 0.35], [0.30, 0.40]])]
    b_4 = [np.full((2, 1), 0.35), np.full((2, 1), 0.50)]
    z, a = forward(np.array([[0.10], [0.20]]), W_4, b_4, sigmoid, sigmoid)
    print("hidden:", " ".join(f"{value:.9f}" for value in a[1].ravel()))
    print("output:", " ".join(f"{value:.9f}" for value in a[2].ravel()))

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Move an input or a weight and watch the values flow to the outputs.

# %% tags=["demo"]
from nnlab import demos

demos.forward_propagation()

# %% [markdown]
# ## 9. Other ways to join neurons 网络拓扑
# <!-- cut -->
#
# Our networks send signals in one direction only. There are others.

# %%
plots.show(plots.topologies())

# %% [markdown]
# - In a **feed-forward network** 前馈网络 signals go from layer to layer. There is no way back, so the graph has no cycles.
# - In a **feedback network** 反馈网络 a neuron may get its own earlier output, directly or through others. It has a memory.
# - In a **graph network** 图网络 the nodes are joined like a road map or a molecule. Each node gathers from its neighbours.
#
# **Question.** Why can the function `forward` above not run a feedback network?
#
# <details><summary>Answer</summary>
#
# It computes each layer once, in order. In a network with a cycle there is no such order: every neuron of the cycle waits for another one.
# Feedback networks run in time steps, and each step uses the values of the step before.
#
# </details>

# %% [markdown]
# ## 10. What can a network compute?
# <!-- cut -->
#
# The **universal approximation theorem** 通用近似定理 (Cybenko 1989, Hornik and others 1989) gives an answer.
# Take any continuous function $g$ on the cube $[0, 1]^d$ and any error $\epsilon > 0$.
# Then there is a network with **one** hidden layer that stays within $\epsilon$ of $g$ everywhere on the cube:
#
# $$F(\mathbf{x}) = \sum_{i=1}^{m} v_i \, \varphi(\mathbf{w}_i^\top \mathbf{x} + b_i), \qquad |F(\mathbf{x}) - g(\mathbf{x})| < \epsilon$$
#
# Here $\varphi$ is a squashing function such as the sigmoid or tanh, and $m$ is the number of hidden neurons. The output layer is linear.
#
# We can watch it. The cell below builds such networks for a curve. The hidden weights and biases are fixed: the neurons switch one after another along the axis.
# Only the output weights $v_i$ are fitted, by least squares.
#
# **Predict.** How many hidden neurons do you need before you can no longer tell the two curves apart: 4, 8 or 16?

# %%
x_axis = np.linspace(0, 1, 401)[None, :]
target = np.sin(2 * np.pi * x_axis) + 0.5 * np.sin(6 * np.pi * x_axis)

fits = {}
for m in (2, 4, 8, 16):
    centres = np.linspace(0, 1, m)[:, None]
    hidden = np.tanh(m * (x_axis - centres))  # m neurons: w = m, b = -m * centre
    hidden = np.vstack([hidden, np.ones_like(x_axis)])  # the output's bias
    v = np.linalg.lstsq(hidden.T, target.T, rcond=None)[0]
    fits[m] = (v.T @ hidden).ravel()
    print(f"{m:2} hidden neurons: largest error {np.abs(fits[m] - target.ravel()).max():.3f}")

plots.show(plots.approximation(x_axis.ravel(), target.ravel(), fits))

# %% [markdown]
# <details><summary>Answer</summary>
#
# With 8 you still see a gap. 16 are enough for this curve: the largest error is 0.002.
#
# </details>

# %% [markdown]
# **What the theorem does not say.** It does not say how many neurons you need; for functions of many inputs the number can be huge.
# It does not say how to find the weights. And it says nothing about samples that the network has never seen. Chapters 04 to 07 are about these three gaps.

# %% [markdown]
# ## Summary
#
# - A neuron computes $a = f(\mathbf{w}^\top \mathbf{x} + b)$. A layer computes $\mathbf{a} = f(W \mathbf{x} + \mathbf{b})$ for all its neurons and all samples at once.
# - $W^{(l)}$ has shape $(M_l, M_{l-1})$, biases are columns, samples are columns.
# - Forward propagation repeats this from $\mathbf{a}^{(0)} = \mathbf{x}$ to $\mathbf{a}^{(L)}$.
# - Subtract the maximum before exp, and use $e^{-|z|}$, so that nothing overflows.
# - One hidden layer is enough to approximate any continuous function. How to find the weights is another question.

# %%
progress()

# %% [markdown]
# ### Before you hand in
# <!-- cut -->
#
# Save the notebook, then run this cell. It says which answers are found, what would be mended, and what is worth how many points.

# %% tags=["demo"]
from nnlab import accepted

accepted()

# %% [markdown]
# ### Three questions to go further
# <!-- cut -->
#
# 1. Put the neurons of a hidden layer into another order: the rows of $W^{(1)}$ and $\mathbf{b}^{(1)}$, and the columns of $W^{(2)}$. Does the output change? How many networks with 10 hidden neurons compute the same function?
# 2. Your `forward` stores every $\mathbf{z}$ and $\mathbf{a}$. How many numbers is that for the sizes 784, 256, 128, 10 and a batch of 128? How few could you store if you only wanted the output?
# 3. Use the ReLU of chapter 02 in the hidden layer. Multiply $W^{(1)}$ and $\mathbf{b}^{(1)}$ by 10, and divide $W^{(2)}$ by 10. What happens to the output, and why? What if you use the sigmoid?
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | neuron | 神经元 |
# | weight, bias | 权重, 偏置 |
# | pre-activation | 净输入 (净活性值) |
# | activation, activation function | 活性值, 激活函数 |
# | layer; input, hidden, output layer | 层; 输入层, 隐藏层, 输出层 |
# | fully connected | 全连接 |
# | forward propagation | 前向传播 |
# | feed-forward network | 前馈神经网络 |
# | batch, broadcasting | 批, 广播 |
# | parameters | 参数 |
# | universal approximation theorem | 通用近似定理 |
