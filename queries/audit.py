"""Run the checks over the facts: what is wrong or risky, worst first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from queries.checks import Check, checks
from queries.errors import UsageError
from queries.facts import Facts
from queries.findings import Finding
from queries.policy import Policy


@dataclass(frozen=True)
class Report:
    """Findings, worst first and then by key, and how many others the policy mutes."""

    findings: tuple[Finding, ...]
    muted: int


def audit(facts: Facts, policy: Policy, *, today: date, rules: Sequence[str] = ()) -> Report:
    """Run every check, or the named ones; raises UsageError for a name that is no check's."""
    found = [finding for check in _chosen(rules) for finding in check.findings(facts, policy)]
    muted = muted_keys(policy, today=today)
    heard = (finding for finding in found if finding.key not in muted)
    ordered = tuple(sorted(heard, key=_worst_first))
    return Report(ordered, len(found) - len(ordered))


def muted_keys(policy: Policy, *, today: date) -> Collection[str]:
    """Keys of the findings that the policy mutes on that day; a mute's last day still counts."""
    return {mute.key for mute in policy.mute if mute.until is None or today <= mute.until}


def _chosen(rules: Sequence[str]) -> Iterator[Check]:
    known = checks()
    for rule in rules or known:
        if rule not in known:
            raise _unknown(rule, list(known))
        yield known[rule]


def _unknown(rule: str, known: Sequence[str]) -> UsageError:
    near = get_close_matches(rule, known, n=len(known), cutoff=0.4)
    rest = sorted(name for name in known if name not in near)
    return UsageError(f"There is no check {rule!r}.", do="There are: " + ", ".join((*near, *rest)) + ".")


def _worst_first(finding: Finding) -> tuple[int, str]:
    return finding.severity.rank, finding.key
