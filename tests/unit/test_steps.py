"""Steps as SQL, forward and back; plan files, and what is wrong in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queries.catalog import Catalog
from queries.definitions import ColumnDefinition, ConstraintDefinition, IndexDefinition, TableDefinition
from queries.errors import BadFile, Refused, Undecided
from queries.models import OnDelete, Repair
from queries.plan import Plan, parsed_plan, plan_text, undecided
from queries.steps import (
    AddKey,
    AnyStep,
    Before,
    ChangeKey,
    CreateIndex,
    DropNotNull,
    RenameColumn,
    RepairOrphans,
    Settings,
    SqlStep,
    Step,
    ValidateKey,
)
from queries.steps.compose import text_of
from queries.steps.first_words import first_words
from queries.steps.key_sql import with_on_delete

EMPTY = Catalog({}, {}, (), {})
ID = ColumnDefinition("id", "integer", True, None, "", "", None, None)
USER = ColumnDefinition('us"er', "integer", True, None, "", "", None, None)
DEFINITION = (
    'FOREIGN KEY ("us""er") REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE'
)
KEY = ConstraintDefinition(
    'public."Orders"', "k %", "f", DEFINITION, True, True, "it's", ('us"er',), "public.users", ("id",),
    OnDelete.SET_NULL,
)  # fmt: skip
INDEX = IndexDefinition("i", "CREATE INDEX i", True, False, False, None)
ORDERS = TableDefinition('public."Orders"', columns=(ID, USER), constraints=(KEY,), indexes=(INDEX,))
BEFORE = Before({'public."Orders"': ORDERS}, orphans='c."us""er" is not null')
CHILD, PARENT = 'public."Orders"("us""er")', "public.users(id)"
TABLE = 'public."Orders"'

ADD = AddKey(id="add", child=CHILD, parent=PARENT, on_delete=OnDelete.CASCADE, name="new")
STEPS: dict[str, tuple[AnyStep, list[str], list[str]]] = {
    "add key": (
        ADD,
        [
            'alter table public."Orders" add constraint new foreign key ("us""er") '
            "references public.users (id) on delete cascade"
        ],
        ['alter table public."Orders" drop constraint new'],
    ),
    "add key not valid": (
        ADD.model_copy(update={"not_valid": True, "on_delete": OnDelete.NO_ACTION}),
        [
            'alter table public."Orders" add constraint new foreign key ("us""er") '
            "references public.users (id) on delete no action not valid"
        ],
        ['alter table public."Orders" drop constraint new'],
    ),
    "change key": (
        ChangeKey(id="change", table=TABLE, name="k %", on_delete=OnDelete.RESTRICT),
        [
            'alter table public."Orders" drop constraint "k %", add constraint "k %" '
            'FOREIGN KEY ("us""er") REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE RESTRICT '
            "DEFERRABLE",
            "comment on constraint \"k %\" on public.\"Orders\" is 'it''s'",
        ],
        [
            f'alter table public."Orders" drop constraint "k %", add constraint "k %" {DEFINITION}',
            "comment on constraint \"k %\" on public.\"Orders\" is 'it''s'",
        ],
    ),
    "validate key": (
        ValidateKey(id="validate", table=TABLE, name="k %"),
        ['alter table public."Orders" validate constraint "k %"'],
        [],
    ),
    "create index": (
        CreateIndex(id="index", table=TABLE, columns=('us"er', "id"), name="Idx"),
        ['create index "Idx" on public."Orders" ("us""er", id)'],
        ['drop index public."Idx"'],
    ),
    "create index that was there": (
        CreateIndex(id="index", table=TABLE, columns=("id",), name="i"),
        ['create index i on public."Orders" (id)'],
        [],
    ),
    "drop not null": (
        DropNotNull(id="null", table=TABLE, column='us"er'),
        ['alter table public."Orders" alter column "us""er" drop not null'],
        ['alter table public."Orders" alter column "us""er" set not null'],
    ),
    "rename column": (
        RenameColumn(id="rename", table=TABLE, column='us"er', to="user"),
        ['alter table public."Orders" rename column "us""er" to "user"'],
        ['alter table public."Orders" rename column "user" to "us""er"'],
    ),
    "sql": (
        SqlStep(id="sql", forward="select '%' -- {}", back="select 2"),
        ["select '%' -- {}"],
        ["select 2"],
    ),
    "sql without a way back": (SqlStep(id="sql", forward="select 1"), ["select 1"], []),
    "leave": (RepairOrphans(id="leave", child=CHILD, parent=PARENT, by=Repair.LEAVE), [], []),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_says_its_sql_forward_and_back(name: str) -> None:
    step, forward, back = STEPS[name]
    assert [text_of(each) for each in step.forward(BEFORE)] == forward
    assert [text_of(each) for each in step.back(BEFORE)] == back


def test_a_key_that_was_not_valid_is_made_again_not_valid() -> None:
    loose = replace(KEY, definition=f"{DEFINITION} NOT VALID", validated=False, comment=None)
    before = Before({TABLE: TableDefinition(TABLE, columns=(ID, USER), constraints=(loose,))})
    (statement,) = STEPS["validate key"][0].back(before)
    assert text_of(statement).endswith(f'add constraint "k %" {DEFINITION} NOT VALID')


@pytest.mark.parametrize("by", [Repair.PARK, Repair.DELETE])
def test_taken_rows_are_kept_by_the_statement_that_takes_them(by: Repair) -> None:
    step = RepairOrphans(id="orphans", child=CHILD, parent="other.parents(id)", by=by)
    taken, left = (text_of(each) for each in step.forward(BEFORE))
    assert 'delete from only public."Orders" as c where c."us""er" is not null' in taken
    assert "insert into pgtether.parked_row" in taken
    assert left == 'select from only public."Orders" as c where c."us""er" is not null limit 1'
    (back,) = (text_of(each) for each in step.back(BEFORE))
    assert back.startswith('insert into public."Orders" (id, "us""er") overriding system value')


def test_the_key_that_would_refuse_orphans_is_dropped_while_they_come_back() -> None:
    step = RepairOrphans(id="orphans", child=CHILD, parent=PARENT, by=Repair.PARK)
    back = [text_of(each) for each in step.back(BEFORE)]
    assert [each.split(" (")[0].split(" FOREIGN")[0] for each in back] == [
        'alter table public."Orders" drop constraint "k %"',
        'insert into public."Orders"',
        'alter table public."Orders" add constraint "k %"',
        "comment on constraint \"k %\" on public.\"Orders\" is 'it''s'",
    ]


def test_a_repair_that_nobody_has_decided_is_not_rendered() -> None:
    step = RepairOrphans(id="orphans", child=CHILD, parent=PARENT)
    with pytest.raises(Undecided):
        step.forward(BEFORE)
    assert undecided(Plan(schema_version=1, name="p", step=(step,))) == (f"{CHILD} -> {PARENT}",)


def test_a_key_that_is_not_there_can_not_be_changed() -> None:
    for name in ("gone", "i"):
        with pytest.raises(Refused, match="has no foreign key"):
            ChangeKey(id="c", table=TABLE, name=name, on_delete=OnDelete.CASCADE).forward(BEFORE)
    with pytest.raises(Refused, match="There is no table"):
        ChangeKey(id="c", table="other", name="k", on_delete=OnDelete.CASCADE).forward(BEFORE)


@pytest.mark.parametrize(
    ("definition", "changed"),
    [
        ("FOREIGN KEY (a) REFERENCES b(c)", "FOREIGN KEY (a) REFERENCES b(c) ON DELETE CASCADE"),
        (
            "FOREIGN KEY (a) REFERENCES b(c) MATCH FULL ON DELETE SET NULL (a, \"b)\") NOT VALID",
            "FOREIGN KEY (a) REFERENCES b(c) MATCH FULL ON DELETE CASCADE NOT VALID",
        ),
        (
            'FOREIGN KEY (" ON DELETE CASCADE") REFERENCES " NOT VALID"(" DEFERRABLE ") NOT ENFORCED',
            'FOREIGN KEY (" ON DELETE CASCADE") REFERENCES " NOT VALID"(" DEFERRABLE ") ON DELETE CASCADE '
            "NOT ENFORCED",
        ),
        (
            "FOREIGN KEY (a) REFERENCES b(c) ON UPDATE SET DEFAULT ON DELETE RESTRICT DEFERRABLE",
            "FOREIGN KEY (a) REFERENCES b(c) ON UPDATE SET DEFAULT ON DELETE CASCADE DEFERRABLE",
        ),
    ],
)  # fmt: skip
def test_only_the_rule_of_a_definition_is_changed(definition: str, changed: str) -> None:
    assert with_on_delete(definition, OnDelete.CASCADE) == changed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select 1", ("select",)),
        (" ;; -- x\n/* /* */ ; */ COMMIT;", ("commit",)),
        ("set/**/local\ttransaction read only", ("set", "local", "transaction")),
        ("(select 1)", ()),
        ("/* never closed", ()),
        ("", ()),
    ],
)
def test_first_words_are_found_behind_comments(text: str, words: tuple[str, ...]) -> None:
    assert first_words(text, 3)[: len(words)] == words


def test_a_plan_comes_back_from_its_text_as_it_was() -> None:
    steps: list[Step] = []
    for number, (step, _, _) in enumerate(STEPS.values()):
        told = {"id": f"s-{number}", "why": 'because "é" % \\ \n', "phase": "one"}
        steps.append(step.model_copy(update=told))
    made = Plan(
        schema_version=1,
        name='odd "name" é',
        mode="online",
        search_path=("a", 'B"'),
        settings=Settings(lock_timeout="100ms", retries=20),
        fingerprint={'public."Orders"': "0" * 12},
        step=tuple(steps),
    )
    text = plan_text(made, comments={"s-0": "one\ntwo"})
    assert "# one\n# two\n" in text
    assert parsed_plan(text) == made
    assert plan_text(parsed_plan(text)) == plan_text(made)


HEAD = 'schema_version = 1\nname = "p"\n\n'
STEP = '[[step]]\nid = "a"\nkind = "drop not null"\ntable = "t"\ncolumn = "c"\n'
BAD = {
    "not TOML": (HEAD + "x = = 1\n", 4, "TOML"),
    "unknown field": (HEAD + STEP + 'colum = "c"\n', 9, 'did you mean "column"'),
    "missing field": (HEAD + STEP.replace('column = "c"\n', ""), 4, 'needs "column"'),
    "unknown kind": (HEAD + STEP.replace("drop not null", "drop not nul"), 6, 'did you mean "drop not null"'),
    "no table's name": (HEAD + STEP.replace('"t"', '"a b"'), 7, "not a table's name"),
    "same id twice": (HEAD + STEP + "\n" + STEP, 1, 'the id "a"'),
    "bad id": (HEAD + STEP.replace('"a"', '"Not A Slug"'), 5, "id"),
    "bad duration": (HEAD + '[settings]\nlock_timeout = "soon"\n', 5, "lock_timeout"),
    "another version": (HEAD.replace("1", "2"), 1, "schema_version"),
    "ends the transaction": (
        HEAD + '[[step]]\nid = "a"\nkind = "sql"\nforward = "commit"\n',
        7,
        "would end or change the transaction",
    ),
    "a rule that is none": (
        HEAD + '[[step]]\nid = "a"\nkind = "change key"\ntable = "t"\nname = "k"\non_delete = "cascad"\n',
        9,
        'did you mean "cascade"',
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_in_a_plan_is_told_with_its_line(name: str) -> None:
    text, line, said = BAD[name]
    with pytest.raises(BadFile, match=said) as caught:
        parsed_plan(text, path="plan.toml")
    assert (caught.value.line, caught.value.exit_code) == (line, 2)


@pytest.mark.parametrize("name", STEPS)
def test_nothing_is_done_in_an_empty_database(name: str) -> None:
    assert not STEPS[name][0].is_done(EMPTY)
