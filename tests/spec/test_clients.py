"""Which client an event belongs to, with and without a Lead table."""

from pathlib import Path

import pytest

from tests.tables import built, says
from timingctl.errors import InputError

MESSAGES = "id | leadId | sentAt | direction | clientId"
TURN = "A | L | 10:00:00 | in | {first}\nB | L | 10:01:00 | out | {second}"
JOBS = "id | messageId | runAt | clientId | leadId"


def messages(first: str = "", second: str = "") -> str:
    return f"{MESSAGES}\n{TURN.format(first=first, second=second)}"


def test_the_lead_tables_client_wins(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": messages("K2", "K2"), "Lead": "id | clientId\nL | K1"})
    says(events, "id | clientId | leadId\nA | K1 | L")


@pytest.mark.parametrize(("first", "second"), [("K2", "K2"), ("K2", ""), ("", "K2")])
def test_without_leads_the_messages_name_it(tmp_path: Path, first: str, second: str) -> None:
    tables = {"Message": messages(first, second), "Lead": None}
    jobs = {"BackgroundJob": f"{JOBS}\nj | A | 10:00:00 | K9 | L"}
    says(built(tmp_path, {**tables, **jobs}, client="K8"), "id | clientId\nA | K2")


def test_else_the_leads_jobs_name_it(tmp_path: Path) -> None:
    jobs = f"{JOBS}\nj | X | 10:00:00 | K9 | L\ni | X | 10:00:00 | K7 | M"
    tables = {"Message": messages(), "Lead": None, "BackgroundJob": jobs}
    says(built(tmp_path, tables, client="K8"), "id | clientId\nA | K9")


def test_else_the_option_names_it(tmp_path: Path) -> None:
    events = built(tmp_path, {"Message": messages(), "Lead": None}, client="K8")
    says(events, "id | clientId\nA | K8")


def test_else_the_build_stops_and_names_the_three_ways_out(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        built(tmp_path, {"Message": messages(), "Lead": None})
    sentence = str(error.value)
    assert sentence.startswith("No client for 1 lead, such as L:")
    for way_out in ("Lead table", "clientId column in Message or BackgroundJob", "--client ID"):
        assert way_out in sentence


def test_a_lead_of_two_clients_is_left_out_rather_than_guessed(tmp_path: Path) -> None:
    tables = {
        "Message": f"{messages('K1', 'K2')}\nC | M | 10:00:00 | in | K3\nD | M | 10:01:00 | out |",
        "Lead": None,
    }
    says(built(tmp_path, tables), "id | clientId\nC | K3")


def test_two_leads_with_jobs_of_two_clients(tmp_path: Path) -> None:
    jobs = f"{JOBS}\nj | X | 10:00:00 | K9 | L\ni | X | 10:00:00 | K7 | L"
    tables = {"Message": messages(), "Lead": None, "BackgroundJob": jobs}
    assert built(tmp_path, tables, client="K8").is_empty()
