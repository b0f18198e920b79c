"""The story of a message in a terminal."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import polars as pl
from rich.padding import Padding
from rich.table import Table

from timingctl.cli.render import Console, printable
from timingctl.cli.terminal import shortened, stdout
from timingctl.cli.text import written_out
from timingctl.grid import NOTHING, counted, instant
from timingctl.reports.lead import drift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType

    from timingctl.explanations.document import (
        Delay,
        Draft,
        Event,
        Job,
        Schedule,
        SendingJob,
        Story,
        Thread,
        TimelineMessage,
        Window,
    )

_INDENT = 2


def show(document: Story) -> None:
    """Print the story of timingctl.explanations.explain to stdout."""
    console = stdout()
    console.print(f"[bold]{printable(document['messageId'])}[/bold]{_headline(document)}")
    _print(console, _sentences(document["because"]))
    for title, content in _sections(document, console.width - _INDENT):
        console.print(f"\n[bold]{title}[/bold]")
        _print(console, content)


def _headline(document: Story) -> str:
    message = document["message"]
    if message is None:
        return ""
    return printable(
        f": {message['direction']} by {message['channel']}, lead {message['leadId']} of client "
        f"{message['clientId']}, {_instant(message['sentAt'])}"
    )


def _sections(document: Story, width: int) -> Iterable[tuple[str, RenderableType]]:
    thread = document["thread"]
    if thread:
        origin = printable(thread["offsetsFrom"])
        yield (
            f"Thread of {counted(thread['messages'], 'message')}; offsets from {origin}",
            _timeline(thread, width),
        )
    if document["context"]:
        yield "Around the anchor", _sentences(document["context"]["because"])
    if document["wait"]:
        yield "The lead's wait", _sentences(document["wait"]["because"])
    if document["setterResponse"]:
        yield "Setter's response", _sentences(document["setterResponse"]["because"])
    if document["aiResponse"]:
        yield "AI's response", _sentences(document["aiResponse"]["because"])
    if document["drafts"]:
        yield "Drafts for it", _sentences(map(_draft, document["drafts"]))
    if document["jobs"]:
        yield "Jobs about it", _sentences(map(_job, document["jobs"]))
    if document["sendingJobs"]:
        yield "Sending jobs", _sentences(map(_sending, document["sendingJobs"]))
    if document["window"]:
        yield "Delay window", _sentences([*_window(document["window"])])
    if document["window"] and document["delay"]:
        yield "Chosen delay", _delay(document["window"], document["delay"])
    if document["schedule"] and document["event"]:
        yield "Schedule", _schedule(document["schedule"], document["event"])
    if document["event"]:
        yield "Event", _facts(document["event"].items())


def _timeline(thread: Thread, width: int) -> Table:
    """The timeline with whole ids and instants, or shortened where they do not fit."""
    whole = _laid_out(thread, printable, _instant, gap=2)
    if Console(width=10_000).measure(whole).maximum <= width:
        return whole
    return _laid_out(thread, lambda text: printable(shortened(text)), instant, gap=1)


def _laid_out(
    thread: Thread, text: Callable[[str], str], when: Callable[[str], str], gap: int
) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="dim")
    for title in ("", "Offset", "Sent", "Message", "From", "Is"):
        table.add_column(title, justify="right" if title == "Offset" else "left", no_wrap=True)
    last = 0
    for message in thread["timeline"]:
        _leave_out(table, message["place"] - last - 1)
        last = message["place"]
        table.add_row(
            ">" if message["isAsked"] else "",
            drift(message["offsetMs"]) if message["offsetMs"] else "0",
            when(message["sentAt"]),
            text(message["id"]),
            text(_sender(message)),
            _role(message),
            style="bold" if message["isAsked"] else None,
        )
    _leave_out(table, thread["messages"] - last)
    return table


def _leave_out(table: Table, count: int) -> None:
    if count:
        table.add_row("", "", f"… {count:,} more", style="dim")


def _sender(message: TimelineMessage) -> str:
    if message["direction"] == "inbound":
        return "lead"
    if message["sentBy"] == "setter":
        return f"setter {message['sentByUserId'] or 'without id'}"
    if message["sentBy"] == "ai":
        part = message["aiDraftPartIndex"]
        return "AI" if part is None else f"AI, part {part}"
    return message["sentBy"] or "something else"


def _role(message: TimelineMessage) -> str:
    if message["isAnchor"]:
        return "anchor"
    return "response" if message["setterResponseTo"] or message["aiResponseTo"] else ""


def _draft(draft: Draft) -> str:
    sent = draft["aiResponseMessageId"]
    outcome = f"sent as {sent}" if sent else "not sent by the AI"
    created = f"written {_instant(draft['createdAt'])}" if draft["createdAt"] else "of unknown time"
    return f"{draft['draftId']}: {draft['because']}; {draft['channel']}, {created}, {outcome}"


def _job(job: Job) -> str:
    started = f"started {_instant(job['startedAt'])}" if job["startedAt"] else "not started"
    return (
        f"{job['jobId']}: {job['because']}; {job['type']} of draft {job['draftId'] or NOTHING}, "
        f"due {_instant(job['runAt'])}, {started}"
    )


def _sending(job: SendingJob) -> str:
    return f"{job['jobId']}: {' '.join(job['because'])}"


def _window(window: Window) -> Iterable[str]:
    if window["minSeconds"] is not None:
        yield f"{window['minSeconds']}–{window['maxSeconds']} s ({window['source']})"
    yield from window["because"]


def _delay(window: Window, delay: Delay) -> str:
    ends = {"minSeconds": window["minSeconds"], "maxSeconds": window["maxSeconds"]}
    return dedent(written_out(pl.DataFrame([ends | delay]))[0])


def _schedule(schedule: Schedule, event: Event) -> Table:
    due = f"{_instant(schedule['scheduledRunAt'])}  {schedule['because']}"
    happened = (
        ("started", event["aiJobStartedAt"], schedule["startedMs"], ""),
        ("finished", event["aiJobFinishedAt"], schedule["finishedMs"], ""),
        ("sent", event["aiResponseSentAt"], schedule["driftMs"], " (drift)"),
    )
    rows = [
        (name, f"{_instant(str(at))}  {drift(after)}{what}")
        for name, at, after, what in happened
        if at
    ]
    return _facts([("due", due), *rows])


def _facts(rows: Iterable[tuple[str, object]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, NOTHING if value is None else printable(str(value)))
    return table


def _sentences(sentences: Iterable[str]) -> str:
    return "\n".join(printable(sentence) for sentence in sentences)


def _print(console: Console, content: RenderableType) -> None:
    console.print(Padding(content, (0, 0, 0, _INDENT), expand=False))


def _instant(iso: str) -> str:
    """An ISO instant as exact as it is."""
    return f"{iso[:10]} {iso[11:-1].rstrip('0').rstrip('.')}Z"
