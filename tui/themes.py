"""The colours: calm, so that what is wrong is the brightest thing on the screen."""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="pgtether-dark",
    dark=True,
    primary="#6ea8d8",
    secondary="#8fb5a2",
    accent="#8ec4e8",
    foreground="#d6dae0",
    background="#14171c",
    surface="#191d23",
    panel="#232830",
    warning="#e5b567",
    error="#ef7b72",
    success="#8cc98f",
)

LIGHT = Theme(
    name="pgtether-light",
    dark=False,
    primary="#1f5f94",
    secondary="#3c6e57",
    accent="#1f5f94",
    foreground="#22262b",
    background="#fbfbf8",
    surface="#f3f3ee",
    panel="#e6e6df",
    warning="#8a5a00",
    error="#b3261e",
    success="#2c6e31",
)

THEMES = (DARK, LIGHT)
THEME_NAMES = (*(theme.name for theme in THEMES), *BUILTIN_THEMES)
