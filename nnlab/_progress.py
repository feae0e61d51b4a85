"""A progress bar without a dependency: one line on standard error."""

from __future__ import annotations

import os
import sys
import time
from typing import Self

LONG = 2.0  # seconds after which work shows its progress unasked


class Progress:
    """A line on standard error that says how far a fit is.

    Parameters
    ----------
    epochs : int
        Epochs to come.
    verbose : bool or None
        Whether to show it. None shows it once the fit has run for two seconds, but not where a program runs a notebook and compares
        what it shows (`NNLAB_QUIET`): on a busy machine the line would come, on an idle one not.
    """

    def __init__(self, epochs: int, verbose: bool | None) -> None:
        self.epochs, self.start, self.shown = epochs, time.monotonic(), False
        never = float("inf")
        unasked = never if os.environ.get("NNLAB_QUIET") else self.start + LONG
        self.next = {True: self.start, False: never, None: unasked}[verbose]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            sys.stderr.write("\n")

    def show(self, epoch: int, loss: float) -> None:
        """Write the line anew, at most five times a second, and at the end.

        Parameters
        ----------
        epoch : int
            Epochs done.
        loss : float
            Mean loss of the last one.
        """
        now = time.monotonic()
        if now < self.next and not (self.shown and epoch == self.epochs):
            return
        self.next, self.shown = now + 0.2, True
        done = round(30 * epoch / self.epochs)
        left = (now - self.start) * (self.epochs - epoch) / epoch
        sys.stderr.write(f"\r[{'#' * done}{'.' * (30 - done)}] epoch {epoch}/{self.epochs}, loss {loss:.4g}, {left:.0f} s left ")
        sys.stderr.flush()
