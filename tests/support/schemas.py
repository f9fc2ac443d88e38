"""The JSON schema of every document that pgtether prints: scripts rely on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema

TEXT, COUNT, FLAG = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "boolean"}
MAYBE_TEXT, MAYBE_COUNT = {"type": ["string", "null"]}, {"type": ["integer", "null"], "minimum": 0}
RULE = {"enum": ["cascade", "set null", "set default", "restrict", "no action"]}


def listed(item: Mapping[str, Any]) -> dict[str, Any]:
    """A list of such items."""
    return {"type": "array", "items": item}


def record(**fields: Mapping[str, Any]) -> dict[str, Any]:
    """An object with exactly these fields."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def document(**fields: Mapping[str, Any]) -> dict[str, Any]:
    """A whole document of schema version 1."""
    return record(schema_version={"const": 1}, **fields) | {
        "$schema": "https://json-schema.org/draft/2020-12/schema"
    }


TEXTS = listed(TEXT)

TABLES = document(
    database=TEXT,
    tables=listed(
        record(
            table=TEXT,
            kind={"enum": ["table", "partitioned"]},
            rows=MAYBE_COUNT,
            rows_are={"enum": ["estimate", "unknown"]},
            bytes=COUNT,
            columns=COUNT,
            keys_out=COUNT,
            keys_in=COUNT,
            indexes=COUNT,
            readable=FLAG,
            row_security=FLAG,
            partitions=COUNT,
        )
    ),
    not_readable=COUNT,
)

GRAPH = document(
    tables=TEXTS,
    foreign_keys=listed(
        record(
            constraint=TEXT,
            table=TEXT,
            columns=TEXTS,
            ref_table=TEXT,
            ref_columns=TEXTS,
            on_delete=RULE,
            on_update=RULE,
            match={"enum": ["full", "simple"]},
            validated=FLAG,
            enforced=FLAG,
            disabled=FLAG,
            deferrable=FLAG,
            deferred=FLAG,
            indexed=FLAG,
        )
    ),
    cycles=listed(TEXTS),
)

ROWS = {"type": "array", "items": {"type": "object"}}

SNAPSHOT = document(
    database=TEXT,
    server_version=TEXT,
    search_path=TEXTS,
    operators={"type": "object"},
    tables=ROWS,
    columns=ROWS,
    foreign_keys=ROWS,
    indexes=ROWS,
)

FINGERPRINT = document(
    tables={"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{12}$"}}
)

AUDIT = document(
    findings=listed(
        record(
            rule=TEXT,
            severity={"enum": ["error", "warning", "info"]},
            key=TEXT,
            table=TEXT,
            columns=TEXTS,
            constraint=MAYBE_TEXT,
            message=TEXT,
            why=TEXT,
            evidence={"type": "object"},
            fix=record(forward=TEXTS, back=TEXTS),
        )
    )
)

ORPHANS = document(
    foreign_keys=listed(
        record(
            constraint=MAYBE_TEXT,
            table=TEXT,
            columns=TEXTS,
            ref_table=TEXT,
            ref_columns=TEXTS,
            declared=FLAG,
            valid=FLAG,
            rows=MAYBE_COUNT,
            orphans=MAYBE_COUNT,
            null_rows=MAYBE_COUNT,
            sample={"type": "array"},
            state={"enum": ["exact", "sampled", "unfinished", "unreadable"]},
            why=TEXT,
        )
    )
)

IMPACT_FIELDS: dict[str, Mapping[str, Any]] = {
    "table": TEXT,
    "where": TEXT,
    "method": {"enum": ["read", "rehearsal"]},
    "outcome": {"enum": ["ok", "blocked", "uncertain"]},
    "rows": COUNT,
    "effects": listed(
        record(
            table=TEXT,
            deleted=COUNT,
            set_null=COUNT,
            set_default=COUNT,
            updated=COUNT,
            via=TEXTS,
            certainty={"enum": ["exact", "estimate"]},
        )
    ),
    "blocked_by": listed(
        record(
            constraint=MAYBE_TEXT,
            table=TEXT,
            rows=COUNT,
            sqlstate={"type": "string", "pattern": "^[0-9A-Z]{5}$"},
            at={"enum": ["statement", "commit"]},
            why=TEXT,
        )
    ),
    "warnings": listed(
        record(
            kind={
                "enum": [
                    *("trigger", "rule", "row_security", "order", "partition", "disabled"),
                    *("privilege", "default", "check", "type", "unique", "size"),
                ]
            },
            object=TEXT,
            message=TEXT,
        )
    ),
}

IMPACT = document(**IMPACT_FIELDS)

REHEARSAL = document(**IMPACT_FIELDS, reading=record(**IMPACT_FIELDS))

MODE = {
    "enum": [
        *("ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"),
        *("SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"),
    ]
}
MAYBE_TEXTS = {"type": ["array", "null"], "items": TEXT}
TIME, MAYBE_NUMBER = {"type": "string", "format": "date-time"}, {"type": ["number", "null"], "minimum": 0}
MAYBE_TIME = {"type": ["string", "null"], "format": "date-time"}

PLAN = document(
    plan={"type": "object", "required": ["schema_version", "name"]},
    steps=listed(
        record(
            id=TEXT,
            kind=TEXT,
            sentence=TEXT,
            why=TEXT,
            forward=MAYBE_TEXTS,
            back=MAYBE_TEXTS,
            locks=listed(record(table=TEXT, mode=MODE, blocks=TEXT)),
        )
    ),
)

RUN_FIELDS: dict[str, Mapping[str, Any]] = {
    "run": {"type": ["integer", "null"], "minimum": 1},
    "plan": TEXT,
    "state": {"enum": ["applied", "rolled back", "failed", "half done", "running"]},
    "mode": {"enum": ["transaction", "online"]},
    "started": TIME,
    "finished": MAYBE_TIME,
    "by": TEXT,
    "steps": listed(
        record(
            id=TEXT,
            kind=TEXT,
            sentence=TEXT,
            state={"enum": "pending started waiting done already skipped failed undoing undone".split()},
            at=MAYBE_TIME,
            ms=MAYBE_NUMBER,
            rows=MAYBE_COUNT,
            locks=listed(record(table=TEXT, mode=MODE)),
            difference=TEXTS,
            why=TEXT,
        )
    ),
    "parked": listed(record(step=TEXT, table=TEXT, change={"enum": ["deleted", "updated"]}, rows=COUNT)),
    "conflicts": TEXTS,
    "why": TEXT,
}

RUN = document(**RUN_FIELDS)

HISTORY = document(runs=listed(record(**RUN_FIELDS)))

VERIFY = document(
    plan=TEXT,
    steps=listed(record(step=TEXT, kind=TEXT, sentence=TEXT, proven=FLAG, why=TEXT)),
    probes={
        "type": ["array", "null"],
        "items": record(key=TEXT, expected=TEXT, actual=TEXT, proven=FLAG, sqlstate=TEXT, why=TEXT),
    },
)


def check(found: Any, schema: Mapping[str, Any]) -> None:
    """Raise jsonschema.ValidationError where the document is not of that schema."""
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(found)
