"""Textual's own DataTable with as many rows as it is told, to compare with."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Tables(App[None]):
    """One DataTable."""

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns("table", "rows", "size", "out", "in")
        table.add_rows((f"public.table_{i:05}", "0", "8 kB", "2", "3") for i in range(int(sys.argv[1])))


if __name__ == "__main__":
    Tables().run()
