"""A person's own ``config.toml``: how the console looks, and which servers are production.

What a team shares (patterns, limits, mutes) stands in the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from platformdirs import user_config_path


@dataclass(frozen=True)
class KnownServer:
    """Hosts that ``match`` (with * and ?), the name to show for them, and whether mistakes are dear there."""

    match: str
    name: str = ""
    production: bool = False


@dataclass(frozen=True)
class Config:
    """What the file says, or the defaults."""

    theme: str = "pgtether-dark"
    ascii: bool = False
    mouse: bool = True
    animations: bool = False
    server: tuple[KnownServer, ...] = ()

    def known(self, host: str) -> KnownServer | None:
        """The first server whose pattern fits the host."""
        return next((known for known in self.server if fnmatchcase(host.lower(), known.match.lower())), None)


def config_path() -> Path:
    """``~/.config/pgtether/config.toml``, or where XDG_CONFIG_HOME says."""
    return user_config_path("pgtether") / "config.toml"


def config(path: Path | None = None) -> Config:
    """Read it; no file is no error. Raises BadFile with the line and the nearest name."""
    path = path or config_path()
    if not path.exists():
        return Config()
    from tui.config_file import read  # noqa: PLC0415 - pydantic costs as much as the first paint

    return read(path)
