"""A person's config.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.errors import BadFile
from tui.config import Config, config


def _written(directory: Path, text: str) -> Path:
    path = directory / "config.toml"
    path.write_text(text, "utf-8")
    return path


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert config(tmp_path / "config.toml") == Config()


def test_production_servers_are_known_by_their_pattern(tmp_path: Path) -> None:
    text = 'ascii = true\n[[server]]\nmatch = "db*.prod*"\nname = "the ledger"\nproduction = true\n'
    own = config(_written(tmp_path, text))
    known = own.known("DB1.prod.example")
    assert own.ascii
    assert known is not None
    assert (known.name, known.production) == ("the ledger", True)
    assert own.known("db1.test") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('themes = "nord"\n', ':1: "themes" is not a field of the file; did you mean "theme"?'),
        ('theme = "pgtether-drak"\n', 'theme = "pgtether-drak" is not known; did you mean "pgtether-dark"?'),
        ('mouse = true\n[[server]]\nmatch = "x"\nproducton = true\n', ':4: "producton" is not a field'),
    ],
)
def test_an_unknown_word_is_told_with_the_nearest(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadFile) as caught:
        config(_written(tmp_path, text))
    assert told in str(caught.value)
