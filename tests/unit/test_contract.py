"""What scripts rely on: exit codes, and documents that can't change unnoticed."""

from __future__ import annotations

import jsonschema
import pytest

from queries import errors
from tests.support import schemas
from tui.options import Target

#: Every class of the tree with its exit code: a new one is put here knowingly.
EXIT_CODES = {
    "PgtetherError": 2,
    "UsageError": 2,
    "BadFile": 2,
    "BadConninfo": 2,
    "BadExpression": 2,
    "ServerTooOld": 2,
    "Undecided": 2,
    "NotConfirmed": 2,
    "CannotConnect": 3,
    "Failed": 4,
    "Refused": 4,
    "StepFailed": 4,
    "ConnectionLost": 5,
    "Interrupted": 130,
}


def test_every_error_has_the_exit_code_of_the_contract() -> None:
    found = {
        name: kind.exit_code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.PgtetherError)
    }
    assert found == EXIT_CODES


def test_clean_is_0_and_findings_are_1() -> None:
    assert (errors.CLEAN, errors.FINDINGS) == (0, 1)


def test_an_error_says_what_happened_what_it_means_and_what_to_do() -> None:
    error = errors.Refused("It is locked.", means="Nothing was changed.", do="Try again.")
    assert str(error) == "It is locked.\nNothing was changed.\nTry again."


@pytest.mark.parametrize(
    "name",
    "TABLES GRAPH SNAPSHOT FINGERPRINT AUDIT ORPHANS IMPACT REHEARSAL PLAN RUN HISTORY VERIFY".split(),
)
def test_a_document_without_a_schema_version_is_none_of_ours(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        schemas.check({}, getattr(schemas, name))


def test_the_audit_of_the_design_fits_its_schema() -> None:
    key = "public.orders(customer_id) -> public.customers(id)"
    finding = {
        "rule": "missing-foreign-key",
        "severity": "error",
        "key": f"missing-foreign-key {key}",
        "table": "public.orders",
        "columns": ["customer_id"],
        "constraint": None,
        "message": "There is no key.",
        "why": "Rows come loose.",
        "evidence": {"confidence": 0.97, "orphans": 1904},
        "fix": {"forward": ["alter table …"], "back": []},
    }
    schemas.check({"schema_version": 1, "findings": [finding]}, schemas.AUDIT)


def test_the_impact_of_the_design_fits_its_schema() -> None:
    effect = {
        "table": "public.orders",
        "deleted": 3,
        "set_null": 0,
        "set_default": 0,
        "updated": 0,
        "via": ["fk_orders_customer"],
        "certainty": "exact",
    }
    blocker = {
        "constraint": "invoices_customer_fkey",
        "table": "public.invoices",
        "rows": 2,
        "sqlstate": "23503",
        "at": "statement",
        "why": "rows refer to what goes",
    }
    read = {
        "table": "public.users",
        "where": "id = 42",
        "method": "read",
        "outcome": "blocked",
        "rows": 1,
        "effects": [effect],
        "blocked_by": [blocker],
        "warnings": [{"kind": "trigger", "object": "t on public.orders", "message": "It may do anything."}],
    }
    schemas.check({"schema_version": 1} | read, schemas.IMPACT)
    rehearsed = {"schema_version": 1} | read | {"method": "rehearsal", "reading": read}
    schemas.check(rehearsed, schemas.REHEARSAL)


def test_nobody_is_connected_to_unless_said() -> None:
    assert Target() == Target(dbname=None, host=None, port=None, username=None, password=None, policy=None)
