"""Which delay window was in force."""

from pathlib import Path

import pytest

from tests.model import chosen
from tests.tables import built, says
from timingctl.errors import InputError

MESSAGES = """
    id | sentAt   | direction | sentBy
    A  | 10:00:00 | in        |
    B  | 10:05:00 | out       |
    C  | 12:00:00 | in        |
    D  | 12:05:00 | out       |
"""
LEAD = "id | emailCampaignId\nL | c1"
CAMPAIGN = "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds"
WINDOW = "id | aiDelayMinSeconds | aiDelayMaxSeconds | aiChosenDelaySeconds"
HISTORY = "campaignId | clientId | minSeconds | maxSeconds | effectiveFrom | effectiveTo"


@pytest.mark.parametrize(("low", "high"), [(0, 0), (300, 300), (400, 200), (180, 420), (-5, 5)])
def test_the_campaigns_setting_of_today(tmp_path: Path, low: int, high: int) -> None:
    events = built(tmp_path, {
        "Message": MESSAGES,
        "Lead": LEAD,
        "EmailCampaign": f"{CAMPAIGN}\nc1 | AI_AUTO_SEND | {low} | {high}",
    })  # fmt: skip
    says(events, f"""
        {WINDOW}
        A | {low} | {high} | {chosen("A", low, high)}
        C | {low} | {high} | {chosen("C", low, high)}
    """)  # fmt: skip


@pytest.mark.parametrize(
    ("lead", "campaign"),
    [
        pytest.param("c1", "c1 | SETTER_MANAGED | 180 | 420", id="managed by setters"),
        pytest.param("c1", "c1 | | 180 | 420", id="no response mode"),
        pytest.param("c1", "c1 | AI_AUTO_SEND | | 420", id="no lower end"),
        pytest.param("c1", "c1 | AI_AUTO_SEND | 180 | ", id="no upper end"),
        pytest.param("", "c1 | AI_AUTO_SEND | 180 | 420", id="a lead without campaign"),
        pytest.param("c2", "c1 | AI_AUTO_SEND | 180 | 420", id="an unknown campaign"),
    ],
)
def test_no_window(tmp_path: Path, lead: str, campaign: str) -> None:
    events = built(tmp_path, {
        "Message": MESSAGES,
        "Lead": f"id | emailCampaignId\nL | {lead}",
        "EmailCampaign": f"{CAMPAIGN}\n{campaign}",
    })  # fmt: skip
    says(events, f"{WINDOW}\nA | | |\nC | | |")


def test_without_campaigns_only_the_history_gives_windows(tmp_path: Path) -> None:
    tables = {"Message": MESSAGES, "Lead": LEAD}
    says(built(tmp_path / "none", tables), f"{WINDOW}\nA | | |\nC | | |")
    history = f"{HISTORY}\nc1 | | 60 | 60 | |"
    says(
        built(tmp_path / "some", tables, delay_windows=history),
        f"{WINDOW}\nA | 60 | 60 | 60\nC | 60 | 60 | 60",
    )


@pytest.mark.parametrize(
    ("history", "first", "second"),
    [
        pytest.param("c1 | | 60 | 60 | | 10:00:00", "1", "1", id="ended at the anchor: excluded"),
        pytest.param("c1 | | 60 | 60 | | 10:00:00.000001", "60", "1", id="ended just after it"),
        pytest.param("c1 | | 60 | 60 | 10:00:00 |", "60", "60", id="began at the anchor: included"),
        pytest.param("c1 | | 60 | 60 | 10:00:00.000001 |", "1", "60", id="began just after it"),
        pytest.param("c1 | | 60 | 60 | | 11:00:00\nc1 | | 90 | 90 | 11:00:00 |", "60", "90",
                     id="changed in between"),
        pytest.param("c1 | | 60 | 60 | | 10:30:00\nc1 | | 90 | 90 | 13:00:00 |", "60", "1",
                     id="a gap falls back to today's"),
        pytest.param("| K | 60 | 60 | |", "60", "60", id="of the client"),
        pytest.param("| K2 | 60 | 60 | |", "1", "1", id="of another client"),
        pytest.param("c2 | K | 60 | 60 | |", "1", "1", id="of another campaign of the client"),
        pytest.param("c1 | | 60 | 60 | | 11:00:00\n| K | 90 | 90 | |", "60", "90",
                     id="the campaign's goes before the client's"),
    ],
)  # fmt: skip
def test_the_history_as_of_the_anchor(
    tmp_path: Path, history: str, first: str, second: str
) -> None:
    events = built(tmp_path, {
        "Message": MESSAGES,
        "Lead": LEAD,
        "EmailCampaign": f"{CAMPAIGN}\nc1 | AI_AUTO_SEND | 1 | 1",
    }, delay_windows=f"{HISTORY}\n{history}")  # fmt: skip
    says(events, f"id | aiDelayMinSeconds\nA | {first}\nC | {second}")


@pytest.mark.parametrize(
    ("history", "sentence"),
    [
        ("c1 | | 60 | 60 | | 11:00:00\nc2 | | 1 | 2 | |\nc1 | | 90 | 90 | 10:59:59 |",
         "history.csv: rows 1 and 3 overlap for c1; end one where the other starts."),
        ("c1 | | 60 | 60 | |\nc1 | | 60 | 70 | |",
         "history.csv: rows 1 and 2 overlap for c1; end one where the other starts."),
        ("c1 | | 60 | 60 | 11:00:00 | 11:00:00",
         "history.csv, row 1: effectiveTo is not after effectiveFrom."),
        (" | | 60 | 60 | | ", "history.csv, row 1: neither campaignId nor clientId; give one."),
        ("c1 | | 60 | 6.5 | | ",
         "history.csv, row 1, column maxSeconds: unreadable whole number: '6.5'."),
        ("c1 | | | 60 | | ", "history.csv, row 1, column minSeconds: no minSeconds."),
        ("c1 | | 60 | 60 | soon | ",
         "history.csv, row 1, column effectiveFrom: unreadable timestamp: 'soon'."),
    ],
)  # fmt: skip
def test_a_history_that_cannot_be_used(tmp_path: Path, history: str, sentence: str) -> None:
    with pytest.raises(InputError) as error:
        built(tmp_path, {"Message": MESSAGES, "Lead": LEAD}, delay_windows=f"{HISTORY}\n{history}")
    assert str(error.value) == sentence
