"""The model of ``config.toml``: imported only where there is one, as pydantic delays the first paint."""

from __future__ import annotations

from pathlib import Path

from queries.errors import BadFile
from queries.toml_file import Strict, nearest, read_toml
from tui.config import Config, KnownServer
from tui.themes import THEME_NAMES


class ServerTable(Strict):
    """One ``[[server]]``."""

    match: str
    name: str = ""
    production: bool = False


class ConfigFile(Strict):
    """The whole file."""

    theme: str = Config.theme
    ascii: bool = False
    mouse: bool = True
    animations: bool = False
    server: tuple[ServerTable, ...] = ()


def read(path: Path) -> Config:
    """The file as a Config; raises BadFile."""
    found = read_toml(path, ConfigFile)
    if found.theme not in THEME_NAMES:
        raise BadFile(path, 0, f'theme = "{found.theme}" is not known{nearest(found.theme, THEME_NAMES)}')
    servers = tuple(KnownServer(known.match, known.name, known.production) for known in found.server)
    return Config(found.theme, found.ascii, found.mouse, found.animations, servers)
