"""What is told of a message and its thread: what it is in it, why, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explain.cases import THREAD, Tables, story, turn
from timingctl.errors import InputError
from timingctl.explanations import ExplainOptions
from timingctl.explanations.story import lead


@pytest.mark.parametrize(
    ("message", "standing", "anchor", "because"),
    [
        ("A", "superseded", "B",
         "No anchor: the next message of its thread, B, is inbound too, and of a streak only the "
         "last inbound is one. Here that is B."),
        ("B", "anchor", "B", "An anchor: the next message of its thread, C, is outbound."),
        ("E", "open", None,
         "Open, so no event: only one inbound, which nobody answered, came after it."),
        ("F", "open", None, "Open, so no event: it is the last message of its thread."),
    ],
)  # fmt: skip
def test_an_inbound(
    tmp_path: Path, message: str, standing: str, anchor: str | None, because: str
) -> None:
    told = story(tmp_path, message)
    assert (told["standing"], told["anchorId"]) == (standing, anchor)
    assert told["because"] == [because]
    assert (told["event"] is not None) == (standing == "anchor")


def test_an_outbound_before_any_inbound(tmp_path: Path) -> None:
    told = story(tmp_path, "Z", {"Message": f"{THREAD.rstrip()}\nZ | 09:00:00 | out | setter | u1"})
    assert (told["standing"], told["anchorId"]) == ("outbound", None)
    assert told["because"] == [
        "Outbound, before any inbound of its thread: there is nothing that it answers."
    ]


TIES = """
    id | sentAt   | direction | aiDraftPartIndex
    a  | 10:00:00 | in        |
    b  | 10:00:00 | in        |
    c  | 10:00:00 | out       |
    d  | 10:00:00 | out       | 0
    e  | 10:01:00 | out       |
"""


@pytest.mark.parametrize(
    ("message", "standing", "ties"),
    [
        ("b", "anchor", [
            "c and d are of the same instant: c and d stand before it, because nobody answers in "
            "zero time.",
            "a is of the same instant too: in order of aiDraftPartIndex, then id, it is number 2 "
            "of 2.",
        ]),
        ("d", "outbound", [
            "a and b are of the same instant: it stands before a and b, because nobody answers in "
            "zero time.",
            "c is of the same instant too: in order of aiDraftPartIndex, then id, it is number 2 "
            "of 2.",
        ]),
        ("e", "outbound", []),
    ],
)  # fmt: skip
def test_ties_at_one_instant(tmp_path: Path, message: str, standing: str, ties: list[str]) -> None:
    told = story(tmp_path, message, {"Message": TIES})
    assert told["standing"] == standing
    assert [sentence for sentence in told["because"] if "instant" in sentence] == ties
    order = [row["id"] for row in told["thread"]["timeline"]]
    assert order == ["c", "d", "a", "b", "e"]


MESSAGE_COLUMNS = "id | sentAt | direction | leadId"


@pytest.mark.parametrize(
    ("lines", "because"),
    [
        (["X | soon | in | L"],
         ["Message.csv, row 2: unreadable timestamp: sentAt is 'soon'."]),
        (["X | 10:00:00 | sideways | L"],
         ["Message.csv, row 2: unknown direction: direction is 'sideways'."]),
        (["X | 10:00:00 | in | "], ["Message.csv, row 2: no leadId."]),
        (["X | 10:00:00 | in | nobody"],
         ["Message.csv, row 2: lead not in Lead: leadId is 'nobody'."]),
        (["X | 10:00:00 | in | L", "X | 10:00:01 | out | L"],
         [f"Message.csv, row {row}: different rows under one id; they differ in direction, sentAt."
          for row in (2, 3)]),
    ],
)  # fmt: skip
def test_a_message_that_is_left_out(tmp_path: Path, lines: list[str], because: list[str]) -> None:
    tables: Tables = {"Message": "\n".join([MESSAGE_COLUMNS, "A | 09:00:00 | in | L", *lines])}
    told = story(tmp_path, "X", tables)
    assert told["standing"] == "rejected"
    assert told["because"] == ["Left out of every build:", *because]
    assert len(told["rejects"]) == len(because)
    assert (told["message"], told["thread"], told["event"]) == (None, None, None)


def test_a_lead_of_several_clients(tmp_path: Path) -> None:
    tables: Tables = {
        "Lead": None,
        "Message": "id | sentAt | direction | clientId\nA | 10:00:00 | in | K1\n"
        "B | 10:01:00 | out | K2",
    }
    told = story(tmp_path, "A", tables)
    assert told["because"] == [
        "Left out of every build:",
        "Message.csv, row 1: lead of several clients: leadId is 'L'.",
    ]


def test_exact_duplicates_and_a_bad_twin_of_a_used_message(tmp_path: Path) -> None:
    """What only an inbox keeps, such as the source, may differ."""
    lines = [f"X | 10:00:00 | in | L | {source}" for source in ("a", "b", "b")]
    columns = f"{MESSAGE_COLUMNS} | source"
    told = story(
        tmp_path, "X", {"Message": "\n".join([columns, *lines, "X | 10:00:00 | up | L |"])}
    )
    assert told["standing"] == "open"
    assert told["because"][1:] == [
        "Other rows with its id are left out (1):",
        "Message.csv, row 4: unknown direction: direction is 'up'.",
        "It stands 3 times, alike in all that events need; one is used.",
    ]


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        ("Message-1", "did you mean 'message-17'?"),
        ("MESSAGE-17 ", "did you mean 'message-17'?"),
        ("message-71", "did you mean 'message-17'?"),
        ("draft", "is it a message's id?"),
        ("", "is it a message's id?"),
        ("x\x1b[31m'\"\n", "is it a message's id?"),
    ],
)
def test_no_such_message(tmp_path: Path, message: str, hint: str) -> None:
    messages = "id | sentAt | direction\nmessage-17 | 10:00:00 | in\nother | 10:00:00 | in"
    with pytest.raises(InputError) as error:
        story(tmp_path, message, {"Message": messages})
    assert str(error.value) == f"The exports have no message {message!r}; {hint}"


def test_the_command_for_a_lead_has_no_password() -> None:
    asked = ExplainOptions(Path("pulled"), named="host=h password='a b'", message="l 1")
    assert lead(asked).endswith(": timingctl lead 'host=h password=***' 'l 1'")


def test_the_timeline_is_bounded_and_keeps_what_the_anchor_is_about(tmp_path: Path) -> None:
    lines = [f"m{number:02} | 10:{number:02}:00 | out | | |" for number in range(1, 40)]
    lines += ["s | 10:45:00 | out | setter | u1 |", "t | 10:50:00 | in | | |"]
    told = story(tmp_path, "A", turn(*lines), context=2)
    timeline = told["thread"]["timeline"]
    assert [(row["place"], row["id"]) for row in timeline] == [
        (1, "A"), (2, "m01"), (3, "m02"), (41, "s"),
    ]  # fmt: skip
    assert (told["thread"]["messages"], told["thread"]["leftOut"]) == (42, 38)
    assert [row["offsetMs"] for row in timeline] == [0, 60_000, 120_000, 45 * 60_000]
    assert [row["isAsked"] for row in timeline] == [True, False, False, False]
    assert [row["isAnchor"] for row in timeline] == [True, False, False, False]
    assert timeline[-1]["setterResponseTo"] == "A"
