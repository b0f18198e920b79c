"""What effects say in words: a sentence a finding, and what it does not say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from timingctl.grid import count, counted, duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timingctl.effects.document import Check, Delay, Document, PerMinute, Waited

#: An effect that chance gives less often than this is said to be found.
_FOUND_BELOW = 0.05
_LEAST_P = 0.0001
#: What an effect is an effect on, by outcome.
_ON = {"booked": "booking", "replied": "writing back"}
_BALANCE = {
    "sentAt": "when they wrote",
    "hour": "the hour at which they wrote",
    "weekday": "the day of the week on which they wrote",
    "channel": "their channel",
    "earlierMessages": "how many messages came before",
    "bookedBefore": "whether they had booked before",
}
_DID = {"booked": "booked", "replied": "wrote back"}
_ALWAYS = (
    "Of the delays chosen inside these windows, on leads' first eligible inbound; says nothing of "
    "delays outside them. For one look, not for looking daily."
)
_BELIEVE = (
    "To be believed it needs: windows right, ids random (both checked); the lead's campaign of "
    "today the one of then, and not changed because it booked; no message deleted from the exports."
)


def points(value: float, size: float | None = None) -> str:
    """A change of a probability in points; with as many decimals as one of `size` needs."""
    size = abs(value) if size is None else size
    decimals = 1 if size <= 0 else min(max(1, -math.floor(math.log10(size * 100))), 6)
    text = f"{abs(value) * 100:.{decimals}f}"
    return ("−" if value < 0 and float(text) else "") + text


def probability(p: float | None) -> str:
    """A p-value."""
    if p is None:
        return "–"
    return f"p = {p:.4f}" if p >= _LEAST_P else f"p < {_LEAST_P}"


def of_delay(delay: Delay | None, outcome: str) -> list[str]:
    """What the delay does, or why that cannot be told."""
    if delay is None:
        return ["There are no booking outcomes."]
    if delay["status"] != "estimated":
        return [*_unsaid(delay, outcome)]
    done = _DID[outcome]
    if delay["perMinute"]["p"] is None:  # the estimate is 0, and so is its error
        return [
            f"In each campaign and window all leads {done} or none did: nothing can be told of an "
            "effect."
        ]
    sentences = [_effect(delay["perMinute"], _ON[outcome]), *_by_waiting(delay, outcome)]
    halves = delay["longVersusShort"]
    short, long = halves["short"]["rate"], halves["long"]["rate"]
    if short is not None and long is not None:
        sentences.append(
            f"With a delay in the lower half of its window {points(short)}% of "
            f"{count(halves['short']['leads'])} leads {done}, in the upper half {points(long)}% of "
            f"{count(halves['long']['leads'])}; the exact middle is in neither."
        )
    wanted = halves["leadsForOnePoint"]
    if wanted:
        sentences.append(
            f"One point between the halves is found 4 times in 5 with {count(wanted)} leads."
        )
    return [*sentences, _ALWAYS, _BELIEVE]


def _effect(found: PerMinute, on: str) -> str:
    estimate, low, high, mde = (found[key] for key in ("estimate", "low", "high", "mde"))
    if estimate is None or low is None or high is None or mde is None:
        return "The delays of all leads are alike: nothing can be told of their effect."
    if found["p"] is not None and found["p"] < _FOUND_BELOW:
        half = (high - low) / 2
        told = (points(value, half) for value in (estimate, low, high))
        change, least, most = told
        return (
            f"A minute more of chosen delay: {change} points of {on} (95% {least} to {most}; "
            f"{probability(found['p'])})."
        )
    return (
        f"No effect seen, which is not no effect: one of ±{points(mde)} points a minute would have "
        "been missed 1 time in 5."
    )


def _by_waiting(delay: Delay, outcome: str) -> Iterator[str]:
    first, waited = delay["firstStage"], delay["perMinuteWaited"]
    if first["estimate"] is not None:
        more = f"{first['estimate']:.2f}"
        yield f"A minute more of chosen delay makes a lead wait {more} minutes more."
    estimate, low, high = (waited[key] for key in ("estimate", "low", "high"))
    if estimate is not None and low is not None and high is not None:
        half = (high - low) / 2
        change, least, most = (points(value, half) for value in (estimate, low, high))
        yield (
            f"If the delay acts through the wait alone, a minute more of waiting: {change} points "
            f"of {_ON[outcome]} (95% {least} to {most})."
        )


def _unsaid(delay: Delay, outcome: str) -> Iterator[str]:
    """Why there is no estimate."""
    match delay["status"]:
        case "noWindow":
            yield (
                "No lead has an inbound with a delay that was drawn from a window: there is no "
                "experiment to look at."
            )
        case "notRandom":
            for check in delay["checks"]:
                if not check["passed"]:
                    yield _failed(check)
            yield "So this is no experiment, and no estimate and no rate is given."
        case _:
            yield (
                f"Too few to tell: of {count(delay['perMinute']['leads'])} leads that can be "
                f"compared {count(delay['perMinute']['booked'])} {_DID[outcome]}. It takes 50 "
                "inbounds with a delay out of ten or more, and 5 leads of either outcome."
            )


def _failed(check: Check) -> str:
    match check["check"]:
        case "uniform":
            return (
                "The chosen delays do not lie evenly in their windows: these are not the windows "
                "that were in force, or the message ids are not random."
            )
        case "order":
            return (
                "The chosen delays follow the order of time: the message ids count up, they are "
                "not random."
            )
        case name:
            return (
                f"Leads with long and with short delays differ in {_BALANCE[name]}, which came "
                "before the delay: something else than chance chose the delays."
            )


def of_counts(delay: Delay) -> list[str]:
    """What the user should know of who was counted."""
    sentences = []
    if unproven := delay["leads"]["unproven"]:
        are, their = ("is", "its") if unproven == 1 else ("are", "their")
        sentences.append(
            f"{counted(unproven, 'lead')} {are} left out because {their} jobs "
            "hardly ever were due after the chosen delay: the window is not the one that was in "
            "force. See `timingctl windows`."
        )
    if untimed := delay["untimed"]:
        have, they = ("has", "it counts") if untimed == 1 else ("have", "they count")
        sentences.append(
            f"{counted(untimed, 'lead')} {have} an appointment at an unknown time: {they} as "
            "booked."
        )
    return sentences


def of_waits(waits: list[Waited]) -> list[str]:
    """The median wait, and what leaving out the open ones would make of it."""
    every = waits[0]
    if not every["waits"]:
        return ["There are no waits."]
    caution = "Not every message asks for an answer: thanks and stop stay open."
    told = every["medianMs"]
    if told is None:
        half = f"Fewer than half of {count(every['waits'])} waits have been answered"
    else:
        low, high = every["medianLowMs"], every["medianHighMs"]
        ends = f"{duration(low)} to {duration(high) if high is not None else 'beyond what is seen'}"
        half = f"Half of all waits are answered within {duration(told)}"
        half += f" (95% {ends})" if low is not None else ""
    sentences = [f"{half}: of all waits, open ones counted."]
    if every["answeredOnlyMedianMs"] is not None and every["open"]:
        sentences.append(
            f"Of the {count(every['answered'])} answered alone the median is "
            f"{duration(every['answeredOnlyMedianMs'])}: that leaves out the open ones "
            f"({count(every['open'])})."
        )
    return [*sentences, caution]


def of_bookings(document: Document) -> list[str]:
    """What the rates by response time are, and what they are not."""
    if document.get("bookings") is None:
        return ["There are no booking outcomes."]
    filters = document["filters"]
    if filters["outcome"] == "replied":
        return [
            f"Leads that wrote back within {filters['replyDays']} days after the first response; "
            "recent leads are counted as far as they are known.",
            "Leads answered fast differ in other ways. This is no effect of speed; section delay "
            "is of the delay.",
        ]
    return [
        f"Leads that booked within {document['attributionDays']} days after the first response; "
        "recent leads are counted as far as they are known.",
        "Leads answered fast differ in other ways: setters pick keen leads, slow ones had more "
        "time to book unanswered (`bookedBefore`) and are then not counted. This is no effect of "
        "speed; section delay is of the delay.",
    ]
