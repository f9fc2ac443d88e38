"""One step of a plan: why, what it blocks, its SQL forward and back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from queries.rendered import Rendered
from queries.steps import RepairOrphans, SqlStep
from tui.glyphs import Glyphs
from tui.step_list import lock_lines
from tui.widgets.cells import safe
from tui.widgets.sql_text import section, sql_text

_LATER = "-- Written when it runs: it depends on what an earlier step makes."
_UNDECIDED = "-- Nothing yet: Enter decides what becomes of the orphans."
_NONE = "-- Nothing to run."


class PlanDetail(Vertical):
    """Forward and back side by side, or one above the other where the terminal is narrow."""

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._why = Static(classes="step-why")
        self._forward = Static(classes="step-sql")
        self._back = Static(classes="step-sql")

    def compose(self) -> ComposeResult:
        """The reason and the locks, the two halves."""
        yield self._why
        with VerticalScroll(), Container(classes="step-halves"):
            yield self._forward
            yield self._back

    def take_focus(self) -> None:
        """Stand in the SQL, to scroll it."""
        self.query_one(VerticalScroll).focus()

    def show(self, each: Rendered | None) -> None:
        """Show a step; None: there is none."""
        self.display = each is not None
        if each is None:
            return
        why, forward, back = self.text(each)
        self._why.update(why)
        self._why.display = bool(why)
        self._forward.update(forward)
        self._back.update(back)
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def text(self, each: Rendered) -> tuple[Content, Content, Content]:
        """Why and under which locks, the SQL forward, the SQL back."""
        step = each.step
        lines = [safe(step.why)] if step.why else []
        lines += [f"Locks: {safe(line)}" for line in lock_lines(each.locks)]
        is_undecided = isinstance(step, RepairOrphans) and step.by == "undecided"
        back = self._sql(each.back, undecided=is_undecided)
        has_no_back = isinstance(step, SqlStep) and not step.back_sql
        if warning := step.back_warning or ("The plan gives no way back for it." if has_no_back else ""):
            back = Content.assemble((safe(warning), "$warning"), "\n", back)
        return (
            Content("\n").join(map(Content, lines)),
            section("Forward", self._sql(each.forward, undecided=is_undecided)),
            section("Back", back),
        )

    def _sql(self, statements: tuple[str, ...] | None, *, undecided: bool) -> Content:
        if statements:
            return sql_text(statements)
        said = _UNDECIDED if undecided else _LATER if statements is None else _NONE
        return Content.styled(said, "$foreground-muted")
