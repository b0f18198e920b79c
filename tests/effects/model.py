"""Slow, obvious counting for effects, in plain Python, from docs/effects.md alone.

Grain: one message, one loop. Instants are whole seconds after the start of a case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DAY = 86_400


@dataclass(frozen=True)
class Said:
    """A message: its id, lead and channel, when, and by whom: lead, setter, ai or campaign."""

    id: str
    lead: str
    channel: str
    at: int
    by: str


@dataclass(frozen=True)
class Lead:
    """A lead: its campaign (null: none) and booking; `appointment`: one at an unknown time."""

    id: str
    campaign: str | None = None
    booked: int | None = None
    cancelled: bool = False
    appointment: bool = False


@dataclass(frozen=True)
class World:
    """Messages, leads, windows by campaign (lower and upper end), jobs (message, due at)."""

    messages: Sequence[Said]
    leads: Sequence[Lead]
    windows: dict[str, tuple[int, int]]
    jobs: Sequence[tuple[str, int]]
    as_of: int


def chosen(message: str, low: int, high: int) -> int:
    """The delay chosen for a message's id, of ASCII."""
    value = 0
    for letter in message:
        value = (31 * value + ord(letter)) % 2**32
    signed = value - 2**32 if value >= 2**31 else value
    return low + abs(signed) % (high - low + 1)


def eligible(world: World) -> list[Said]:
    """Inbounds with a window that has room, which no inbound of the thread follows too soon."""
    campaign = {lead.id: lead.campaign for lead in world.leads}
    heard = [one for one in world.messages if one.by == "lead" and one.at <= world.as_of]
    found = []
    for one in heard:
        low, high = world.windows.get(campaign[one.lead] or "", (0, 0))
        later = [
            other.at
            for other in heard
            if (other.lead, other.channel) == (one.lead, one.channel)
            and (other.at, other.id) > (one.at, one.id)
        ]
        if high > low and (not later or min(later) - one.at >= low):
            found.append(one)
    return sorted(found, key=lambda one: (one.at, one.id))


def verdicts(world: World, days: int, channel: str | None = None) -> dict[str, str]:
    """Of each lead that is counted why it is left out, or that it is analysed."""
    leads = {lead.id: lead for lead in world.leads}
    every = eligible(world)
    stratum = {one.id: leads[one.lead].campaign for one in every}
    unproven = set()
    for name in set(stratum.values()):
        low, high = world.windows[name or ""]
        due = [
            [run - one.at for message, run in world.jobs if message == one.id]
            for one in every
            if stratum[one.id] == name
        ]
        here = [one for one in every if stratum[one.id] == name]
        with_job = [(one, runs) for one, runs in zip(here, due, strict=True) if runs]
        match = sum(chosen(one.id, low, high) in runs for one, runs in with_job)
        if len(with_job) >= 10 and match * 10 < len(with_job):
            unproven.add(name)
    found: dict[str, str] = {}
    left: dict[str, str | None] = {}
    for lead in world.leads:
        heard = [
            one
            for one in world.messages
            if one.lead == lead.id and one.by == "lead" and one.at <= world.as_of
        ]
        picks = [one for one in every if one.lead == lead.id]
        if not picks:
            if any(channel in {None, one.channel} for one in heard):
                found[lead.id] = "noWindow"
            continue
        pick = picks[0]
        if channel not in {None, pick.channel}:
            continue
        if lead.booked is not None and lead.booked <= pick.at:
            found[lead.id] = "bookedBefore"
        elif pick.at + days * DAY > world.as_of:
            found[lead.id] = "tooRecent"
        elif lead.campaign in unproven:
            found[lead.id] = "unproven"
        else:
            left[lead.id] = lead.campaign
    sizes = Counter(left.values())
    for name, campaign in left.items():
        found[name] = "alone" if sizes[campaign] == 1 else "analysed"
    return found


def booked(world: World, days: int) -> list[bool]:
    """Of each analysed lead that booked, whether that is at an unknown time."""
    picks = {one.lead: one.at for one in reversed(eligible(world))}
    found = []
    counted = verdicts(world, days)
    for lead in world.leads:
        if counted.get(lead.id) != "analysed" or lead.cancelled:
            continue
        if lead.booked is None and lead.appointment:
            found.append(True)
        elif lead.booked is not None and lead.booked <= picks[lead.id] + days * DAY:
            found.append(False)
    return found


def waits(world: World) -> list[tuple[int, str]]:
    """How long each wait lasted, in seconds, and who ended it: ai, setter or open."""
    found = []
    for thread in {(one.lead, one.channel) for one in world.messages}:
        told = [
            one
            for one in world.messages
            if (one.lead, one.channel) == thread and one.by != "campaign" and one.at <= world.as_of
        ]
        # At one instant answers stand first, a setter's before the AI's.
        rank = {"setter": 0, "ai": 1, "lead": 2}
        since: int | None = None
        for one in sorted(told, key=lambda one: (one.at, rank[one.by], one.id)):
            if one.by == "lead":
                since = one.at if since is None else since
            elif since is not None:
                found.append((one.at - since, one.by))
                since = None
        if since is not None:
            found.append((world.as_of - since, "open"))
    return found


def shares(lasted: Sequence[tuple[int, str]], within: int) -> dict[str, float] | None:
    """The shares of waits that the AI and a setter ended within a time; null: not known yet."""
    left, by = 1.0, {"ai": 0.0, "setter": 0.0}
    for at in sorted({time for time, end in lasted if end != "open" and time <= within}):
        risk = sum(time >= at for time, _ in lasted)
        ended = {name: sum((time, end) == (at, name) for time, end in lasted) for name in by}
        for name, count in ended.items():
            by[name] += left * count / risk
        left *= 1 - sum(ended.values()) / risk
    if not lasted or (max(time for time, _ in lasted) < within and left > 1e-12):
        return None
    return by
