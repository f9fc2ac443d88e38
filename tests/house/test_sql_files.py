"""Query files: each is used, each name is one, each has a head that a DBA can read and paste."""

from __future__ import annotations

import re

from tests.support.source import ROOT, files
from tests.support.sql_files import sql_files, uses

SENTENCE = re.compile(r"-- [A-Z].*[.:]")


def test_every_query_file_is_used() -> None:
    used = {name for use in uses() for name in use.names}
    assert not [file.name for file in sql_files() if file.name not in used]


def test_every_name_of_a_query_is_a_file() -> None:
    known = {file.name for file in sql_files()}
    assert not [f"{use.place} {sorted(use.names)}" for use in uses() if not use.names or use.names - known]


def test_every_query_file_begins_with_a_sentence_and_how_to_run_it() -> None:
    heads = {file.name: file.head for file in sql_files()}
    assert not [name for name, head in heads.items() if not SENTENCE.fullmatch(head[0])]
    runs = {name: re.compile(rf"-- run: psql( .*)? -f queries/sql/{re.escape(name)}\.sql") for name in heads}
    assert not [name for name, head in heads.items() if not runs[name].fullmatch(head[1])]


def test_every_query_file_holds_one_statement() -> None:
    """The record's own schema is the exception: it is made in one go."""
    offenders = [
        file.name
        for file in sql_files()
        if not file.name.startswith("record/") and len(re.findall(r";\s*$", file.text, re.MULTILINE)) > 1
    ]
    assert not offenders


def test_the_information_schema_is_never_read() -> None:
    found = [*files("queries", suffix=".sql"), *files("queries", "tui", suffix=".py")]
    ours = [path for path in found if "systems" not in path.relative_to(ROOT).parts[:2]]
    assert not [str(path) for path in ours if "information_schema." in path.read_text("utf-8").lower()]
