"""3 Findings: what is wrong, worst first?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from queries.audit import Report
from queries.catalog import Catalog
from queries.errors import PgtetherError
from queries.findings import Finding
from queries.fix import Fix, fixes
from queries.orphans import OrphanCount
from queries.planning import changes
from queries.steps import RepairOrphans
from tui.auditing import Identity, Suspect, audited, finding_of, identity, suspects
from tui.auditing import counted as orphan_counts
from tui.context import Context
from tui.dialogs.explain import Explain
from tui.dialogs.export_findings import export_findings
from tui.figures import counted
from tui.messages import OpenTable, PreviewDelete
from tui.plan_making import plan_name
from tui.verbs import verb
from tui.widgets.finding_cells import finding_text, tables_of
from tui.widgets.finding_list import FindingList
from tui.widgets.line_table import LineTable


class FindingsScreen(Vertical):
    """Findings above; why, evidence, mend, way back and locks of the one under the cursor below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        verb("mark"),
        verb("plan"),
        verb("explain"),
        verb("parent"),
        verb("children"),
        Binding("c", "count", "count orphans", tooltip="Count the orphans of every key"),
        Binding("right,l", "read", "into the text", show=False, tooltip="From the findings into the text"),
        Binding("left,h", "leave", "to the findings", show=False, tooltip="From the text to the findings"),
        Binding("escape", "stop", "stop counting", tooltip="Stop counting orphans"),
        verb("delete", show=False),
        verb("export", show=False),
        verb("copy", show=False),
    ]

    def __init__(self, context: Context, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._given = context
        self._catalog: Catalog | None = None
        self._report = Report((), 0)
        self._more: list[Finding] = []  # declared keys with orphans, about which the audit knew nothing
        self._fixes: dict[str, Fix] = {}
        self._list = FindingList(glyphs=context.glyphs, id="finding-list")
        self._text = Static(id="finding-text")
        self._below = VerticalScroll(self._text, id="finding-below")

    def compose(self) -> ComposeResult:
        """Findings, and the text of one."""
        yield self._list
        yield self._below

    # Load

    @work(exclusive=True, group="audit")
    async def load(self, catalog: Catalog) -> None:
        """Run the checks; then count orphans in the background, on production only when asked."""
        self._more.clear()
        self._fixes.clear()
        self._list.counts.clear()
        self._list.reading("Auditing")
        try:
            self._report = await asyncio.to_thread(audited, catalog, self._given.policy, today=date.today())
        except PgtetherError as error:
            self._list.fail(error)
            self._below.display = False
            return
        self._show()
        here = self._given.session.server
        known = self._given.config.known(here.host) if here else None
        if known and known.production:
            self._list.note("Orphans are not counted unasked in production: c counts them.")
        else:
            self.count(catalog)

    @work(exclusive=True, group="orphans")
    async def count(self, catalog: Catalog) -> None:
        """Count the orphans of missing and of declared keys; each count is shown as it arrives."""
        wanted = suspects(self._report.findings, catalog)
        references = [each.reference for each in wanted.values()]
        total, keys = 0, {str(each.reference.key): each.finding or "" for each in wanted.values()}
        try:
            with self._given.telling():
                async with self._given.session.stream(orphan_counts, references) as stream:
                    async for each in stream:
                        if isinstance(each, OrphanCount):
                            total += each.orphans or 0
                            self._arrived(each, wanted)
                        else:
                            self._list.note(f"Counting orphans, key {each.done + 1} of {each.of}: {each.key}")
                            self._list.pending(keys.get(each.key, ""))
        except PgtetherError as error:
            self._list.note(f"Orphans were not counted to the end: {error.what}")
        else:
            said = f"{counted(total, 'orphan')} in {counted(len(references), 'key')}, declared or wanted."
            self._list.note(said if references else "")
        self._list.pending("")
        self.refresh_bindings()

    @work(exclusive=True, group="fix")
    async def load_fix(self, finding: Finding, catalog: Catalog) -> None:
        """Write the SQL that mends the finding, and its way back, from the definitions as they are."""
        try:
            (self._fixes[finding.key],) = await self._given.ask(fixes, [finding], catalog=catalog)
        except PgtetherError as error:
            self.notify(str(error), title="The SQL could not be written", severity="warning", markup=False)
            return
        self._show_detail()

    # Show

    def show_catalog(self, catalog: Catalog) -> None:
        """Audit what was read."""
        self._catalog = catalog
        self.load(catalog)

    def take_focus(self) -> None:
        """Stand in the findings."""
        self._list.take_focus()

    def _show(self) -> None:
        assert self._catalog is not None
        found = sorted((*self._report.findings, *self._more), key=lambda each: (each.severity.rank, each.key))
        policy = f"by {self._given.policy.name}" if self._given.policy else "without a policy"
        muted = f", {counted(self._report.muted, 'other')} muted" if self._report.muted else ""
        title = f"{counted(len(found), 'finding')} in {counted(len(self._catalog.roots), 'table')}"
        do = "" if self._given.policy else "pgtether --policy FILE compares the database with what is wanted."
        self._list.show(
            self._catalog,
            found,
            title=f"{title}, {policy}{muted}",
            empty="Nothing is wrong that the checks look for.",
            do=do,
        )
        self._show_detail()

    def _arrived(self, each: OrphanCount, wanted: dict[Identity, Suspect]) -> None:
        suspect = wanted[identity(each)]
        if suspect.finding is not None:
            self._list.counts[suspect.finding] = each
            self._list.refill()
        elif each.orphans:
            more = finding_of(suspect.reference, each)
            self._more.append(more)
            self._list.counts[more.key] = each
            self._show()
        self._show_detail()

    def _show_detail(self) -> None:
        finding, catalog = self._list.finding, self._catalog
        self._below.display = finding is not None
        if finding is None or catalog is None:
            return
        self._text.update(self._told(finding, catalog))
        self.refresh_bindings()

    def _told(self, finding: Finding, catalog: Catalog) -> Content:
        steps = [step for step in finding.mend if not isinstance(step, RepairOrphans)]
        locks = [lock for step in steps for lock in step.locks(catalog)]
        fix = self._fixes.get(finding.key) if finding.mend else Fix()
        return finding_text(finding, fix, locks, self._list.counts.get(finding.key), catalog=catalog)

    @on(LineTable.Moved)
    def follow(self, event: LineTable.Moved) -> None:
        """Show the finding under the cursor."""
        event.stop()
        self._below.scroll_home(animate=False)
        self._show_detail()
        finding = self._list.finding
        if finding is not None and finding.mend and finding.key not in self._fixes and self._catalog:
            self.load_fix(finding, self._catalog)

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is there where there is something for it."""
        finding, counting = self._list.finding, self._is_counting()
        there = dict.fromkeys(
            ("mark", "plan", "explain", "copy", "parent", "children", "delete"), finding is not None
        )
        return (there | {"stop": counting, "count": not counting}).get(action, True)

    def _is_counting(self) -> bool:
        return any(each.group == "orphans" and each.is_running for each in self.workers)

    def action_read(self) -> None:
        """Into the text, to scroll it."""
        self._below.focus()

    def action_leave(self) -> None:
        """Back to the findings."""
        self._list.take_focus()

    def action_mark(self) -> None:
        """Mark it, or take its mark away."""
        self._list.toggle()

    def action_plan(self) -> None:
        """Put the changes of the marked findings, or of this one, into the plan."""
        chosen = self._list.chosen
        steps = changes(chosen)
        if not steps:
            self.notify("There is no change that mends it: a person has to decide.", markup=False)
            return
        added = self._given.draft.add(steps, name=plan_name(self._given))
        self._list.marked.clear()
        self._list.refill()
        total = counted(len(self._given.draft.wanted), "change")
        self.notify(_added(chosen, added, total), markup=False, timeout=3)

    def action_count(self) -> None:
        """Count the orphans of every key, again."""
        if self._catalog is not None:
            self.count(self._catalog)

    def action_stop(self) -> None:
        """Stop counting; what was counted stays."""
        self.workers.cancel_group(self, "orphans")
        self._list.note("Counting orphans was stopped: c counts again.")
        self._list.pending("")
        self.refresh_bindings()

    def action_parent(self) -> None:
        """To the parent table of the finding's key."""
        self._open(1, "It names no parent.")

    def action_children(self) -> None:
        """To the finding's own table."""
        self._open(0, "It names no table that is there.")

    def _open(self, side: int, otherwise: str) -> None:
        if (finding := self._list.finding) is None or self._catalog is None:
            return
        table = tables_of(finding, self._catalog)[side]
        if table is None:
            self.notify(otherwise, markup=False, timeout=3)
        else:
            self.post_message(OpenTable(table.oid, "keys"))

    def action_delete(self) -> None:
        """What a delete in the parent of the finding's key, or in its own table, would do."""
        if (finding := self._list.finding) is not None and self._catalog is not None:
            own, parent = tables_of(finding, self._catalog)
            if (table := parent or own) is not None:
                self.post_message(PreviewDelete(table.oid))

    def action_explain(self) -> None:
        """The whole of it in a window of its own."""
        if (finding := self._list.finding) is not None and self._catalog is not None:
            self.app.push_screen(Explain(finding.key, self._told(finding, self._catalog)))

    @work(exclusive=True, group="export")
    async def action_export(self) -> None:
        """Write what the audit found to a file, as ``pgtether audit`` prints it."""
        if self._catalog is None:
            return
        found = self._report.findings
        try:
            mended = await self._given.ask(fixes, found, catalog=self._catalog)
        except PgtetherError as error:
            self.notify(str(error), title="Not written", severity="warning", markup=False)
            return
        export_findings(self, found, mended)

    def action_copy(self) -> None:
        """Copy the SQL that mends it, or its key where there is none."""
        if (finding := self._list.finding) is not None:
            fix = self._fixes.get(finding.key, Fix())
            text = "\n".join(f"{statement};" for statement in fix.forward) or finding.key
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied {text[:60]}", markup=False, timeout=2)


def _added(chosen: Sequence[Finding], added: int, total: str) -> str:
    """What became of ``p``."""
    findings = counted(len(chosen), "finding")
    if not added:
        return f"The plan mends {findings} already. 5 shows it."
    return f"{counted(added, 'change')} for {findings} added to the plan: {total}. 5 shows it."
