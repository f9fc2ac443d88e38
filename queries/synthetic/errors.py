"""Why a row could not be made up."""

from __future__ import annotations

import psycopg

from queries.errors import Failed


class CannotMakeRow(Failed):
    """The server let no row in: ``constraint`` or ``column`` is what stood in the way, where it said so."""

    def __init__(
        self, table: str, message: str, *, sqlstate: str = "", constraint: str = "", column: str = ""
    ) -> None:
        state = f" (SQLSTATE {sqlstate})" if sqlstate else ""
        super().__init__(
            f"No synthetic row could be made in {table}: {message}{state}",
            means="What was tried has been rolled back.",
            do="Look at the constraint or trigger that is named, or insert the row yourself.",
        )
        self.table = table
        self.message = message
        self.sqlstate = sqlstate
        self.constraint = constraint
        self.column = column

    @classmethod
    def because(cls, table: str, error: psycopg.Error) -> CannotMakeRow:
        """What the server answered, with the constraint or column that it named."""
        diagnostic = error.diag
        return cls(
            table,
            diagnostic.message_primary or str(error),
            sqlstate=error.sqlstate or "",
            constraint=diagnostic.constraint_name or "",
            column=diagnostic.column_name or "",
        )
