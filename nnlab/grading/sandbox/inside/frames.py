"""Frames on the one socket between the grader and a student's process: a kind, the number of the request, a head and a body.

Every length is checked against its cap before a byte of what it announces is read, and every wait can carry a deadline.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from typing import NamedTuple

PREFIX = struct.Struct("!cIII")  # kind, number, bytes of the head, bytes of the body
MAX_HEAD = 4 << 20
MAX_BODY = 32 << 20
COST = 1 << 10  # bytes that a frame counts for at least: a flood of tiny ones is a flood
PIECE = 1 << 18  # bytes read at once

CELL, CALLS, ANSWER, OUTPUT = b"x", b"c", b"a", b"o"  # the kinds: two of requests, two of what comes back


class FrameError(ValueError):
    """A frame is larger than allowed, or there are too many."""


class Frame(NamedTuple):
    """A frame that has arrived whole."""

    kind: bytes
    number: int
    head: bytes
    body: bytes


class Link:
    """One end of the socket.

    Parameters
    ----------
    end : socket
    most : float
        Bytes that may arrive in all.
    """

    def __init__(self, end: socket.socket, most: float = math.inf) -> None:
        self._socket, self._left = end, most
        self._arrived = bytearray()

    def send(self, frame: Frame, deadline: float = math.inf) -> None:
        """Send a frame whole.

        Raises
        ------
        FrameError
            If it is larger than the other side would take; nothing was sent.
        TimeoutError
            If the other side did not take it before the deadline (of `time.monotonic`). The link is of no use then.
        OSError
            If the other side is gone.
        """
        kind, number, head, body = frame
        if len(head) > MAX_HEAD or len(body) > MAX_BODY:
            raise FrameError(f"a frame of {len(head)} and {len(body)} bytes")
        self._wait_until(deadline)
        self._socket.sendall(PREFIX.pack(kind, number, len(head), len(body)) + head + body)

    def receive(self, deadline: float = math.inf) -> Frame:
        """Return the next frame.

        Raises
        ------
        FrameError
            If it announces more than allowed. The link is of no use then.
        TimeoutError
            If it was not there before the deadline. What has arrived of it is kept.
        EOFError, OSError
            If the other side is gone.
        """
        self._fill(PREFIX.size, deadline)
        kind, number, head, body = PREFIX.unpack_from(self._arrived)
        if head > MAX_HEAD or body > MAX_BODY:
            raise FrameError(f"a frame of {head} and {body} bytes")
        self._fill(PREFIX.size + head + body, deadline)
        self._spend(COST)
        whole, self._arrived = bytes(self._arrived), bytearray()
        cut = PREFIX.size + head
        return Frame(kind, number, whole[PREFIX.size : cut], whole[cut:])

    def _fill(self, size: int, deadline: float) -> None:
        while len(self._arrived) < size:
            self._wait_until(deadline)
            piece = self._socket.recv(min(PIECE, size - len(self._arrived)))
            if not piece:
                raise EOFError("the other side has hung up")
            self._spend(len(piece))
            self._arrived += piece

    def _spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise FrameError("more than allowed in all")

    def _wait_until(self, deadline: float) -> None:
        """Let the next wait of the socket end at the deadline."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(None if left == math.inf else left)
