"""Data sets of the course: traffic states (bundled), digits (from scikit-learn), Fashion-MNIST (from OpenML or a folder)."""

from __future__ import annotations

from nnlab.data.images import load_digits, load_fashion_mnist
from nnlab.data.loaders import load_traffic, read_traffic

__all__ = ["load_digits", "load_fashion_mnist", "load_traffic", "read_traffic"]
