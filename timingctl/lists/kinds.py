"""What can be listed. Light: the command line imports it to describe itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A list: what it is called, what its rows are, what they add, and what `waitMs` is in it."""

    name: str
    title: str
    columns: tuple[str, ...] = ()
    wait: str = "Wait"
    is_of_waits: bool = False
    is_of_jobs: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("open", "Leads that wait, the longest first", is_of_waits=True),
        Kind("slow", "Waits that were answered, the longest first", ("endedBy",), is_of_waits=True),
        Kind(
            "late",
            "Sending jobs scheduled after the chosen delay, the latest first",
            ("jobId", "outcome", "schedule", "runAt"),
            wait="Late by",
            is_of_jobs=True,
        ),
        Kind(
            "unsent",
            "Sending jobs that sent nothing, the failed and unexplained first",
            ("jobId", "outcome", "schedule", "runAt"),
            wait="Age",
            is_of_jobs=True,
        ),
        Kind(
            "neither",
            "Anchors that neither a setter nor the AI answered, the oldest first",
            ("firstOutboundBy",),
            wait="Age",
        ),
    )
}
