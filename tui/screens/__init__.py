"""The screens: one module, one style sheet and one line here for each. A screen imports no other screen.

A screen is a ``Vertical`` that reads in this order:

- *keys*: ``BINDINGS`` of ``tui.verbs.verb(…)``, no letter meaning two things, and of keys of its own, each
  with a word for the footer and a sentence (``tooltip``) for the list of all keys;
- *compose* and *mount*: widgets of ``tui.widgets``; styles in the ``.tcss`` beside it, in theme variables;
- *load*: one ``@work(exclusive=True)`` method that awaits ``self._given.ask(function_of_queries, …)``, which
  raises nothing but PgtetherError; to move on cancels it on the server;
- *show*: ``show_catalog(catalog)`` is called when the catalog was read, and when it was read again;
  ``take_focus()`` when the screen is opened;
- *actions*: what the keys do. What concerns other screens is a message of ``tui.messages``.

Its constructor takes the ``tui.context.Context`` and ``id``. The module is imported after the first paint, so
it may import ``queries`` freely. ``tui.widgets.listing.Listing`` is a table with its four states, and
``tui.dialogs`` asks: Confirm, Choose, AskText.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # psycopg comes after the first paint
    from queries.catalog import Catalog


class Entry(NamedTuple):
    """A screen: its number is its key, its name that of its module and style sheet."""

    number: str
    label: str
    module: str
    widget: str


class ConsoleScreen(Protocol):
    """What the console asks of a screen, besides being a widget."""

    def show_catalog(self, catalog: Catalog) -> None:
        """Show what was read, or read again."""

    def take_focus(self) -> None:
        """Put the focus where a person goes on."""


#: 2 Graph and 6 Activity keep their numbers free.
SCREENS = (
    Entry("1", "Tables", "tables", "TablesScreen"),
    Entry("3", "Findings", "findings", "FindingsScreen"),
    Entry("4", "Impact", "impact", "ImpactScreen"),
    Entry("5", "Plans", "plans", "PlansScreen"),
    Entry("7", "History", "history", "HistoryScreen"),
)
