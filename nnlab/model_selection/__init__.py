"""Model selection: ways to look for good hyperparameters, and what happens when the test data leak into the choice.

`budget` spends a budget on lists of configurations, `guess` learns from what was tried, and `folds` judges what was chosen.
"""

from nnlab.model_selection.budget import (
    Configuration,
    Ranking,
    Round,
    all_settings,
    brackets,
    draw,
    grid,
    halve_curves,
    hyperband,
    search,
    sklearn_halving,
    successive_halving,
    winner,
)
from nnlab.model_selection.folds import cross_validate, fold_scores, nearest_centroid, select_features, stratified_folds
from nnlab.model_selection.guess import (
    controller,
    evolve,
    expected_improvement,
    gp_posterior,
    normal_cdf,
    propose,
    reinforce_step,
)

__all__ = [
    "Configuration",
    "Ranking",
    "Round",
    "all_settings",
    "brackets",
    "controller",
    "cross_validate",
    "draw",
    "evolve",
    "expected_improvement",
    "fold_scores",
    "gp_posterior",
    "grid",
    "halve_curves",
    "hyperband",
    "nearest_centroid",
    "normal_cdf",
    "propose",
    "reinforce_step",
    "search",
    "select_features",
    "sklearn_halving",
    "stratified_folds",
    "successive_halving",
    "winner",
]
