"""Least privilege: the GRANTs of docs/postgres.md suffice, and less is said plainly."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgres.command import run
from timingctl.errors import DatabaseError
from timingctl.postgres import ddl
from timingctl.postgres.dsn import parse
from timingctl.postgres.pull import PullOptions, pull
from timingctl.postgres.push import push
from timingctl.postgres.pushed import PushOptions
from timingctl.schemas import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres.server import App

PAGE = (Path(__file__).parents[2] / "docs" / "postgres.md").read_text(encoding="utf-8")
GRANT = re.compile(r"^GRANT .*;$", re.MULTILINE)
OF_PULL, OF_PUSH = (
    GRANT.findall(block) for block in re.findall(r"```sql\n(-- timing_.*?)```", PAGE, re.DOTALL)
)
OF_CREATE = [grant for grant in OF_PUSH if "REFERENCES" in grant or "CREATE ON" in grant]
OF_PRUNE = [grant for grant in OF_PUSH if "DELETE" in grant]
OF_PLAIN = [grant for grant in OF_PUSH if grant not in OF_CREATE + OF_PRUNE]


@contextmanager
def role(app: App, grants: list[str]) -> Iterator[str]:
    """The DSN of a role that has these rights alone."""
    database = app.dsn.rpartition("/")[2]
    name = f"role_{database}"
    app.run(f"""
        create role {name} login password 'sekret';
        revoke all on schema public from public;
        revoke temporary on database {database} from public;
    """)
    try:
        for grant in grants:
            sql = re.sub(r"timing_(reader|writer)", name, grant)
            app.rows(sql.replace("DATABASE app", f"DATABASE {database}").rstrip(";"))
        yield app.as_user(name, "sekret")
    finally:
        app.run(f"drop owned by {name};\ndrop role {name};\n")


def test_the_page_grants_the_columns_of_the_contract() -> None:
    for table in TABLES:
        wanted = [*(column for column in table.columns if column.missed), *table.extras]
        columns = ", ".join(f'"{column.name}"' for column in wanted)
        [grant] = [grant for grant in OF_PULL if f'ON "{table.name}"' in grant]
        assert set(columns.split(", ")) <= set(re.findall(r'"\w+"', grant))


def test_pull_works_with_the_rights_of_the_page_alone(app: App, tmp_path: Path) -> None:
    with role(app, OF_PULL) as dsn:
        assert run("pull", "--dsn", dsn, "-o", tmp_path, "-q") == (0, "", "")
        since = "2026-02-01"
        assert run("pull", "--dsn", dsn, "-o", tmp_path, "-q", "--since", since) == (0, "", "")


def test_a_column_that_events_do_without_is_left_out_and_named(app: App, tmp_path: Path) -> None:
    grants = [grant.replace(', "appointmentBookedAt"', "") for grant in OF_PULL]
    with role(app, grants) as dsn:
        code, _, err = run("pull", "--dsn", dsn, "-o", tmp_path, "-q")
        said = 'GRANT SELECT ("appointmentBookedAt") ON "public"."Lead" TO "role_'
        assert (code, err.count("\n")) == (0, 1)
        assert err.startswith("Note: Lead was pulled without ")
        assert said in err


def test_a_mark_that_may_not_be_read_is_left_out_and_named(app: App, tmp_path: Path) -> None:
    app.run('alter table "Message" add "deletedAt" timestamp, add "isDeleted" boolean;\n')
    grants = [grant.replace('"id", "leadId"', '"id", "leadId", "isDeleted"') for grant in OF_PULL]
    with role(app, grants) as dsn:
        code, _, err = run("pull", "--dsn", dsn, "-o", tmp_path, "-q")
        assert (code, err.count("\n")) == (0, 1)
        assert err.startswith(
            "Note: Message was pulled without a mark of rows that are deleted or old, and they "
            "look alive: The role role_"
        )
        assert 'GRANT SELECT ("deletedAt") ON "public"."Message" TO "role_' in err


@pytest.mark.wide(but=3)
@pytest.mark.parametrize("missing", range(len(OF_PULL)))
def test_pull_names_the_right_that_is_missing(app: App, tmp_path: Path, missing: int) -> None:
    grants = OF_PULL.copy()
    lacking = grants.pop(missing)
    with role(app, grants) as dsn, pytest.raises(DatabaseError) as refused:
        pull(PullOptions(parse(dsn), tmp_path))
    assert_names(refused, lacking)
    assert list(tmp_path.iterdir()) == []


def test_push_works_with_the_rights_of_the_page_alone(app: App, events: Path) -> None:
    assert run("push", events, "--dsn", app.dsn, "--create", "-q")[0] == 0
    app.run('delete from "ResponseTimingEvent";\n')
    with role(app, OF_PLAIN) as dsn:
        assert run("push", events, "--dsn", dsn, "-q") == (0, "", "")
        with pytest.raises(DatabaseError) as refused:
            push(PushOptions(events, parse(dsn), prune=True))
        assert_names(refused, OF_PRUNE[0])
        code, out, err = run("push", events, "--dsn", dsn, "--prune")
        assert (code, out, err) == (12, "", f"Error: {refused.value}\n")
    with role(app, OF_PLAIN + OF_PRUNE) as dsn:
        assert run("push", events, "--dsn", dsn, "--prune", "-q") == (0, "", "")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("missing", range(len(OF_PLAIN)))
def test_push_names_the_right_that_is_missing(app: App, events: Path, missing: int) -> None:
    push(PushOptions(events, parse(app.dsn), create=True))
    app.run('delete from "ResponseTimingEvent";\n')
    grants = OF_PLAIN.copy()
    lacking = grants.pop(missing)
    with role(app, grants) as dsn, pytest.raises(DatabaseError) as refused:
        push(PushOptions(events, parse(dsn)))
    assert_names(refused, lacking)
    assert app.rows('select * from "ResponseTimingEvent"') == []


def test_creating_works_with_the_rights_of_the_page_alone(app: App, events: Path) -> None:
    own = [grant for grant in OF_PLAIN if ddl.EVENT_TABLE not in grant]
    with role(app, own + OF_CREATE) as dsn:
        code, out, err = run("push", events, "--dsn", dsn, "--create", "--json")
        assert (code, '"inserted": 3' in out) == (0, True)
        assert f"Note: {ddl.MESSAGE_INDEX} was not made: only the owner of Message" in err
        assert err.count("\n") == 1


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("missing", range(len(OF_CREATE)))
def test_creating_names_the_right_that_is_missing(app: App, events: Path, missing: int) -> None:
    grants = [grant for grant in OF_PLAIN if ddl.EVENT_TABLE not in grant] + OF_CREATE
    lacking = OF_CREATE[missing]
    grants.remove(lacking)
    with role(app, grants) as dsn, pytest.raises(DatabaseError) as refused:
        push(PushOptions(events, parse(dsn), create=True))
    assert_names(refused, lacking)


def assert_names(refused: pytest.ExceptionInfo[DatabaseError], grant: str) -> None:
    """The one sentence gives the missing GRANT, but for how it qualifies names."""
    sentence = str(refused.value)
    assert sentence.startswith("The role role_")
    assert "\n" not in sentence
    right = re.sub(r" ON .*", "", grant)
    thing = re.findall(r'"?(\w+)"? TO ', grant)[0]
    assert right in sentence
    assert thing == "app" or f'"{thing}" TO ' in sentence
