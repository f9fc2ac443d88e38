"""Applying a plan: its events and its question, and that it changes nothing unless it is committed."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from queries.apply import apply, prepared
from queries.errors import Refused, StepFailed, Undecided
from queries.events import Answer, EventKind, Started
from queries.models import LockMode
from queries.plan import parsed_plan, plan_text
from queries.record import is_there
from queries.steps import CreateIndex, DropNotNull, RenameColumn, SqlStep
from tests.support.runs import Desk, Seen, desk, driven, plan_of, state
from tests.support.two_tables import INDEX, KEY, NULLABLE, REPAIR, SCHEMA, VALID


@pytest.fixture
def at(database: str, connection: psycopg.Connection) -> Iterator[Desk]:
    """A face on two tables whose key is missing."""
    connection.execute(SCHEMA)
    with desk(database) as opened:
        yield opened


@pytest.mark.three_versions
def test_events_come_in_the_order_of_the_plan_and_are_kept(at: Desk) -> None:
    seen = at.apply(INDEX, KEY, REPAIR, VALID)
    each = [(step, kind) for step in ("index", "key", "orphans", "valid") for kind in ("started", "done")]
    assert seen.summary == [(None, "started"), *each, (None, "ended")]
    assert len(seen.questions) == 1
    assert [step.state for step in at.last.steps] == ["done"] * 4
    assert at.last.state == "applied"
    assert seen.done("orphans").rows == sum(g % 22 + 1 > 20 for g in range(1, 41))


def test_a_step_that_is_done_already_is_not_done_again(at: Desk) -> None:
    at.apply(INDEX)
    seen = at.apply(INDEX, NULLABLE)
    assert ("index", "already") in seen.summary
    at.rollback()
    assert at.last.steps[0].state == "already"
    at.rollback("1")
    assert at.states == ["rolled back", "rolled back"]


def test_done_events_commit_with_what_they_tell_of(at: Desk, connection: psycopg.Connection) -> None:
    seen = at.apply(INDEX, answers=[Answer.WAIT, Answer.ROLLBACK])
    assert len(seen.questions) == 2
    kinds = connection.execute("select kind from pgtether.event order by event").fetchall()
    assert [kind for (kind,) in kinds] == ["started", "started", "ended"]
    assert at.last.state == "rolled back"


@pytest.mark.three_versions
def test_a_rehearsal_leaves_nothing_and_measures_locks(at: Desk, connection: psycopg.Connection) -> None:
    before = state(connection)
    seen = at.rehearse(KEY, REPAIR, VALID)
    assert seen.summary[-1] == (None, "ended")
    assert not seen.questions
    assert {lock.mode for lock in seen.done("key").locks} == {LockMode.SHARE_ROW_EXCLUSIVE}
    assert state(connection) == before
    assert not is_there(connection)


def test_a_rehearsal_beside_a_record_writes_no_run(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(INDEX)
    before = state(connection)
    at.rehearse(KEY, REPAIR)
    assert at.states == ["applied"]
    assert state(connection) == before


def test_a_rehearsal_that_fails_says_so(at: Desk, connection: psycopg.Connection) -> None:
    before = state(connection)
    seen = Seen()
    carried = apply(plan_of(KEY, VALID), work=at.work, record=at.record, rehearse=True)
    with pytest.raises(StepFailed):
        driven(carried, seen=seen)
    assert seen.summary[-2:] == [("valid", "failed"), (None, "ended")]
    assert state(connection) == before
    assert not is_there(connection)


def test_a_failure_in_the_middle_rolls_all_back_and_is_on_record(
    at: Desk, connection: psycopg.Connection
) -> None:
    before = state(connection)
    with pytest.raises(StepFailed) as caught:
        at.apply(INDEX, KEY, VALID)
    assert caught.value.sqlstate == "23503"
    assert caught.value.step == "valid"
    assert state(connection) == before
    assert at.last.state == "failed"
    assert [step.state for step in at.last.steps] == ["started", "started", "failed"]
    assert "orders_user" in at.last.steps[2].why
    at.apply(INDEX)
    assert at.states == ["applied", "failed"]


def test_deferred_triggers_do_not_stand_in_the_way_of_an_alter(
    at: Desk, connection: psycopg.Connection
) -> None:
    connection.execute(
        "create table parts (id int, o int references orders deferrable initially deferred);"
        "alter table orders add constraint late foreign key (id) references orders (id) "
        "deferrable initially deferred"
    )
    at.apply(REPAIR, NULLABLE, KEY)
    assert at.last.state == "applied"


def test_a_plan_refuses_tables_that_have_changed_since_it_was_made(
    at: Desk, connection: psycopg.Connection
) -> None:
    seen = at.apply(INDEX, answers=[Answer.ROLLBACK])
    started = seen.events[1].detail
    assert isinstance(started, Started)
    text = (connection.execute("select plan_text from pgtether.run").fetchone() or ("",))[0]
    assert '"public.orders" = ' in text
    made = parsed_plan(text)
    connection.execute("alter table orders add column more int")
    with pytest.raises(Refused, match=r"public\.orders changed since the plan was made"):
        at.apply(*made.step, fingerprint=made.fingerprint)
    assert at.states == ["rolled back"]
    connection.execute("alter table orders drop column more")
    at.apply(*made.step, fingerprint=made.fingerprint)
    assert at.states == ["applied", "rolled back"]


def test_a_table_that_changes_while_the_run_goes_on_is_refused(
    at: Desk, connection: psycopg.Connection
) -> None:
    connection.execute("create table other (id int not null)")
    other = DropNotNull(id="other", table="other", column="id")
    carried = apply(plan_of(INDEX, other), work=at.work, record=at.record)
    while next(carried).summary != ("index", "done"):  # type: ignore[union-attr]
        pass
    connection.execute("alter table other add column more int")
    with pytest.raises(Refused, match=r"public\.other changed since the run began"):
        driven(carried)
    assert at.last.state == "failed"


def test_our_own_changes_are_no_drift(at: Desk, connection: psycopg.Connection) -> None:
    steps = (
        RenameColumn(id="rename", table="users", column="id", to="user_id"),
        RenameColumn(id="child", table="orders", column="user_id", to="owner_id"),
        SqlStep(id="sql", forward="alter table orders add column more int"),
        CreateIndex(id="index", table="orders", columns=("more",), name="more_idx"),
    )
    connection.execute("alter table orders add foreign key (user_id) references users not valid")
    at.apply(*steps)
    assert at.last.state == "applied"


def test_a_table_that_is_not_there_is_refused_or_passed_over(at: Desk) -> None:
    step = DropNotNull(id="gone", table="gone", column="id")
    with pytest.raises(Refused, match=r"public\.gone does not exist"):
        at.apply(INDEX, step)
    assert at.last.state == "failed"
    at.apply(INDEX, step.model_copy(update={"if_missing": "skip"}))
    assert [each.state for each in at.last.steps] == ["done", "skipped"]


def test_orphans_without_a_decision_are_not_begun(at: Desk, connection: psycopg.Connection) -> None:
    with pytest.raises(Undecided) as caught:
        at.apply(REPAIR.model_copy(update={"by": "undecided"}))
    assert caught.value.exit_code == 2
    assert not is_there(connection)


def test_a_plan_for_online_mode_is_refused(at: Desk, connection: psycopg.Connection) -> None:
    with pytest.raises(Refused, match="online"):
        at.apply(INDEX, mode="online")
    assert not is_there(connection)


def test_the_plan_on_record_is_the_plan_as_run(at: Desk, connection: psycopg.Connection) -> None:
    at.apply(INDEX)
    (text,) = connection.execute("select plan_text from pgtether.run").fetchone() or ("",)
    assert 'table = "public.orders"' in text
    assert plan_text(plan_of(INDEX)) != text


def test_an_event_that_is_seen_last_does_not_change_the_end(at: Desk) -> None:

    carried = apply(plan_of(INDEX), work=at.work, record=at.record)
    answer: Answer | None = None
    while True:
        came = carried.send(answer)
        answer = Answer.COMMIT if not hasattr(came, "kind") else None
        if getattr(came, "summary", None) == (None, str(EventKind.ENDED)):
            break
    carried.close()
    assert at.last.state == "applied"


def test_a_plan_for_another_database_is_refused_before_anything_is_recorded(
    at: Desk, connection: psycopg.Connection
) -> None:
    with pytest.raises(Refused, match="not in this database"):
        at.apply(INDEX, fingerprint={"public.elsewhere": "8f1c7b9e2a64"})
    assert connection.execute("select to_regnamespace('pgtether')").fetchone() == (None,)


def test_a_plan_that_is_applied_already_has_nothing_to_do(at: Desk, connection: psycopg.Connection) -> None:
    with connection.transaction():
        made, _ = prepared(plan_of(INDEX), connection)
    at.apply(INDEX, fingerprint=made.fingerprint)
    seen = at.apply(INDEX, fingerprint=made.fingerprint)
    assert ("index", "already") in seen.summary
    assert at.states == ["applied", "applied"]
