"""Measure a few things in turn, so that a slow minute of the machine hits them all, and print ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

Measured = Callable[[], object]


def in_turn(things: Mapping[str, Measured], *, rounds: int) -> dict[str, float]:
    """Median seconds of each, by name, after one round that doesn't count."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for turn in range(rounds + 1):
        for name, thing in things.items():
            began = time.perf_counter()
            thing()
            if turn:
                seconds[name].append(time.perf_counter() - began)
    return {name: statistics.median(own) for name, own in seconds.items()}


def show(title: str, seconds: Mapping[str, float], *, against: str) -> None:
    """A table: each thing's median, and how many times ``against`` it took."""
    print(f"\n{title}")
    for name, own in seconds.items():
        print(f"  {name:<48} {own * 1000:>10,.1f} ms {own / seconds[against]:>8.2f} x {against}")
