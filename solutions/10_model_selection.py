# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 Model selection 模型选择
#
# You can train a network. But which one? How many neurons, which learning rate, which price on the weights? No gradient answers that.
#
# Somebody has to try, and trying costs time. Worse: whoever tries often enough finds something that *looks* good. This chapter is about both: how to search for little, and how not to fool yourself.
#
# **After this chapter you can**
#
# - say what a grid, a random search, successive halving and Hyperband spend, and what they may lose,
# - let a search learn from its own failures,
# - judge a network by samples of which nothing was known before,
# - say how uncertain a score is, and what choosing the best of many does to it,
# - find the leak in other people's results.
#
# **Time:** 90 minutes. **You need:** `standardised` and `train` of chapter 05, `softmax` of chapter 03.

# %% [markdown]
# Run this cell first.

# %%
from math import erf

import numpy as np

from nnlab import check, checkpoint, hint, own_code, plots, predict, progress, recall
from nnlab.data import load_curves, read_traffic
from nnlab.traffic_classifier import nearest_mean

from mine import forward, init_params, one_hot, sigmoid, softmax, standardised, train

np.set_printoptions(precision=6, suppress=True)

# %% [markdown]
# ### What you still know
# <!-- cut -->
#
# Three questions on chapter 09. They give no marks.

# %% [markdown] recall="line_in_the_cloud"
# Through which point does the line of least squares run for certain?
# <!-- option: through the origin :: You think of lines without an intercept. With one, the line may cross x = 0 at any height. -->
# <!-- option: through the middle of the cloud :: Right: its residuals sum to 0. -->
#
# <details><summary>Answer</summary>
#
# Through $(\bar x, \bar y)$, the middle of the cloud.
#
# </details>

# %% [markdown] recall="belief_as_price"
# You believe that weights are small. Where does this belief stand in the normal equations?
# <!-- option: on the right-hand side :: There stand the targets, and a belief about weights is no target. -->
# <!-- option: as λ on the diagonal :: Right: a normal prior is a price on the squares. -->
#
# <details><summary>Answer</summary>
#
# As $\lambda = \sigma^2 / \nu^2$ on the diagonal of $X X^\top$.
#
# </details>

# %% [markdown] recall="degree_by_folds"
# How did you choose the degree of a polynomial in chapter 09?
# <!-- option: by the error on all points :: It always falls with the degree. You would take the highest. -->
# <!-- option: by the error on points that were held back :: Right, in turn for each fold. -->
#
# <details><summary>Answer</summary>
#
# By the error on points that were held back. Today you look at this more closely.
#
# </details>

# %%
recall("line_in_the_cloud", "belief_as_price", "degree_by_folds")

# %% [markdown]
# ## 1. Was that progress?
#
# A report (S3) trains a network on traffic data. With the default settings it has 0.95 right. After a search through thousands of settings it has 0.96125. Is the second network better?

# %% [markdown] question="how_many_more"
# **Predict.** Both figures are multiples of 1/800: 25 tests of 32 roads. So 0.95 is 760 of 800. How many more are right after the search?
# <!-- answer: 9 ± 0.5 -->
#
# <details><summary>Answer</summary>
#
# Nine: $769 / 800 = 0.96125$. And the 800 answers are about 160 roads only, each asked five times.
#
# </details>

# %%
predict("how_many_more")

# %% [markdown]
# How far would 0.95 move by luck alone? Of $n$ independent samples, a share $p$ is right. The **standard error** 标准误 of this share is $\sqrt{p (1 - p) / n}$.

# %%
print(f"769 / 800 = {769 / 800}, 760 / 800 = {760 / 800}")
print(f"standard error of 0.95 on 160 samples: {np.sqrt(0.95 * 0.05 / 160):.4f}")

# %% [markdown]
# So 0.96125 lies within one standard error. It may be better, or not. And it was *chosen*. What does that do? Take players who only toss coins, and 160 tosses each:

# %% [markdown] question="best_of_many"
# **Predict.** 2,520 players toss coins. All have a chance of ½. What share of the 160 tosses does the luckiest get right?
# <!-- answer: 0.64 ± 0.05 -->
#
# <details><summary>Answer</summary>
#
# About 0.64, more than three standard errors above ½. On new tosses he is back at 0.50. This is the **winner's curse** 赢家诅咒: the best of many owes a part of its score to luck.
#
# </details>

# %%
predict("best_of_many")

# %%
rng = np.random.default_rng(0)
for players in (1, 10, 100, 2520):
    best = rng.binomial(160, 0.5, size=(200, players)).max(axis=1) / 160
    print(f"best of {players:4}: {best.mean():.2f} ± {best.std():.2f}")

# %% [markdown]
# ## 2. What is there to choose?
#
# Weights are **parameters** 参数: a gradient finds them. What must be fixed before training starts is a **hyperparameter** 超参数. S3 names three kinds: of the structure (layers, width, activation), of the optimisation (solver, learning rate, schedule), and of the regularisation (price).
#
# The simplest search tries everything: a **grid search** 网格搜索.
#
# ### Exercise `all_settings` ●○○
#
# Each hyperparameter comes with a list of its values. Return a list of all settings, each a list with one value of each hyperparameter. The last one changes fastest, as the digits do when you count.

# %% exercise="all_settings"
def all_settings(values):
    """Return every combination of the values, as a list of lists.

    values : a list with, for each hyperparameter, the list of its values
    """
    ### BEGIN SOLUTION
    # step: One empty setting to begin with.
    settings = [[]]
    # step: Every setting so far meets every value of the next hyperparameter.
    # wrong: return [list(each) for each in zip(*values)]
    for each in values:
        settings = [[*setting, value] for setting in settings for value in each]
    return settings
    ### END SOLUTION


# %% check="all_settings"
check(all_settings)

# %% [markdown]
# S3's grid has 10 topologies, 4 activations, 3 solvers, 7 prices and 3 schedules. Each setting is fitted 25 times. One of its solvers is called `lbgfs`; scikit-learn only knows `lbfgs`.

# %% [markdown] question="fits_of_the_grid"
# **Predict.** How many of the fits cannot even start?
# <!-- answer: 21000 ± 500 -->
#
# <details><summary>Answer</summary>
#
# A third: 21,000 of 63,000. And the schedule matters for plain gradient descent alone, so that the others are tried three times over.
#
# </details>

# %%
predict("fits_of_the_grid")

# %% checkpoint="grid_of_s3"
with checkpoint(all_settings):
    axes = [[*range(10)], ["identity", "logistic", "tanh", "relu"], ["lbgfs", "sgd", "adam"], [*range(7)], ["constant", "invscaling", "adaptive"]]
    settings = all_settings(axes)
    running = [each for each in settings if each[2] != "lbgfs"]
    different = {tuple(each if each[2] == "sgd" else each[:4]) for each in running}
    print(f"{len(settings)} settings, {25 * len(settings)} fits, {25 * (len(settings) - len(running))} cannot start")
    print(f"{len(different)} settings differ; {sum(each[1] == 'identity' for each in settings)} are a stack of linear layers")

# %% [markdown]
# ## 3. Grid, or darts?
# <!-- cut -->
#
# With the course comes a table of 256 networks on the digits of chapter 08: 8 × 8 pixels, 600 to learn from, 500 to validate, 697 to test. Learning rate, width and price were drawn at random. For each network the table knows its accuracy after each of 32 epochs. So a search of hundreds of networks takes milliseconds.

# %%
table = load_curves()
curves = table.validation
print(curves.shape, f"the best at the end: {curves[:, -1].max():.3f}")

# %% [markdown] question="values_of_one_number"
# **Predict.** You have 27 networks to spend on three numbers. A grid of $3 \times 3 \times 3$: how many different learning rates does it try? And 27 random ones?
# <!-- option: 3 and 27 :: Right: every dart has its own learning rate. -->
# <!-- option: 27 and 27 :: You count networks. In the grid, nine of them share a learning rate. -->
# <!-- option: 3 and 3 :: Drawn at random, two learning rates are never the same. -->
#
# <details><summary>Answer</summary>
#
# Three and 27. If only one of the three numbers matters, a grid wastes most of its networks.
#
# </details>

# %%
predict("values_of_one_number")

# %%
corners = (np.arange(3) + 0.5) / 3
plots.show(
    plots.darts(
        {"grid": np.array(np.meshgrid(corners, corners)).reshape(2, -1), "random": np.random.default_rng(4).uniform(size=(2, 9))},
        "learning rate",
        "width",
    )
)

# %% [markdown]
# Does only one number matter here? Compare what each explains of the final accuracy, in eight bins:

# %%
final = curves[:, -1]
for name, values in (("learning rate", table.alpha), ("width", table.width), ("price", table.penalty)):
    bins = np.argsort(np.argsort(values, kind="stable")) * 8 // len(values)
    means = np.array([final[bins == k].mean() for k in range(8)])
    print(f"{name:13} explains {means.var() / final.var():.2f} of the spread:", *(f"{m:.2f}" for m in means))


# %%
def smooth_accuracy(u):
    """Return the mean accuracy of networks near learning rate 10 ** (4 u - 3)."""
    near = np.exp(-(((4 * np.asarray(u)[..., None] - 3 - np.log10(table.alpha)) / 0.15) ** 2) / 2)
    return (near * final).sum(axis=-1) / near.sum(axis=-1)


top = smooth_accuracy(np.linspace(0, 1, 401)).max()
rng = np.random.default_rng(1)
by_grid = [top - smooth_accuracy((np.arange(3) + rng.uniform()) / 3).max() for _ in range(200)]
by_darts = [top - smooth_accuracy(rng.uniform(size=27)).max() for _ in range(200)]
print(f"below the best, with 27 networks: grid {np.mean(by_grid):.3f} ± {np.std(by_grid):.3f}, darts {np.mean(by_darts):.3f} ± {np.std(by_darts):.3f}")

# %% [markdown]
# **Random search** 随机搜索 has an advantage when few numbers matter and you do not know which. With one or two numbers in all, or very few trials, a grid is as good.

# %% [markdown]
# ## 4. Must each network be trained to the end?
#
# A network that guesses after eight epochs seldom ends as the best. Look at the ranks: how well does the order after $r$ epochs foretell the order after 32?

# %% [markdown] question="rank_after_one"
# **Predict.** The correlation of the ranks after 1 epoch and after 32: about 0.2, 0.5 or 0.8?
# <!-- option: 0.2 :: Nearly nothing? Networks with a hopeless learning rate show it at once. -->
# <!-- option: 0.5 :: It is more. Bad learning rates show at once. -->
# <!-- option: 0.8 :: Right: after one epoch, most of the order is there. -->
#
# <details><summary>Answer</summary>
#
# About 0.8. After 8 epochs it is above 0.9. Most bad networks show it early.
#
# </details>

# %%
predict("rank_after_one")

# %%
ranks = np.argsort(np.argsort(curves, axis=0), axis=0)
for r in (1, 2, 4, 8, 16):
    print(f"after {r:2} epochs: {np.corrcoef(ranks[:, r - 1], ranks[:, -1])[0, 1]:.2f}")

# %% [markdown]
# So give all a little, keep the best half, give these twice as much, and so on: **successive halving** 逐次减半. With $\eta = 3$ a third goes on, with three times as much. Each round costs about the same.
#
# ### Exercise `halve_curves` ●●●
#
# A whole program. Play it on curves that are known: `curves[i, r - 1]` is the score of network $i$ after $r$ epochs.
#
# - In each round, rank those that are still alive by their score after $r$ epochs: the best first, of equals the one that stood earlier in the list so far, and last what is not a number. Note $r$ and the list.
# - The first `len(alive) // eta` go on, with `eta` times as many epochs, but never more than the curves have.
# - It ends when fewer than two would go on, or after a round at the end of the curves. The first of the last list has won.

# %% exercise="halve_curves"
def halve_curves(curves, resource, eta):
    """Return a tuple a round: its epochs, and its networks, the best first.

    curves : scores, shape (networks, epochs); the higher the better, and some may be nan
    resource : epochs of the first round
    eta : what is divided and multiplied by
    """
    ### BEGIN SOLUTION
    # step: What is not a number is worth nothing. `sorted` keeps the order of equals.
    scores, last = np.where(np.isnan(curves), -np.inf, curves), curves.shape[1]

    def ranked(alive, r):
        return sorted(alive, key=lambda i: scores[i, r - 1], reverse=True)

    # step: The first round, with all. Numbers of networks, not their curves.
    r = min(resource, last)
    rounds = [(r, ranked(range(len(curves)), r))]
    # step: Is there anything left to choose? Then fewer go on, with more.
    while len(rounds[-1][1]) // eta >= 2 and r < last:
        alive = rounds[-1][1][: len(rounds[-1][1]) // eta]
        r = min(r * eta, last)
        rounds.append((r, ranked(alive, r)))
    # wrong: return rounds[-1][1][0]
    return rounds
    ### END SOLUTION


# %% check="halve_curves"
check(halve_curves)

# %% checkpoint="halving_by_hand"
with checkpoint(halve_curves):
    four = np.array([[0.3, 0.5, 0.6, 0.65], [0.5, 0.6, 0.62, 0.63], [0.2, 0.3, 0.6, 0.9], [0.4, 0.55, 0.7, 0.75]])
    for r, alive in halve_curves(four, 1, 2):
        print(f"{r} epochs:", *alive)
    print("the best at the end:", int(four[:, -1].argmax()))
    rounds = halve_curves(curves, 1, 2)
    won = rounds[-1][1][0]
    print(f"table: {len(rounds)} rounds, {sum(r * len(alive) for r, alive in rounds)} of {curves.size} epochs")
    print(f"winner: validation {curves[won, -1]:.3f}, test {table.test[won]:.3f}")
    in_full = curves[:, -1].argmax()
    print(f"all in full: validation {curves[in_full, -1]:.3f}, test {table.test[in_full]:.3f}, best test of any {table.test.max():.3f}")

# %%
with checkpoint(halve_curves):
    sample = np.random.default_rng(7).permutation(256)[:32]
    plots.show(plots.survivors(curves[sample], halve_curves(curves[sample], 1, 2)))

# %% [markdown]
# By hand, the network that ends best, number 2, fell in the first round: it starts slowly. That is the price. On the table, how good is halving beside training all, and beside random search for the same number of epochs?

# %%
with checkpoint(halve_curves):
    rng = np.random.default_rng(0)
    for n in (16, 32, 64):
        test, cost = {"all in full": [], "halving": [], "random for its cost": []}, 0
        for _ in range(100):
            drawn = rng.permutation(256)[:n]
            played = halve_curves(curves[drawn], 1, 2)
            cost = sum(r * len(alive) for r, alive in played)
            few = drawn[: max(1, cost // 32)]
            chosen = drawn[curves[drawn, -1].argmax()], drawn[played[-1][1][0]], few[curves[few, -1].argmax()]
            for name, network in zip(test, chosen, strict=True):
                test[name].append(table.test[network])
        print(f"{n} networks, {cost} of {32 * n} epochs")
        for name, t in test.items():
            print(f"   {name:20} {np.mean(t):.3f} ± {np.std(t):.3f}")

# %% [markdown]
# Halving chooses nearly as well as training all, for a fifth of the epochs or less. Random search for the same cost sees too few networks. With 16 it loses much by that, with 64 less than a hundredth.
#
# ### The same with scikit-learn
# <!-- cut -->
#
# `HalvingRandomSearchCV` draws settings and plays halving with them. It is still marked as experimental, hence the odd import. Here 16 real networks on 600 digits, where `max_iter` is the number of epochs. Yours, beside it, gets as many curves.

# %% tags=["demo"]
import warnings

from scipy.stats import loguniform
from sklearn.experimental import enable_halving_search_cv
from sklearn.model_selection import HalvingRandomSearchCV
from sklearn.neural_network import MLPClassifier

from nnlab.data import load_digits

pixels, digits = load_digits(return_X_y=True)
with checkpoint(halve_curves), warnings.catch_warnings():
    warnings.simplefilter("ignore")  # "not converged yet": that is the point of the early rounds
    drawn = {"learning_rate_init": loguniform(1e-3, 10), "hidden_layer_sizes": [(4,), (8,), (16,), (32,)]}
    search = HalvingRandomSearchCV(
        MLPClassifier(solver="sgd"), drawn, n_candidates=16, factor=2, resource="max_iter", min_resources=1, max_resources=32, cv=3, random_state=0
    )
    search.fit(pixels[:600], digits[:600])
    print("scikit-learn:", ", ".join(f"{n} for {r}" for n, r in zip(search.n_candidates_, search.n_resources_, strict=True)))
    print("yours:       ", ", ".join(f"{len(alive)} for {r}" for r, alive in halve_curves(curves[:16], 1, 2)))

# %% [markdown]
# The rounds are the same, but for the end: scikit-learn trains the last one alone for 16 epochs more. And it scores each setting by three folds: three times the work, and less luck. Of 17 networks it keeps nine, $\lceil n / \eta \rceil$, where you keep eight.
#
# **A slip in S3.** It halves $T = \lceil \log_2 N \rceil - 1$ times. With $N = 8$ that is twice: 8, 4, 2. *Two* are left, and nobody has won.
#
# ### Play with it
# <!-- cut -->
#
# Before each move, guess: will halving keep the network that ends best?

# %% tags=["demo"]
from nnlab import demos

demos.model_selection()

# %% [markdown]
# ## 5. And if the best starts slowly?
# <!-- cut -->
#
# **Hyperband** hedges its bets: it plays halving several times, from many networks with little each to few networks with everything. Let $R$ be the most that one network may get, and $s_{\max}$ the largest whole number with $\eta^{s_{\max}} \le R$. Then for $s = s_{\max}, \dots, 0$ one **bracket** begins with
#
# $$n = \left\lceil \frac{(s_{\max} + 1)\, \eta^s}{s + 1} \right\rceil \text{ networks},\quad r = \left\lfloor R / \eta^s \right\rfloor \text{ epochs each, and plays } s + 1 \text{ rounds.}$$
#
# ### Exercise `brackets` ●●○
#
# Return the list of tuples $(n, r, \text{rounds})$, the first bracket first. Mind that `log(243) / log(3)` is 4.999…: stay with whole numbers. `-(-a // b)` rounds a quotient up.

# %% exercise="brackets"
def brackets(max_resource, eta=3):
    """Return the brackets: tuples of networks, first round's epochs, and rounds.

    max_resource : R, the most epochs that one network may get
    eta : what is divided and multiplied by
    """
    ### BEGIN SOLUTION
    # step: How often can R be divided?
    s_max = 0
    while eta ** (s_max + 1) <= max_resource:
        s_max += 1
    # step: From many with little down to few with everything.
    # wrong: return [(eta**s, max_resource // eta**s, s + 1) for s in range(s_max, -1, -1)]
    return [(-(-(s_max + 1) * eta**s // (s + 1)), max_resource // eta**s, s + 1) for s in range(s_max, -1, -1)]
    ### END SOLUTION


# %% check="brackets"
check(brackets)

# %% checkpoint="hyperband_brackets"
with checkpoint(brackets):
    for R, eta in ((81, 3), (32, 2)):
        print(f"R = {R}, η = {eta}:", *brackets(R, eta))
    cost = sum((n // 3**k) * min(81, r * 3**k) for n, r, rounds in brackets(81) for k in range(rounds))
    print(f"R = 81: {cost} epochs in all")

# %% [markdown]
# The last bracket trains each of its networks to the end: no late starter is lost there. That is what the other four fifths of the price are for. Is it worth it? Play all brackets on the table, a hundred times:

# %%
with checkpoint(halve_curves, brackets):
    rng = np.random.default_rng(0)
    test, first = {"Hyperband": [], "one halving of 64": [], "darts for Hyperband's cost": []}, []
    for _ in range(100):
        played = [(drawn, halve_curves(curves[drawn], r, 2)) for n, r, _ in brackets(32, 2) for drawn in [rng.permutation(256)[:n]]]
        cost = sum(r * len(alive) for _, rounds in played for r, alive in rounds)
        winners = np.array([drawn[rounds[-1][1][0]] for drawn, rounds in played])
        first.append(curves[winners, -1].argmax() == 0)
        drawn, few = rng.permutation(256)[:64], rng.permutation(256)[: cost // 32]
        once = drawn[halve_curves(curves[drawn], 1, 2)[-1][1][0]]
        for name, network in zip(test, (winners[curves[winners, -1].argmax()], once, few[curves[few, -1].argmax()]), strict=True):
            test[name].append(table.test[network])
    print(f"Hyperband: {cost} epochs. What the winners get right of the test digits:")
    for name, t in test.items():
        print(f"{name:26} {np.mean(t):.3f} ± {np.std(t):.3f}")
    print(f"Hyperband's winner comes from its first bracket: {np.mean(first):.2f}")
good = final > 0.95
print(f"{good.sum()} networks end above 0.95; {(good & (curves[:, 0] < 0.5)).sum()} of them start below 0.5")

# %% [markdown]
# A hedge, and on this table little more: halving 64 networks once, for half the price, ends as high within a thousandth or two. Good networks seldom start slowly here, 3<!-- measured --> of 28<!-- measured -->.
# Yet more than half of the winners come from a later bracket: where late starters are common, the hedge pays.

# %% [markdown]
# ## 6. Can a search learn from its failures?
# <!-- cut -->
#
# Darts fly blindly. After six trials you know more: near a bad learning rate, others are bad too. And where nobody has been, nobody knows. **Bayesian optimisation** 贝叶斯优化 puts this into numbers.
#
# The belief is a **Gaussian process** 高斯过程. Two places $\mathbf{a}$ and $\mathbf{b}$ have values that are alike by $k(\mathbf{a}, \mathbf{b}) = \exp\left(-\tfrac12 \lVert \mathbf{a} - \mathbf{b} \rVert^2 / \ell^2\right)$: by 1 at the same place, by nearly 0 beyond a few lengths $\ell$. Before any trial, each value is 0, give or take 1. After trials $\mathbf{y}$ at places $X$,
#
# $$K = k(X, X) + \sigma^2 I, \qquad Q = k(X, X_{\text{new}}),$$
# $$\text{mean} = \mathbf{y}^\top K^{-1} Q, \qquad \text{sd}_j = \sqrt{1 - \sum_i Q_{ij} (K^{-1} Q)_{ij}}.$$
#
# $\sigma$ is the noise of one trial. Columns are places.
#
# ### Exercise `gp_posterior` ●●●
#
# Return mean and sd at the new places. Rounding can bring the number under the root a little below 0; then take 0.

# %% exercise="gp_posterior"
def gp_posterior(x, y, x_new, length, noise):
    """Return a Gaussian process's mean and standard deviation, shapes (places,).

    x : where was tried, shape (features, tried)
    y : what came out, shape (tried,)
    x_new : where to predict, shape (features, places)
    length, noise : how far values are alike, and the standard deviation of the noise of y
    """
    ### BEGIN SOLUTION
    # step: How alike each place of a is to each of b.
    def alike(a, b):
        return np.exp(-((a[:, :, None] - b[:, None, :]) ** 2).sum(axis=0) / (2 * length**2))

    # step: The trials among themselves, with noise; and with the new places.
    K = alike(x, x) + noise**2 * np.eye(len(y))
    Q = alike(x, x_new)
    # step: Solve once for all places.
    S = np.linalg.solve(K, Q)
    # wrong: return y @ np.linalg.solve(K, Q)
    return y @ S, np.sqrt(np.maximum(1 - (Q * S).sum(axis=0), 0))
    ### END SOLUTION


# %% check="gp_posterior"
check(gp_posterior)

# %% [markdown]
# Where to try next? At the highest mean $\mu$, you only visit the neighbours of what is good already. At the largest sd, you travel the world and never settle. The **expected improvement** 期望提升 weighs both. What exceeds the best so far counts by how much; what falls short counts as 0:
#
# $$\text{EI} = (\mu - \text{best})\, \Phi(u) + \text{sd}\; \varphi(u), \qquad u = \frac{\mu - \text{best}}{\text{sd}}, \qquad \varphi(u) = \frac{e^{-u^2/2}}{\sqrt{2\pi}}.$$
#
# $\Phi$ is the share of a normal distribution below $u$:

# %%
def normal_cdf(u):
    """Return the share of a standard normal distribution below each u."""
    return np.vectorize(lambda v: (1 + erf(v / 2**0.5)) / 2, otypes=[float])(u)


# %% [markdown] question="where_nothing_is_known"
# **Predict.** Two places have the same mean, a little below the best. One is known well, of the other little is known. Which has the larger expected improvement?
# <!-- option: the known one :: It will come out a little below the best, for certain. What do you win there? -->
# <!-- option: the unknown one :: Right: it can be much better; and if it is worse, you have lost nothing but one trial. -->
#
# <details><summary>Answer</summary>
#
# The unknown one. Bad surprises count as 0, good ones in full. So uncertainty is worth something.
#
# </details>

# %%
predict("where_nothing_is_known")

# %% [markdown]
# ### Exercise `expected_improvement` ●●○
#
# Where sd is 0, nothing is uncertain: there it is $\max(\mu - \text{best}, 0)$.

# %% exercise="expected_improvement"
def expected_improvement(mean, sd, best):
    """Return the expected improvement over the best score at each place, shape (places,).

    mean, sd : what is believed, shape (places,); an sd may be 0
    best : the best score so far
    """
    ### BEGIN SOLUTION
    # step: Divide by 1 where there is nothing to divide by.
    gain = mean - best
    u = gain / np.where(sd > 0, sd, 1)
    # step: What is won on average.
    # wrong: return np.where(sd > 0, normal_cdf(u), np.maximum(gain, 0))
    won = gain * normal_cdf(u) + sd * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(sd > 0, won, np.maximum(gain, 0))
    ### END SOLUTION


# %% check="expected_improvement"
check(expected_improvement)

# %% checkpoint="belief_in_numbers"
with checkpoint(gp_posterior, expected_improvement):
    mean, sd = gp_posterior(np.array([[0.0, 1, 3]]), np.array([0.0, 1, -1]), np.array([[0, 0.5, 2, 10]]), 1.0, 0.1)
    print("mean:", *(f"{value + 1e-9:.5f}" for value in mean))
    print("sd:  ", *(f"{value:.5f}" for value in sd))
    print("EI:  ", *(f"{value:.6f}" for value in expected_improvement(np.array([0.0, 1, 1, 2]), np.array([1, 0.5, 2, 0.1]), 1.0)))

# %% [markdown]
# Now let it choose learning rates for the digits. A trial shows the mean accuracy of the networks near a learning rate. Five trials are made; where is the sixth?

# %%
with checkpoint(gp_posterior, expected_improvement):
    tried = np.array([0.05, 0.3, 0.55, 0.8, 0.97])
    seen, at = smooth_accuracy(tried), np.linspace(0, 1, 201)
    scaled = (seen - seen.mean()) / seen.std()
    mean, sd = gp_posterior(tried[None], scaled, at[None], 0.15, 0.05)
    rate = 4 * at - 3
    plots.show(
        plots.belief(
            4 * tried - 3,
            seen,
            rate,
            seen.mean() + seen.std() * mean,
            seen.std() * sd,
            seen.std() * expected_improvement(mean, sd, scaled.max()),
            "log₁₀ of the learning rate",
        )
    )

# %% [markdown]
# ## 7. Who designs the network?
#
# S3 also describes architecture search: a *controller* draws a network, the network is trained, and its accuracy is the **reward** 奖励. The reward has no gradient. Yet the controller can learn:
#
# Keep a score for each choice, and draw with the probabilities $\mathbf{p} = \text{softmax}(\mathbf{z})$. If what was drawn did better than usual, make it more probable, else less. This is **REINFORCE**:
#
# $$\mathbf{z} \leftarrow \mathbf{z} + \alpha\, (r - b)\, \nabla_{\mathbf{z}} \ln p_{\text{choice}}, \qquad \nabla_{\mathbf{z}} \ln p_{\text{choice}} = \text{onehot} - \mathbf{p}.$$
#
# The **baseline** 基线 $b$ is what is usual, for example a running mean of the rewards.

# %% [markdown] question="without_a_baseline"
# **Predict.** All rewards lie between 0.4 and 0.9, and $b = 0$. What happens to a bad choice when it is drawn?
# <!-- option: it becomes less probable :: Look at the sign: r − b is positive, so what was drawn goes up. -->
# <!-- option: it becomes more probable :: Right: any positive reward pushes it up. Only later the better ones overtake it. -->
#
# <details><summary>Answer</summary>
#
# It becomes more probable, too; good ones only rise faster. On average the direction is the same with any $b$, since the mean of $\text{onehot} - \mathbf{p}$ is 0. But without a baseline it staggers.
#
# </details>

# %%
predict("without_a_baseline")

# %% [markdown]
# ### Exercise `reinforce_step` ●●○
#
# Return the new scores. Use your `softmax`: scores may be large.

# %% exercise="reinforce_step"
def reinforce_step(logits, choice, reward, baseline, alpha):
    """Return the scores after one step, shape (choices,).

    logits : scores before the softmax, shape (choices,)
    choice : the index that was drawn
    reward, baseline : what it earned, and what is usual
    alpha : learning rate
    """
    ### BEGIN SOLUTION
    # step: The direction that makes the choice more probable.
    onehot = np.zeros(len(logits))
    onehot[choice] = 1
    # step: Follow it if it was better than usual.
    # wrong: return logits + alpha * (reward - baseline) * onehot
    return logits + alpha * (reward - baseline) * (onehot - softmax(logits))
    ### END SOLUTION


# %% check="reinforce_step"
check(reinforce_step)

# %% checkpoint="controller_step"
with checkpoint(reinforce_step):
    print("three alike:", *(f"{value:.6f}" for value in reinforce_step(np.zeros(3), 2, 0.9, 0.5, 1.0)))
    print("worse than usual:", *(f"{value:.6f}" for value in reinforce_step(np.array([1.0, 0, -1]), 0, 0.2, 0.5, 2.0)))

# %% [markdown]
# Let it spell networks from the table: one of eight learning rates, four widths, four prices. The reward is the mean accuracy of such networks after eight epochs. Beside it, darts; and **evolution** 进化: ten settings live, the best of three drawn gets a child with one change, and the oldest dies.

# %%
bins = [np.argsort(np.argsort(values, kind="stable")) * n // 256 for values, n in ((table.alpha, 8), (table.width, 4), (table.penalty, 4))]


def reward(spelled):
    """Return the mean accuracy after 8 epochs of networks spelled nearly so."""
    away = sum((each - letter) ** 2 for each, letter in zip(bins, spelled, strict=True))
    return curves[away == away.min(), 7].mean()


def evolution(tries, rng):
    """Return the rewards of an evolving population, in the order of birth."""
    born = []
    while len(born) < tries:
        if len(born) < 10:
            child = [int(rng.integers(n)) for n in (8, 4, 4)]
        else:
            alive = born[-10:]
            child = list(max((alive[i] for i in rng.choice(10, 3, replace=False)), key=lambda pair: pair[0])[1])
            place = rng.integers(3)
            child[place] = int(rng.integers((8, 4, 4)[place]))
        born.append((reward(child), child))
    return [each for each, _ in born]


with checkpoint(reinforce_step):

    def controlled(tries, rng, alpha=1.0, use_baseline=True):
        """Return the rewards of a controller that learns."""
        scores, rewards, baseline = [np.zeros(n) for n in (8, 4, 4)], [], 0.0
        for turn in range(tries):
            spelled = [int(rng.choice(len(z), p=softmax(z))) for z in scores]
            rewards.append(reward(spelled))
            if use_baseline:
                baseline = rewards[-1] if turn == 0 else 0.9 * baseline + 0.1 * rewards[-1]
            scores = [reinforce_step(z, letter, rewards[-1], baseline, alpha) for z, letter in zip(scores, spelled, strict=True)]
        return rewards

    runs = {
        "REINFORCE": [controlled(300, np.random.default_rng(seed)) for seed in range(10)],
        "without baseline": [controlled(300, np.random.default_rng(seed), use_baseline=False) for seed in range(10)],
        "evolution": [evolution(300, np.random.default_rng(seed)) for seed in range(10)],
        "darts": [[reward([int(rng.integers(n)) for n in (8, 4, 4)]) for _ in range(300)] for rng in map(np.random.default_rng, range(10))],
    }
    print(f"{'mean reward of':16} {'tries 1 to 50':>12} {'the last 50':>18} {'best of 1 to 50':>22}")
    for name, each in runs.items():
        each = np.array(each)
        last, found = each[:, -50:].mean(axis=1), each[:, :50].max(axis=1)
        print(f"{name:16} {each[:, :50].mean():12.2f} {last.mean():12.2f} ± {last.std():.2f} {found.mean():14.3f} ± {found.std():.3f}")
    plots.show(plots.minds({name: np.mean(each, axis=0) for name, each in runs.items()}))

# %% [markdown]
# The controller *learns*: what it draws gets better and better, from 0.71<!-- measured --> to 0.92<!-- measured -->. But look at the last column. The best network that it *found* in 50 tries is no better than that of 50 darts: over 60 runs both have 0.954. Where a search ends with one network, that column counts. Say which of the two you measure.

# %% [markdown]
# ## 8. A score that nobody peeked at
# <!-- cut -->
#
# All the searches above believe a score. So it must be honest. **Cross-validation** 交叉验证 holds back one **fold** 折 after the other, and tests on it what was learned from the rest.
#
# Folds should be alike: each with its share of each class. Such folds are **stratified** 分层.
#
# ### Exercise `stratified_folds` ●●○
#
# Say for each sample which fold it is in, 0 to `folds - 1`, at random. Of each class, any two folds have numbers that differ by one at most; and so have the folds as a whole. Classes may have any numbers as labels.

# %% exercise="stratified_folds"
def stratified_folds(y, folds, rng):
    """Return the fold of each sample, an array of int of shape (samples,).

    y : labels, shape (samples,)
    folds : how many
    rng : a random generator
    """
    ### BEGIN SOLUTION
    fold, dealt = np.zeros(len(y), dtype=int), 0
    for label in np.unique(y):
        # step: Shuffle the places of one class.
        places = rng.permutation(np.flatnonzero(y == label))
        # step: Deal them like cards, on from where the last class ended.
        fold[places] = (dealt + np.arange(len(places))) % folds
        dealt += len(places)
    # wrong: return np.arange(len(y)) % folds
    return fold
    ### END SOLUTION


# %% check="stratified_folds"
check(stratified_folds)

# %% [markdown]
# Nothing of the test fold may be known before it is tested. Not its labels, and not its *scale* either.
#
# ### Exercise `fold_scores` ●●●
#
# A whole program. For each fold: learn mean and standard deviation from the other folds (`standardised(train, X)` puts `X` on the scale of `train`), and put the other folds and the test fold on this scale. Then `nearest_mean(X, y, new)` gives each new sample the class whose mean is nearest. The score is the share that it gets right.

# %% exercise="fold_scores"
def fold_scores(X, y, fold):
    """Return the accuracy on each fold, an array of shape (folds,).

    X : features, shape (features, samples)
    y : labels, shape (samples,)
    fold : the fold of each sample, 0, 1, … up to the highest
    """
    ### BEGIN SOLUTION
    scores = []
    for k in range(fold.max() + 1):
        # step: Hold this fold back. The scale comes from the others.
        test = fold == k
        scaled = standardised(X[:, ~test], X)
        # step: So do the means.
        told = nearest_mean(scaled[:, ~test], y[~test], scaled[:, test])
        scores.append(np.mean(told == y[test]))
    # step: One number for each fold. Their spread says something, too.
    # wrong: return np.mean(scores)
    return np.array(scores)
    ### END SOLUTION


# %% check="fold_scores"
check(fold_scores)

# %% [markdown]
# S3 scales all its data first and then splits. That is a **leak** 数据泄漏. How much does it lift the score of 160 traffic rows?

# %% [markdown] question="leaking_scale"
# **Predict.** The scale is learned from all samples, those of the test too. By how much is the score too good?
# <!-- option: by about 0.05 :: You expect a disaster. Two numbers a feature, learned from 160 rows in place of 128, hardly move. -->
# <!-- option: by more than 0.1 :: You expect a disaster. Two numbers a feature hardly move. The next leak is one. -->
# <!-- option: by less than 0.005 :: Right: here mean and sd of 160 rows are nearly those of 128. A bad habit with a small price. -->
#
# <details><summary>Answer</summary>
#
# By nothing that can be seen. It is a bad habit with a small price. The next one has a large price.
#
# </details>

# %%
predict("leaking_scale")

# %%
rows = read_traffic()
FEATURES = ("aveSpeed", "gridAcc", "volume", "speed_std", "stopNum")
X_all, y_all, day = np.stack([rows[name] for name in FEATURES]), rows["state"], rows["day"]

with checkpoint(stratified_folds, fold_scores):
    differences = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        few = rng.permutation(len(y_all))[:160]
        X, y = X_all[:, few], y_all[few]
        fold = stratified_folds(y, 5, rng)
        leaky = [np.mean(nearest_mean(S[:, fold != k], y[fold != k], S[:, fold == k]) == y[fold == k]) for S in [standardised(X, X)] for k in range(5)]
        differences.append(np.mean(leaky) - fold_scores(X, y, fold).mean())
    print(f"leaked scale: better by {np.mean(differences):.3f} ± {np.std(differences):.3f}")

# %% [markdown]
# Now labels from a coin, 50 samples, and 1,000 features of pure noise. Nothing can be learned here. A classmate keeps the 20 features that go with the label most closely, and *then* cross-validates.

# %% [markdown] question="coin_flips"
# **Predict.** What does her cross-validation say?
# <!-- option: about 0.5, as it must :: You trust the folds. But the choice of features has seen the labels of all of them. -->
# <!-- option: about 0.9 :: Right: the labels of the test fold chose the features. -->
#
# <details><summary>Answer</summary>
#
# About 0.9. Of 1,000 features of noise, some go with all 50 labels by luck, those of the test fold included. Chosen inside each fold, the score is 0.5.
#
# </details>

# %%
predict("coin_flips")


# %%
def closest(X, y, k=20):
    """Return which k features go with the labels most closely."""
    d, e = X - X.mean(axis=1, keepdims=True), y - y.mean()
    return np.argsort(-np.abs(d @ e) / np.linalg.norm(d, axis=1))[:k]


with checkpoint(stratified_folds, fold_scores):
    before, inside = [], []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        X, y = rng.normal(size=(1000, 50)), rng.permutation(np.arange(50) % 2)
        fold = stratified_folds(y, 5, rng)
        before.append(fold_scores(X[closest(X, y)], y, fold).mean())
        inside.append(np.mean([fold_scores(X[closest(X[:, fold != k], y[fold != k])], y, fold)[k] for k in range(5)]))
    print(f"features chosen before the split {np.mean(before):.2f} ± {np.std(before):.2f}, inside each fold {np.mean(inside):.2f} ± {np.std(inside):.2f}")

# %% checkpoint="honest_folds"
with checkpoint(stratified_folds, fold_scores):
    y = np.repeat([0, 1, 2], [50, 30, 20])
    fold = stratified_folds(y, 5, np.random.default_rng(0))
    for label in range(3):
        print(f"class {label} in each fold:", *np.bincount(fold[y == label], minlength=5))
    X = np.array([[1.0, 2, 1.5, 3, 6, 5, 4.4, 90], [40.0, 10, 30, 25, 20, 5, 28, 12]])
    print("eight samples:", *fold_scores(X, np.repeat([0, 1], 4), np.arange(8) % 4))

# %% [markdown]
# **25 scores are not 25 experiments.** S3 repeats five folds five times. Repeating removes the luck of the split. The luck of the *sample* stays: all 25 scores come from the same rows.

# %%
with checkpoint(stratified_folds, fold_scores):
    rng = np.random.default_rng(3)
    few = rng.permutation(len(y_all))[:160]
    again = [fold_scores(X_all[:, few], y_all[few], stratified_folds(y_all[few], 5, rng)).mean() for _ in range(20)]
    fresh = []
    for _ in range(40):
        few = rng.permutation(len(y_all))[:160]
        fresh.append(fold_scores(X_all[:, few], y_all[few], stratified_folds(y_all[few], 5, rng)).mean())
    print(f"the same 160 rows, split 20 times: sd {np.std(again):.3f}; 40 times 160 other rows: sd {np.std(fresh):.3f}")

# %% [markdown]
# The luck of the split is 0.006<!-- measured -->, that of the sample 0.029<!-- measured -->. And a choice of features before the split made 0.94<!-- measured --> of nothing.

# %% [markdown]
# ## 9. Does the number measure the question?
#
# S3 also reports a mean absolute *percentage* error (MAPE) of class labels. A hundred roads: 50 free (0), 30 slow (1), 20 jammed (2). Model A makes one mistake: it calls a free road slow. Model B calls *every* road free.

# %%
truth = np.repeat([0, 1, 2], [50, 30, 20])
A, B = truth.copy(), np.zeros(100)
A[0] = 1
for names in ((0, 1, 2), (1, 2, 3), (3, 2, 1)):
    called = np.array(names)
    a, b = (np.mean(np.abs(called[m.astype(int)] - called[truth]) / np.maximum(called[truth], 2.2e-16)) for m in (A, B))
    print(f"labels {names}: A above 1e12: {bool(a > 1e12)}, B better: {bool(b < a)}")

# %% [markdown]
# With the labels 0, 1, 2 the error divides by 0, and the useless model wins. With other names for the same classes it loses. A percentage of a label means nothing.
#
# And S3's perfect **confusion matrix** 混淆矩阵 is one of its *training* data. What is that worth? Give a network of 200 neurons random labels:

# %%
perfect = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    X, new, labels, others = rng.normal(size=(5, 100)), rng.normal(size=(5, 1000)), rng.integers(3, size=100), rng.integers(3, size=1000)
    W, b = rng.normal(size=(200, 5)), rng.normal(size=(200, 1))
    V = np.linalg.lstsq(np.tanh(W @ X + b).T, np.eye(3)[labels])[0]
    perfect.append([np.mean((V.T @ np.tanh(W @ x + b)).argmax(axis=0) == t) for x, t in ((X, labels), (new, others))])
print("random labels: training {:.2f}, new samples {:.2f}".format(*np.mean(perfect, axis=0)))

# %% [markdown]
# All on the diagonal, and nothing learned. S3 concludes that equal accuracy without tuning "proves strong fitting". It proves that a training score was looked at.

# %% [markdown]
# ## 10. The challenge: choose what to try
# <!-- cut -->
#
# ### Exercise `propose` ●●●
#
# Somebody has a landscape over the unit square, smooth, with one hill or several. You may ask for its height at 16 of 225 places, one after the other, and want to find the highest. You see what was tried and what came out; say which place is next.
#
# It is tried on 50 landscapes with one hill, and on 100 with several. What counts is how far the best place that you found is below the top, on average; heights go from 0 to 1. A place that was tried already, or is none, is a wasted trial.
#
# | | one hill | several hills |
# |---|---|---|
# | darts | 0.16 | 0.17 |
# | a grid of 4 × 4 | 0.11 | 0.12 |
# | always where nobody knows anything | 0.15 | 0.06 |
# | always where the mean is highest | 0.00 | 0.14 |
# | **one point each for at most** | **0.075** | **0.04**, and one more for **0.03** |
#
# The first four are means over 12 draws of the landscapes. The two rules in the middle each fail on one side: you need both what is good and what is unknown.

# %% exercise="propose"
def propose(tried, scores, candidates):
    """Return the index of the candidate to try next.

    tried : indices of what was tried, shape (tries,), empty at first
    scores : what came out, shape (tries,); the higher the better
    candidates : the places, shape (2, places), between 0 and 1
    """
    ### BEGIN SOLUTION
    # step: The first trial goes near the middle.
    if len(tried) == 0:
        return int(np.argmin(((candidates.T - [0.35, 0.45]) ** 2).sum(axis=1)))
    # step: Scores as the Gaussian process expects them: around 0, give or take 1.
    values = (scores - scores.mean()) / (scores.std() or 1)
    mean, sd = gp_posterior(candidates[:, tried], values, candidates, 0.25, 0.01)
    # step: The largest expected improvement, where nobody has been.
    improvement = expected_improvement(mean, sd, values.max())
    improvement[tried] = -1
    return int(np.argmax(improvement))
    ### END SOLUTION


# %% check="propose"
check(propose)

# %% [markdown]
# ## 11. The traffic network, under a budget
#
# Now all together. Which learning rate and which width should the traffic network have? You may try 10 settings, 8 epochs each. The days 1 to 5 are yours. Days 6 and 7 are **sealed**: you look at them once, at the very end. (Section 8 drew rows of all seven days, but chose nothing by them.)
#
# What will your choice be worth? The best score of the search is too good: it was chosen. So the *whole search* is tested, as if it were a way of training: hold one day back, search on the others, test what was chosen on the day that was held back. This is **nested cross-validation** 嵌套交叉验证.

# %%
grid_15 = np.array(np.meshgrid(np.linspace(0, 1, 15), np.linspace(0, 1, 15))).reshape(2, -1)


def decode(place):
    """Return learning rate and width at a place; both scales are logarithmic."""
    return 10 ** (2.5 * place[0] - 2), round(2 ** (1 + 4 * place[1]))


with checkpoint(stratified_folds, propose):

    def trained_accuracy(X, y, X_new, y_new, place, seed):
        """Train your network of chapter 05 for 8 epochs; return its accuracy."""
        alpha, width = decode(place)
        rng = np.random.default_rng(seed)
        W, b = init_params([5, width, 3], rng)
        W, b, _ = train(standardised(X, X), one_hot(y, 3), W, b, alpha, 8, 25, rng)
        return np.mean(forward(standardised(X, X_new), W, b, sigmoid, softmax)[1][-1].argmax(axis=0) == y_new)

    def search_network(X, y, seed):
        """Try 10 settings, each by three folds; return the best and its score."""
        fold, tried, scores = stratified_folds(y, 3, np.random.default_rng(seed)), [], []
        for _ in range(10):
            place = propose(np.array(tried, dtype=int), np.array(scores), grid_15)
            tried.append(place)
            held = [trained_accuracy(X[:, fold != k], y[fold != k], X[:, fold == k], y[fold == k], grid_15[:, place], seed) for k in range(3)]
            scores.append(np.mean(held))
        best = int(np.argmax(scores))
        return grid_15[:, tried[best]], scores[best]

    def some(of_days, n, seed):
        """Draw n rows of some days."""
        rows = np.random.default_rng(seed).permutation(np.flatnonzero(np.isin(day, of_days)))[:n]
        return X_all[:, rows], y_all[rows]

    claimed, kept = [], []
    for held_out in range(1, 6):
        X, y = some([d for d in range(1, 6) if d != held_out], 450, held_out)
        place, score = search_network(X, y, held_out)
        claimed.append(score)
        kept.append(trained_accuracy(X, y, *some([held_out], 1500, 0), place, held_out))
        alpha, width = decode(place)
        print(f"day {held_out} held back: chosen α = {alpha:.2f}, width {width}")
    gap = np.array(claimed) - kept
    print(f"the search claims {np.mean(claimed):.3f}, held-back days say {np.mean(kept):.3f} ± {np.std(kept):.3f}; gap {gap.mean():.3f} ± {gap.std():.3f}")

# %% [markdown]
# The choices differ from day to day: many settings are nearly equally good. Several have the largest learning rate that could be tried. A choice at the border says: look further out, too.
#
# And the search claims too much, here by 0.022<!-- measured -->, with seven other draws by 0.001 to 0.021, and by 0.013 on average. It has two reasons. Its best score was chosen, out of ten. And its own folds mix the days, while rows of one day resemble each other. A new day is harder.
# Only the outer test, which holds a whole day back, says what you may expect.
#
# Now choose with all five days, write your forecast down, and break the seal. Once.

# %%
with checkpoint(stratified_folds, propose):
    X, y = some([1, 2, 3, 4, 5], 600, 0)
    place, _ = search_network(X, y, 0)
    sealed = day >= 6
    alpha, width = decode(place)
    print(f"forecast {np.mean(kept):.2f}; sealed days {trained_accuracy(X, y, X_all[:, sealed], y_all[sealed], place, 0):.2f}")

# %% [markdown]
# ## 12. What does a framework add?
# <!-- cut -->
#
# You have written everything yourself. At work you will use scikit-learn or PyTorch. Do they calculate something else? Give all three the same network, the same weights at the start and the same 20 steps:
#
# | | yours | scikit-learn | PyTorch |
# |---|---|---|---|
# | a layer | `W @ a + b`, then `sigmoid` | `hidden_layer_sizes=(8,)` | `nn.Linear(5, 8)`, `nn.Sigmoid()` |
# | gradients | `backward`, by hand | hidden in `fit` | `loss.backward()`, found from the forward pass |
# | a step | `W - alpha * dW` | hidden in `fit` | `optimizer.step()` |
# | a sample is | a column | a row | a row |

# %% tags=["demo", "nbval-ignore-output"]
steps, S = 20, standardised(X_all[:, ::40], X_all[:, ::40])
y = y_all[::40]
W_start, b_start = init_params([5, 8, 3], np.random.default_rng(0))
W, b, _ = train(S, one_hot(y, 3), W_start, b_start, 0.5, steps, len(y), np.random.default_rng(0))

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    model = MLPClassifier((8,), activation="logistic", solver="sgd", learning_rate_init=0.5, momentum=0, alpha=0, batch_size=len(y), max_iter=1, warm_start=True)
    model.fit(S.T, y)  # it makes its own weights; put ours in their place, and go on from there
    model.coefs_, model.intercepts_ = [w.T.copy() for w in W_start], [v.ravel() for v in b_start]
    model.set_params(max_iter=steps).fit(S.T, y)
print("scikit-learn has your weights, to ten digits:", all(np.allclose(w.T, v, rtol=0, atol=1e-10) for w, v in zip(W, model.coefs_, strict=True)))

try:
    import torch
except ImportError:
    print("PyTorch is not installed. Where it is, this line says True: pip install torch")
else:
    network = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.Sigmoid(), torch.nn.Linear(8, 3)).double()
    layers = network[0], network[2]
    with torch.no_grad():
        for layer, w, v in zip(layers, W_start, b_start, strict=True):
            layer.weight.copy_(torch.tensor(w))
            layer.bias.copy_(torch.tensor(v[:, 0]))
    optimizer, x, target = torch.optim.SGD(network.parameters(), lr=0.5), torch.tensor(S.T), torch.tensor(y)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(x), target).backward()
        optimizer.step()
    print("PyTorch has your weights, to ten digits:", all(np.allclose(w, layer.weight.detach(), rtol=0, atol=1e-10) for w, layer in zip(W, layers, strict=True)))

# %% [markdown]
# The same numbers, wherever you look. A framework does not know better. It saves you the derivation of gradients, runs on graphics cards, and has been tested by many. But it will not tell you when your score is dishonest. That stays with you.

# %% [markdown]
# ## What you have learned
#
# - A score has a standard error, and the best of many scores is too good.
# - A grid tries few values of each number; darts try a new one each time.
# - Successive halving buys a choice for a fraction of the price. What starts slowly may be lost; Hyperband hedges.
# - A Gaussian process with expected improvement learns from its trials. REINFORCE learns, too, but what it finds is another question than what it draws.
# - Nothing of a test fold may be known before. Choosing features before the split turns coin flips into 0.9.
# - Test the whole search on what it has never seen, and break the seal once.

# %%
progress()

# %% [markdown]
# ### In your own words
# <!-- cut -->
#
# A team has tried 200 settings. It reports the highest of the 200 scores on its validation set. Why is this number too good? And how would you get an honest one from the same data?
#
# Write two to five sentences into the next cell. No check reads them: a person does.

# %% [markdown] written="best_of_many"
# <!-- criterion: 1 :: Explains the winner's curse: each score has noise, and the highest of many is one with luck; the same samples chose the setting and give the number. -->
# <!-- criterion: 1 :: Describes a remedy: a test part that stays sealed until the choice is made and is used once, or folds with the whole search repeated inside each; the number with its standard error. -->
#
# Each score is the true quality plus luck. The highest of 200 has more luck than most, and the same samples that chose it are then asked how good it is.
# I would set a test part aside before the search, choose on the rest, and look at the test part once, with a standard error. With few samples I would repeat the whole search inside each fold of a cross-validation, and report the mean of the folds.

# %% [markdown]
# ### Before you hand in
# <!-- cut -->
#
# Save the notebook, then run this cell. It says which answers are found, what would be mended, and what is worth how many points.

# %% tags=["demo"]
from nnlab import accepted

accepted()

# %% [markdown]
# ### Five questions to take with you
# <!-- cut -->

# %% [markdown] recall="what_halving_loses"
# What does successive halving lose that training all to the end would find?
# <!-- option: networks that start slowly :: Right: they are out before they rise. -->
# <!-- option: networks that fall again :: Those it may keep too long, but a fall shows in a later round. -->
#
# <details><summary>Answer</summary>
#
# Networks that start slowly. Hyperband's last brackets keep some of them.
#
# </details>

# %% [markdown] recall="twenty_seven_trials"
# 27 trials, three hyperparameters. How many values of *each* does a grid try?
# <!-- answer: 3 ± 0 -->
#
# <details><summary>Answer</summary>
#
# Three. Random search tries 27.
#
# </details>

# %% [markdown] recall="select_then_validate"
# Features are selected with all samples, then the network is cross-validated. What was known too early?
# <!-- option: the weights :: You are right that weights count, but they were learned in each fold from the others. Which features they stand on was not. -->
# <!-- option: the labels of the test folds :: Right: they helped to select. -->
#
# <details><summary>Answer</summary>
#
# The labels of the test folds.
#
# </details>

# %% [markdown] recall="what_to_report"
# The best of 2,520 settings has 0.96 in cross-validation. What do you report?
# <!-- option: 0.96, it was cross-validated :: You report the luckiest of 2,520. Each was tested honestly; the choice among them was not. -->
# <!-- option: its score on samples that took no part in the choice :: Right, or the score of a nested cross-validation. -->
#
# <details><summary>Answer</summary>
#
# Its score on a sealed test set, or nested cross-validation of the whole search.
#
# </details>

# %% [markdown] recall="baseline_without_bias"
# Why may REINFORCE subtract any baseline without changing its direction on average?
#
# <details><summary>Answer</summary>
#
# The mean of $\text{onehot} - \mathbf{p}$ over the choices, drawn with $\mathbf{p}$, is 0. A constant times 0 is 0.
#
# </details>

# %%
recall("what_halving_loses", "twenty_seven_trials", "select_then_validate", "what_to_report", "baseline_without_bias")

# %% [markdown]
# ### Your own library
# <!-- cut -->
#
# What has passed its check is yours.

# %%
own_code()

# %% [markdown]
# ### To go further
# <!-- cut -->
#
# 1. Play Hyperband on the networks of the table that start below 0.5 only. Does it now beat one halving by more?
# 2. McNemar's test asks of two networks on the same samples only where they differ. Use it for 769 against 760 of 800. What else do you have to know?
# 3. Copy each sample with a little noise, *then* split, and test a nearest-neighbour classifier on random labels. What comes out, and why?
# 4. Take the simplest network within one standard error of the best. Is it worse on days 6 and 7?
# 5. Let `HalvingRandomSearchCV` also draw the price `alpha`. Its best score was chosen: how far above is it on the digits from number 600 on?
#
# ### Words of this chapter
# <!-- cut -->
#
# | English | 中文 |
# |---|---|
# | hyperparameter, parameter | 超参数, 参数 |
# | grid search, random search | 网格搜索, 随机搜索 |
# | successive halving | 逐次减半 |
# | Gaussian process, Bayesian optimisation | 高斯过程, 贝叶斯优化 |
# | expected improvement | 期望提升 |
# | reward, baseline | 奖励, 基线 |
# | (stratified, nested) cross-validation, fold | (分层, 嵌套) 交叉验证, 折 |
# | leak | 数据泄漏 |
# | standard error, winner's curse | 标准误, 赢家诅咒 |
