"""Words for what a sentence names: who sent a message, how many there are, when it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from timingctl.explanations.rows import Sender


def sender(row: Sender) -> str:
    """Who sent an outbound message."""
    if row["sentBy"] == "setter":
        return f"setter {row['sentByUserId']}" if row["sentByUserId"] else "a setter without id"
    if row["sentBy"] == "ai":
        return "the AI"
    return f"something else ({row['sentBy']})" if row["sentBy"] else "something else"


def instant(value: datetime) -> str:
    """An instant as exact as it is."""
    return f"{value.replace(tzinfo=None)}Z"
