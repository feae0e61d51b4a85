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
# One neuron draws one straight line. Chapter 01 showed a road whose states no single line can tell apart.
# The way out: let several neurons work together, side by side in a layer, and layer after layer.
#
# In this chapter you write that computation yourself: first one neuron, then a layer, then a network of any depth.
# At the end your own network answers for every point of the map of the road. It has learned nothing yet, and you will see what that looks like.
#
# **After this chapter you can**
#
# - compute the output of a neuron and of a layer by hand,
# - tell the shape of every array in a network before you run it,
# - turn scores into shares so that large numbers do not break them,
# - write forward propagation for any number of layers and samples, and test it against the numbers of two lectures,
# - run a network that has a memory, and one that lives on a map of roads.
#
# **Time:** 90 minutes. **You need:** NumPy arrays and matrix products; the neuron of chapter 01; the sigmoid of chapter 02.
#
# Each exercise has a cell for your code and a check below it. Dots say how hard it is, from ●○○ to ●●●.
# Run the check as often as you like. Stuck? Run `hint(...)` in a new cell. There are three hints an exercise.

# %% [markdown]
# Run this cell first. After a restart of the kernel nothing is defined: then run all cells above the one you work on.
#
# `mine` is your own library: what passed its check in an earlier chapter. What you do not have comes from the course.

# %%
import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, predict, progress, recall
from nnlab.data import load_traffic

np.set_printoptions(precision=8, suppress=True)

from mine import sigmoid  # isort: skip


def relu(z):
    """Cut off below zero: max(0, z), for each element."""
    return np.maximum(0, z)


# %% [markdown]
# ### Do you remember?
# <!-- cut -->
#
# Three questions on chapter 02. No marks; the answer unfolds after your own.

# %% [markdown] recall="layers_without_f"
# Two layers follow each other, and there is no activation function between them. What can the pair compute that one layer cannot?
# <!-- option: curves, where one layer computes lines :: You think of layers with a bend between them. A line of a line is a line. -->
# <!-- option: nothing :: Right: W₂(W₁x + b₁) + b₂ is W x + b with W = W₂W₁. -->
# <!-- option: functions of more inputs :: You can give one layer as many inputs as you like. -->
#
# <details><summary>Answer</summary>
#
# Nothing. $W_2 (W_1 \mathbf{x} + \mathbf{b}_1) + \mathbf{b}_2 = (W_2 W_1)\, \mathbf{x} + (W_2 \mathbf{b}_1 + \mathbf{b}_2)$: that is one layer again.
# The activation function between the layers makes the difference.
#
# </details>

# %% [markdown] recall="steepest_sigmoid"
# Where is the sigmoid $\sigma(z)$ steepest, and how steep is it there? Enter the slope.
# <!-- answer: 0.25 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# At $z = 0$, with $\sigma'(0) = \sigma(0)\,(1 - \sigma(0)) = \frac12 \cdot \frac12 = \frac14$. Everywhere else it is flatter.
#
# </details>

# %% [markdown] recall="exp_of_1000"
# `np.exp(1000)` is too large for a float. How did chapter 02 write $\sigma(z) = 1 / (1 + e^{-z})$ so that nothing overflows at $z = -1000$?
# <!-- option: z is cut off at −700 :: You would get by, but the formula was rewritten, not cut. -->
# <!-- option: the warning is switched off :: You only hide the overflow so. In a quotient of two such numbers the result is nan. -->
# <!-- option: only exp(−|z|) is computed :: Right: it is at most 1, whatever the sign of z. -->
#
# <details><summary>Answer</summary>
#
# It uses $e^{-|z|}$ alone, which is at most 1. For $z < 0$ numerator and denominator are multiplied by $e^{z}$: $\sigma(z) = e^{z} / (1 + e^{z})$.
# The same idea will save softmax in section 4.
#
# </details>

# %%
recall("layers_without_f", "steepest_sigmoid", "exp_of_1000")

# %% [markdown]
# ## 1. One neuron 神经元
#
# Chapter 01 looked at one road. Here is the whole town, on one day. Each point is a stretch of road in five minutes.

# %%
train, day_5, test = load_traffic(split="day")
clear = day_5.target != 1  # first without the slow ones
X_map = np.stack([day_5.data[clear, 0] / 10, day_5.data[clear, 4]])  # mean speed (10 km/h), stops a vehicle
y_map = (day_5.target[clear] == 2).astype(int)  # 0 free, 1 jammed

print("X_map:", X_map.shape, "  free:", (y_map == 0).sum(), "  jammed:", (y_map == 1).sum())
plots.show(plots.road_map(X_map, y_map))

# %% [markdown]
# A neuron gets some numbers, its **inputs** 输入 $x_1, x_2, \dots$: here the speed and the stops.
# It has a **weight** 权重 for each input, $w_1, w_2, \dots$, and one **bias** 偏置 $b$.
# It does two things.
#
# 1. It sums the weighted inputs and the bias. The result is its **pre-activation** 净输入 $z$.
# 2. It applies an **activation function** 激活函数 $f$. The result is its **activation** 活性值 $a$.
#
# With three inputs:
#
# $$z = w_1 x_1 + w_2 x_2 + w_3 x_3 + b = \mathbf{w}^\top \mathbf{x} + b, \qquad a = f(z)$$

# %% [markdown] question="first_neuron"
# **Predict.** Take $\mathbf{w} = (1, 2, 3)$, $\mathbf{x} = (1, -1, -2)$, $b = 8$. What is $z$? Compute it on paper.
# <!-- answer: 1 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# The products are $1 \cdot 1 = 1$, $2 \cdot (-1) = -2$ and $3 \cdot (-2) = -6$. Their sum is $-7$, and $-7 + 8 = 1$.
# So $z = 1$. With $f = \mathrm{relu}$, which is $\max(0, z)$, the activation is $a = 1$ as well.
#
# </details>

# %%
predict("first_neuron")

# %%
w_1 = np.array([1.0, 2.0, 3.0])
x_1 = np.array([1.0, -1.0, -2.0])

products = w_1 * x_1
z_1 = products.sum() + 8.0
print("products:", products)
print("z =", z_1)
print("a =", relu(z_1))

# %% [markdown]
# ### Exercise `neuron` ●○○
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
# Here is such a layer with numbers. The sample is the one from above:
#
# $$
# W = \begin{pmatrix} 1 & 2 & 3 \\ 2 & 3 & 4 \\ 3 & 4 & 5 \\ 1 & 0 & 2 \\ 2 & 1 & 3 \end{pmatrix},
# \qquad \mathbf{b} = \begin{pmatrix} 8 \\ 1 \\ 6 \\ -1 \\ 7 \end{pmatrix},
# \qquad \mathbf{x} = \begin{pmatrix} 1 \\ -1 \\ -2 \end{pmatrix}
# $$

# %% [markdown] question="layer_cut"
# **Predict.** The layer uses ReLU. You know the first neuron already: $z = 1$. Compute the others. How many of the five outputs does ReLU cut to zero?
# <!-- answer: 3 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# Three. $\mathbf{z} = (1, -8, -5, -4, 2)$ and $\mathbf{a} = (1, 0, 0, 0, 2)$.
# The second, for example, is $2 \cdot 1 + 3 \cdot (-1) + 4 \cdot (-2) + 1 = -8$.
#
# </details>

# %%
predict("layer_cut")

# %%
W_relu = np.array([[1.0, 2, 3], [2, 3, 4], [3, 4, 5], [1, 0, 2], [2, 1, 3]])
b_relu = np.array([[8.0], [1], [6], [-1], [7]])
x_relu = np.array([[1.0], [-1], [-2]])

print("products:", (W_relu @ x_relu).ravel())
print("z =", (W_relu @ x_relu + b_relu).ravel())

# %% [markdown]
# `x_relu` and `b_relu` are **columns**, of shape (3, 1) and (5, 1). Section 3 shows why that matters.
#
# ### Shapes before numbers
#
# Most mistakes in a network are mistakes of shape. So it pays to know the shape of a result before you compute it.
#
# The matrix product $W \mathbf{a}$ needs as many **columns** in $W$ as there are **rows** in $\mathbf{a}$.

# %%
plots.show(plots.layer_shapes((5, 3), (3, 1)))

# %% [markdown]
# ### Exercise `dense_shape` ●○○
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

# %% [markdown] question="which_product_fails"
# **Find the error.** A classmate builds a network for five inputs with layers of 4, 3 and 3 neurons, and gives its weight matrices the shapes (5, 4), (4, 3) and (3, 3).
# Each layer computes $W \mathbf{a} + \mathbf{b}$, and $\mathbf{x}$ has shape (5, 1). Which layer is the first that does not run?
# <!-- option: the first :: Right: (5, 4) has 4 columns, and x has 5 rows. -->
# <!-- option: the second :: You multiply (5, 4) by (5, 1). Compare the columns of W with the rows of x. -->
# <!-- option: none, all three run :: You read the shapes as (inputs, neurons). Which comes first in W a? -->
#
# <details><summary>Answer</summary>
#
# The first: (5, 4) has 4 columns, and the input has 5 rows. The code needs (4, 5), (3, 4), (3, 3): neurons first, inputs second.
# The mistake is easy to make, because some books write $\mathbf{z} = W^\top \mathbf{x} + \mathbf{b}$ with the sizes the other way round.
#
# </details>

# %%
predict("which_product_fails")

# %% [markdown]
# ## 3. Batches: columns are samples 批量
#
# A network seldom works on one sample. Put the samples side by side, one **column** each. Then the same product does all of them at once.
# Several samples together are a **batch**. The whole map above is one: `X_map` has a column for each of its points.

# %% [markdown] question="batch_shape"
# **Predict.** `X` below holds two samples of three features. What is the shape of `W_relu @ X + b_relu`? What is in its first column?
# <!-- option: (5, 1), and z of the first sample :: You think of one sample. How many columns has X? -->
# <!-- option: (5, 2), and z of the first sample :: Right: a column in, a column out. -->
# <!-- option: (2, 5), and z of the first neuron :: You have samples in rows, as data tables do. This course has them in columns. -->
#
# <details><summary>Answer</summary>
#
# The shape is (5, 2). The first column is the $\mathbf{z}$ from above. The second sample is all zeros, so its column is the bias itself.
# NumPy adds the column `b_relu` to every column of the product. This is called **broadcasting** 广播.
#
# </details>

# %%
predict("batch_shape")

# %%
X = np.array([[1.0, 0.0], [-1.0, 0.0], [-2.0, 0.0]])
z_batch = W_relu @ X + b_relu
print(z_batch.shape)
print(z_batch)

# %% [markdown]
# **A classmate wrote** the next cell. It runs the same sample five times, side by side, so all columns must be the same. No error warns, and yet they differ.
#
# Run it. Find the line that is wrong, mend it, and run the cell again until it says `True`.

# %%
five_times = np.hstack([x_relu] * 5)
bias = np.array([8.0, 1, 6, -1, 7])
z_five = W_relu @ five_times + bias
print(z_five)
print("all columns are the same:", bool((z_five == z_five[:, :1]).all()))

# %% [markdown]
# <details><summary>Which line, and why did nothing warn?</summary>
#
# The bias is flat, of shape (5,). NumPy lines up the *last* sizes, so it adds a flat bias along the **rows**: the first number to the first sample, the second to the second.
# With five samples and five neurons the shapes fit by chance, and the numbers are wrong. With two samples NumPy would refuse.
#
# Mended: `bias = np.array([[8.0], [1], [6], [-1], [7]])`, or `bias = bias.reshape(-1, 1)` below it. Keep biases as columns.
#
# </details>

# %% [markdown]
# ### Exercise `fc_layer` ●○○
#
# Every neuron of one layer is joined to every neuron of the next, so the layer is called **fully connected** 全连接. Write it for a whole batch.
#
# Return two arrays: the pre-activations $\mathbf{z}$, then the activations. Chapter 04 will need both.
# `f` is a function such as `relu`. It gets the whole array at once: some functions need all neurons of a sample together.


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
# ## 4. From scores to shares 归一化指数函数
#
# A network that names the state of a road ends with one neuron for each state: free flow 畅通, slow 缓行, congested 拥堵.
# Their pre-activations are **scores**. Scores may be negative or huge. We want shares: positive numbers that sum to 1. **Softmax** makes them:
#
# $$\mathrm{softmax}_i(\mathbf{z}) = \frac{e^{z_i}}{\sum_{j} e^{z_j}}$$

# %% [markdown] question="share_of_ten"
# **Predict.** A road has the scores 10 for free flow, 6 for slow and 8 for congested. About how large is the share of free flow?
# <!-- option: 10/24, about 0.42 :: You divide the score by the sum of the scores. What does exp do to them first? -->
# <!-- option: about 0.87 :: Right: two points more mean e² ≈ 7.4 times the share. -->
# <!-- option: 1, it has the largest score :: You think of a hard choice. Softmax leaves something to the others. -->
#
# <details><summary>Answer</summary>
#
# 0.867. The shares follow the *differences* of the scores: free flow is 2 points before congested, so its share is $e^2 \approx 7.4$ times as large.
#
# </details>

# %%
predict("share_of_ten")

# %% [markdown]
# **A classmate wrote** softmax just as the formula stands. Run it. The second row of scores has the same differences as the first.


# %%
def classmate_softmax(z):
    """Softmax as the formula stands."""
    return np.exp(z) / np.exp(z).sum(axis=0)


with np.errstate(all="ignore"):
    for row in ([10.0, 6.0, 8.0], [1000.0, 996.0, 998.0]):
        print(row, "->", classmate_softmax(np.array(row)))

# %% [markdown]
# `nan` means "not a number": $e^{1000}$ is too large for a float, so NumPy divides infinity by infinity.
# Before you mend it: what happens to the fraction if you subtract the same number $m$ from all scores?
#
# <details><summary>Answer</summary>
#
# Nothing. $e^{z_i - m} = e^{z_i} e^{-m}$, and the factor $e^{-m}$ stands in the numerator and in every term of the sum. It cancels.
# So you may choose $m$ as you like. Which $m$ makes the largest exponent zero?
#
# </details>

# %% [markdown]
# ### Exercise `softmax` ●●○
#
# Write a softmax that is right for scores of 1000 too. Each **column** of `z` is one sample, and every column has to sum to 1, whatever stands in the others.
# `z` may also be a plain vector of shape (classes,); `axis=0` serves both.


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

# %% checkpoint="softmax_scores"
with checkpoint(softmax):
    shares = softmax(np.array([[10.0], [6.0], [8.0]]))
    for state, share in zip(["free flow", "slow", "congested"], shares.ravel(), strict=True):
        print(f"{state:10} {share:.6f}")

# %% [markdown]
# ## 5. Where the weights come from
#
# A **feed-forward network** 前馈神经网络 is a chain of layers. To speak of it we number them. Layer 0 is the input; it computes nothing.
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
# Other books count and write differently. The appendix `00_lectures` translates five of them.
#
# Before training, the weights and biases are random numbers. The network's **sizes** say how many: $M_0, M_1, \dots, M_L$.

# %% [markdown] question="count_parameters"
# **Predict.** A network for five features and three states has the sizes 5, 4, 3, 3. How many weights and biases does it have in all?
# <!-- say: Let two people with different numbers explain theirs before the answer unfolds. -->
# <!-- option: 41 :: You count the weights alone. Where are the biases? -->
# <!-- option: 56 :: You give the input layer biases too. It computes nothing. -->
# <!-- option: 15 :: You count the neurons. How many weights does each of them have? -->
# <!-- option: 51 :: Right: 20 + 12 + 9 weights and 4 + 3 + 3 biases. -->
#
# <details><summary>Answer</summary>
#
# Weights: $4 \cdot 5 + 3 \cdot 4 + 3 \cdot 3 = 41$. Biases: $4 + 3 + 3 = 10$. In all 51 numbers, its **parameters** 参数. Training looks for good values of these 51 numbers.
#
# </details>

# %%
predict("count_parameters")

# %% [markdown]
# ### Exercise `init_params` ●●○
#
# Draw all weight matrices, then all bias columns, from the standard normal distribution. Return two lists. The first line is given.
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
    neighbours = list(zip(sizes[:-1], sizes[1:], strict=True))  # for 5, 4, 3, 3: (5, 4), (4, 3), (3, 3)
    ### BEGIN SOLUTION
    # step: n inputs and m neurons: one matrix for each pair, neurons first.
    W = [rng.standard_normal((m, n)) for n, m in neighbours]
    # step: One bias for each neuron after the input layer, as a column.
    b = [rng.standard_normal((m, 1)) for _, m in neighbours]
    return W, b
    ### END SOLUTION


# %% check="init_params"
check(init_params)

# %% [markdown]
# ## 6. The whole network
#
# **Forward propagation** passes the input through all layers. What leaves one layer enters the next:
#
# $$\mathbf{x} = \mathbf{a}^{(0)} \to \mathbf{z}^{(1)} \to \mathbf{a}^{(1)} \to \mathbf{z}^{(2)} \to \dots \to \mathbf{z}^{(L)} \to \mathbf{a}^{(L)}$$
#
# The hidden layers use one activation function, $f$. The output layer uses another, $f_{\text{out}}$: softmax for a classifier.

# %% [markdown] question="order_of_lines"
# **Put it together.** These are the lines of a function for exactly three layers, in disorder. Four of them make it right, and two do not belong.
#
# ```
# A  z_2, a_2 = fc_layer(a_1, W[1], b[1], f)
# B  z_3, a_3 = fc_layer(a_2, W[2], b[2], f_out)
# C  z_2, a_2 = fc_layer(z_1, W[1], b[1], f)
# D  z_1, a_1 = fc_layer(x, W[0], b[0], f)
# E  z_3, a_3 = fc_layer(a_2, W[2], b[2], f)
# F  return [z_1, z_2, z_3], [x, a_1, a_2, a_3]
# ```
#
# Enter the letters of the four lines in their order.
# <!-- answer: DABF | D A B F | D, A, B, F -->
#
# <details><summary>Answer</summary>
#
# D A B F. Line C passes the pre-activation $\mathbf{z}^{(1)}$ on, where the next layer gets the activation. Line E forgets that the last layer has a function of its own.
# In Python the lists count from 0: `W[0]` is $W^{(1)}$.
#
# </details>

# %%
predict("order_of_lines")

# %% [markdown]
# ### Exercise `forward` ●●●
#
# Three lines for three layers will not do for a network of thirty. Write one function for any number of layers, one layer among them.
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
# ### Do your digits agree with a lecture?
#
# The lecture on traffic data sets the seed 42, draws the weights, then the biases, then one input, and prints the activations of every layer:
#
# | layer | activations |
# |---|---|
# | 1 | 0.86081109, 0.35346999, 0.03774752, 0.06688258 |
# | 2 | 0.59127908, 0.28733531, 0.63138266 |
# | 3 | 0.61434866, 0.00909127, 0.37656007 |
#
# `np.random.RandomState(42)` is the generator that it uses. If your three functions are right, your digits are these.

# %% checkpoint="seed_42"
with checkpoint(init_params, forward, softmax):
    rng = np.random.RandomState(42)
    W, b = init_params([5, 4, 3, 3], rng)
    x = rng.standard_normal((5, 1))
    z, a = forward(x, W, b, sigmoid, softmax)
    for layer, activation in enumerate(a[1:], start=1):
        print(f"layer {layer}:", activation.ravel())

# %% [markdown]
# A second test comes from another lecture: two inputs (0.10, 0.20), two hidden neurons, two outputs, all with the sigmoid. One bias serves each layer.
# It finds 0.595078474 and 0.598687660 in the hidden layer, and 0.702307507 and 0.714634132 at the output.
#
# **Before you run it:** the weights are given as $w_1 \dots w_4$ = 0.05, 0.15, 0.10, 0.20. The first neuron uses $w_1$ and $w_2$. Which row do they form?

# %% checkpoint="small_network"
with checkpoint(forward):
    W_4 = [np.array([[0.05, 0.15], [0.10, 0.20]]), np.array([[0.25, 0.35], [0.30, 0.40]])]
    b_4 = [np.full((2, 1), 0.35), np.full((2, 1), 0.50)]
    z, a = forward(np.array([[0.10], [0.20]]), W_4, b_4, sigmoid, sigmoid)
    print("hidden:", " ".join(f"{value:.9f}" for value in a[1].ravel()))
    print("output:", " ".join(f"{value:.9f}" for value in a[2].ravel()))

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Move an input or a weight and watch the values flow to the outputs. Click a line to choose its weight, or choose it in the list.

# %% tags=["demo"]
from nnlab import demos

demos.forward_propagation()

# %% [markdown]
# ## 7. Your network looks at the road
#
# Back to the map. A network with two inputs, four hidden neurons and two outputs takes speed and stops, and answers free or jammed.
# Its weights are as `init_params` draws them. It has learned nothing.

# %% [markdown] question="untrained_right"
# **Predict.** You draw twelve such networks, with twelve seeds, and let each of them answer for all points of the map. How many points does it get right?
# <!-- option: each about half of them :: You think that it tosses a coin for each point. Is there anything random left once the weights are drawn? -->
# <!-- option: it differs, from a fifth to nearly all :: Right: most say the same of every point, and a few happen to be good or bad. -->
# <!-- option: each nearly none :: You take untrained for always wrong. To be wrong everywhere one must know the answer. -->
#
# <details><summary>Answer</summary>
#
# It differs from one seed to the next. Once its weights are drawn, nothing in a network is random: it does not guess, it is **biased**.
# Nine of the twelve say the same of every point. They are right 71 %<!-- measured --> of the time if that is "free", and 29 %<!-- measured --> if it is "jammed".
# One is right for 95 %<!-- measured --> by luck, and one for 17 %<!-- measured -->: it has it the wrong way round.
#
# </details>

# %%
predict("untrained_right")


# %%
def network(sizes, seed):
    """Return an untrained network, as a function of columns."""
    W, b = init_params(sizes, np.random.default_rng(seed))
    return lambda X: forward(X, W, b, sigmoid, softmax)[1][-1]


with checkpoint(forward, init_params, softmax):
    print("seed   says jammed   right")
    for seed in range(12):
        says = network([2, 4, 2], seed)(X_map).argmax(axis=0)
        print(f"{seed:4}   {np.mean(says):11.2f}   {np.mean(says == y_map):5.2f}")

# %% [markdown]
# Four of the twelve as maps. The colour of each place is what **your** `forward` answers there. Rings mark what it gets wrong, where that is not nearly everything.

# %%
with checkpoint(forward, init_params, softmax):
    some = np.random.default_rng(0).permutation(X_map.shape[1])[:150]
    plots.show(plots.road_map(X_map[:, some], y_map[some], {f"seed {seed}": network([2, 4, 2], seed) for seed in (0, 3, 8, 11)}))

# %% [markdown]
# Where there is a border it need not be straight any more: four hidden neurons bend it. But it stands where chance has put it.
# Chapter 04 moves it. There your network learns such a map.
#
# ### Three states, five features
#
# Speed and stops are not all that the road tells. With five features and all three states the same functions do it; only the sizes change.
# The features have different units, so we bring them to mean 0 and standard deviation 1 first. Chapter 05 says more about that.

# %%
X_all, y_all = day_5.data.T, day_5.target
X_all = (X_all - X_all.mean(axis=1, keepdims=True)) / X_all.std(axis=1, keepdims=True)

with checkpoint(forward, init_params, softmax):
    for seed in range(4):
        answer = network([5, 4, 3, 3], seed)(X_all)
        says = answer.argmax(axis=0)
        counts = ", ".join(f"{name} {np.sum(says == k)}" for k, name in enumerate(["free", "slow", "congested"]))
        print(f"seed {seed}: {counts}   right: {np.mean(says == y_all):.2f}   mean largest share: {answer.max(axis=0).mean():.2f}")

# %% [markdown]
# Look at the last number. Seed 2 says "slow" of all 1830<!-- measured --> rows, with a share of 0.78<!-- measured --> on average, and is right for 22 %<!-- measured --> of them.
# A large share is no proof of knowledge. It says how sure a network is, not how right.

# %% [markdown]
# ## 8. Networks that are no chain 网络拓扑
# <!-- cut -->
#
# Signals need not go in one direction only.

# %%
plots.show(plots.topologies())

# %% [markdown]
# - In a **feed-forward network** 前馈网络 signals go from layer to layer. There is no way back, so the graph has no cycles.
# - In a **feedback network** 反馈网络 a neuron may get its own earlier output, directly or through others.
# - In a **graph network** 图网络 the nodes are joined like the roads of a town. Each node gathers from its neighbours.
#
# `forward` cannot run a network with a cycle: every neuron of the cycle waits for another one.
# So a feedback network runs in **time steps**. Each step computes all neurons at once, from what they were one step before:
#
# $$\mathbf{a}(t + 1) = f(W \mathbf{a}(t) + \mathbf{b})$$

# %% [markdown] question="swing"
# **Predict.** Two neurons. The first excites the second; the second inhibits the first. At the start the first is on (1), the second off (0). What will you see in ten steps?
# <!-- option: both settle at one half :: You expect it to calm down. With strong weights each step overshoots. -->
# <!-- option: they swing, one after the other :: Right: on, both on, second alone, both off, and again. -->
# <!-- option: both stay on :: You forget that the second one inhibits the first. -->
#
# <details><summary>Answer</summary>
#
# They swing. The first switches the second on; the second switches the first off; without the first, the second goes off too; without the second, the first comes back.
# A chain of layers cannot do this: it gives the same output for the same input, always.
#
# </details>

# %%
predict("swing")

# %% [markdown]
# ### Exercise `run_feedback` ●●○
# <!-- cut -->
#
# Run a feedback network for `steps` steps. Return one array with a column for each moment: column 0 is the start, column $t$ the activations after $t$ steps.
#
# `np.hstack([...])` puts a list of columns side by side. Your `fc_layer` may help.


# %% exercise="run_feedback"
def run_feedback(W, b, a, f, steps):
    """Return the activations at the start and after each step, one column a moment.

    W : weights, shape (neurons, neurons); row i holds what leads to neuron i
    b : biases, shape (neurons, 1)
    a : activations at the start, shape (neurons, 1)
    f : activation function
    steps : number of steps, perhaps 0
    """
    ### BEGIN SOLUTION
    # step: The first moment is the start.
    moments = [a]
    # step: Each step is a layer that gets what came out of the step before.
    for _ in range(steps):
        _, after = fc_layer(moments[-1], W, b, f)
        moments.append(after)
    # step: One column a moment.
    # wrong: return np.hstack(moments).T
    return np.hstack(moments)
    ### END SOLUTION


# %% check="run_feedback"
check(run_feedback)

# %% [markdown]
# Now see both kinds of loop. On the left, the pair from the question. On the right, two neurons that inhibit *each other*, from two different starts.

# %%
W_swing, b_swing = np.array([[0.0, -8.0], [8.0, 0.0]]), np.array([[4.0], [-4.0]])
W_keep, b_keep = np.array([[0.0, -8.0], [-8.0, 0.0]]), np.array([[4.0], [4.0]])

with checkpoint(run_feedback):
    runs = {
        "one excites, one inhibits": run_feedback(W_swing, b_swing, np.array([[1.0], [0.0]]), sigmoid, 10),
        "each inhibits the other": run_feedback(W_keep, b_keep, np.array([[0.6], [0.4]]), sigmoid, 10),
        "the same, other start": run_feedback(W_keep, b_keep, np.array([[0.4], [0.6]]), sigmoid, 10),
    }
    for name, run in runs.items():
        print(f"{name:26} after 10 steps:", run[:, -1].round(2))
    plots.show(plots.feedback(runs))

# %% [markdown]
# The pair on the right **remembers**: whoever was a little ahead at the start is on for good. Its weights are the same both times. Only its past differs.
# A sign over a road works like that, if it is not to flicker each time a single car brakes.

# %% [markdown]
# ### A network on a map of roads
# <!-- cut -->
#
# Jams spread along roads. So let the nodes of a network be places in a town, joined where a road joins them. In one **round of gathering** 聚合 each place takes the mean of its own value and its neighbours'.

# %% [markdown] question="news"
# **Predict.** Six places. The roads join 0–1, 1–2, 2–3, 3–4 and 2–5. There is a jam at place 0, value 1; all others hold 0. After how many rounds does place 4 hold more than 0?
# <!-- answer: 4 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# After four: each round carries news one road further, 0 → 1 → 2 → 3 → 4. So $k$ rounds, or $k$ layers of a graph network, see $k$ roads far.
#
# </details>

# %%
predict("news")

# %%
town = {0: [1], 1: [0, 2], 2: [1, 3, 5], 3: [2, 4], 4: [3], 5: [2]}  # place: its neighbours
places = {0: (0, 1), 1: (1, 1), 2: (2, 1), 3: (2, 0), 4: (1, 0), 5: (3, 1)}  # where it lies, for the picture
rounds = [np.array([1.0, 0, 0, 0, 0, 0])]
for _ in range(4):
    before = rounds[-1]
    rounds.append(np.array([np.mean([before[i], *before[town[i]]]) for i in town]))

for k, values in enumerate(rounds):
    print(f"round {k}:", values.round(3))
plots.show(plots.road_graph(places, town, {f"round {k}": rounds[k] for k in (0, 1, 4)}))

# %% [markdown]
# ### Challenge `graph_layer` ●●●
# <!-- cut -->
#
# Optional, checked, worth no points. Turn a round of gathering into a **layer**. Each place has several features, a column of `a`.
# It weighs its own values with $W$, and the mean $\mathbf{m}_i$ of its *neighbours'* values (its own not among them) with $V$:
#
# $$\mathbf{z}_i = W \mathbf{a}_i + V \mathbf{m}_i + \mathbf{b}$$
#
# `roads` is a list of pairs such as `(0, 1)`: places 0 and 1 are joined, in both directions. A place without any road gathers zeros. Return $\mathbf{z}$ and $f(\mathbf{z})$, as `fc_layer` does.


# %% exercise="graph_layer"
def graph_layer(a, roads, W, V, b, f):
    """Return z and the activation of one layer of a graph network.

    a : values of each place, shape (features, places)
    roads : list of pairs of places, in both directions
    W, V : weights of own values and of what is gathered, shape (neurons, features)
    b : biases, shape (neurons, 1)
    f : activation function
    """
    ### BEGIN SOLUTION
    # step: Who is joined to whom, as a square matrix of zeros and ones.
    joined = np.zeros((a.shape[1], a.shape[1]))
    for i, j in roads:
        joined[i, j] = joined[j, i] = 1
    # step: Column i of the product is the sum of i's neighbours. A lonely place divides by 1, not by 0.
    gathered = a @ joined / np.maximum(joined.sum(axis=0), 1)
    # step: A layer with two products.
    z = W @ a + V @ gathered + b
    return z, f(z)
    ### END SOLUTION


# %% check="graph_layer"
check(graph_layer)

# %% [markdown]
# ## Further: what can a network compute?
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

# %% [markdown] question="how_many_hidden"
# **Predict.** How many hidden neurons does it take before you can no longer tell the two curves apart?
# <!-- option: 4 :: You hope for little. Count the hills and valleys of the curve: each needs neurons that switch there. -->
# <!-- option: 8 :: You are near, but look between the hills. -->
# <!-- option: 16 :: Right: its largest error is 0.002. -->
#
# <details><summary>Answer</summary>
#
# With 8 you still see a gap. 16 are enough for this curve: the largest error is 0.002.
#
# </details>

# %%
predict("how_many_hidden")

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
# **What the theorem does not say.** It does not say how many neurons you need; for functions of many inputs the number can be huge.
# It does not say how to find the weights. And it says nothing about samples that the network has never seen. Chapters 04 to 07 are about these three gaps.

# %% [markdown]
# ## Summary
#
# - A neuron computes $a = f(\mathbf{w}^\top \mathbf{x} + b)$. A layer computes $\mathbf{a} = f(W \mathbf{x} + \mathbf{b})$ for all its neurons and all samples at once.
# - $W^{(l)}$ has shape $(M_l, M_{l-1})$, biases are columns, samples are columns.
# - Softmax turns scores into shares. Subtract the largest score of each column first, so that nothing overflows.
# - Forward propagation repeats the layer from $\mathbf{a}^{(0)} = \mathbf{x}$ to $\mathbf{a}^{(L)}$.
# - An untrained network does not guess. It has an opinion that chance gave it, and it can be very sure of it.
# - A feedback network runs in steps and has a memory. A graph network carries news one road further with each layer.

# %% [markdown]
# ### Do you still know?
# <!-- cut -->
#
# Five questions on this chapter. No marks.

# %% [markdown] recall="shape_of_w"
# A layer has 4 neurons. It gets 7 samples of 5 features. What is the shape of its $W$?
# <!-- answer: (4, 5) | 4, 5 | (4,5) | 4,5 | 4 x 5 | 4x5 -->
#
# <details><summary>Answer</summary>
#
# (4, 5): neurons first, inputs second. The number of samples has nothing to do with it.
#
# </details>

# %% [markdown] recall="parameters_again"
# How many weights and biases has a network of the sizes 2, 4, 2, like the one on the map?
# <!-- answer: 22 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# 22: weights $4 \cdot 2 + 2 \cdot 4 = 16$ and biases $4 + 2 = 6$.
#
# </details>

# %% [markdown] recall="not_a_softmax"
# A classmate's network prints (0.4586, 0.0864, 0.3761) as the output of its softmax layer, for one sample. What is wrong with it?
# <!-- option: the shares do not sum to 1 :: Right: they sum to 0.9211. -->
# <!-- option: softmax never gives a share below 0.1 :: You underrate exp: a score 10 points lower gets a share 22,000 times as small. -->
# <!-- option: nothing :: You take any positive numbers for shares. Add them up. -->
#
# <details><summary>Answer</summary>
#
# They sum to 0.9211, so they cannot come from a softmax, however the network was trained. So quick a test finds many errors.
#
# </details>

# %% [markdown] recall="flat_bias_again"
# Why does a bias of shape (5,) in place of (5, 1) sometimes give wrong numbers and no error?
# <!-- option: NumPy drops it :: You would see z without b then. It is added, but to what? -->
# <!-- option: with five samples it fits along the rows :: Right: NumPy lines up the last sizes. -->
# <!-- option: (5,) and (5, 1) are the same to NumPy :: You think of them as columns both. For NumPy a flat array is a row where it meets a matrix. -->
#
# <details><summary>Answer</summary>
#
# NumPy lines up the last sizes. Where there are as many samples as neurons, the flat bias fits along the rows, and each sample gets the bias of another neuron.
#
# </details>

# %% [markdown] recall="why_no_cycle"
# Why can `forward` not run a network in which two neurons get each other's output?
#
# <details><summary>Answer</summary>
#
# It computes each layer once, in order, from the layers before. In a cycle there is no such order: each of the two waits for the other.
# A feedback network runs in time steps, each from the values of the step before.
#
# </details>

# %%
recall("shape_of_w", "parameters_again", "not_a_softmax", "flat_bias_again", "why_no_cycle")

# %%
progress()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# A network was just made: all its weights are random. For a sample it says "jam", with a share of 97 %. How can it be so sure, when it has learned nothing? And what does this share tell you about the road?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="sure_and_untrained"
# <!-- criterion: 1 :: Explains where the share comes from: softmax turns differences of scores into shares, and random weights that are large, or many inputs, make large differences. -->
# <!-- criterion: 1 :: Says that the share tells nothing about the road: sure is not right. Only a comparison with true states of many samples says how far a share may be trusted. -->
#
# Softmax looks at the differences between the scores, and $e$ to the power of a difference grows fast. Random weights that are large make scores that differ by much, so one share comes close to 1.
# That comes from the draw of the weights, and another draw would be as sure of something else. About the road it says nothing. I would only trust such shares after comparing them with the true states of many samples.

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
# | feed-forward, feedback, graph network | 前馈, 反馈, 图网络 |
# | gathering from neighbours | 聚合 |
# | batch, broadcasting | 批量, 广播 |
# | softmax | 归一化指数函数 |
# | parameters | 参数 |
# | universal approximation theorem | 通用近似定理 |
#
# What you wrote and what passed its check is yours, and later chapters will use it. This is your library so far.

# %%
own_code()
