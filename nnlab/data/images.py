"""Images with labels: scikit-learn's digits, which every installation has, and Fashion-MNIST, which has to be fetched once.

Both come in the same form, pixels between 0 and 1 and one row an image, so that an exercise can change from one to the other.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any, Literal, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from nnlab.data.bunch import Bunch
from nnlab.languages import say

Pair = tuple[NDArray[np.float32], NDArray[np.int64]]  # pixels (samples, pixels) and classes (samples,)


class Idx(NamedTuple):
    """What is known about one of the published files."""

    shape: tuple[int, ...]
    md5: str  # of NAME.gz, as its publisher gives it


FASHION = {
    "train-images-idx3-ubyte": Idx((60_000, 28, 28), "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    "train-labels-idx1-ubyte": Idx((60_000,), "25c81989df183df01b3e8a0aad5dffbe"),
    "t10k-images-idx3-ubyte": Idx((10_000, 28, 28), "bef4ecab320f06d8554ea6380940ec79"),
    "t10k-labels-idx1-ubyte": Idx((10_000,), "bb300cfdad3c16e7a12a480ee83cd310"),
}
CLASSES = ("T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
OPENML_ID = 40996
HOME = "NNLAB_DATA_HOME"
FASHION_DESCR = """\
Fashion-MNIST: 70,000 grey images of clothes, 28 x 28 pixels between 0 (background) and 1, in ten classes of 7,000.

From files, the first 60,000 rows are the published training set and the last 10,000 the test set.
From OpenML (data set 40996), rows come in OpenML's order.
H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, a novel image dataset for benchmarking machine learning algorithms (2017).
Licence: MIT, Zalando SE.
"""


@overload
def load_digits(*, return_X_y: Literal[False] = False) -> Bunch: ...
@overload
def load_digits(*, return_X_y: Literal[True]) -> Pair: ...
def load_digits(*, return_X_y: bool = False) -> Any:
    """Load 1,797 handwritten digits of 8 × 8 pixels. They come with scikit-learn: no network is needed.

    Parameters
    ----------
    return_X_y : bool
        Give the pair (data, target), not a `Bunch`.

    Returns
    -------
    Bunch
        `data` (1797, 64) float32, pixels between 0 and 1; `images`, the same as (1797, 8, 8); `target` (1797,), 0 to 9;
        `target_names`; `DESCR`.
    """
    from sklearn.datasets import load_digits as bundled

    digits = bundled()
    return _given(digits.images / 16, digits.target, [str(digit) for digit in range(10)], digits.DESCR, return_X_y)


@overload
def load_fashion_mnist(folder: str | os.PathLike[str] | None = None, *, return_X_y: Literal[False] = False) -> Bunch: ...
@overload
def load_fashion_mnist(folder: str | os.PathLike[str] | None = None, *, return_X_y: Literal[True]) -> Pair: ...
def load_fashion_mnist(folder: str | os.PathLike[str] | None = None, *, return_X_y: bool = False) -> Any:
    """Load Fashion-MNIST: 70,000 images of clothes, 28 × 28 pixels, in ten classes.

    The four published files are taken from `folder`, or else from the folder that the environment variable NNLAB_DATA_HOME names.
    Without them the images come from OpenML; scikit-learn keeps them in its cache, so that the network is needed once.

    Parameters
    ----------
    folder : path, optional
        Where `train-images-idx3-ubyte.gz`, `train-labels-idx1-ubyte.gz`, `t10k-images-idx3-ubyte.gz` and `t10k-labels-idx1-ubyte.gz`
        lie, themselves or in `fashion-mnist`, packed or unpacked.
    return_X_y : bool
        Give the pair (data, target), not a `Bunch`.

    Returns
    -------
    Bunch
        `data` (70000, 784) float32, pixels between 0 and 1; `images`, the same as (70000, 28, 28); `target` (70000,), 0 to 9;
        `target_names`; `DESCR`, which says in what order the rows come.

    Raises
    ------
    FileNotFoundError
        If `folder` is given, and any of the four files is not there.
    ValueError
        If a file is cut or corrupt. A .gz file has to have the published MD5. For an unpacked one none is published: its header, its
        length and the number of images in each class have to be right.
    ConnectionError
        If there are no files and OpenML cannot be reached. The message says how to get the images.
    """
    paths = _found(folder)
    pixels, target = _from_openml() if paths is None else _from_files(paths)
    return _given(pixels, target, list(CLASSES), FASHION_DESCR, return_X_y)


def _given(images: NDArray[Any], target: NDArray[Any], names: Sequence[str], descr: str, return_X_y: bool) -> Any:
    """Return images (samples, height, width) and their classes in the form of this module."""
    images, target = images.astype(np.float32, copy=False), target.astype(np.int64)
    data = images.reshape(len(images), -1)
    if return_X_y:
        return data, target
    return Bunch(data=data, target=target, images=images, target_names=names, DESCR=descr)


# --- files ----------------------------------------------------------------------------------------------------------------------------


def _found(folder: str | os.PathLike[str] | None) -> Mapping[str, Path] | None:
    """Return the path of each file, or None where OpenML has to be asked."""
    home = folder if folder is not None else os.environ.get(HOME)
    if not home:
        return None
    places = [Path(home).expanduser(), Path(home).expanduser() / "fashion-mnist"]
    candidates = {name: [place / f"{name}{end}" for place in places for end in (".gz", "")] for name in FASHION}
    paths = {name: path for name, paths in candidates.items() if (path := next(filter(Path.is_file, paths), None))}
    missing = [name for name in FASHION if name not in paths]
    if missing and (paths or folder is not None):
        raise FileNotFoundError(
            say(
                "{name} has to hold the {count} files of Fashion-MNIST, packed (.gz) or unpacked, but {place} lacks {missing}. "
                "They are at https://github.com/zalandoresearch/fashion-mnist in data/fashion.",
                name="folder" if folder is not None else HOME,
                count=len(FASHION),
                missing=", ".join(missing),
                place=places[0],
            )
        )
    return paths or None


def _from_files(paths: Mapping[str, Path]) -> tuple[NDArray[Any], NDArray[Any]]:
    arrays = {name: read_idx(path, FASHION[name]) for name, path in paths.items()}
    images = np.concatenate([array for name, array in arrays.items() if "images" in name])
    return np.divide(images, 255, dtype=np.float32), np.concatenate([array for name, array in arrays.items() if "labels" in name])


def read_idx(path: Path, known: Idx) -> NDArray[np.uint8]:
    """Read one of the published files, packed or unpacked.

    Parameters
    ----------
    path : Path
        The file: .gz, or unpacked.
    known : Idx
        The shape it has to have and the MD5 of the packed file.

    Returns
    -------
    ndarray of uint8, of this shape

    Raises
    ------
    ValueError
        If the file is cut or corrupt.
    """
    data = path.read_bytes()
    found = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if path.suffix == ".gz":
        if found != known.md5:
            raise _corrupt(path, say("its MD5 is {found}, but {known} was published", found=found, known=known.md5))
        data = gzip.decompress(data)
    header = struct.pack(f">HBB{len(known.shape)}I", 0, 8, len(known.shape), *known.shape)  # 8: unsigned bytes
    length = len(header) + prod(known.shape)
    if len(data) != length:
        raise _corrupt(
            path, say("it has {bytes} bytes, but {expected} were expected (MD5 {found})", bytes=len(data), expected=length, found=found)
        )
    if not data.startswith(header):
        raise _corrupt(
            path,
            say(
                "it starts with {start}, but {expected} was expected (MD5 {found})",
                start=data[: len(header)].hex(" "),
                expected=header.hex(" "),
                found=found,
            ),
        )
    array = np.frombuffer(data, np.uint8, offset=len(header)).reshape(known.shape)
    counts = np.bincount(array, minlength=len(CLASSES)).tolist() if array.ndim == 1 else []
    if counts and counts != [len(array) // len(CLASSES)] * len(CLASSES):
        raise _corrupt(
            path,
            say(
                "its classes have {counts} images, but {expected} each were expected (MD5 {found})",
                counts=counts,
                expected=len(array) // len(CLASSES),
                found=found,
            ),
        )
    return array


def _corrupt(path: Path, why: str) -> ValueError:
    return ValueError(
        say("{path} is not the published file: {why}. It was cut or changed on its way: copy or download it again.", path=path, why=why)
    )


# --- OpenML ---------------------------------------------------------------------------------------------------------------------------


def _from_openml() -> tuple[NDArray[Any], NDArray[Any]]:
    from sklearn.datasets import fetch_openml

    parser = "auto" if find_spec("pandas") else "liac-arff"  # the second is slow, and needs no pandas
    try:
        found = fetch_openml(data_id=OPENML_ID, as_frame=False, parser=parser, n_retries=1)
    except (OSError, HTTPException) as error:
        raise ConnectionError(
            say(
                "Fashion-MNIST is not on this machine, and could not be fetched from OpenML ({error}). Two ways to get it: (1) "
                "call load_fashion_mnist() once with a network; scikit-learn keeps the images in its cache. (2) Put the four "
                "files of https://github.com/zalandoresearch/fashion-mnist (data/fashion) into a folder, and name it: "
                "load_fashion_mnist(folder) or the environment variable {home}. Until then load_digits() has images that need no "
                "network.",
                error=error,
                home=HOME,
            )
        ) from error
    shape = sum(known.shape[0] for name, known in FASHION.items() if "images" in name), 784
    if found.data.shape != shape:
        raise ValueError(
            say(
                "OpenML gave an array of shape {got}, but {shape} was expected. Clear scikit-learn's cache, try again.",
                got=found.data.shape,
                shape=shape,
            )
        )
    return (found.data / np.float32(255)).reshape(-1, 28, 28), found.target
