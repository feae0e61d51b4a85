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
# A network with random weights looks at a road and says something, mostly nonsense. Chapter 03 ended there. In this chapter it learns.
#
# The output is wrong. Which of the many weights are to blame, and by how much? Once you can answer that for every weight, learning is simple:
# change each weight a little, in the direction that makes the error smaller, and do it again.
#
# You build the answer from the smallest piece up: one operation, a graph of operations, a layer, a network.
# At the end your own functions learn the map of free, slow and jammed roads, and you watch the boundary move.
#
# **After this chapter you can**
#
# - find the gradient of any formula with the chain rule on a graph, and write a class that does it by itself,
# - measure any gradient, yours or anybody's, without knowing how it was computed,
# - derive how an error travels back through a layer, and write it for a network of any depth,
# - train a network with functions that you wrote yourself.
#
# **Time:** 90 minutes. **You need:** the notation of chapter 03; the derivative of a function of one variable.
#
# Each exercise has a cell for your code and a check below it. One dot is easy, three are hard.
# Run the check as often as you like. Stuck? Run `hint(...)` in a new cell. There are three hints an exercise.

# %% [markdown]
# Run this cell first. From `mine` come the functions that you wrote in chapters 02 and 03. Where yours is missing, the course's stands in.

# %%
import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, predict, progress, recall

from mine import forward, init_params, sigmoid, sigmoid_derivative, softmax

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ### What you still know
# <!-- cut -->
#
# Three questions on chapter 03. They give no marks.

# %% [markdown] recall="forward_shape"
# A layer takes 5 inputs and has 4 neurons. Which shape has its weight matrix $W$?
# <!-- option: (4, 5) :: Right: one row a neuron, one column an input. -->
# <!-- option: (5, 4) :: You count inputs first. In $W \mathbf{a}$ each row of $W$ meets the whole input, so there is one row a neuron. -->
#
# <details><summary>Answer</summary>
#
# (4, 5): one row for each neuron, one column for each input.
#
# </details>

# %% [markdown] recall="forward_z_and_a"
# What is the difference between $\mathbf{z}^{(l)}$ and $\mathbf{a}^{(l)}$?
#
# <details><summary>Answer</summary>
#
# $\mathbf{z}^{(l)} = W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}$ is what a layer adds up, the pre-activation. $\mathbf{a}^{(l)} = f(\mathbf{z}^{(l)})$ is what it hands on.
#
# </details>

# %% [markdown] recall="forward_third_share"
# A softmax has three outputs. Two of them are 0.5 and 0.2. What is the third?
# <!-- answer: 0.3 ± 0.001 -->
#
# <details><summary>Answer</summary>
#
# 0.3, because they sum to 1.
#
# </details>

# %%
recall("forward_shape", "forward_z_and_a", "forward_third_share")

# %% [markdown]
# ## 1. What a gradient is for
#
# To train a network is to make an **error** 误差 small. The error is one number, $E$, and it depends on every weight.
#
# We begin with the smallest network there is: one weight $w$, one input 3, one target 6. Its error is $E(w) = \frac{1}{2}(3w - 6)^2$,
# and its derivative $\frac{dE}{dw} = 3\,(3w - 6)$.

# %% [markdown] question="slope_at_one"
# **Predict.** We stand at $w = 1$. Is the derivative positive or negative there? And in which direction should $w$ go?
# <!-- say: Point at w = 1 on the curve, and ask where a ball would roll. -->
# <!-- option: negative; against the derivative :: Right: the error falls to the right, so w grows. -->
# <!-- option: negative; with the derivative :: You follow the slope uphill. Against a negative slope is to the right. -->
# <!-- option: positive; against the derivative :: You look at w, not at the slope of the curve there. Put w = 1 into 3 (3w − 6). -->
#
# <details><summary>Answer</summary>
#
# The derivative is $-9$: the error falls when $w$ grows. A step *against* the derivative makes $w$ larger, and the error smaller.
# For many weights the derivatives form a vector, the **gradient** 梯度. It points to where $E$ grows fastest. So we step against it.
#
# </details>

# %%
predict("slope_at_one")

# %%
def error(w):
    """Return the error of the prediction 3 w for the target 6."""
    return 0.5 * (3 * w - 6) ** 2


w_now, rate = 1.0, 0.02
slope_now = 3 * (3 * w_now - 6)
print("slope:", slope_now)
print("here:   ", round(error(w_now), 4))
print("with:   ", round(error(w_now + rate * slope_now), 4))
print("against:", round(error(w_now - rate * slope_now), 4))

# %% [markdown] question="steps_get_shorter"
# **Predict again.** How long a step is, the **learning rate** 学习率 $\alpha$ says: $w \leftarrow w - \alpha \frac{dE}{dw}$. We keep $\alpha$ fixed. Are all steps then equally long?
# <!-- option: yes, α is fixed :: You look at α alone. The step is α times the slope. -->
# <!-- option: no, they get shorter :: Right: the slope gets smaller near the lowest point. -->
#
# <details><summary>Answer</summary>
#
# No. Near the lowest point the slope is small, and so is the step. Nobody has to shrink $\alpha$ for that.
#
# </details>

# %%
predict("steps_get_shorter")

# %%
w_now = 1.0
for step in range(5):
    move = -0.05 * 3 * (3 * w_now - 6)
    w_now = w_now + move
    print(f"step {step + 1}: moved by {move:.4f} to {w_now:.4f}")

# %% [markdown]
# ## 2. The chain rule on a graph 链式法则
#
# A network is a long formula, and nobody wants to differentiate a long formula. So we cut it into steps so short that each derivative is obvious, and join those.
#
# Take $f(x, y, z) = (x + y)\,z$. Give the step in between a name: $q = x + y$, then $f = q\,z$. Draw a circle for each number. This is a **computational graph** 计算图.

# %%
plots.show(plots.computational_graph({"q": ("+", "x", "y"), "f": ("×", "q", "z")}))

# %% [markdown]
# ### First: each step alone
#
# If $x$ grows by a little, by how much does $q$ grow? By the same. If $q$ grows by 1, how much does $f$ grow? By $z$.
# Such derivatives of one single step are its **local gradients** 局部梯度. They ask for nothing but the step's own numbers:
#
# | operation | result | local gradients, one for each argument |
# |---|---|---|
# | sum | $u + v$ | $1$ and $1$ |
# | product | $u \, v$ | $v$ and $u$ |
# | exponential | $e^{u}$ | ? |
# | reciprocal | $1 / u$ | ? |
# | difference | $u - v$ | ? |
# | quotient | $u / v$ | ? |
#
# ### Exercise `local_gradients` ●○○
#
# Fill in the four that are missing. `values` holds the numbers that the operation works on.

# %% exercise="local_gradients"
def local_gradients(op, values):
    """Return the local gradients of an operation: a list, a number an argument.

    op : "+", "*", "exp", "1/x", "-" or "/"
    values : list of the arguments' values; one for "exp" and "1/x", else two
    """
    if op == "+":
        return [1.0, 1.0]
    if op == "*":
        u, v = values
        return [v, u]
    ### BEGIN SOLUTION
    # step: With one argument there is one local gradient. The exponential is its own.
    if op == "exp":
        return [np.exp(values[0])]
    if op == "1/x":
        return [-1 / values[0] ** 2]
    # step: A difference falls when what is taken away grows.
    u, v = values
    if op == "-":
        return [1.0, -1.0]
    # step: The quotient is u times 1/v. Take one of the two at a time.
    return [1 / v, -u / v**2]
    ### END SOLUTION


# %% check="local_gradients"
check(local_gradients)

# %% [markdown]
# ### Second: forward
# <!-- cut -->
#
# A whole graph is a list of steps, in an order in which every step comes after those it needs.
# `("+", 0, 1)` adds nodes 0 and 1, counted from 0, leaves first. So the graph above is
#
# | node | 0 | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|---|
# | | $x$ | $y$ | $z$ | $q$: `("+", 0, 1)` | $f$: `("*", 3, 2)` |
#
# ### Exercise `graph_values` ●○○
#
# Go through the steps and compute the value of each node. `OPS` knows how each operation is computed.

# %% exercise="graph_values"
OPS = {
    "+": lambda u, v: u + v,
    "-": lambda u, v: u - v,
    "*": lambda u, v: u * v,
    "/": lambda u, v: u / v,
    "exp": lambda u: np.exp(u),
    "1/x": lambda u: 1 / u,
}


def graph_values(leaves, steps):
    """Return the list of the values of all nodes, leaves first.

    leaves : list of numbers, the first nodes
    steps : list of (operation, argument, ...); arguments are positions of nodes
    """
    ### BEGIN SOLUTION
    # step: Copy the leaves: whoever gave them may still need the list.
    values = list(leaves)
    # step: Each step looks its arguments up among the nodes so far, and adds one.
    for op, *arguments in steps:
        values.append(OPS[op](*[values[i] for i in arguments]))
    return values
    ### END SOLUTION


# %% check="graph_values"
check(graph_values)

# %% [markdown]
# ### Third: backward
#
# Now the other way. At the result we know one gradient for certain: $f$ by itself, and that is 1.
# From there we go back, one step at a time. What has arrived at a node is its **upstream gradient** 上游梯度. The chain rule multiplies it by the local gradient:
#
# $$\frac{\partial f}{\partial y} = \underbrace{\frac{\partial f}{\partial q}}_{\text{upstream}} \cdot \underbrace{\frac{\partial q}{\partial y}}_{\text{local}}$$

# %% [markdown] question="first_graph_y"
# **Predict.** Let $x = -2$, $y = 5$, $z = -4$. Go forward first: $q$, then $f$. Then go back: by $z$, by $q$, and at last $\frac{\partial f}{\partial y}$. Which number is that?
# <!-- answer: -4 ± 0.01 -->
#
# <details><summary>Answer</summary>
#
# $q = 3$ and $f = -12$. The product gives $\frac{\partial f}{\partial z} = q = 3$ and $\frac{\partial f}{\partial q} = z = -4$.
# The sum passes its gradient on unchanged, so $x$ and $y$ get $-4$ each.
#
# </details>

# %%
predict("first_graph_y")

# %% [markdown] question="used_three_times"
# **And one more.** In $x^2 + x^3$ the node $x$ is used several times. It gets a share of the gradient from each use. What becomes of the shares?
# <!-- option: they are added :: Right: a change of x reaches the result on each of the ways, and the effects add up. -->
# <!-- option: they are multiplied :: You multiply along one way. Here are several ways beside each other. -->
# <!-- option: the last one counts :: Then the other uses of x would have no effect on the result. Move x a little and see what changes. -->
#
# <details><summary>Answer</summary>
#
# They are added. So every gradient starts at 0, and each use adds its share. At $x = 3$: $2x + 3x^2 = 33$.
#
# </details>

# %%
predict("used_three_times")

# %% [markdown]
# ### Exercise `graph_gradients` ●●○
#
# Go back through the steps, last one first. Use your `graph_values` and your `local_gradients`.

# %% exercise="graph_gradients"
def graph_gradients(leaves, steps):
    """Return the values of all nodes, and the gradients of the last by each, two lists.

    leaves, steps : as graph_values takes them
    """
    ### BEGIN SOLUTION
    # step: Forward first. Every gradient starts at 0; that of the result by itself is 1.
    values = graph_values(leaves, steps)
    gradients = [0.0] * len(values)
    gradients[-1] = 1.0
    # step: Back from the last step. Count the nodes along, from the end.
    for node in reversed(range(len(leaves), len(values))):
        op, *arguments = steps[node - len(leaves)]
        local = local_gradients(op, [values[i] for i in arguments])
        # step: Each argument adds upstream times local to what it has.
        for i, slope in zip(arguments, local, strict=True):
            gradients[i] += gradients[node] * slope
    return values, gradients
    ### END SOLUTION


# %% check="graph_gradients"
check(graph_gradients)

# %% [markdown]
# Your numbers in the picture: values above, gradients below.

# %%
with checkpoint(graph_gradients):
    values, gradients = graph_gradients([-2.0, 5.0, -4.0], [("+", 0, 1), ("*", 3, 2)])
    names = ["x", "y", "z", "q", "f"]
    picture = plots.computational_graph(
        {"q": ("+", "x", "y"), "f": ("×", "q", "z")},
        values=dict(zip(names, values, strict=True)),
        gradients=dict(zip(names, gradients, strict=True)),
    )
    plots.show(picture)

# %% [markdown]
# ### Play with it
# <!-- cut -->
#
# Step through a graph. Values flow forward, gradients flow back. Before each step, say what will appear.

# %% tags=["demo"]
from nnlab import demos

demos.backpropagation()

# %% [markdown]
# ## 3. A graph that builds itself 动态图
# <!-- cut -->
#
# Nobody wants to count nodes. We would like to write `(x + y) * z`, and the graph should grow on the way.
#
# Python allows that: a class may say what `+` and `*` mean for its objects. So let a number be a **Node**. When `x + y` is computed, a new node is born,
# and it notes three things: its value, which nodes it came from, and the local gradients. This is enough to go back later.
#
# To go back we need an order again, each node after its arguments: a **topological order** 拓扑序. `order()` finds it. A node asks its arguments first, and only then adds itself.
#
# ### Exercise `node_gradients` ●●○
#
# `+` and `1/u` are written. Write `*`, `exp` and `backward` in the same spirit. The function below the class only drives it, for the check.

# %% exercise="node_gradients"
class Node:
    """A number that knows from which nodes it was made, and the local gradients."""

    def __init__(self, value, arguments=(), local=()):
        self.value = value
        self.arguments = arguments
        self.local = local
        self.grad = 0.0

    def __add__(self, other):
        return Node(self.value + other.value, (self, other), (1.0, 1.0))

    def inverse(self):
        """Return the node of 1 / self."""
        return Node(1 / self.value, (self,), (-1 / self.value**2,))

    def __mul__(self, other):
        ### BEGIN SOLUTION
        # step: The value, the two nodes, and how fast the product grows with each.
        return Node(self.value * other.value, (self, other), (other.value, self.value))
        ### END SOLUTION

    def exp(self):
        """Return the node of e to the power of self."""
        ### BEGIN SOLUTION
        # step: The exponential is its own slope.
        power = np.exp(self.value)
        return Node(power, (self,), (power,))
        ### END SOLUTION

    def order(self, done=None):
        """List this node and all it depends on, each after its arguments."""
        done = [] if done is None else done
        if self not in done:
            for argument in self.arguments:
                argument.order(done)
            done.append(self)
        return done

    def backward(self):
        """Set grad, here and in all it depends on: the gradient of this node by each."""
        ### BEGIN SOLUTION
        # step: Begin anew, however often this is called.
        for node in self.order():
            node.grad = 0.0
        self.grad = 1.0
        # step: From the result back. Upstream times local, added.
        for node in reversed(self.order()):
            for argument, slope in zip(node.arguments, node.local, strict=True):
                argument.grad += node.grad * slope
        ### END SOLUTION


def node_gradients(leaves, steps):
    """Build a graph of Nodes, go back twice, and return all values and gradients.

    leaves, steps : as graph_values takes them, with the operations + * exp 1/x
    """
    build = {"+": lambda u, v: u + v, "*": lambda u, v: u * v, "exp": lambda u: u.exp(), "1/x": lambda u: u.inverse()}
    nodes = [Node(value) for value in leaves]
    for step in steps:
        nodes.append(build[step[0]](*[nodes[i] for i in step[1:]]))
    nodes[-1].backward()
    nodes[-1].backward()  # nothing of the first run may be left
    return [node.value for node in nodes], [node.grad for node in nodes]


# %% check="node_gradients"
check(node_gradients)

# %% [markdown]
# You have built a small engine of **automatic differentiation** 自动微分. PyTorch's works like this, with arrays in place of numbers.
#
# Let it work out three graphs that the lectures do by hand. The first you know. The second is a neuron with the weights $(2, -3)$, the inputs $(-1, -2)$ and the bias $-3$, cut into single steps.
# Just before its last step the gradient is negative: a larger denominator makes a fraction smaller. The third is $\sigma(wx + b)$ at $x = 1$, $w = b = 0$.

# %% checkpoint="worked_graphs"
with checkpoint(node_gradients):
    x, y, z = Node(-2.0), Node(5.0), Node(-4.0)
    f = (x + y) * z
    f.backward()
    print("sum and product: f =", f.value, " gradients of x, y, z:", x.grad, y.grad, z.grad)

    minus_one, one = Node(-1.0), Node(1.0)
    w0, x0, w1, x1, w2 = Node(2.0), Node(-1.0), Node(-3.0), Node(-2.0), Node(-3.0)
    below = one + ((w0 * x0 + w1 * x1 + w2) * minus_one).exp()
    f = below.inverse()
    f.backward()
    print(f"neuron: before the last step {below.value:.2f}, its gradient {below.grad:.2f}")
    print(f"neuron: out {f.value:.2f}")
    gradients = [f"{node.grad:.2f}" for node in (w0, x0, w1, x1, w2)]
    print("neuron: gradients of w0, x0, w1, x1, w2:", *gradients)

    x, w, b = Node(1.0), Node(0.0), Node(0.0)
    h1 = x * w
    h2 = h1 + b
    h3 = h2 * minus_one
    h4 = h3.exp()
    h5 = h4 + one
    h6 = h5.inverse()
    h6.backward()
    chain = [h1, h2, h3, h4, h5, h6]
    print("sigmoid: h1 to h6:", *(f"{node.value:zg}" for node in chain))
    print("sigmoid: gradients of h6 to h1:", *(f"{node.grad:g}" for node in reversed(chain)))
    print(f"sigmoid: gradient of w: {w.grad:g}")

# %% [markdown]
# ### A graph that changes from sample to sample
# <!-- cut -->
#
# Your graph is **dynamic** 动态图: each value is known as soon as its node is made. So a program may look at it, and go on in another way. A list of steps, as in section 2, is **static** 静态图: it is fixed before any number is known,
# and can be planned and run in parallel for that.

# %% [markdown] question="dynamic_gradient"
# **Predict.** Below, `halve` halves $x$ until it is below 1, and only then squares it. From $x = 6$ it halves three times: $f = (x / 8)^2$. What is $\frac{df}{dx}$ at 6?
# <!-- answer: 0.1875 ± 0.003 -->
#
# <details><summary>Answer</summary>
#
# $2 \cdot \frac{6}{8} \cdot \frac{1}{8} = 0.1875$. The loop itself has no derivative. What is differentiated are the steps that were taken.
# From another $x$ the graph is another one. In the second line $x$ and $y$ are used twice each: $\frac{\partial f}{\partial x} = 2xy = 24$, $\frac{\partial f}{\partial y} = x^2 + 1 = 10$.
#
# </details>

# %%
predict("dynamic_gradient")

# %% checkpoint="dynamic_graph"
with checkpoint(node_gradients):

    def halve(x):
        """Halve x until it is below 1, then square it: how often depends on x."""
        while x.value >= 1:
            x = x * Node(0.5)
        return x * x

    for start in (6.0, 0.8):
        x = Node(start)
        f = halve(x)
        f.backward()
        print(f"x = {start}: f = {f.value:.4f} from {len(f.order())} nodes, slope {x.grad:.4f}")

    x, y = Node(3.0), Node(4.0)
    f = x * x * y + (y + Node(2.0))
    f.backward()
    print("x²y + (y + 2): f =", f.value, " gradients of x, y:", x.grad, y.grad)

# %% [markdown]
# ### A valley that is not the deepest
# <!-- cut -->
#
# Your `Node` can now walk downhill on any curve made of sums and products. Take $E(w) = w^4 - 2w^2 + \frac{1}{2} w$. Its slope comes from `backward`, nobody differentiates.

# %% [markdown] question="two_valleys"
# **Predict.** Two walkers take 60 steps with $\alpha = 0.02$, one from $w = 1.4$, one from $w = -0.1$. Do they end in the same place?
# <!-- option: yes, at the lowest point :: You give the walker eyes. It feels only the slope under its feet. -->
# <!-- option: no :: Right: each stops in the valley that it first comes to. -->
#
# <details><summary>Answer</summary>
#
# No. The one from 1.4 stops at $w = 0.93$, where $E = -0.52$. The other stops at $w = -1.06$, where $E = -1.51$: that valley is deeper. A valley that is not the deepest is a **local minimum** 局部极小值.
# The slope there is zero, so gradient descent has no reason to leave. Where it ends depends on where it starts.
#
# </details>

# %%
predict("two_valleys")

# %%
def valleys(w):
    """Return w⁴ − 2w² + w/2, for numbers and for nodes."""
    return w * w * w * w + w * w * Node(-2.0) + w * Node(0.5)


with checkpoint(node_gradients):
    paths = {}
    for start in (1.4, -0.1):
        path = [start]
        for _ in range(60):
            w = Node(path[-1])
            valleys(w).backward()
            path.append(w.value - 0.02 * w.grad)
        paths[f"start at {start:g}".replace("-", "−")] = path
        print(f"from {start}: ends at w = {path[-1]:.2f}, E = {valleys(Node(path[-1])).value:.2f}")
    plots.show(plots.descents(lambda w: w**4 - 2 * w**2 + w / 2, paths))

# %% [markdown]
# ## 4. Measure a gradient 数值梯度检验
# <!-- cut -->
#
# A wrong gradient seldom fails. The network just learns badly, and you look for the cause elsewhere. So before we build more, we make a tool that finds the mistake.
#
# A derivative is the limit of differences, so a derivative can be *measured*. Move one number a little up and a little down, and see how much the error changes:
#
# $$\frac{\partial E}{\partial p_i} \approx \frac{E(\mathbf{p} + h \mathbf{e}_i) - E(\mathbf{p} - h \mathbf{e}_i)}{2h}$$
#
# Here $\mathbf{e}_i$ is 1 at place $i$ and 0 elsewhere.

# %% [markdown] question="two_sides"
# **Predict.** Why to both sides? Take $E(p) = p^3$ at $p = 1$, where the slope is 3, and a step $h = 0.1$. Then $(1.1^3 - 1) / 0.1$ is off by 0.31. By how much is the two-sided difference off?
# <!-- answer: 0.01 ± 0.002 -->
#
# <details><summary>Answer</summary>
#
# By 0.01. And with a tenth of $h$ the one-sided error gets ten times smaller, the two-sided one a hundred times: it is of order $h^2$.
# Do not take $h$ too small either. Then you subtract two nearly equal numbers, and the digits are gone. $10^{-5}$ is a good compromise.
#
# </details>

# %%
predict("two_sides")

# %%
for h in (0.1, 0.01):
    one_sided = ((1 + h) ** 3 - 1) / h
    two_sided = ((1 + h) ** 3 - (1 - h) ** 3) / (2 * h)
    print(f"h = {h}: one-sided off by {one_sided - 3:.4f}, two-sided by {two_sided - 3:.4f}")

# %% [markdown]
# ### Exercise `central_differences` ●●○
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
# **A mistake that you know.** In chapter 02 a classmate wrote $\sigma(z)\,\sigma(1 - z)$ for the slope of the sigmoid.
# You had to think to see it. Your tool needs no thinking: put it on the test bench, beside the slope of chapter 02.

# %%
def classmate_slope(z):
    """Return the slope of the sigmoid, or so my classmate says."""
    return sigmoid(z) * sigmoid(1 - z)


with checkpoint(central_differences):
    points = np.array([-2.0, 0.0, 3.0])
    measured = central_differences(lambda p: np.sum(sigmoid(p)), points)
    print("measured:  ", *(f"{slope:.4f}" for slope in measured))
    print("classmate: ", *(f"{slope:.4f}" for slope in classmate_slope(points)))
    print("chapter 02:", *(f"{slope:.4f}" for slope in sigmoid_derivative(points)))

# %% [markdown]
# <details><summary>Answer</summary>
#
# At 0 the slope is 0.25, as your `Node` found, and not 0.3655. The second $\sigma$ stands in the wrong place: right is $\sigma(z)\,(1 - \sigma(z))$, one minus *the sigmoid of* $z$.
# The slope of chapter 02 agrees. From here on we use it.
#
# </details>

# %% [markdown]
# ## 5. How an error travels back through a layer
#
# A graph of single numbers is general, and slow: a network with a thousand weights needs thousands of nodes. But a network is a very regular graph.
# Every layer does the same thing. So we work out *once* how an error travels back through one layer, and let matrices do all neurons at the same time.
#
# Think of it as handing out **blame**. The output was wrong, and each neuron gets its part, a number. Positive: you added up to too much. Negative: to too little.
#
# What it added up is $z$. Why do we ask just there? Every weight and every bias of layer $l$ acts on the error through $\mathbf{z}^{(l)}$, and through nothing else.
# Once we know how $E$ changes with $\mathbf{z}^{(l)}$, the rest is easy. This derivative is the blame, the **error term** 误差项:
#
# $$\boldsymbol{\delta}^{(l)} = \frac{\partial E}{\partial \mathbf{z}^{(l)}}$$
#
# **With several samples** each has its own error. So $\boldsymbol{\delta}^{(l)}$ has one column a sample, as $\mathbf{z}^{(l)}$ has: column $n$ is the derivative of *the error of sample $n$*. There is no $\frac{1}{n}$ in it.
# The error of a batch is the mean over its samples, taken once, at the very end.

# %% [markdown]
# ### Where the blame begins (BP-1)
#
# At the output we compare with the target: $E = \frac{1}{2} \sum_k (a_k - y_k)^2$ for one sample. (The ½ cancels the 2 of the square.)
# From $E$ back to $a_k$ the local gradient is $a_k - y_k$: how far off the neuron was. From $a_k$ to $z_k$ it is $f'(z_k)$: how much it could still be moved.
# Upstream times local is the first of four equations. We write it for you.

# %%
def delta_output(a, y, slope=1.0):
    """Return the error term of the output layer (BP-1): what comes from E, times f'(z).

    a, y, slope : shape (outputs, samples); slope 1 for softmax and cross-entropy
    """
    return (a - y) * slope


# %% [markdown]
# A classifier has softmax at its output and measures its error by the **cross-entropy** 交叉熵, $E = -\sum_k y_k \log a_k$. Put softmax in and something pleasant happens. The targets sum to 1, so
#
# $$E = \log \sum_j e^{z_j} - \sum_k y_k z_k, \qquad \frac{\partial E}{\partial z_k} = \frac{e^{z_k}}{\sum_j e^{z_j}} - y_k = a_k - y_k$$
#
# No slope is left. That is why `slope` may be 1.

# %% [markdown]
# ### One layer back (BP-2): yours to find
#
# Look at one neuron with the activation $a$. It feeds three neurons of the next layer, and we know already how much blame each of those carries:

# %%
w_out, delta_next = np.array([2.0, -1.0, 0.5]), np.array([0.3, 0.4, -0.2])
plots.show(plots.shares_back(w_out, delta_next))

# %% [markdown] question="blame_of_a"
# **Predict.** $a$ grows by a tiny step. Then $z_1$ grows by 2 of these steps, $z_2$ falls by 1, $z_3$ grows by ½. How much does $E$ change for each unit of $a$? In other words, what is $\frac{\partial E}{\partial a}$?
# <!-- answer: 0.1 ± 0.01 -->
#
# <details><summary>Answer</summary>
#
# Each way contributes its weight times the blame at its end, and the ways add up: $2 \cdot 0.3 - 1 \cdot 0.4 + 0.5 \cdot (-0.2) = 0.1$.
#
# </details>

# %%
predict("blame_of_a")

# %% [markdown] question="missing_factor"
# **Fill the gap.** Now with letters. $w_{ji}$ leads from neuron $i$ of layer $l$ to neuron $j$ of layer $l + 1$, as in chapter 03. Which factor is missing?
#
# $$\frac{\partial E}{\partial a_i^{(l)}} = \sum_j \boxed{\;?\;} \; \delta_j^{(l+1)}$$
# <!-- option: w_ij :: You walk forward through W. The way from i to j has the weight with j first: rows are the neurons that are fed. -->
# <!-- option: w_ji :: Right: the weight on the way from i to j. The sum runs over the rows of W. -->
# <!-- option: a_i :: That is what the weight is multiplied by. How fast does z_j grow with a_i? -->
# <!-- option: f′(z_j) :: That is in δ_j already: it is the derivative by z_j. -->
#
# <details><summary>Answer</summary>
#
# $w_{ji}$, because $z_j = \sum_i w_{ji} a_i + b_j$. The sum runs over the *rows* $j$ of $W$. In chapter 03, $W \mathbf{a}$ summed over its *columns*.
#
# </details>

# %%
predict("missing_factor")

# %% [markdown]
# One step is left, from $a_i$ back to $z_i$, through $f$. You know its local gradient.
#
# Before we trust a formula, we measure. Here is a layer of 3 neurons that feeds 4, for one sample; $E$ is a sum of squares behind them. Your `central_differences` says how $E$ changes with each of the three $z$:

# %%
with checkpoint(central_differences):
    W_next = np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5], [-2.0, 1.0, 0.5], [0.0, 0.5, 1.0]])
    z_here = np.array([[0.2], [-0.4], [1.0]])

    def error_behind(z):
        """Return the error of what three pre-activations lead to."""
        return 0.5 * np.sum((W_next @ sigmoid(z)) ** 2)

    delta_4 = W_next @ sigmoid(z_here)  # the derivative of ½ z² is z
    print("measured:", central_differences(error_behind, z_here).ravel().round(6))

# %% [markdown]
# ### Exercise `delta_hidden` ●●○
#
# Write BP-2 for all neurons and all samples at once, without a loop: collect the blame from the next layer, then go back through $f$.
# Sort out with shapes which way round the matrix has to stand: 4 neurons behind 3, so $W$ is (4, 3), what comes in is (4, samples), and what goes out (3, samples).

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

# %%
with checkpoint(delta_hidden):
    print("yours:   ", delta_hidden(delta_4, W_next, z_here, sigmoid_derivative).ravel().round(6))

# %% [markdown]
# You have derived the heart of backpropagation, and measured that it is right:
#
# $$\boldsymbol{\delta}^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \boldsymbol{\delta}^{(l+1)} \odot f'\bigl(\mathbf{z}^{(l)}\bigr) \qquad \text{(BP-2)}$$
#
# $\odot$ multiplies element by element, as `*` in NumPy (哈达玛积). What goes forward through $W$ comes back through $W^\top$.
#
# **A classmate wrote** it without the transpose. All layers have four neurons, so Python does not complain. Run it, measure, mend it.

# %%
def classmate_delta(delta, W, z, f_grad):
    """Return the error term of a hidden layer, or so my classmate says."""
    return W @ delta * f_grad(z)


with checkpoint(central_differences):
    W_square = np.arange(16.0).reshape(4, 4) / 10 - 0.8
    z_square = np.array([[0.2], [-0.4], [1.0], [0.1]])
    behind = W_square @ sigmoid(z_square)
    measured = central_differences(lambda z: 0.5 * np.sum((W_square @ sigmoid(z)) ** 2), z_square)
    print("measured: ", measured.ravel().round(4))
    print("classmate:", classmate_delta(behind, W_square, z_square, sigmoid_derivative).ravel().round(4))

# %% [markdown]
# <details><summary>Answer</summary>
#
# `W` must be `W.T`. With layers of different sizes the mistake would have stopped with an error. So test with layers of different sizes: then half of all mistakes report themselves.
#
# </details>

# %% [markdown]
# ### From blame to gradients (BP-3 and BP-4)
#
# The blame of every neuron is known. What does it say about one weight? The weight $w_{ij}$ multiplies $a_j$, and the product is added into $z_i$.

# %% [markdown] question="gradient_of_a_weight"
# **Predict.** One sample. Neuron $i$ has $\delta_i = 0.2$, and its input $j$ was $a_j = 3$. What is $\frac{\partial E}{\partial w_{ij}}$? And what would it be for the bias $b_i$, whose "input" is always 1? Enter the first.
# <!-- answer: 0.6 ± 0.01 -->
#
# <details><summary>Answer</summary>
#
# Upstream times local: $\delta_i \, a_j = 0.6$. For the bias $\delta_i \cdot 1 = 0.2$.
# So a weight is to blame in proportion to two things: how wrong its neuron was, and how much came in through it. An input of 0 leaves its weight alone.
#
# </details>

# %%
predict("gradient_of_a_weight")

# %% [markdown]
# ### Exercise `layer_gradients` ●●○
# <!-- cut -->
#
# Write both for a whole layer and a whole batch: one gradient for each pair of neuron and input, and one for each neuron.
# Here, and only here, comes the mean: each gradient is the mean of what the samples say.
#
# `dW` is to have the shape of $W$, and `db` that of $\mathbf{b}$, a column. Let the shapes tell you which product it is.

# %% exercise="layer_gradients"
def layer_gradients(delta, a):
    """Return dW and db of a layer, each the mean over the samples.

    delta : error term of the layer, shape (M, samples)
    a : activations of the layer before, shape (M_before, samples)
    """
    ### BEGIN SOLUTION
    samples = delta.shape[1]
    # step: The bias is a weight with the input 1. Average over the samples, and keep the column.
    db = np.sum(delta, axis=1, keepdims=True) / samples
    # step: A product for each pair of neuron and input. The matrix product also sums over the samples.
    # wrong: return delta @ a.T, db
    return delta @ a.T / samples, db
    ### END SOLUTION


# %% check="layer_gradients"
check(layer_gradients)

# %% [markdown]
# **A classmate wrote** the sum for the weights and the mean for the biases. With the one sample of the lecture nobody noticed. Here is a batch of 8; all inputs are 1, so a weight and a bias should move alike. Run it, say what is wrong, and mend it.

# %%
def classmate_gradients(delta, a):
    """Return dW and db, or so my classmate says."""
    return delta @ a.T, np.mean(delta, axis=1, keepdims=True)


delta_8, a_8 = np.full((2, 8), 0.5), np.ones((3, 8))
dW_8, db_8 = classmate_gradients(delta_8, a_8)
print("a weight's gradient:", dW_8[0, 0])
print("a bias's gradient:  ", db_8[0, 0])

# %% [markdown]
# <details><summary>Answer</summary>
#
# The product of the matrices has summed over the 8 samples. So the weights move 8 times as far as the biases. Nothing fails; the network only learns worse with each larger batch. Divide the product by the number of samples.
#
# </details>

# %% [markdown]
# ## 6. The whole way back
#
# All pieces are there. Put them in order: the error term of the output, back through every layer, and in each layer the gradients.

# %% [markdown] question="parsons_backward"
# **Put in order.** A network with two layers of weights. Its gradients take four of these six lines. Which four, and in which order? Enter the letters, such as `ABCD`.
#
# | | |
# |---|---|
# | A | `dW_1, db_1 = layer_gradients(delta_1, a[0])` |
# | B | `delta_2 = delta_output(a[2], y, f_out_grad(z[1]))` |
# | C | `dW_2, db_2 = layer_gradients(delta_2, a[1])` |
# | D | `delta_1 = delta_hidden(delta_2, W[1], z[0], f_grad)` |
# | E | `delta_1 = delta_hidden(delta_2, W[0], z[1], f_grad)` |
# | F | `dW_2, db_2 = layer_gradients(delta_2, a[2])` |
#
# Mind how the lists are counted: `W[0]` and `z[0]` belong to layer 1, but `a[0]` is the input.
# <!-- answer: BCDA | BDCA | BDAC | B C D A | B D C A | B D A C -->
#
# <details><summary>Answer</summary>
#
# BCDA, or C later: BDCA, BDAC. The blame begins at the output (B) and goes back through `W[1]`, which leads from layer 1 to layer 2, to the place `z[0]` of layer 1 (D).
# Each layer's gradients need its own blame and what came *into* it: `a[1]` into layer 2 (C), the input `a[0]` into layer 1 (A).
#
# </details>

# %%
predict("parsons_backward")

# %% [markdown]
# ### Exercise `backward` ●●●
#
# Now for any number of layers. `W`, `z` and `a` are the lists of chapter 03. Return two lists, `dW` and `db`, in the order of `W`.

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
    pairs = [layer_gradients(delta, a_in) for delta, a_in in zip(deltas, a[:-1], strict=True)]
    return [dW for dW, _ in pairs], [db for _, db in pairs]
    ### END SOLUTION


# %% check="backward"
check(backward)

# %% [markdown]
# ### On the test bench
# <!-- cut -->
#
# A network 4-5-4-3, seven random samples, softmax and cross-entropy. Each gradient is compared with the measured one by its **relative error** 相对误差,
# $\lVert g - m \rVert / \max(\lVert g \rVert, \lVert m \rVert)$, where $\lVert \cdot \rVert$ is the length of all elements as one vector. Below $10^{-6}$ is fine.
# The last lines do the same to the classmate's sum over the batch.

# %% [markdown] question="error_of_the_sum"
# **Predict.** With seven samples the classmate's gradient is 7 times the right one. What is its relative error?
# <!-- answer: 0.857 ± 0.005 -->
#
# <details><summary>Answer</summary>
#
# $1 - 1/7 \approx 0.857$. With a batch of one sample it would be 0, and the mistake would pass. So test with several samples, and with layers of different sizes.
#
# </details>

# %%
predict("error_of_the_sum")

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


with checkpoint(backward, central_differences):
    rng = np.random.RandomState(0)
    W, b = init_params([4, 5, 4, 3], rng)
    x, y = rng.standard_normal((4, 7)), np.eye(3)[:, rng.randint(3, size=7)]
    z, a = forward(x, W, b, sigmoid, softmax)
    dW, db = backward(y, W, z, a, sigmoid_derivative, np.ones_like)

    for i in range(3):
        by_W, by_b = measure(W, b, x, y, i)
        fine = [bool(relative_error(*pair) < 1e-6) for pair in ((dW[i], by_W), (db[i], by_b))]
        print(f"layer {i + 1}: weights fine: {fine[0]}, biases fine: {fine[1]}")

    summed = delta_output(a[-1], y) @ a[-2].T
    factor = np.linalg.norm(summed) / np.linalg.norm(by_W)
    print(f"the classmate's sum: relative error {relative_error(summed, by_W):.4f}")
    print(f"the classmate's sum: longer by the factor {factor:.4f}")

# %% [markdown]
# ### Exercise `optimize` ●○○
# <!-- cut -->
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
# ## 7. It learns
#
# `forward` says what the network thinks, `backward` who is to blame, `optimize` mends it a little. Three lines, again and again. That is all of learning.
#
# ### The road
#
# Here is the map of chapter 01 again: one road through seven days, its speed across, its stops up. Five days are for learning, two are kept back.
# Your network has two inputs, eight hidden neurons and three outputs: free, slow, jammed. It has never seen a road.

# %% [markdown] question="how_right"
# **Predict.** After 1,000 steps, how many of 100 rows from the two days it has *never seen* will it call by their right name? Guessing gives 33.
# <!-- answer: 93 ± 7 -->
#
# <details><summary>Answer</summary>
#
# About 93. Most of the rest lie where the states overlap: at the same speed and the same stops the road is slow now and jammed then. On two features nobody could tell them apart.
# The course's own fast network, with all its tricks, gets no further on this map.
#
# </details>

# %%
predict("how_right")

# %%
from nnlab.data import load_traffic

town = load_traffic()
here, early = town.road == "A6", town.day <= 5
features = np.array([town.data[:, 0] / 10, town.data[:, 4]])  # speed in 10 km/h, stops a vehicle
X_road, y_road = features[:, here & early], town.target[here & early]
X_new, y_new = features[:, here & ~early], town.target[here & ~early]
targets = np.eye(3)[:, y_road]  # a column with a single 1 for each row
middle, spread = X_road.mean(axis=1, keepdims=True), X_road.std(axis=1, keepdims=True)


def says(W, b, points):
    """Return the network's three shares for each point of the map."""
    return forward((points - middle) / spread, W, b, sigmoid, softmax)[1][-1]


print("to learn from:", X_road.shape[1], " kept back:", X_new.shape[1])

# %% checkpoint="road"
with checkpoint(backward, optimize):
    W, b = init_params([2, 8, 3], np.random.default_rng(1))
    costs, snapshots = [], {}
    for step in range(1001):
        z, a = forward((X_road - middle) / spread, W, b, sigmoid, softmax)
        costs.append(-np.mean(np.log(np.sum(targets * a[-1], axis=0))))
        if step in (0, 10, 100, 1000):
            snapshots[f"after {step} steps"] = W, b
            right = np.mean(says(W, b, X_new).argmax(axis=0) == y_new)
            print(f"after {step:4} steps: cost {costs[-1]:.2f}, right on the new days {right:.2f}")
        W, b = optimize(W, b, *backward(targets, W, z, a, sigmoid_derivative, np.ones_like), 3.0)

# %%
with checkpoint(backward, optimize):
    plots.show(plots.cost_curves({"your network": costs}, title="The error falls", xlabel="steps"))
    maps = {title: lambda points, parts=parts: says(*parts, points) for title, parts in snapshots.items()}
    plots.show(plots.road_map(X_road, y_road, maps))

# %% [markdown]
# Look at the boundary: first anywhere, then roughly right, then bent to the data. Nobody told the network where it runs. You wrote every line that found it.

# %% [markdown]
# ### A small network, digit by digit
# <!-- cut -->
#
# You know it from chapter 03: inputs (0.10, 0.20), outputs 0.702307507 and 0.714634132. The targets are 0.85 and 0.30, and $\alpha = 1$. One step by hand fills a page in the lecture.

# %% [markdown]
# The first output is too small, the second too large. So $w_5$, which leads to the first, will grow. But $w_1$ leads to a hidden neuron that feeds *both* outputs, and they pull in opposite directions. Only the sum tells.

# %% checkpoint="small_network"
with checkpoint(backward, optimize):
    x_4, y_4 = np.array([[0.10], [0.20]]), np.array([[0.85], [0.30]])
    W_4 = [np.array([[0.05, 0.15], [0.10, 0.20]]), np.array([[0.25, 0.35], [0.30, 0.40]])]
    b_4 = [np.full((2, 1), 0.35), np.full((2, 1), 0.50)]

    z, a = forward(x_4, W_4, b_4, sigmoid, sigmoid)
    errors = 0.5 * (a[2] - y_4) ** 2
    print("hidden:", *(f"{value:.9f}" for value in a[1].ravel()))
    print("output:", *(f"{value:.9f}" for value in a[2].ravel()))
    print(f"errors: {errors[0, 0]:.9f} + {errors[1, 0]:.9f} = {errors.sum():.9f}")

    delta_out = delta_output(a[2], y_4, sigmoid_derivative(z[1]))
    shares = W_4[1][:, 0] * delta_out.ravel()
    slope_h, slope_o = sigmoid_derivative(z[0])[0, 0], sigmoid_derivative(z[1])[0, 0]
    print(f"slopes: {slope_o:.9f} at the output, {slope_h:.9f} in the hidden layer")
    print(f"delta of output 1: {delta_out[0, 0]:.9f}")
    print(f"back to hidden neuron 1: {shares[0]:.9f} + {shares[1]:.9f} = {shares.sum():.9f}")

    dW, db = backward(y_4, W_4, z, a, sigmoid_derivative, sigmoid_derivative)
    print(f"gradient of w5: {dW[1][0, 0]:.9f}   of w1: {dW[0][0, 0]:.9f}")
    new_W, new_b = optimize(W_4, b_4, dW, db, 1.0)
    print(f"new w5: {new_W[1][0, 0]:.9f}   new w1: {new_W[0][0, 0]:.9f}")

    W, b = new_W, new_b
    for _ in range(999):
        z, a = forward(x_4, W, b, sigmoid, sigmoid)
        W, b = optimize(W, b, *backward(y_4, W, z, a, sigmoid_derivative, sigmoid_derivative), 1.0)
    z, a = forward(x_4, W, b, sigmoid, sigmoid)
    print(f"after 1000 steps: {a[2][0, 0]:.4f} and {a[2][1, 0]:.4f}")

# %% [markdown]
# The lecture stops after one step, and has the same digits; where it cuts the ninth off, ours is rounded. After 1,000 steps both outputs stand on their targets.

# %% [markdown]
# ### The lecture's sample, to the end
# <!-- cut -->
#
# The network 5-4-3-3 of chapter 03, one sample $(4, 0, 2, 3, 3)$ of class 1 (slow), $\alpha = 0.01$. The lecture takes fifty steps.

# %% [markdown] question="fifty_steps_enough"
# **Predict.** Before training, this network gives the right class a share of 0.01. Is it the largest after 50 steps? After 500?
# <!-- option: after 50 already :: You trust the learning rate too much: each step is a hundredth of the gradient. -->
# <!-- option: not after 50, but after 500 :: Right: fifty small steps are few. -->
# <!-- option: not even after 500 :: You expect the pace of the first fifty steps to last. They add only 0.05, but that is already six times the share. -->
#
# <details><summary>Answer</summary>
#
# After fifty steps the share has risen to 0.06, still the smallest. After 500 it is 0.92, after 5,000 it is 0.995. It comes ever closer to 1 and never arrives.
#
# </details>

# %%
predict("fifty_steps_enough")

# %% checkpoint="fifty_steps"
with checkpoint(backward, optimize):
    W, b = init_params([5, 4, 3, 3], np.random.RandomState(42))
    x, y = np.array([[4.0], [0], [2], [3], [3]]), np.array([[0.0], [1], [0]])
    for step in range(5001):
        z, a = forward(x, W, b, sigmoid, softmax)
        if step in (0, 1, 50, 500, 5000):
            print(f"after {step:4} steps:", *(f"{share:.4f}" for share in a[-1].ravel()))
        W, b = optimize(W, b, *backward(y, W, z, a, sigmoid_derivative, np.ones_like), 0.01)

# %% [markdown]
# ### XOR, and why not to start from zeros
# <!-- cut -->
#
# XOR was what one neuron cannot do (chapter 01). Three hidden neurons can learn it, if they are allowed to differ.

# %% [markdown] question="equal_start"
# **Predict.** A network 2-3-1 learns XOR, first from zeros, then from random numbers, 5,000 steps each. How different can the three hidden neurons become when they start equal?
# <!-- option: as different as they need :: You hope that learning tells them apart. What would it tell them apart by? -->
# <!-- option: not at all :: Right: equal neurons get equal blame, and stay equal. -->
#
# <details><summary>Answer</summary>
#
# Not at all. Equal neurons have equal activations, equal error terms and equal gradients, so they stay equal for ever. Three of them do no more than one, and one cannot do XOR.
# Any equal numbers have this problem, not only zeros. Random numbers break the tie. How large they should be, chapter 06 measures.
#
# </details>

# %%
predict("equal_start")

# %% checkpoint="zero_start"
with checkpoint(backward, optimize):
    x_xor, y_xor = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0.0, 1, 1, 0]])

    def learn(W, b):
        """Return the weights after 5000 steps, and what the network then answers."""
        for _ in range(5000):
            z, a = forward(x_xor, W, b, sigmoid, sigmoid)
            W, b = optimize(W, b, *backward(y_xor, W, z, a, sigmoid_derivative, sigmoid_derivative), 5.0)
        return W, a[-1].ravel()

    W_random, b_random = init_params([2, 3, 1], np.random.RandomState(1))
    for name, factor in (("zeros", 0), ("random", 1)):
        W, answers = learn([factor * w for w in W_random], [factor * v for v in b_random])
        equal = np.allclose(W[0], W[0][0])
        print(f"{name}: answers", *(f"{answer:.1f}" for answer in answers), f"all hidden neurons equal: {equal}")

# %% [markdown]
# ## 8. A challenge
# <!-- cut -->
#
# ### Exercise `softmax_squared_delta` ●●● The challenge
#
# For those who want more; it gives no points. Softmax with the *squared* error, $E = \frac{1}{2} \sum_k (a_k - y_k)^2$. Now the slope does not vanish. And it is no slope of single numbers either:
# every $a_j$ depends on every $z_k$, with $\frac{\partial a_j}{\partial z_k} = a_j (1 - a_k)$ for $j = k$ and $-a_j a_k$ else.
#
# Find $\delta_k = \frac{\partial E}{\partial z_k}$ for a batch, from $\mathbf{a}$ and $\mathbf{y}$ alone. Your `central_differences` will tell you whether you are right before the check does.

# %% exercise="softmax_squared_delta"
def softmax_squared_delta(a, y):
    """Return the error term of softmax and squared error, one column a sample.

    a : outputs of softmax, shape (classes, samples)
    y : targets, same shape
    """
    ### BEGIN SOLUTION
    # step: From E back to every a_j. Then each z_k collects from all of them.
    e = a - y
    # step: The part with -a_j a_k is the same sum for every k of a sample.
    shared = np.sum(a * e, axis=0)
    return a * (e - shared)
    ### END SOLUTION


# %% check="softmax_squared_delta"
check(softmax_squared_delta)

# %% [markdown]
# Look at your result where the network is sure and wrong, $\mathbf{a} \approx (1, 0, 0)$ and $\mathbf{y} = (0, 1, 0)$. What is $\boldsymbol{\delta}$ there? Would you want to learn with it?
#
# <details><summary>Answer</summary>
#
# Nearly zero: $a_k$ stands in front, and where $a_k = 1$ the bracket vanishes. The worse the mistake, the less is learned. With cross-entropy $\boldsymbol{\delta} = \mathbf{a} - \mathbf{y} = (1, -1, 0)$. That is why classifiers use it.
#
# </details>

# %% [markdown]
# ## Summary
#
# - A gradient says how the error changes with each parameter. A step against it, times $\alpha$, makes the error smaller, down to the next valley.
# - On a graph: upstream gradient times local gradient, from the result backwards. Where a node is used more than once, its shares are added.
# - The error term $\boldsymbol{\delta}^{(l)}$ is the blame at $\mathbf{z}^{(l)}$, one column a sample, without $\frac{1}{n}$:
#
# | | equation | in words |
# |---|---|---|
# | BP-1 | $\boldsymbol{\delta}^{(L)} = (\mathbf{a}^{(L)} - \mathbf{y}) \odot f_L'(\mathbf{z}^{(L)})$ | where the blame begins |
# | BP-2 | $\boldsymbol{\delta}^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \boldsymbol{\delta}^{(l+1)} \odot f_l'(\mathbf{z}^{(l)})$ | one layer back |
# | BP-3 | $\partial E / \partial W^{(l)} = \frac{1}{n} \, \boldsymbol{\delta}^{(l)} \bigl(\mathbf{a}^{(l-1)}\bigr)^\top$ | the weights: mean over the batch |
# | BP-4 | $\partial E / \partial \mathbf{b}^{(l)} = \frac{1}{n} \sum$ of the columns of $\boldsymbol{\delta}^{(l)}$ | the biases: mean over the batch |
#
# - Test every gradient against central differences, with several samples and with uneven layers.
# - Start from random parameters, never from equal ones.

# %% [markdown]
# ### What stays with you
# <!-- cut -->
#
# Five questions. They give no marks.

# %% [markdown] recall="back_why_against"
# Why do we step *against* the gradient?
#
# <details><summary>Answer</summary>
#
# It points to where the error grows fastest, and the error is to fall.
#
# </details>

# %% [markdown] recall="back_shares"
# A node is used by two others. From one it gets the gradient 3, from the other −1. What is its gradient?
# <!-- answer: 2 ± 0.01 -->
#
# <details><summary>Answer</summary>
#
# 2. Shares are added.
#
# </details>

# %% [markdown] recall="back_which_matrix"
# Forward through a layer goes $W \mathbf{a}$. Which matrix leads $\boldsymbol{\delta}$ back?
# <!-- option: W :: You would go forward again. The shapes say no, unless both layers have the same size. -->
# <!-- option: Wᵀ :: Right: each neuron collects from the rows that it feeds. -->
# <!-- option: the inverse of W :: We do not undo the layer, we ask who is to blame. And most W have no inverse. -->
#
# <details><summary>Answer</summary>
#
# $W^\top$.
#
# </details>

# %% [markdown] recall="back_where_the_mean"
# Where is the mean over the samples of a batch taken?
# <!-- option: in δ of the output :: You would carry 1/n through all layers. Here δ belongs to one sample, a column each. -->
# <!-- option: where dW and db are formed :: Right: once, in BP-3 and BP-4. -->
# <!-- option: in the weights only :: Then weights and biases would move at different speeds. -->
#
# <details><summary>Answer</summary>
#
# Once, where $dW$ and $d\mathbf{b}$ are formed.
#
# </details>

# %% [markdown] recall="back_softmax_delta"
# What is $\boldsymbol{\delta}$ at a softmax output with cross-entropy?
#
# <details><summary>Answer</summary>
#
# $\mathbf{a} - \mathbf{y}$: what the network said minus what is true. No slope is left in it.
#
# </details>

# %%
recall("back_why_against", "back_shares", "back_which_matrix", "back_where_the_mean", "back_softmax_delta")

# %%
progress()

# %% [markdown]
# ### Your library
#
# What you have written so far, in all chapters. Chapter 05 trains with your `backward` and `optimize`.

# %%
own_code()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# Describe backpropagation as a computational graph. What are the nodes, and what does each of them know? What travels forward, and what travels back? What happens where a node is used more than once? And why is one way back enough for all parameters?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="graphs"
# <!-- criterion: 1 :: Names inputs, parameters and results of operations as nodes, and says that each operation knows its arguments and its local gradients. -->
# <!-- criterion: 1 :: Goes back from 1 at the result: upstream times local gradient at each step, shares added where a node is used more than once, and every node passed once, so that all gradients come out of one pass. -->
#
# The nodes are numbers: inputs, parameters, and the result of each operation. An operation knows which nodes it was made from, and its local gradient for each of them. Forward travel the values.
# Back travels the gradient of the result, from 1 at the result itself: each node multiplies what has arrived by its local gradients and hands it to its arguments. Where a node was used several times, the shares are added.
# Each node is passed once, after all who used it. So one pass gives the gradient by every parameter, and does not cost more than a few times the way forward.

# %% [markdown]
# ### Before you hand in
# <!-- cut -->
#
# Save the notebook, then run this cell. It says which answers are found, what would be mended, and what is worth how many points.

# %% tags=["demo"]
from nnlab import accepted

accepted()

# %% [markdown]
# ## Further
# <!-- cut: home -->
#
# ### Why not train with measured gradients?
#
# Measuring is so simple. Count: how often is `cost` called for a network of 51 parameters, and how often does `backward` run?
#
# <details><summary>Answer</summary>
#
# Twice for each parameter: 102 forward passes. `backward` runs once, and costs about two forward passes, for any number of parameters. For a million parameters that is a factor of about a million.
#
# </details>
#
# ### The order of a chain of vectors
#
# For vectors each factor of the chain rule is a matrix, a **Jacobian** 雅可比矩阵, with one row for each output and one column for each input. Below, `inner` belongs to a step from 3 to 4 numbers, `outer` to a step from 4 to 2. Which order do the shapes allow?

# %%
inner, outer = np.ones((4, 3)), np.ones((2, 4))
for name, left, right in (("inner @ outer", inner, outer), ("outer @ inner", outer, inner)):
    try:
        print(name, "has shape", (left @ right).shape)
    except ValueError:
        print(name, "is not defined")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The outermost function stands on the left. Some books write Jacobians with one row for each *input*. Then every factor is transposed, and the order turns round. Both are sound, as long as a text says which one it uses.
#
# </details>
#
# ### The same network by your `Node`
#
# The small network of section 7 once more, as a graph of single numbers. Which of its gradients will differ from those of `backward`?

# %%
with checkpoint(node_gradients):
    minus_one, one, half = Node(-1.0), Node(1.0), Node(0.5)

    def neuron_node(weights, inputs, bias):
        """Return the graph of one sigmoid neuron."""
        total = bias
        for weight, value in zip(weights, inputs, strict=True):
            total = total + weight * value
        return (one + (total * minus_one).exp()).inverse()

    w = [Node(value) for value in (0.05, 0.15, 0.10, 0.20, 0.25, 0.35, 0.30, 0.40)]
    inputs, b1, b2 = [Node(0.10), Node(0.20)], Node(0.35), Node(0.50)
    hidden = [neuron_node(w[0:2], inputs, b1), neuron_node(w[2:4], inputs, b1)]
    output = [neuron_node(w[4:6], hidden, b2), neuron_node(w[6:8], hidden, b2)]
    misses = [output[0] + Node(-0.85), output[1] + Node(-0.30)]
    E = half * (misses[0] * misses[0] + misses[1] * misses[1])
    E.backward()
    print(f"E = {E.value:.9f}, from a graph of {len(E.order())} nodes")
    print(f"gradient of w5: {w[4].grad:.9f}   of w1: {w[0].grad:.9f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# None. Both are the chain rule. The graph spends a node on every single operation; `backward` does a whole layer with one matrix product.
#
# </details>
#
# ### Two questions to think about
#
# 1. `backward` needs all $\mathbf{z}$ and $\mathbf{a}$ of the forward pass. For a network of 100 layers, could you keep only every tenth and compute the others again? What does it cost, what does it save?
# 2. How large can the slope of the sigmoid be? What becomes of a gradient that passes through ten sigmoids? (Chapter 06.)
#
# ### Words of this chapter
#
# | English | 中文 |
# |---|---|
# | backpropagation | 反向传播 |
# | error, error term | 误差, 误差项 |
# | gradient, gradient descent | 梯度, 梯度下降 |
# | learning rate | 学习率 |
# | local minimum | 局部极小值 |
# | chain rule | 链式法则 |
# | computational graph; static, dynamic | 计算图; 静态图, 动态图 |
# | local gradient, upstream gradient | 局部梯度, 上游梯度 |
# | topological order | 拓扑序 |
# | Hadamard product | 哈达玛积 |
# | cross-entropy | 交叉熵 |
# | numerical gradient check, relative error | 数值梯度检验, 相对误差 |
# | automatic differentiation | 自动微分 |
# | Jacobian | 雅可比矩阵 |
