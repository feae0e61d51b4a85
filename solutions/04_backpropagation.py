# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 Backpropagation 反向传播
#
# Forward propagation turns inputs into outputs. Backpropagation asks the opposite question:
# the output is wrong, so which of the many weights should change, and by how much?
# In this chapter you write the answer yourself: first for a small graph of numbers, then for a network of any depth.
#
# **After this chapter you can**
#
# - find the gradient of any formula with the chain rule on a computational graph,
# - derive the four equations BP-1 to BP-4 and write each of them as one line of code,
# - train a network for a few steps and get the numbers of two lectures, digit by digit,
# - test a gradient, yours or anybody's, without knowing how it was computed.
#
# **Time:** 90 minutes. **You need:** the notation of chapter 03; the derivative of a function of one variable.
#
# Each exercise has a cell for your code and a check below it.
# Run the check as often as you like. Stuck? Run `hint(...)` in a new cell. There are three hints an exercise.

# %% [markdown]
# Run this cell first. The functions of chapter 03 come from the course's library.

# %%
import numpy as np

from nnlab import check, checkpoint, hint, plots, progress
from nnlab.activations import sigmoid, softmax
from nnlab.forward_propagation import forward, init_params

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## 1. What a gradient is for
#
# A network is trained by making an **error** 误差 small. The error is one number, $E$. It depends on every weight.
#
# Take the smallest case: one weight $w$, one input 3, one target 6, and the error $E(w) = \frac{1}{2}(3w - 6)^2$.
# Its derivative is $\frac{dE}{dw} = 3\,(3w - 6)$.
#
# **Predict.** We stand at $w = 1$. Is the derivative positive or negative there? In which direction should $w$ go: with the derivative, or against it?
# <!-- say: Point at w = 1 on the curve, and ask where a ball would roll. -->
# <!-- option: negative; against the derivative :: Right: the error falls to the right, so w grows. -->
# <!-- option: negative; with the derivative :: They follow the slope uphill. Point at the sign in w ← w − α dE/dw. -->
# <!-- option: positive; against the derivative :: They look at w, not at the slope of the curve there. -->

# %%
def error(w):
    """Return the error of the prediction 3 w for the target 6."""
    return 0.5 * (3 * w - 6) ** 2


w_now, slope_now, rate = 1.0, 3 * (3 * 1.0 - 6), 0.02
print("slope:", slope_now)
print("here:   ", round(error(w_now), 4))
print("with:   ", round(error(w_now + rate * slope_now), 4))
print("against:", round(error(w_now - rate * slope_now), 4))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The derivative is $-9$: the error falls when $w$ grows. A step *against* the derivative makes $w$ larger, and the error falls from 4.5 to 3.03.
# For many weights the derivatives form a vector, the **gradient** 梯度. It points to where $E$ grows fastest, so we step against it.
#
# </details>

# %% [markdown]
# **Predict again.** The **learning rate** 学习率 $\alpha$ says how large a step is: $w \leftarrow w - \alpha \frac{dE}{dw}$. The lecture keeps $\alpha$ fixed.
# Are all steps then equally long?

# %%
w_now = 1.0
for step in range(5):
    move = -0.05 * 3 * (3 * w_now - 6)
    w_now = w_now + move
    print(f"step {step + 1}: moved by {move:.4f} to {w_now:.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# No. The slope gets smaller near the lowest point, and so do the steps. They need no shrinking $\alpha$ for that.
# A fixed $\alpha$ also needs no extra evaluations of $E$ to choose it. Chapter 05 shows what happens when $\alpha$ is too small or too large.
#
# </details>

# %% [markdown]
# ## 2. The chain rule on a graph 链式法则
#
# The lectures are called as in chapter 03: S0 is the one on traffic data, S1 the one on artificial neural networks, S2 the one on regression,
# perceptron and computational graphs, S4 “how a network works”. S0 starts with $f(x, y, z) = (x + y)\,z$ at $x = -2$, $y = 5$, $z = -4$.
# Name the step in between: $q = x + y$, then $f = q\,z$. Draw one circle for each number. This is a **computational graph** 计算图.

# %%
plots.show(plots.computational_graph({"q": ("+", "x", "y"), "f": ("×", "q", "z")}))

# %% [markdown]
# Each step knows its own small derivatives, its **local gradients** 局部梯度:
#
# $$\frac{\partial q}{\partial x} = 1, \quad \frac{\partial q}{\partial y} = 1, \qquad \frac{\partial f}{\partial q} = z, \quad \frac{\partial f}{\partial z} = q$$
#
# The chain rule joins them. What arrives from the result is the **upstream gradient** 上游梯度:
#
# $$\frac{\partial f}{\partial y} = \underbrace{\frac{\partial f}{\partial q}}_{\text{upstream}} \cdot \underbrace{\frac{\partial q}{\partial y}}_{\text{local}}$$
#
# **Predict.** Compute $f$ from left to right. Then go from right to left: $\frac{\partial f}{\partial f}$, $\frac{\partial f}{\partial z}$, $\frac{\partial f}{\partial q}$, $\frac{\partial f}{\partial y}$, $\frac{\partial f}{\partial x}$.

# %%
x_0, y_0, z_0 = -2.0, 5.0, -4.0
q_0 = x_0 + y_0
f_0 = q_0 * z_0

grad_f = 1.0
grad_z = grad_f * q_0
grad_q = grad_f * z_0
grad_y = grad_q * 1.0
grad_x = grad_q * 1.0
print("forward: ", "q =", q_0, " f =", f_0)
print("backward:", "z:", grad_z, " q:", grad_q, " y:", grad_y, " x:", grad_x)

# %%
plots.show(
    plots.computational_graph(
        {"q": ("+", "x", "y"), "f": ("×", "q", "z")},
        values={"x": x_0, "y": y_0, "z": z_0, "q": q_0, "f": f_0},
        gradients={"x": grad_x, "y": grad_y, "z": grad_z, "q": grad_q, "f": grad_f},
    ),
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# $f = -12$. The gradient of $f$ by itself is 1. Then $\frac{\partial f}{\partial z} = q = 3$ and $\frac{\partial f}{\partial q} = z = -4$.
# The sum passes its gradient on unchanged, so $x$ and $y$ get $-4$ each.
#
# </details>

# %% [markdown]
# **Find the error.** A slide of S2 takes $y = f^5(f^4(f^3(f^2(f^1(x)))))$ and writes the derivative as a product that begins with
# $\frac{\partial f^1}{\partial x} \frac{\partial f^2}{\partial f^1} \cdots$. For plain numbers every order is right. For vectors each factor is a matrix, a **Jacobian** 雅可比矩阵, with one row for each output and one column for each input.
# Below, `inner` belongs to a step from 3 to 4 numbers, `outer` to a step from 4 to 2. Which order do the shapes allow?

# %%
inner, outer = np.ones((4, 3)), np.ones((2, 4))
for name, left, right in (("inner @ outer", inner, outer), ("outer @ inner", outer, inner)):
    try:
        print(name, "has shape", (left @ right).shape)
    except ValueError:
        print(name, "is not defined")

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# The slide begins with the innermost function. The code needs the outermost on the left:
# $\frac{\partial y}{\partial x} = \frac{\partial f^5}{\partial f^4} \frac{\partial f^4}{\partial f^3} \frac{\partial f^3}{\partial f^2} \frac{\partial f^2}{\partial f^1} \frac{\partial f^1}{\partial x}$, of shape (2, 3) in our small case.
# Some books write Jacobians the other way, one row for each *input*. Then every factor is transposed, and the order turns round.
# S2 does so on its next slide. Both are sound, as long as a text says which one it uses.
#
# </details>

# %% [markdown]
# ### A longer graph: one neuron
# <!-- cut -->
#
# S1 takes a neuron with two inputs, $f = \dfrac{1}{1 + e^{-(w_0 x_0 + w_1 x_1 + w_2)}}$, and cuts it into single steps.
# S2 does the same for $\sigma(wx + b)$. Both need only four operations:
#
# | operation | result | local gradients |
# |---|---|---|
# | sum | $u + v$ | $1$ and $1$ |
# | product | $u \, v$ | $v$ and $u$ |
# | exponential | $e^{u}$ | $e^{u}$ |
# | reciprocal | $1 / u$ | $-1 / u^2$ |
#
# **Predict** for S2, with $x = 1$ and $w = b = 0$:
# $h_1 = x w$, $h_2 = h_1 + b$, $h_3 = -h_2$, $h_4 = e^{h_3}$, $h_5 = h_4 + 1$, $h_6 = 1 / h_5$. What are $h_1 \dots h_6$? What is $\frac{\partial h_6}{\partial w}$, the product of all local gradients on the way back?
#
# <details><summary>Answer</summary>
#
# $h = (0, 0, 0, 1, 2, 0.5)$. On the way back: $1 \cdot (-0.25) \cdot 1 \cdot 1 \cdot (-1) \cdot 1 \cdot 1 = 0.25$. Your own code will confirm it in a minute.
#
# </details>

# %% [markdown]
# ### Exercise `graph_gradients`
#
# A `Node` is one circle of the graph. It knows its operation and its arguments. Complete its two methods:
#
# - `forward` computes the value of every node that has an operation.
# - `backward` sets `grad` of every node to the gradient of the last node by it.
#
# The order matters. A node can be computed only after its arguments, and it can pass its gradient on only after it has got *all* of it.
# `order()` lists the nodes so that each comes after its arguments. This is a **topological order** 拓扑序. It is written already.
#
# **Before you write:** in $x^2 + x^3$ the node $x$ is used three times. How do its shares of the gradient come together?
#
# <details><summary>Answer</summary>
#
# They are added. A change of $x$ reaches the result on each of the three ways, and the effects add up. So `grad` starts at 0, and each way adds its share.
#
# </details>

# %% [markdown]
# The function below the class builds a graph from a list of steps, for the check. A step `("*", 3, 2)` multiplies nodes 3 and 2, counted from 0.
# It runs your graph, gives the leaves other values, and runs it again. So compute everything anew each time.

# %% exercise="graph_gradients"
OPS = {
    "+": lambda u, v: u + v,
    "*": lambda u, v: u * v,
    "exp": lambda u: np.exp(u),
    "1/x": lambda u: 1 / u,
}
LOCAL = {  # the local gradients, one for each argument
    "+": lambda u, v: (1, 1),
    "*": lambda u, v: (v, u),
    "exp": lambda u: (np.exp(u),),
    "1/x": lambda u: (-1 / u**2,),
}


class Node:
    """A number in a graph: a leaf with a value, or the result of an operation on other nodes."""

    def __init__(self, value=None, op="", arguments=()):
        self.value = value
        self.op = op
        self.arguments = arguments
        self.grad = 0.0

    def __add__(self, other):
        return Node(op="+", arguments=(self, other))

    def __mul__(self, other):
        return Node(op="*", arguments=(self, other))

    def order(self, done=None):
        """List this node and all it depends on, each after its arguments."""
        done = [] if done is None else done
        if self not in done:
            for argument in self.arguments:
                argument.order(done)
            done.append(self)
        return done

    def forward(self):
        """Compute the value of every node that has an operation, this one last."""
        ### BEGIN SOLUTION
        # step: Arguments first. Leaves keep their values.
        for node in self.order():
            if node.op:
                node.value = OPS[node.op](*[argument.value for argument in node.arguments])
        ### END SOLUTION

    def backward(self):
        """Set grad of every node to the gradient of this node by it."""
        ### BEGIN SOLUTION
        # step: Every gradient starts at 0; the gradient of the result by itself is 1.
        for node in self.order():
            node.grad = 0.0
        self.grad = 1.0
        # step: Back from the result. Each argument adds upstream times local to what it has.
        for node in reversed(self.order()):
            if node.op:
                local_gradients = LOCAL[node.op](*[argument.value for argument in node.arguments])
                for argument, local in zip(node.arguments, local_gradients, strict=True):
                    argument.grad += node.grad * local
        ### END SOLUTION


def graph_gradients(leaves, steps):
    """Build a graph, run it with other numbers first, then with these, and return all values and gradients.

    leaves : list of numbers, the first nodes
    steps : list of (operation, argument, ...); arguments are positions in the list of nodes
    """
    nodes = [Node(2 * value) for value in leaves]
    for op, *arguments in steps:
        nodes.append(Node(op=op, arguments=[nodes[i] for i in arguments]))
    nodes[-1].forward()
    nodes[-1].backward()
    for i, value in enumerate(leaves):  # other numbers: nothing of the first run may be left
        nodes[i].value = value
    nodes[-1].forward()
    nodes[-1].backward()
    return [node.value for node in nodes], [node.grad for node in nodes]


# %% check="graph_gradients"
check(graph_gradients)

# %% [markdown]
# **The three graphs of the lectures, by your class.** For S1 take $w = (2, -3, -3)$ and $x = (-1, -2)$.
# The slide prints 1.37 for the value before the last step, and $1/1.37^2 = 0.53$ for its local gradient. What is its sign?

# %% checkpoint="worked_graphs"
with checkpoint(graph_gradients):
    x, y, z = Node(-2.0), Node(5.0), Node(-4.0)
    f = (x + y) * z
    f.forward()
    f.backward()
    print("S0: f =", f.value, " gradients of x, y, z:", x.grad, y.grad, z.grad)

    minus_one, one = Node(-1.0), Node(1.0)
    w0, x0, w1, x1, w2 = Node(2.0), Node(-1.0), Node(-3.0), Node(-2.0), Node(-3.0)
    below = one + Node(op="exp", arguments=((w0 * x0 + w1 * x1 + w2) * minus_one,))
    f = Node(op="1/x", arguments=(below,))
    f.forward()
    f.backward()
    print(f"S1: before the last step {below.value:.2f}, its gradient {below.grad:.2f}")
    print(f"S1: out {f.value:.2f}")
    gradients = [f"{node.grad:.2f}" for node in (w0, x0, w1, x1, w2)]
    print("S1: gradients of w0, x0, w1, x1, w2:", *gradients)

    x, w, b = Node(1.0), Node(0.0), Node(0.0)
    h1 = x * w
    h2 = h1 + b
    h3 = h2 * minus_one
    h4 = Node(op="exp", arguments=(h3,))
    h5 = h4 + one
    h6 = Node(op="1/x", arguments=(h5,))
    h6.forward()
    h6.backward()
    steps = [h1, h2, h3, h4, h5, h6]
    print("S2: h1 to h6:", *(f"{node.value:zg}" for node in steps))
    print("S2: gradients of h6 to h1:", *(f"{node.grad:g}" for node in reversed(steps)))
    print(f"S2: gradient of w: {w.grad:g}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The gradient there is $-0.53$: a larger denominator makes the fraction smaller.
# S1's figure shows only some numbers; the inputs used here are the usual ones for this graph, and they give all of them.
#
# </details>

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Step through a graph. Values flow forward, gradients flow back. Before each step, say what will appear.

# %% tags=["demo"]
from nnlab import demos

demos.backpropagation()

# %% [markdown]
# ## 3. Static and dynamic graphs 静态图 动态图
# <!-- cut -->
#
# Your `Node` builds the whole graph first and computes later. Such a graph is **static**. It can be run again and again with other leaves.
#
# **Predict.** Below, the graph is built once. The second run has $z = 10$. And what does `q.value` hold *before* the first run?

# %% checkpoint="static_graph"
with checkpoint(graph_gradients):
    x, y, z = Node(-2.0), Node(5.0), Node(-4.0)
    q = x + y
    f = q * z
    print("before the first run: q.value is", q.value)
    for z.value in (-4.0, 10.0):
        f.forward()
        f.backward()
        print("z =", z.value, " f =", f.value, " gradients of x, y, z:", x.grad, y.grad, z.grad)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Nothing: `None`. So while a static graph is built, no program can ask `if q.value > 0`. That is its price.
# Its gain: the whole graph is known in advance, so it can be rearranged and run in parallel.
#
# A **dynamic** graph computes each value at once, while it is built. Then `if` and `for` work as everywhere in Python,
# and each sample may have a graph of its own. It is built anew in every run, so there is less to plan ahead.
#
# </details>

# %% [markdown]
# **Question.** One line in `__add__` and one in `__mul__` would make your class dynamic. What would the lines do?
#
# <details><summary>Answer</summary>
#
# Compute the value of the new node from the values of its arguments, which are known by then. `backward` stays as it is.
#
# </details>

# %% [markdown]
# ## 4. One neuron, and the slope of the sigmoid
#
# A graph of single operations is general and slow. A neuron needs only three steps: $z = \mathbf{w}^\top \mathbf{x} + b$, $a = \sigma(z)$, and the error $E = \frac{1}{2}(a - y)^2$ for the target $y$.
#
# $$\frac{\partial E}{\partial w_i} = \underbrace{(a - y)}_{\partial E / \partial a} \cdot \underbrace{\sigma'(z)}_{\partial a / \partial z} \cdot \underbrace{x_i}_{\partial z / \partial w_i}$$
#
# Only $\sigma'$ is missing. With $\sigma(z) = (1 + e^{-z})^{-1}$ the chain rule gives
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = \sigma(z)\,\bigl(1 - \sigma(z)\bigr)$$
#
# **Find the error.** The slide of S0 writes $\sigma'(x) = \sigma(x) \cdot \sigma(1 - x)$. The slope at 0 must be the 0.25 that S2 found. Guess what the slide's formula gives, then run the cell.

# %%
h = 1e-5
for point in (0.0, 2.0):
    measured = (sigmoid(point + h) - sigmoid(point - h)) / (2 * h)
    print(f"z = {point:g}: slope {measured:.4f}, slide {sigmoid(point) * sigmoid(1 - point):.4f}")

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# The slide says $\sigma(x) \cdot \sigma(1 - x)$, which is 0.3655 at 0. The code below it on the same slide is right: $\sigma(x)\,(1 - \sigma(x))$, which is 0.25. The bracket stands one place too far to the right.
#
# </details>

# %% [markdown]
# ### Exercise `sigmoid_grad`
#
# Write $\sigma'$ for arrays of any shape. `sigmoid` is there already.

# %% exercise="sigmoid_grad"
def sigmoid_grad(z):
    """Return the derivative of the sigmoid at z, element by element.

    z : array of any shape
    """
    ### BEGIN SOLUTION
    # step: The slope is written with the sigmoid itself. Compute it once.
    s = sigmoid(z)
    return s * (1 - s)
    ### END SOLUTION


# %% check="sigmoid_grad"
check(sigmoid_grad)

# %% [markdown]
# **Question.** How large can $\sigma'$ be, and where? What becomes of a gradient that passes through ten sigmoids?
#
# <details><summary>Answer</summary>
#
# At most 1/4, at $z = 0$. Ten of them multiply the gradient by at most $4^{-10} \approx 10^{-6}$. Chapter 06 is about this.
#
# </details>

# %% [markdown]
# ## 5. The error term, and four equations
#
# Now a whole network. The gradients of all parameters go through the pre-activations $\mathbf{z}^{(l)}$. So give that derivative a name, the **error term** 误差项:
#
# $$\boldsymbol{\delta}^{(l)} = \frac{\partial E}{\partial \mathbf{z}^{(l)}}, \qquad \text{of the shape of } \mathbf{z}^{(l)}: \; (M_l, \text{samples})$$
#
# With it, four equations do everything. We take them one by one, each with its line of code.
#
# | | equation | in words |
# |---|---|---|
# | BP-1 | $\boldsymbol{\delta}^{(L)} = (\mathbf{a}^{(L)} - \mathbf{y}) \odot f_L'(\mathbf{z}^{(L)})$ | where the error begins |
# | BP-2 | $\boldsymbol{\delta}^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \boldsymbol{\delta}^{(l+1)} \odot f_l'(\mathbf{z}^{(l)})$ | one layer back |
# | BP-3 | $\dfrac{\partial E}{\partial W^{(l)}} = \boldsymbol{\delta}^{(l)} \bigl(\mathbf{a}^{(l-1)}\bigr)^\top$, averaged | the weights of a layer |
# | BP-4 | $\dfrac{\partial E}{\partial \mathbf{b}^{(l)}} = \boldsymbol{\delta}^{(l)}$, averaged | the biases of a layer |
#
# $\odot$ multiplies element by element, like `*` in NumPy (哈达玛积).

# %% [markdown]
# ### Which error?
# <!-- cut -->
#
# The lectures say "mean squared error" to three different things. For one sample with $n$ outputs:
#
# | | error | its derivative with respect to $a_k$ |
# |---|---|---|
# | S0 | $\sum_k (a_k - y_k)^2$ | $2\,(a_k - y_k)$ |
# | S4, its general formula | $\frac{1}{n} \sum_k (a_k - y_k)^2$ | $\frac{2}{n} (a_k - y_k)$ |
# | S1, and S4 two lines further | $\frac{1}{2} \sum_k (a_k - y_k)^2$ | $a_k - y_k$ |
#
# **Predict.** Three people train the same network with the same $\alpha$, each with one of these. Do they get the same weights?
# <!-- option: yes, whatever the factor :: They think that a constant factor does not matter. It scales every step. -->
# <!-- option: no: the factor scales every step :: Right. With another α for each they could be equal. -->
#
# <details><summary>Answer</summary>
#
# No. The directions agree, the lengths differ by the factor 2 or $2/n$. It is as if each used another $\alpha$. (S4 has $n = 2$ outputs, so there the last two agree.)
# **We take the third**, because the ½ cancels the 2. Over a batch we take the mean of the samples' errors. Whoever reports a learning rate should say which error belongs to it.
#
# </details>

# %% [markdown]
# **Find the error.** S1, section 3.1, begins $E = \frac{1}{2} \lVert \mathbf{y} - \mathbf{o} \rVert$. Two lines further it has $\frac{1}{2}\bigl((y_1 - o_1)^2 + (y_2 - o_2)^2\bigr)$.
# And in a later update rule it writes $\dfrac{\partial E}{b}$. What is missing in each?
#
# <details><summary>The slide says, the code says</summary>
#
# The first line has lost the square: it must be $\frac{1}{2} \lVert \mathbf{y} - \mathbf{o} \rVert^2$. For $\mathbf{y} - \mathbf{o} = (3, 4)$ that is 12.5; without the square it is 2.5.
# The update rule has lost a $\partial$: it must be $\dfrac{\partial E}{\partial b}$.
#
# </details>

# %% [markdown]
# ### BP-1: the output layer
#
# From $E$ to $\mathbf{z}^{(L)}$ there are two steps. From $E$ back to $a_k$: $\frac{\partial E}{\partial a_k} = a_k - y_k$. From $a_k$ back to $z_k$: $f_L'(z_k)$. Their product is BP-1.
#
# A classifier has softmax at the output and the **cross-entropy** 交叉熵 as its error, $E = -\sum_k y_k \log a_k$. Put softmax in. The targets $y_k$ sum to 1, so
#
# $$E = \log \sum_j e^{z_j} - \sum_k y_k z_k, \qquad \frac{\partial E}{\partial z_k} = \frac{e^{z_k}}{\sum_j e^{z_j}} - y_k = a_k - y_k$$
#
# The slope has disappeared. So one function serves both: `slope` is $f_L'(\mathbf{z}^{(L)})$ for the squared error and 1 for softmax with cross-entropy.
#
# ### Exercise `delta_output`
#
# Write BP-1. The targets `y` have the shape of `a`. A class is written as a column with a single 1, as in (0, 1, 0) for class 1.

# %% exercise="delta_output"
def delta_output(a, y, slope=1.0):
    """Return the error term of the output layer.

    a : activations of the output layer, shape (outputs, samples)
    y : targets, same shape
    slope : derivative of the output's activation function at z, same shape;
        1 for softmax with cross-entropy
    """
    ### BEGIN SOLUTION
    # step: Back from E to a, then from a to z, element by element.
    return (a - y) * slope
    ### END SOLUTION


# %% check="delta_output"
check(delta_output)

# %% [markdown]
# ### BP-2: one layer back
#
# How does $\mathbf{z}^{(l)}$ act on $E$? Only through the next layer:
#
# $$\mathbf{z}^{(l)} \;\xrightarrow{\;f_l\;}\; \mathbf{a}^{(l)} \;\xrightarrow{\;W^{(l+1)}\;}\; \mathbf{z}^{(l+1)} \;\longrightarrow\; E$$
#
# Neuron $i$ of layer $l$ feeds every neuron $j$ of layer $l + 1$ with the weight $w_{ji}$. The shares are added, as in your graph:
#
# $$\frac{\partial E}{\partial a_i^{(l)}} = \sum_j w_{ji}^{(l+1)} \delta_j^{(l+1)}, \qquad \delta_i^{(l)} = \frac{\partial E}{\partial a_i^{(l)}} \; f_l'\bigl(z_i^{(l)}\bigr)$$
#
# **Predict.** The sum runs over the *rows* $j$ of $W$. Which matrix product is that, $W \boldsymbol{\delta}$ or $W^\top \boldsymbol{\delta}$? Check it with shapes: 4 neurons behind 3, so $W$ is (4, 3) and $\boldsymbol{\delta}$ is (4, samples).
#
# <details><summary>Answer</summary>
#
# $W^\top \boldsymbol{\delta}$: (3, 4) times (4, samples) is (3, samples). What goes forward through $W$ comes back through $W^\top$.
#
# </details>

# %% [markdown]
# **Find the errors.** S0 computes forward with $\mathbf{z} = \mathbf{w}^\top \mathbf{a} + \mathbf{b}$, and backward with $\mathbf{w}^\top \boldsymbol{\delta}$.
# And it derives $\boldsymbol{\delta}^{(L-1)}$ with the slope $f'(\mathbf{z}^{(L)})$ before an equals sign and $f'(\mathbf{z}^{(L-1)})$ after it. What is wrong?
#
# <details><summary>The slide says, the code says</summary>
#
# The same matrix cannot lead forward and back: one of the two must be transposed and the other not. The slide's *code* computes `w @ a` forward, so backward it needs the transpose.
# And the slope belongs to the layer's own function, so it is taken at the layer's own $\mathbf{z}^{(l)}$. With the wrong layer the shapes differ, unless both layers happen to have the same size. Then nothing warns you.
#
# </details>

# %% [markdown]
# ### Exercise `delta_hidden`
#
# Write BP-2. `W` leads from this layer to the next; `f_grad` is the derivative of this layer's activation function.

# %% exercise="delta_hidden"
def delta_hidden(delta, W, z, f_grad):
    """Return the error term of a hidden layer.

    delta : error term of the next layer, shape (M_next, samples)
    W : weights from this layer to the next, shape (M_next, M)
    z : pre-activations of this layer, shape (M, samples)
    f_grad : derivative of this layer's activation function
    """
    ### BEGIN SOLUTION
    # step: Back through the weights. Each neuron collects from all it feeds.
    # wrong: return W @ delta * f_grad(z)
    back = W.T @ delta
    # step: Back through f, at this layer's own z.
    return back * f_grad(z)
    ### END SOLUTION


# %% check="delta_hidden"
check(delta_hidden)

# %% [markdown]
# ### BP-3: the weights
#
# The weight $w_{ij}$ multiplies $a_j^{(l-1)}$ and adds to $z_i^{(l)}$. So its local gradient is $a_j^{(l-1)}$:
#
# $$\frac{\partial E}{\partial w_{ij}^{(l)}} = \delta_i^{(l)} \, a_j^{(l-1)}$$
#
# All of them at once are a matrix product: a column $\boldsymbol{\delta}$ times a row $\mathbf{a}^\top$ has one row for each neuron and one column for each input.
# With several samples the same product also sums over the samples. We want the **mean**, so divide by their number.
#
# ### Exercise `hidden_grad`
#
# Write BP-3. It serves every layer, not only the hidden ones; the name is the lecture's.

# %% exercise="hidden_grad"
def hidden_grad(delta, a):
    """Return the gradient of the weights of a layer: the mean over the samples.

    delta : error term of the layer, shape (M, samples)
    a : activations of the layer before, shape (M_before, samples)
    """
    ### BEGIN SOLUTION
    # step: A product for each pair of neuron and input, summed over the samples. We want the mean.
    return delta @ a.T / delta.shape[1]
    ### END SOLUTION


# %% check="hidden_grad"
check(hidden_grad)

# %% [markdown]
# ### BP-4: the biases
# <!-- cut -->
#
# The bias is a weight whose input is always 1. So $\frac{\partial E}{\partial b_i} = \delta_i$, and over a batch again the mean.
#
# ### Exercise `hidden_bias_grad`
#
# Write BP-4. Return a column, the shape of the biases.

# %% exercise="hidden_bias_grad"
def hidden_bias_grad(delta):
    """Return the gradient of the biases of a layer: the mean over the samples, as a column.

    delta : error term of the layer, shape (M, samples)
    """
    ### BEGIN SOLUTION
    # step: Average over the samples, and keep the column.
    return np.mean(delta, axis=1, keepdims=True)
    ### END SOLUTION


# %% check="hidden_bias_grad"
check(hidden_bias_grad)

# %% [markdown]
# **Find the error.** The `hidden_grad` of S0 returns `alpha * (delta @ a.T)`, its `hidden_bias_grad` returns `alpha * np.mean(delta, axis=1, keepdims=True)`.
# With the single sample of the lecture both are right. What happens with a batch of 8? Think first, then run.

# %%
delta_8, a_8 = np.full((2, 8), 0.5), np.ones((3, 8))
print("weights, as on the slide:", (delta_8 @ a_8.T)[0, 0])
print("biases, as on the slide: ", np.mean(delta_8, axis=1)[0])

# %% [markdown]
# <details><summary>The slide says, the code says</summary>
#
# The slide sums over the batch for the weights and averages for the biases. All inputs here are 1, so a weight and a bias should move alike. The weights move 8 times as far.
# Nothing fails; the network only learns worse with each larger batch. Average both.
#
# </details>

# %% [markdown]
# ## 6. The whole way back
#
# ### Exercise `backward`
#
# The lecture's `backward` is written for three layers. Write yours for any number:
#
# 1. BP-1 gives the error term of the output.
# 2. BP-2 leads from layer to layer towards the front.
# 3. BP-3 and BP-4 give the gradients of every layer.
#
# `W`, `z` and `a` are the lists of chapter 03. Mind how they are counted: `W[0]` and `z[0]` belong to layer 1, but `a[0]` is the input.
# Return two lists, `dW` and `db`, in the order of `W`.

# %%
plots.show(
    plots.computational_graph(
        {
            "z⁽¹⁾": ("W⁽¹⁾·", "x"),
            "a⁽¹⁾": ("f", "z⁽¹⁾"),
            "z⁽²⁾": ("W⁽²⁾·", "a⁽¹⁾"),
            "a⁽²⁾": ("f", "z⁽²⁾"),
            "E": ("error", "a⁽²⁾", "y"),
        }
    ),
)

# %% exercise="backward"
def backward(y, W, z, a, f_grad, f_out_grad):
    """Return lists dW and db: the gradients of all weights and biases.

    y : targets, shape (M_L, samples)
    W : list of L weight matrices
    z, a : lists of L pre-activations and L + 1 activations, as forward returns them
    f_grad : derivative of the hidden layers' activation function
    f_out_grad : derivative of the output's; 1 everywhere for softmax with cross-entropy
    """
    ### BEGIN SOLUTION
    # step: BP-1 at the output.
    deltas = [delta_output(a[-1], y, f_out_grad(z[-1]))]
    # step: BP-2 from the last hidden layer to the first. The newest error term goes to the front.
    for i in range(len(W) - 1, 0, -1):
        deltas.insert(0, delta_hidden(deltas[0], W[i], z[i - 1], f_grad))
    # step: BP-3 and BP-4. Zip each error term with the activation that entered its layer.
    dW = [hidden_grad(delta, a_in) for delta, a_in in zip(deltas, a[:-1], strict=True)]
    db = [hidden_bias_grad(delta) for delta in deltas]
    return dW, db
    ### END SOLUTION


# %% check="backward"
check(backward)

# %% [markdown]
# ## 7. One step, and fifty
#
# ### Exercise `optimize`
#
# Gradients say where to go. **Gradient descent** 梯度下降 goes there, one small step: every parameter minus $\alpha$ times its gradient.
# Return new lists. Leave the old ones as they are: whoever called you may still need them.

# %% exercise="optimize"
def optimize(W, b, dW, db, alpha=0.02):
    """Return lists W and b after one step of gradient descent.

    W, b : lists of weights and biases
    dW, db : lists of their gradients
    alpha : learning rate
    """
    ### BEGIN SOLUTION
    # step: Build new arrays; `-=` would change the caller's.
    new_W = [w - alpha * gradient for w, gradient in zip(W, dW, strict=True)]
    new_b = [v - alpha * gradient for v, gradient in zip(b, db, strict=True)]
    return new_W, new_b
    ### END SOLUTION


# %% check="optimize"
check(optimize)

# %% [markdown]
# ### The small network of S4, digit by digit
# <!-- cut -->
#
# You know it from chapter 03: inputs (0.10, 0.20), outputs 0.702307507 and 0.714634132. The targets are 0.85 and 0.30, and $\alpha = 1$.
#
# **Predict.** The first output is too small, the second too large. Will $w_5$, which leads to the first output, grow or shrink?
# $w_1$ leads to the first hidden neuron, which feeds *both* outputs. Can you tell its direction as easily?

# %% checkpoint="small_network"
with checkpoint(sigmoid_grad, backward, optimize):
    x_4, y_4 = np.array([[0.10], [0.20]]), np.array([[0.85], [0.30]])
    W_4 = [np.array([[0.05, 0.15], [0.10, 0.20]]), np.array([[0.25, 0.35], [0.30, 0.40]])]
    b_4 = [np.full((2, 1), 0.35), np.full((2, 1), 0.50)]

    z, a = forward(x_4, W_4, b_4, sigmoid, sigmoid)
    errors = 0.5 * (a[2] - y_4) ** 2
    print("hidden:", *(f"{value:.9f}" for value in a[1].ravel()))
    print("output:", *(f"{value:.9f}" for value in a[2].ravel()))
    print(f"errors: {errors[0, 0]:.9f} + {errors[1, 0]:.9f} = {errors.sum():.9f}")

    delta_out = delta_output(a[2], y_4, sigmoid_grad(z[1]))
    shares = W_4[1][:, 0] * delta_out.ravel()
    slope_h, slope_o = sigmoid_grad(z[0])[0, 0], sigmoid_grad(z[1])[0, 0]
    print(f"slopes: {slope_o:.9f} at the output, {slope_h:.9f} in the hidden layer")
    print(f"delta of output 1: {delta_out[0, 0]:.9f}")
    print(f"back to hidden neuron 1: {shares[0]:.9f} + {shares[1]:.9f} = {shares.sum():.9f}")

    dW, db = backward(y_4, W_4, z, a, sigmoid_grad, sigmoid_grad)
    print(f"gradient of w5: {dW[1][0, 0]:.9f}   of w1: {dW[0][0, 0]:.9f}")
    new_W, new_b = optimize(W_4, b_4, dW, db, 1.0)
    print(f"new w5: {new_W[1][0, 0]:.9f}   new w1: {new_W[0][0, 0]:.9f}")

# %% [markdown]
# The lecture prints
#
# | quantity | value |
# |---|---|
# | errors | 0.010906536 + 0.085960731 = 0.096867268 |
# | slopes $\sigma'$ at the output, in the hidden layer | 0.209071672, 0.240960084 |
# | $\delta$ of output 1 | −0.030878316 |
# | back to hidden neuron 1 | −0.007719579 + 0.025367174 = 0.017647595 |
# | gradients of $w_5$, $w_1$ | −0.018375021, 0.000425237 |
# | new $w_5$, $w_1$ | 0.268375021, 0.049574763 |
#
# Some last digits differ by one: the lecture cuts some numbers off and rounds others.
#
# <details><summary>Answer</summary>
#
# $w_5$ grows, so that output 1 grows. For $w_1$ the two outputs pull in opposite directions, $-0.0077$ and $+0.0254$. The second pulls harder, so $w_1$ shrinks. Only the sum tells.
#
# </details>

# %% [markdown]
# ### Fifty steps of the traffic network
# <!-- cut -->
#
# Now S0: the network 5-4-3-3 of chapter 03, one sample $(4, 0, 2, 3, 3)$ of class 1 (slow), $\alpha = 0.01$, fifty steps.
#
# **Find the errors.** The slide's program does not run. Three things are wrong in it:
#
# 1. It asks for weights of the shapes (5, 4), (4, 3), (3, 3), for an input of shape (5, 1).
# 2. Its loop says `a, z = forward(x, w, b)`. Its `forward` ends in `return z2, a2, z3, a3, z4, a4`.
# 3. It defines `delta_output` and calls `delta_Output`.
#
# What does Python say to each?
#
# <details><summary>The slide says, the code says</summary>
#
# 1. A `ValueError` in the first product: the shapes must be (4, 5), (3, 4), (3, 3). You met this in chapter 03.
# 2. A `ValueError`: six values do not fit into two names. Lists, as in your `forward` of chapter 03, keep them together for any depth.
# 3. A `NameError`: Python tells capital letters from small ones.
#
# </details>

# %% [markdown]
# **Predict.** Before training, this network gives the sample's class a small share. After fifty steps with $\alpha = 0.01$, will it be the largest?

# %% checkpoint="fifty_steps"
with checkpoint(sigmoid_grad, backward, optimize):
    W, b = init_params([5, 4, 3, 3], np.random.RandomState(42))
    x, y = np.array([[4.0], [0], [2], [3], [3]]), np.array([[0.0], [1], [0]])
    for step in range(51):
        z, a = forward(x, W, b, sigmoid, softmax)
        if step in (0, 1, 50):
            print(f"after {step:2} steps:", *(f"{share:.4f}" for share in a[-1].ravel()))
        dW, db = backward(y, W, z, a, sigmoid_grad, np.ones_like)
        W, b = optimize(W, b, dW, db, 0.01)
    print("sum of the shares:", round(a[-1].sum(), 4))

# %% [markdown]
# <details><summary>Answer</summary>
#
# No. Its share rises to 0.0634, and that is still the smallest. Fifty steps of this size are few. Chapter 05 trains for longer.
#
# </details>

# %% [markdown]
# **Find the error.** The slide prints (0.45860661, 0.08641333, 0.37609855) here. What gives it away?
#
# <details><summary>The slide says, the code says</summary>
#
# The slide's numbers sum to 0.9211, so they are no softmax output. With the slide's own seed, sample and steps the code gives (0.5292, 0.0634, 0.4075).
#
# </details>

# %% [markdown]
# ## 8. Is my gradient right? 数值梯度检验
#
# A wrong gradient seldom fails. The network just learns badly, and you look for the cause elsewhere. So test it.
#
# The derivative is a limit of differences. So measure it: move one parameter a little up and a little down and see how the error changes.
#
# $$\frac{\partial E}{\partial p_i} \approx \frac{E(\mathbf{p} + h \mathbf{e}_i) - E(\mathbf{p} - h \mathbf{e}_i)}{2h}$$
#
# **Predict.** Why not the simpler $\bigl(E(p + h) - E(p)\bigr) / h$? The cell takes $E(p) = p^3$ at $p = 1$, where the slope is 3. How far off is each for $h = 0.1$ and for $h = 0.01$?

# %%
for h in (0.1, 0.01):
    one_sided = ((1 + h) ** 3 - 1) / h
    two_sided = ((1 + h) ** 3 - (1 - h) ** 3) / (2 * h)
    print(f"h = {h}: one-sided off by {one_sided - 3:.4f}, two-sided by {two_sided - 3:.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A tenth of $h$ makes the one-sided error about ten times smaller, and the two-sided one a hundred times. Its error is of order $h^2$.
# Do not take $h$ too small either: then you subtract two nearly equal numbers, and the digits are gone. $10^{-5}$ is a good compromise.
#
# </details>

# %% [markdown]
# ### Exercise `central_differences`
#
# Measure the gradient of `f` at `p`. `f` takes an array of the shape of `p` and returns a number. Leave `p` as it is.

# %% exercise="central_differences"
def central_differences(f, p, h=1e-5):
    """Return the measured gradient of f at p, an array of the shape of p.

    f : function of an array of the shape of p; it returns a number
    p : array of any shape
    h : step
    """
    ### BEGIN SOLUTION
    slopes = np.zeros(p.shape)
    # step: One element at a time. np.ndindex walks over arrays of any shape.
    for index in np.ndindex(p.shape):
        step = np.zeros(p.shape)
        step[index] = h
        # step: A little up, a little down, over the distance between the two.
        slopes[index] = (f(p + step) - f(p - step)) / (2 * h)
    return slopes
    ### END SOLUTION


# %% check="central_differences"
check(central_differences)

# %% [markdown]
# ### Your `backward` on the test bench
# <!-- cut -->
#
# A network 4-5-4-3, seven random samples, softmax and cross-entropy. Each gradient is compared with the measured one by its **relative error** 相对误差,
# $\lVert g - m \rVert / \max(\lVert g \rVert, \lVert m \rVert)$, where $\lVert \cdot \rVert$ is the length of all elements as one vector. Below $10^{-6}$ is fine.
#
# The last lines do the same to the slide's `hidden_grad`, which sums over the batch.
#
# **Predict.** The slide's gradient is 7 times the right one. What is its relative error?

# %% checkpoint="gradient_check"
def relative_error(g, m):
    """Return how far two arrays are apart, relative to the longer one."""
    return np.linalg.norm(g - m) / max(np.linalg.norm(g), np.linalg.norm(m))


def cost(W, b, x, y):
    """Return the mean cross-entropy of the network's outputs."""
    _, a = forward(x, W, b, sigmoid, softmax)
    return -np.sum(y * np.log(a[-1])) / y.shape[1]


def measure(W, b, x, y, i):
    """Return the measured gradients of W[i] and b[i]."""
    by_W = central_differences(lambda p: cost([*W[:i], p, *W[i + 1 :]], b, x, y), W[i])
    by_b = central_differences(lambda p: cost(W, [*b[:i], p, *b[i + 1 :]], x, y), b[i])
    return by_W, by_b


with checkpoint(sigmoid_grad, backward, central_differences):
    rng = np.random.RandomState(0)
    W, b = init_params([4, 5, 4, 3], rng)
    x, y = rng.standard_normal((4, 7)), np.eye(3)[:, rng.randint(3, size=7)]
    z, a = forward(x, W, b, sigmoid, softmax)
    dW, db = backward(y, W, z, a, sigmoid_grad, np.ones_like)

    for i in range(3):
        by_W, by_b = measure(W, b, x, y, i)
        fine = [bool(relative_error(*pair) < 1e-6) for pair in ((dW[i], by_W), (db[i], by_b))]
        print(f"layer {i + 1}: weights fine: {fine[0]}, biases fine: {fine[1]}")

    slide = delta_output(a[-1], y) @ a[-2].T
    factor = np.linalg.norm(slide) / np.linalg.norm(by_W)
    print(f"the slide's sum: relative error {relative_error(slide, by_W):.4f}")
    print(f"the slide's sum: longer by the factor {factor:.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# $1 - 1/7 \approx 0.857$. With a batch of one sample the relative error would be 0, and the mistake would pass. So test with a batch of several samples, and with layers of different sizes.
#
# </details>

# %% [markdown]
# **Question.** If measuring is so simple, why not train with measured gradients? Count: how often is `cost` called for a network of 51 parameters, and how often does `backward` run?
#
# <details><summary>Answer</summary>
#
# Twice for each parameter: 102 forward passes. `backward` runs once, and costs about two forward passes, for any number of parameters. For a million parameters that is a factor of about a million.
#
# </details>

# %% [markdown]
# ## 9. The same gradient by your `Node`
# <!-- cut -->
#
# `backward` is backpropagation by hand: we derived the formulas and wrote them in NumPy. Your `Node` needs no formula for a network, only for single operations.
# It finds the gradient by itself. That is **automatic differentiation** 自动微分, and going from the result backwards is its **reverse mode**. PyTorch and others work like this, with arrays in place of numbers.
#
# Here is the network of S4 once more, as a graph of single numbers. **Predict:** how many of its printed gradients will differ from section 7?

# %% checkpoint="node_network"
with checkpoint(graph_gradients):
    minus_one, one, half = Node(-1.0), Node(1.0), Node(0.5)

    def neuron_node(weights, inputs, bias):
        """Return the graph of one sigmoid neuron."""
        total = bias
        for weight, value in zip(weights, inputs, strict=True):
            total = total + weight * value
        return Node(op="1/x", arguments=(one + Node(op="exp", arguments=(total * minus_one,)),))

    w = [Node(value) for value in (0.05, 0.15, 0.10, 0.20, 0.25, 0.35, 0.30, 0.40)]
    inputs, b1, b2 = [Node(0.10), Node(0.20)], Node(0.35), Node(0.50)
    hidden = [neuron_node(w[0:2], inputs, b1), neuron_node(w[2:4], inputs, b1)]
    output = [neuron_node(w[4:6], hidden, b2), neuron_node(w[6:8], hidden, b2)]
    misses = [output[0] + Node(-0.85), output[1] + Node(-0.30)]
    E = half * (misses[0] * misses[0] + misses[1] * misses[1])
    E.forward()
    E.backward()
    print(f"E = {E.value:.9f}, from a graph of {len(E.order())} nodes")
    print(f"gradient of w5: {w[4].grad:.9f}   of w1: {w[0].grad:.9f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# None. Both are the chain rule. The graph spends a node on every single operation; `backward` does a whole layer with one matrix product.
# The one bias that serves a whole layer gets one gradient here, the sum of its neurons' shares.
#
# </details>

# %% [markdown]
# ## 10. Why not start from zeros?
# <!-- cut -->
#
# `init_params` draws random numbers. Zeros would be simpler, and they favour nobody. S1 says: do not.
#
# **Predict.** A network 2-3-1 learns XOR, first from zeros, then from random numbers, 5000 steps each. How different can the three hidden neurons become when they start equal?

# %% checkpoint="zero_start"
with checkpoint(sigmoid_grad, backward, optimize):
    x_xor, y_xor = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0.0, 1, 1, 0]])

    def train(W, b):
        """Return the parameters after 5000 steps, and the error they leave."""
        for _ in range(5000):
            z, a = forward(x_xor, W, b, sigmoid, sigmoid)
            dW, db = backward(y_xor, W, z, a, sigmoid_grad, sigmoid_grad)
            W, b = optimize(W, b, dW, db, 5.0)
        return W, b, 0.5 * np.mean((a[-1] - y_xor) ** 2)

    W_random, b_random = init_params([2, 3, 1], np.random.RandomState(1))
    for name, factor in (("zeros", 0), ("random", 1)):
        W, b, left = train([factor * w for w in W_random], [factor * v for v in b_random])
        equal = np.allclose(W[0], W[0][0])
        print(f"{name}: error {left:.3f}, all hidden neurons equal: {equal}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Not at all. Equal neurons have equal activations, equal error terms and equal gradients, so they stay equal for ever. Three of them do no more than one, and one cannot do XOR (chapter 01).
# Any equal numbers have this problem, not only zeros. Random numbers break the tie.
#
# S1 asks for random numbers "close to zero" and does not say how close. Chapter 06 measures it.
#
# </details>

# %% [markdown]
# ## Summary
#
# - A gradient says how the error changes with each parameter. A step against it, times $\alpha$, makes the error smaller.
# - On a graph: upstream gradient times local gradient, from the result backwards. Where a node is used more than once, its shares are added.
# - The error term $\boldsymbol{\delta}^{(l)}$ is the derivative by $\mathbf{z}^{(l)}$. BP-1 starts it, BP-2 passes it back with $W^\top$, BP-3 and BP-4 turn it into gradients.
# - Over a batch, weights and biases both take the mean.
# - Test every gradient against central differences, with several samples and with uneven layers.
# - Start from random parameters, never from equal ones.

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
# 1. Make your `Node` dynamic, and write a function with an `if` that asks for a value. Does `backward` still work?
# 2. Show that softmax with the *squared* error gives another $\boldsymbol{\delta}^{(L)}$, and that it is tiny where the network is sure and wrong. What does that mean for learning?
# 3. `backward` needs all $\mathbf{z}$ and $\mathbf{a}$ of the forward pass. For a network of 100 layers, could you keep only every tenth and compute the others again? What does it cost, what does it save?
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | backpropagation | 反向传播 |
# | error, error term | 误差, 误差项 |
# | gradient, gradient descent | 梯度, 梯度下降 |
# | learning rate | 学习率 |
# | chain rule | 链式法则 |
# | computational graph; static, dynamic | 计算图; 静态图, 动态图 |
# | local gradient, upstream gradient | 局部梯度, 上游梯度 |
# | topological order | 拓扑序 |
# | Jacobian | 雅可比矩阵 |
# | Hadamard product | 哈达玛积 |
# | cross-entropy | 交叉熵 |
# | numerical gradient check, relative error | 数值梯度检验, 相对误差 |
# | automatic differentiation | 自动微分 |
