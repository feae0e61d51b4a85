"""The network that the later chapters train: scikit-learn estimators of any depth."""

from __future__ import annotations

from nnlab.network.estimators import MLPClassifier, MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
