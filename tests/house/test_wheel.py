"""What is shipped: everything that the program needs, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.support.source import ROOT, files

SUFFIXES = (".py", ".sql", ".tcss", ".toml", "py.typed")


def test_the_wheel_holds_the_program_and_nothing_else(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
        about = {name.split(".dist-info/")[1] for name in wheel.namelist() if ".dist-info/" in name}
    source = {
        path.relative_to(ROOT).as_posix() for end in SUFFIXES for path in files("tui", "queries", suffix=end)
    }
    assert packed == source
    assert {"METADATA", "licenses/LICENSE", "entry_points.txt"} <= about
