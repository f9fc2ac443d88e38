"""The time that a screen names: with seconds, which count in an incident."""

from __future__ import annotations

from datetime import datetime


def time_of_day() -> str:
    """``14:02:11``, here."""
    return datetime.now().astimezone().strftime("%H:%M:%S")
