"""The network that the later chapters train: scikit-learn estimators of any depth."""

from __future__ import annotations

from nnlab.network.estimators import MLPClassifier, MLPRegressor
from nnlab.network.recipes import recipe_gain

__all__ = ["MLPClassifier", "MLPRegressor", "recipe_gain"]
