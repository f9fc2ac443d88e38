"""The tree of errors: one class for each thing that a caller treats differently, with its exit code.

PgtetherError
├── UsageError 2           what was asked for can't be understood or isn't decided
│   ├── BadFile              a policy, plan or snapshot file: file, line, what was expected
│   ├── BadConninfo          libpq can't read the connection string
│   ├── ServerTooOld         below PostgreSQL 13
│   ├── Undecided            orphans without a decision
│   └── NotConfirmed         no --yes and nobody to ask
├── CannotConnect 3        worth another try
├── Failed 4               refused or rolled back: nothing of yours has changed
│   ├── Refused              drift, lock held, standby, no privilege, another database, pooler
│   └── StepFailed           the server refused a statement
├── ConnectionLost 5       the outcome is not known
└── Interrupted 130
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

CLEAN, FINDINGS = 0, 1


class PgtetherError(Exception):
    """What happened, what it means for the data, what to do: a sentence each, the last two may be empty."""

    exit_code = 2

    def __init__(self, what: str, *, means: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.means = means
        self.do = do

    def __str__(self) -> str:
        return "\n".join(part for part in (self.what, self.means, self.do) if part)


class UsageError(PgtetherError):
    """The command, an option or a name can't be understood."""


class BadFile(UsageError):
    """A file of ours can't be read: ``line`` counts from 1, 0 where no line is known."""

    def __init__(self, path: Path | str, line: int, expected: str) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {expected}", means="Nothing was run.")
        self.path = Path(path)
        self.line = line
        self.expected = expected


class BadConninfo(UsageError):
    """libpq can't read the connection string."""


class ServerTooOld(UsageError):
    """The server's version is below 13."""


class BadExpression(UsageError):
    """The server can't make sense of a typed expression; ``pointer`` is the line at fault, a caret below."""

    def __init__(self, message: str, *, sqlstate: str, pointer: str = "", hint: str = "") -> None:
        super().__init__(
            "\n".join(part for part in (message, pointer) if part), means="Nothing was changed.", do=hint
        )
        self.message = message
        self.sqlstate = sqlstate
        self.pointer = pointer
        self.hint = hint


class Undecided(UsageError):
    """Orphans stand in the way of keys and nobody has said what becomes of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(
            "Orphans without a decision: " + "; ".join(keys),
            means="Nothing was run.",
            do='Decide each: `orphans = "park|delete|set-null|stub|leave"` in the policy, or --orphans.',
        )
        self.keys = tuple(keys)


class NotConfirmed(UsageError):
    """A change wants --yes where nobody can be asked."""


class CannotConnect(PgtetherError):
    """No connection: host, password, TLS, or no such database."""

    exit_code = 3


class Failed(PgtetherError):
    """Nothing of yours has changed."""

    exit_code = 4


class Refused(Failed):
    """Not begun, with the reason: drift, lock held, standby, no privilege, another database, pooler."""


class StepFailed(Failed):
    """The server refused a statement of a step; everything was rolled back."""

    def __init__(self, step: str, sqlstate: str, message: str, *, means: str, do: str = "") -> None:
        super().__init__(f"Step {step} failed: {message} (SQLSTATE {sqlstate})", means=means, do=do)
        self.step = step
        self.sqlstate = sqlstate
        self.message = message


class ConnectionLost(PgtetherError):
    """The connection broke where the outcome can't be known from here."""

    exit_code = 5


class Interrupted(PgtetherError):
    """A person stopped it."""

    exit_code = 130
