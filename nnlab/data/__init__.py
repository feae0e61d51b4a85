"""Data sets of the course: traffic states, learning curves (both bundled), digits (scikit-learn), Fashion-MNIST (OpenML or a folder)."""

from __future__ import annotations

from nnlab.data.images import load_digits, load_fashion_mnist
from nnlab.data.loaders import load_curves, load_traffic, read_traffic

__all__ = ["load_curves", "load_digits", "load_fashion_mnist", "load_traffic", "read_traffic"]
