"""The audit's report: its order, what it mutes, and names of checks that aren't."""

from __future__ import annotations

from datetime import date

import pytest

from queries.audit import audit, muted_keys
from queries.catalog import Catalog
from queries.errors import UsageError
from queries.facts import Facts
from queries.policy import NO_POLICY, Policy, parsed_policy

NOTHING = Facts(Catalog({}, {}, (), {}))
TODAY = date(2026, 11, 20)
POLICY = """
schema_version = 1
name = "x"
[[index]]
on = "b(x)"
why = "w"
[[foreign_key]]
child = "a(x)"
parent = "c(x)"
on_delete = "cascade"
why = "w"
[[mute]]
key = "missing-table public.c"
why = "it comes with the next release"
until = 2026-11-20
"""


def wanted(until: str = "2026-11-20") -> Policy:
    return parsed_policy(POLICY.replace("2026-11-20", until))


def test_findings_come_by_severity_and_key() -> None:
    keys = [finding.key for finding in audit(NOTHING, wanted(), today=TODAY).findings]
    assert keys == ["missing-table public.a", "missing-table public.b"]


def test_a_muted_finding_is_left_out_and_counted_to_the_last_day() -> None:
    assert audit(NOTHING, wanted(), today=TODAY).muted == 1
    assert audit(NOTHING, wanted("2026-11-19"), today=TODAY).muted == 0
    assert muted_keys(wanted(), today=date(2026, 11, 21)) == set()


def test_only_the_checks_that_were_asked_for_run() -> None:
    assert audit(NOTHING, wanted(), today=TODAY, rules=["not-valid"]).findings == ()


def test_an_unknown_check_is_refused_naming_the_nearest_first() -> None:
    with pytest.raises(UsageError) as caught:
        audit(NOTHING, NO_POLICY, today=TODAY, rules=["key-no-index"])
    assert caught.value.what == "There is no check 'key-no-index'."
    assert caught.value.do.startswith("There are: key-without-index, ")
    assert "not-valid" in caught.value.do
