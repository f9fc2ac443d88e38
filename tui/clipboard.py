"""Copying inside tmux, which takes the terminal's own way of copying for its own."""

from __future__ import annotations

from base64 import b64encode


def through_tmux(text: str) -> str:
    """OSC 52 in tmux's passthrough; tmux hands it on where ``allow-passthrough`` is on.

    The plain sequence beside it does where ``set-clipboard`` is on.
    """
    encoded = b64encode(text.encode()).decode()
    return f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"
