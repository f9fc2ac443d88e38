"""The policy that the command line names."""

from __future__ import annotations

from pathlib import Path

from queries.policy import NO_POLICY, Policy, policy
from tui.options import Target


def policy_of(target: Target, path: Path | None) -> Policy:
    """The one given behind the command, else before it, else one that wants nothing; raises BadFile."""
    given = path or target.policy
    return policy(given) if given else NO_POLICY
