"""Rules: what holds, what is broken and by which figure, and what is no rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import timingctl
from tests.bad_input.tool import timingctl as command
from tests.report.inboxes import inbox
from tests.tables import write_exports
from timingctl.checks.figures import Check, check_grids
from timingctl.checks.rules import rule

#: Setters answer K1 in 10 and 30 minutes and K2 in 1; the AI answers once, after 5 minutes, and one
#: of two jobs sent nothing. As of 13:00 one lead waits, since 12:00.
TABLES = {
    "Message": """
        id | leadId | direction | sentAt   | sentBy | sentByUserId | aiDraftId
        a1 | l1     | in        | 09:00:00 |        |              |
        a2 | l1     | out       | 09:10:00 | setter | u1           |
        b1 | l2     | in        | 09:00:00 |        |              |
        b2 | l2     | out       | 09:30:00 | setter | u1           |
        c1 | l3     | in        | 09:00:00 |        |              |
        c2 | l3     | out       | 09:01:00 | setter | u2           |
        d1 | l4     | in        | 10:00:00 |        |              |
        d2 | l4     | out       | 10:05:00 | ai     |              | D1
        e1 | l5     | in        | 12:00:00 |        |              |
        f1 | l6     | in        | 12:30:00 |        |              |
        f2 | l6     | out       | 13:00:00 |        |              |
    """,
    "AIDraft": "id | triggerMessageId\nD1 | d1\nD2 | e1",
    "BackgroundJob": """
        id | messageId | draftId | runAt    | startedAt | finishedAt
        j1 | d1        | D1      | 10:05:00 | 10:05:00  | 10:05:00
        j2 | e1        | D2      | 12:05:00 |           |
    """,
    "Lead": "id | clientId\nl1 | K1\nl2 | K1\nl3 | K2\nl4 | K2\nl5 | K2\nl6 | K2",
    "EmailCampaign": None,
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checks")
    return inbox(folder, write_exports(folder / "exports", TABLES), delay_windows="current")


@pytest.mark.wide(but=8)
@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("setter.n >= 3", []),
        ("setter.n >= 4", [(None, 3)]),
        ("setter.p50 <= 10min", []),
        ("setter.p50 < 10min", [(None, 600_000)]),
        ("setter.p90 by client <= 15min", [("K1", 1_680_000)]),
        ("setter.p90 by setter <= 15min", [("u1", 1_680_000)]),
        ("setter.p90 by client <= 15min min 3", [(None, None)]),
        ("ai.mean <= 5min", []),
        ("ai.mean < 5min", [(None, 300_000)]),
        ("response.within(5min) >= 50%", []),
        ("response.within(5min) by client >= 50%", [("K1", 0.0)]),
        ("response.within(1d) >= 100%", []),
        ("open.count <= 2", []),
        ("open.count by client < 2", [("K2", 2)]),
        ("open.oldest <= 1h", []),
        ("open.oldest <= 59min", [(None, 3_600_000)]),
        ("wait.p50 < 10min", []),
        ("wait.p90 < 10min", [(None, 1_440_000)]),
        ("jobs.n >= 2", []),
        ("jobs.unsent_share <= 10%", [(None, 0.5)]),
        ("jobs.unexplained < 1", [(None, 1)]),
        ("neither.share <= 20%", []),
        ("neither.share <= 10%", [(None, 0.2)]),
        ("booked.rate >= 1%", [(None, None)]),
    ],
)
def test_each_measure(path: Path, text: str, broken: list[Any]) -> None:
    """Broken is what is not as the rule has it, and what there are no data of."""
    found = timingctl.check(path, rule=text).document["broken"]
    assert [(one["group"], one["figure"]) for one in found] == broken


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("response.n <= 5", 0),
        ("ai.n <= 0", 0),
        ("jobs.n <= 0", 0),
        ("jobs.unexplained <= 0", 0),
        ("open.count <= 0", 0),
        ("open.count by client <= 0", 0),
        ("open.oldest by campaign <= 1min", 0),
        ("ai.n by client <= 0", 0),
        ("response.n by client >= 1", 0),
        ("response.n >= 1", 0),
        ("jobs.n >= 1", 0),
    ],
)
def test_none_is_a_count(path: Path, text: str, figure: int) -> None:
    """After the last message there is nothing, which a rule of a count can be about."""
    found = timingctl.check(path, rule=text, from_="2026-02-10T12:45").document["broken"]
    said = [(one["group"], one["figure"], one["n"]) for one in found]
    assert said == ([(None, figure, 0)] if ">= 1" in text else [])


@pytest.mark.parametrize(
    ("share", "value"), [("0.7%", 7 / 1000), ("1.1%", 11 / 1000), ("7%", 0.07)]
)
def test_a_share_at_its_limit_holds_on_both_sides(share: str, value: float) -> None:
    assert rule(f"neither.share <= {share}").holds(value)
    assert rule(f"neither.share >= {share}").holds(value)


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        (["--client", "zzz"], "Unknown client zzz; there are K1, K2."),
        (["--channel", "smss"], "Unknown channel smss; there are email."),
        (["--from", "2026-02-11", "--to", "2026-02-10"], "is not before --to"),
        (["--from", "2026-03-01"], "--from (2026-03-01T00:00:00.000000Z) is after the as-of ("),
    ],
)
def test_a_slip_in_a_filter_holds_no_rule(path: Path, filters: list[str], says: str) -> None:
    refused = command("check", path, "--rule", "open.count <= 0", *filters)
    assert (refused.code, says in refused.err) == (11, True)


def test_a_variable_may_have_several_rules(path: Path) -> None:
    rules = "setter.p90 by client <= 15min; open.count <= 2"
    done = command("check", path, "--json", TIMINGCTL_CHECK_RULE=rules)
    assert [one["rule"] for one in json.loads(done.out)["rules"]] == rules.split("; ")


def test_a_rule_in_business_time(path: Path) -> None:
    """From 12:30 on l5 has waited 30 minutes of business; other rules stay on the wall's clock."""
    hours = "Mon-Sun 12:30-17:00"
    rules = ["open.oldest <= 30min business", "open.oldest <= 30min"]
    found = timingctl.check(path, rule=rules, business_hours=hours).document["broken"]
    assert [(one["rule"], one["figure"]) for one in found] == [("open.oldest <= 30min", 3_600_000)]
    with pytest.raises(timingctl.SettingsError, match="needs --business-hours"):
        timingctl.check(path, rule=rules[0])


def test_filters(path: Path) -> None:
    assert timingctl.check(path, rule="setter.p90 <= 1min", client="K2").document["broken"] == []
    late = timingctl.check(path, rule="response.n >= 2", from_="2026-02-10 10:00")
    assert [one["figure"] for one in late.document["broken"]] == [1]


RULES = """
[[rule]]
measure = "setter.p90"
by = "client"
limit = "15min"
min_n = 2

[[rule]]
measure = "response.within(5min)"
limit = ">= 20%"

[[rule]]
measure = "booked.rate"
limit = ">= 1%"
allow_empty = true
"""


def test_late_jobs_are_of_those_with_a_delay_window(path: Path) -> None:
    [found] = timingctl.check(path, rule="jobs.late_share <= 5%").document["broken"]
    assert (found["figure"], found["n"]) == (None, 0)


def test_a_file_of_rules(path: Path, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    shown = command("check", path, tmp_path / "rules.toml")
    assert shown.code == 1
    assert "setter.p90 by client <= 15min  K1" in shown.out
    assert [line for line in shown.err.splitlines() if "too small" in line] == [
        "Note: setter.p90 by client <= 15min: too small to be looked at: 1 of 2 groups.",
        "Note: booked.rate >= 1%: too small to be looked at: 1 of 1 groups.",
    ]
    data = json.loads(command("check", path, tmp_path / "rules.toml", "--json").out)
    assert data["rules"] == [
        {"rule": "setter.p90 by client <= 15min", "groups": 1, "tooSmall": 1, "broken": 1},
        {"rule": "response.within(5min) >= 20%", "groups": 1, "tooSmall": 0, "broken": 0},
        {"rule": "booked.rate >= 1%", "groups": 0, "tooSmall": 1, "broken": 0},
    ]
    assert data["broken"] == [
        {
            "rule": "setter.p90 by client <= 15min", "group": "K1", "figure": 1_680_000,
            "limit": 900_000, "n": 2,
        }
    ]  # fmt: skip


def test_rules_that_differ_in_how_many_they_need(path: Path, tmp_path: Path) -> None:
    """After the last message nobody waits, which is enough for either rule."""
    one = '[[rule]]\nmeasure = "open.oldest"\nlimit = "1h"\nmin_n = '
    (tmp_path / "rules.toml").write_text(f"{one}5\n{one}1\n")
    found = timingctl.check(path, tmp_path / "rules.toml", from_="2026-02-10T12:45").document
    assert [(rule["groups"], rule["broken"]) for rule in found["rules"]] == [(1, 0), (1, 0)]


def test_where_it_may_be_empty_no_group_is_no_count(path: Path, tmp_path: Path) -> None:
    rule = '[[rule]]\nmeasure = "response.n"\nby = "client"\nlimit = ">= 1"\nallow_empty = true\n'
    (tmp_path / "rules.toml").write_text(rule)
    found = timingctl.check(path, tmp_path / "rules.toml", from_="2026-02-10T12:45").document
    assert [(rule["groups"], rule["broken"]) for rule in found["rules"]] == [(0, 0)]


def test_a_file_of_rules_may_begin_with_a_mark(path: Path, tmp_path: Path) -> None:
    """As editors on Windows write it."""
    rules = '[[rule]]\nmeasure = "open.count"\nlimit = "2"\n'
    (tmp_path / "rules.toml").write_text(rules, encoding="utf-8-sig")
    assert command("check", path, tmp_path / "rules.toml").code == 0


def test_a_file_of_events_is_no_inbox(path: Path, tmp_path: Path) -> None:
    timingctl.build(path, tmp_path / "events.csv")
    refused = command("check", tmp_path / "events.csv", "--rule", "open.count <= 2")
    assert (refused.code, "is no inbox: make one by" in refused.err) == (11, True)


@pytest.mark.parametrize(
    ("share", "shown", "limit"),
    [(0.05001, "5.001%", "5.000%"), (0.06, "6.00%", "5.00%"), (0.05, "5.00%", "5.00%"),
     (None, "no data", "5.00%")],
)  # fmt: skip
def test_a_share_does_not_read_like_the_limit_it_breaks(
    share: float | None, shown: str, limit: str
) -> None:
    finding = {"rule": "r", "group": None, "figure": share, "limit": 0.05, "n": 99_999}
    document: Any = {"asOf": None, "rules": [], "broken": [finding]}
    [grid] = check_grids(Check(document, {"r": "share"}))
    [row] = grid.rows
    assert row[2:4] == [shown, limit]


def test_what_holds_is_said(path: Path) -> None:
    assert command("check", path, "--rule", "open.count <= 2").out == "The rule holds.\n"
    both = command("check", path, "--rule", "open.count <= 2", "--rule", "jobs.n >= 1")
    assert (both.code, both.out) == (0, "All 2 rules hold.\n")
    assert command("check", path, "--rule", "open.count <= 2", "-q").out == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("open count", "is no rule; write such as"),
        ("speed <= 5min", "there is no measure speed; there are response.p50"),
        ("setter.p90 by colour <= 5min", "there is no dimension colour"),
        ("wait.p50 by client <= 5min", "wait.p50 has no groups"),
        ("open.count by setter <= 5", "nobody has responded to what is open"),
        ("ai.p90 by setter <= 5min", "the AI is no setter"),
        ("setter.p90 <= 5", "'5' is no duration"),
        ("jobs.late_share <= 5", "'5' is no share"),
        ("open.count <= 5%", "'5%' is no count"),
        ("response.within(soon) >= 5%", "'soon' is no duration"),
    ],
)
def test_what_is_no_rule(text: str, says: str) -> None:
    """Of several rules the error names the one."""
    with pytest.raises(timingctl.UsageError) as refused:
        rule(text)
    assert says in str(refused.value)
    assert str(refused.value).startswith(repr(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[rule]\n", "is no TOML"),
        ("", "has no rules; write a table [[rule]]"),
        ("[[rules]]\n", "has rules; write a table [[rule]]"),
        ('[[rule]]\nmeasure = "open.count"\n', "rule 1: it has no limit"),
        ('[[rule]]\nmeasure = "open.count"\nlimit = 5\n', "rule 1: limit cannot be 5"),
        ('[[rule]]\nmeasure = "open.count"\nlimit = "5"\nmax = 1\n', "rule 1: there is no key max"),
        ('[[rule]]\nmeasure = "open.sum"\nlimit = "5"\n', "rule 1: there is no measure open.sum"),
    ],
)
def test_what_is_no_file_of_rules(path: Path, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "rules.toml").write_text(text)
    refused = command("check", path, tmp_path / "rules.toml")
    assert refused.code == 11
    assert says in refused.err


def test_without_rules_there_is_nothing_to_check(path: Path, tmp_path: Path) -> None:
    refused = command("check", path)
    assert (refused.code, "There are no rules; give" in refused.err) == (2, True)
    as_file = command("check", path, "open.count <= 2")
    assert (as_file.code, "give a rule by --rule 'open.count <= 2'." in as_file.err) == (2, True)
    (tmp_path / "rules.toml").write_text(RULES)
    swapped = command("check", tmp_path / "rules.toml", path)
    assert (swapped.code, "the inbox comes first, then the rules." in swapped.err) == (11, True)
    gone = command("check", path, tmp_path / "gone.toml")
    assert (gone.code, "gone.toml cannot be read" in gone.err) == (11, True)
