"""The policy file: what it says, what is wrong with it and where, and that it can be written again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queries.errors import BadFile
from queries.models import OnDelete, Repair
from queries.policy import Policy, policy, policy_text
from queries.toml_lines import line_of

COMPLETE = """\
# What gaztime wants. Tables and keys that are not named here are left alone.
schema_version = 1
name = "gaztime"
search_path = ["public"]                # how bare names in this file are read

[[foreign_key]]
child = "orders(customer_id)"
parent = "customers(id)"
on_delete = "set null"
name = "fk_orders_customer"             # only for a key that is made
orphans = "set-null"
why = "Allow historical orders when customer deleted"

[[foreign_key]]                         # one rule for many children
children = ["user_health_conditions(user_id)", "vitals(user_id)"]
parent = "users(id)"
on_delete = "cascade"
if_missing = "skip"                     # error (default) | skip
why = "Legacy tables: may not exist in all deployments"

[[index]]
on = "subscriptions(next_delivery_date)"
name = "subscriptions_next_delivery_idx"
why = "Critical for scheduled delivery job queries"

[[rename]]                              # patients
column = "session_notes.client_id"
to = "patient_id"
why = "One of the two children kept its old name"

[[mute]]
key = "cascade-into-kept-table public.wallet_transactions(wallet_id) -> public.wallets(id)"
until = 2027-06-30
by = "maria"
why = "Ledger moves to its own service in Q2"

[patterns]                              # lists replace the built-in ones
tenant = "workspace_id"
kept = ["*audit*", "*invoice*", "*ledger*", "*_transactions"]
sensitive = ["*email*", "*phone*", "*birth*", "notes"]

[limits]
cascade_depth = 6
cascade_tables = 40
"""

HEAD = 'schema_version = 1\nname = "x"\n\n'
KEY = '[[foreign_key]]\nchild = "a(b)"\nparent = "c(d)"\non_delete = "cascade"\nwhy = "w"\n\n'


def read(directory: Path, text: str) -> Policy:
    path = directory / "policy.toml"
    path.write_text(text, "utf-8")
    return policy(path)


def refused(directory: Path, text: str) -> tuple[int, str]:
    with pytest.raises(BadFile) as caught:
        read(directory, text)
    return caught.value.line, caught.value.expected


def test_the_complete_example_is_read(tmp_path: Path) -> None:
    wanted = read(tmp_path, COMPLETE)
    orders, many = wanted.foreign_key
    assert (orders.on_delete, orders.orphans, orders.index) == (OnDelete.SET_NULL, Repair.SET_NULL, True)
    assert [str(key) for key in many.keys] == [
        "user_health_conditions(user_id) -> users(id)",
        "vitals(user_id) -> users(id)",
    ]
    assert wanted.mute[0].until == date(2027, 6, 30)
    assert wanted.rename[0].new_name == "patient_id"
    assert wanted.limits.cascade_depth == 6


def test_a_policy_that_is_written_reads_as_the_same_policy(tmp_path: Path) -> None:
    wanted = read(tmp_path, COMPLETE)
    assert read(tmp_path, policy_text(wanted)) == wanted


def test_names_that_need_care_survive_being_written(tmp_path: Path) -> None:
    odd = KEY.replace('"a(b)"', '\'\'\'"Odd \\ ""Table"""("naïve%")\'\'\'')
    wanted = read(tmp_path, HEAD + odd)
    assert wanted.foreign_key[0].keys[0].child.table.name == 'Odd \\ "Table"'
    assert read(tmp_path, policy_text(wanted)) == wanted


def test_broken_syntax_is_told_with_its_line(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, HEAD + "[[foreign_key]\n")
    assert line == 4
    assert "this is not TOML" in expected


def test_a_text_that_ends_too_early_is_told_with_its_last_line(tmp_path: Path) -> None:
    assert refused(tmp_path, 'schema_version = 1\nname = """x\n\n')[0] == 2


def test_an_unknown_field_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    line, expected = refused(
        tmp_path, HEAD + KEY + KEY.replace("on_delete", "on_delte").replace("a(b)", "e(f)")
    )
    assert line == 13
    assert expected == '"on_delte" is not a field of [[foreign_key]]; did you mean "on_delete"?'


def test_an_unknown_table_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, HEAD + KEY + "[[renames]]\n")
    assert (line, expected) == (10, '"renames" is not a field of the file; did you mean "rename"?')


def test_a_missing_field_is_told_at_its_table(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, HEAD + KEY + KEY.replace('why = "w"\n', "").replace("a(b)", "e(f)"))
    assert (line, expected) == (10, '[[foreign_key]] needs "why".')


def test_an_unknown_rule_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, HEAD + KEY.replace('"cascade"', '"setnull"'))
    assert (line, expected) == (7, 'on_delete = "setnull" is not known; did you mean "set null"?')


def test_an_unknown_version_is_told(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, 'schema_version = 2\nname = "x"\n')
    assert (line, expected) == (1, 'schema_version = "2" is not known; known: 1')


def test_a_bad_name_is_told_with_its_line(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, HEAD + KEY + '[[index]]\nwhy = "w"\non = "orders customer_id"\n')
    assert line == 12
    assert "'orders customer_id' is not a table with columns" in expected


def test_a_bad_name_in_a_list_is_told_with_its_own_line(tmp_path: Path) -> None:
    children = 'children = [\n  "a(b)", # "not this"\n  "c d",\n]'
    assert refused(tmp_path, HEAD + KEY.replace('child = "a(b)"', children))[0] == 7


def test_child_and_children_exclude_each_other(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, HEAD + KEY.replace("parent", 'children = ["e(f)"]\nparent', 1))
    assert line == 4
    assert "one of the two" in expected


def test_both_sides_need_as_many_columns(tmp_path: Path) -> None:
    assert refused(tmp_path, HEAD + KEY.replace("c(d)", "c(d, e)"))[1] == (
        "a(b) -> c(d, e): both sides need the same number of columns."
    )


def test_one_key_with_two_rules_is_refused(tmp_path: Path) -> None:
    line, expected = refused(tmp_path, HEAD + KEY + KEY.replace("cascade", "restrict"))
    assert line == 11
    assert "a(b) -> c(d) is already in this file" in expected


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="it can't be read: No such file"):
        policy(tmp_path / "none.toml")


def test_lines_are_found_in_the_nth_table() -> None:
    assert line_of(COMPLETE, ("foreign_key", 1, "on_delete")) == 17
    assert line_of(COMPLETE, ("foreign_key", 1)) == 14
    assert line_of(COMPLETE, ("limits", "cascade_tables")) == 44
    assert line_of(COMPLETE, ("limits",)) == 42
    assert line_of(COMPLETE, ("nowhere",)) == 0


def test_lines_are_found_past_texts_that_look_like_fields_and_below_nested_tables() -> None:
    text = '''name = "x"
[[step]]
why = """
[[step]]
kind = "not this"
"""
kind = "probe"
[step.settings]
lock_timeout = "1s"
[[step]]
kind = "sql"
expect.effects = 1
settings = { lock_timeout = "x" }
'''
    assert line_of(text, ("step", 0, "probe", "kind")) == 7
    assert line_of(text, ("step", 0, "probe", "settings", "lock_timeout")) == 9
    assert line_of(text, ("step", 1, "sql", "expect", "effects")) == 12
    assert line_of(text, ("step", 1, "sql", "settings", "lock_timeout")) == 13
