"""The words that columns of an inbox may hold, in the order in which they are told."""

from __future__ import annotations

WINDOW_SOURCES = ("history", "inferred", "current", "none")
FIRST_OUTBOUND_BY = ("setter", "setterUnknown", "ai", "aiOther", "campaign", "other")
SCHEDULES = (
    *("match", "clamped", "opening", "retried", "later", "earlier", "outsideWindow"),
    *("noWindow", "implausible"),
)
OUTCOMES = (
    *("sent", "setterFirst", "newInbound", "otherOutbound", "failed", "due", "unexplained"),
)
