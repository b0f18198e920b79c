"""Why it is so: a sentence or more for what the build decided about a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from timingctl.staging import CONFLICT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.explain.facts import Facts, Intake, Row

_SENDING = "AI_AUTO_SEND_DELAYED"


# --- Standing ---------------------------------------------------------------------------------


def standing(facts: Facts) -> str:
    """What the message is: anchor, superseded, open or outbound."""
    if not facts.asked["isInbound"]:
        return "outbound"
    if facts.asked["isAnchor"]:
        return "anchor"
    return "open" if facts.anchor_id is None else "superseded"


def of_standing(facts: Facts, setter_rule: str) -> list[str]:
    """Why it is an anchor or none; of an outbound message, what it answers."""
    following = next(iter(facts.after["id"]), None)
    match standing(facts):
        case "anchor":
            return [f"An anchor: the next message of its thread, {following}, is outbound."]
        case "superseded":
            return [
                f"No anchor: the next message of its thread, {following}, is inbound too, and of a "
                f"streak only the last inbound is one. Here that is {facts.anchor_id}."
            ]
        case "open" if following is None:
            return ["Open, so no event: it is the last message of its thread."]
        case "open":
            count = len(facts.after)
            inbounds = "one inbound, which" if count == 1 else f"{count:,} inbounds, which"
            return [f"Open, so no event: only {inbounds} nobody answered, came after it."]
        case _:
            return [*_of_turn(facts), *_of_sender(facts, setter_rule)]


def _of_turn(facts: Facts) -> list[str]:
    anchor = facts.asked["lastInboundId"]
    if anchor is None:
        return ["Outbound, before any inbound of its thread: there is nothing that it answers."]
    return [f"Outbound, in the turn of the anchor {anchor}."]


def _of_sender(facts: Facts, setter_rule: str) -> list[str]:
    """Whether an outbound message is the setter's or the AI's response to an anchor."""
    match facts.asked["sentBy"]:
        case "setter":
            return [*_of_setter(facts, setter_rule), *_of_sent_draft(facts)]
        case "ai":
            return [_of_ai(facts)]
        case word:
            named = f" but by {word!r}" if word else ""
            return [f"Sent by neither a setter nor the AI{named}: it is nobody's response."]


def _of_setter(facts: Facts, setter_rule: str) -> list[str]:
    asked, anchor = facts.asked, facts.asked["lastInboundId"]
    if asked["setterResponseTo"]:
        return [f"It is the setter's response to {anchor}: {_setter_rule(setter_rule)}."]
    if asked["sentByUserId"] is None:
        return ["By a setter, but without a sentByUserId: it is nobody's response."]
    if anchor is None:
        return []
    response = _where(facts.turn, pl.col("setterResponseTo") == anchor)
    if response:
        return [f"The setter's response to {anchor} is {response['id']}, which came before it."]
    opening = facts.turn.row(0, named=True)
    return [
        f"It is no setter's response: under rule next only the message right after {anchor} "
        f"can be, and that is {opening['id']}, by {sender(opening)}."
    ]


def _setter_rule(rule: str) -> str:
    if rule == "next":
        return "right after the anchor, by a setter with a user id (rule next)"
    return "the turn's first message by a setter with a user id"


def _of_sent_draft(facts: Facts) -> list[str]:
    draft = facts.asked["aiDraftId"]
    if draft is None:
        return []
    return [f"It names the AI's draft {draft}, but a person sent it: never the AI's response."]


def _of_ai(facts: Facts) -> str:  # noqa: PLR0911 - a rule a line, the first that fits
    asked, draft = facts.asked, facts.named_draft
    if asked["aiResponseTo"]:
        return (
            f"It is the AI's response to {asked['aiResponseTo']}: the first message sent from "
            f"that anchor's draft, {asked['aiDraftId']}."
        )
    if asked["aiDraftId"] is None:
        return "By the AI, but it names no draft: it is nobody's response."
    whose = f"By the AI from draft {asked['aiDraftId']}"
    if draft is None:
        return f"{whose}, which is none of the usable drafts: it is nobody's response."
    trigger = draft["triggerMessageId"]
    if trigger is None:
        return f"{whose}, which was written for no message: it is nobody's response."
    if draft["anchorId"] is None:
        return f"{whose}, written for {trigger}, which is no anchor: it is nobody's response."
    if draft["channel"] != draft["triggerChannel"]:
        return (
            f"{whose}, which is for {draft['channel']} while {trigger} came by "
            f"{draft['triggerChannel']}: it is no response to {trigger}."
        )
    if (draft["triggerLeadId"], draft["triggerChannel"]) != (asked["leadId"], asked["channel"]):
        return (
            f"{whose}, which was written for {trigger} in another thread (lead "
            f"{draft['triggerLeadId']}, {draft['triggerChannel']}): it is no response to {trigger}."
        )
    [place] = facts.thread.filter(pl.col("id") == trigger)["place"]
    if asked["place"] < place:
        return f"{whose}, but before {trigger}, which that answers: it is nobody's response."
    if draft["aiResponseMessageId"] != asked["id"]:
        return f"{whose}, of which {draft['aiResponseMessageId']} was sent first."
    return f"{whose}, but of the drafts for {trigger} {draft['preferredDraftId']} is preferred."


def of_ties(facts: Facts) -> list[str]:
    """What decided between the message and others of its thread that have the same instant."""
    asked, id_ = facts.asked, pl.col("id")
    ties = facts.thread.filter(pl.col("sentAt") == asked["sentAt"], id_ != asked["id"])
    opposite = ties.filter(pl.col("isInbound") != asked["isInbound"])
    alike = ties.filter(pl.col("isInbound") == asked["isInbound"])
    sentences = []
    if len(opposite):
        which, others = _listed(opposite), "are" if len(opposite) > 1 else "is"
        inbound, outbound = ("it", which) if asked["isInbound"] else (which, "it")
        stands = "stand" if outbound == which and len(opposite) > 1 else "stands"
        sentences.append(
            f"{which} {others} of the same instant: {outbound} {stands} before {inbound}, "
            "because nobody answers in zero time."
        )
    if len(alike):
        verb = "are" if len(alike) > 1 else "is"
        sentences.append(
            f"{_listed(alike)} {verb} of the same instant too: in order of aiDraftPartIndex, "
            f"then id, it is number {1 + len(alike.filter(pl.col('place') < asked['place']))} "
            f"of {1 + len(alike)}."
        )
    return sentences


def rejection(intake: Intake, *, is_used: bool) -> list[str]:
    """Why rows with the id are left out of a build, and what became of exact duplicates."""
    count = len(intake.rejects)
    sentences = [
        f"{row['file']}, row {row['row']}: {_of_reject(row, intake)}" for row in intake.rejects[:5]
    ]
    if count > len(sentences):
        sentences.append(f"And {count - len(sentences):,} more rows.")
    if is_used and count:
        sentences.insert(0, f"Other rows with its id are left out ({count:,}):")
    if not is_used:
        sentences.insert(0, "Left out of every build:")
    duplicates = intake.rows - count - 1
    if is_used and duplicates:
        sentences.append(f"It stands {duplicates + 1:,} times with the same values; one is used.")
    return sentences


def _of_reject(row: Row, intake: Intake) -> str:
    if row["reason"] == CONFLICT:
        return f"{CONFLICT}; they differ in {', '.join(intake.contradicted)}."
    if row["value"] is None:
        return f"{row['reason']}."
    return f"{row['reason']}: {row['column']} is {row['value']!r}."


# --- Responses --------------------------------------------------------------------------------


def of_setter_response(facts: Facts, event: Row, setter_rule: str) -> list[str]:
    """Why this is the setter's response to the anchor, or why there is none."""
    turn = facts.turn
    response = event["setterResponseMessageId"]
    if response is not None:
        row = _where(turn, pl.col("id") == response) or {}
        before = turn.filter(pl.col("place") < row["place"])
        sentences = [f"{response}: {_setter_rule(setter_rule)}."]
        if len(before):
            sentences.append(f"Before it in the turn came {_listed(before, senders=True)}.")
        if row["aiDraftId"]:
            sentences.append(f"It sends draft {row['aiDraftId']}; a person who does is a setter.")
        return sentences
    by_setter = turn.filter(pl.col("sentBy") == "setter")
    named = by_setter.filter(pl.col("sentByUserId").is_not_null())
    if len(named):
        opening = turn.row(0, named=True)
        return [
            f"None: rule next looks only at {opening['id']}, right after the anchor, which is by "
            f"{sender(opening)}. Under rule turn it would be {named['id'][0]}."
        ]
    if len(by_setter):
        return [f"None: {_listed(by_setter)} is by a setter, but without a sentByUserId."]
    return [f"None: in the turn is nothing by a setter, only {_listed(turn, senders=True)}."]


def of_ai_response(facts: Facts, event: Row) -> list[str]:
    """Why this is the AI's response to the anchor, or why there is none."""
    draft, response = event["aiDraftId"], event["aiResponseMessageId"]
    is_its_own = (pl.col("aiDraftId") == pl.lit(draft, pl.String)).fill_null(value=False)
    strange = facts.turn.filter(pl.col("sentBy") == "ai", ~is_its_own)
    aside = [
        f"{row['id']} in the turn is the AI's too, but "
        + (f"from draft {row['aiDraftId']}." if row["aiDraftId"] else "names no draft.")
        for row in strange.head(3).to_dicts()
    ]
    if draft is None:
        return ["None: there is no draft for it on its channel.", *aside]
    others = [row for row in facts.sent if row["aiDraftId"] == draft and row["id"] != response]
    if response is None:
        unsent = [_why_unsent(facts, row) for row in others]
        return [f"None: the AI did not send draft {draft} in answer.", *unsent[:5], *aside]
    row = _where(facts.thread, pl.col("id") == response) or {}
    sentences = [f"{response}: the first message that the AI sent from draft {draft}."]
    parts = [other for other in others if _is_later_part(other, row)]
    if parts:
        sentences.append(f"{_counted(len(parts), 'more part')} followed.")
    if row["lastInboundId"] != event["inboundMessageId"]:
        sentences.append(f"It stands in a later turn, that of {row['lastInboundId']}.")
    return sentences + aside


def _is_later_part(other: Row, response: Row) -> bool:
    return other["sentBy"] == "ai" and bool((other["place"] or 0) > response["place"])


def _why_unsent(facts: Facts, row: Row) -> str:
    """Why a message that names the anchor's draft is not the AI's response."""
    if row["direction"] == "inbound":
        return f"{row['id']} names it, but is inbound."
    if row["sentBy"] != "ai":
        return f"{row['id']} names it, but was sent by {sender(row)}."
    if row["leadId"] != facts.asked["leadId"]:
        return f"{row['id']} sends it, but to another lead, {row['leadId']}."
    if row["channel"] != facts.asked["channel"]:
        return f"{row['id']} sends it, but by {row['channel']}."
    return f"{row['id']} sends it, but before the anchor."


# --- Drafts and jobs --------------------------------------------------------------------------


def of_draft(facts: Facts, draft: Row) -> str:
    """Why a draft written for the message is the event's, or is not."""
    if not facts.asked["isAnchor"]:
        return "for a message that is no anchor"
    if not draft["isCandidate"]:
        return f"for {draft['channel']}, while the anchor came by {facts.asked['channel']}"
    candidates = [row for row in facts.drafts if row["isCandidate"]]
    keys = (
        ("sent before unsent", lambda row: row["aiResponseMessageId"] is not None),
        ("later createdAt", lambda row: row["createdAt"]),
        ("greater id", lambda row: row["draftId"]),
    )
    return _preference(candidates, draft, keys)


def of_job(facts: Facts, job: Row) -> str:
    """Why a job about the message is the event's, or is not."""
    if not facts.asked["isAnchor"]:
        return "about a message that is no anchor"
    if job["type"] != _SENDING:
        return f"not of type {_SENDING}"
    if not job["isOfDraft"]:
        return "for no draft" if job["draftId"] is None else "for another draft than the event's"
    candidates = [row for row in facts.jobs if row["isOfDraft"] and row["type"] == _SENDING]
    keys = (
        ("started before unstarted", lambda row: row["startedAt"] is not None),
        ("later startedAt", lambda row: row["startedAt"]),
        ("later runAt", lambda row: row["runAt"]),
        ("greater id", lambda row: row["jobId"]),
    )
    return _preference(candidates, job, keys)


def _preference(candidates: Sequence[Row], row: Row, keys: Any) -> str:
    """By which key the preferred candidate, the first, and another one differ."""
    preferred, *others = candidates
    if not others:
        return "the only one"
    other = others[0] if row is preferred else row
    why = next(label for label, key in keys if key(preferred) != key(other))
    return f"preferred ({why})" if row is preferred else f"not preferred ({why})"


# --- Window and schedule ----------------------------------------------------------------------


def of_window(facts: Facts, event: Row) -> list[str]:
    """Where the delay window came from, or why there is none."""
    lookup = [f"{facts.history.capitalize()}: {_of_period(facts.period)}."]
    sentences = lookup if facts.history else []
    match event["windowSource"]:
        case "none":
            return [*sentences, _no_window(facts)]
        case "current":
            return [
                *sentences,
                f"The setting of campaign {facts.asked['emailCampaignId']} today; whether it was "
                "in force then is not known.",
            ]
        case _:
            return sentences


def _of_period(period: Row | None) -> str:
    if period is None:
        return "no period for its campaign or its client then"
    known = "in force" if period["minSeconds"] is not None else "not known"
    whose = "campaign" if period["isCampaign"] else "client"
    since = f"from {_instant(period['effectiveFrom'])}" if period["effectiveFrom"] else ""
    until = f"until {_instant(period['effectiveTo'])}" if period["effectiveTo"] else ""
    when = " ".join(filter(None, [since, until])) or "always"
    return f"{known} for the {whose} {period['key']} {when}"


def _no_window(facts: Facts) -> str:
    name, campaign = facts.asked["emailCampaignId"], facts.campaign
    if not facts.has_leads:
        return "None: without a Lead table no lead has a campaign."
    if name is None:
        return f"None: lead {facts.asked['leadId']} has no campaign."
    if not facts.has_campaigns:
        return f"None: there is no EmailCampaign table to look up campaign {name} in."
    if campaign is None:
        return f"None: campaign {name} is not among the usable rows of EmailCampaign."
    if campaign["responseMode"] != "AI_AUTO_SEND":
        mode = campaign["responseMode"] or "not given"
        return f"None: the responseMode of campaign {name} is {mode}, not AI_AUTO_SEND."
    ends = ("autoSendDelayMinSeconds", "autoSendDelayMaxSeconds")
    lacking = [end for end in ends if campaign[end] is None]
    return f"None: campaign {name} lacks {' and '.join(lacking)}."


def verdict(event: Row, scheduled_ms: int) -> str:
    """How the job's runAt lies to the chosen delay, as reports say it (docs/report.md)."""
    chosen = event["aiChosenDelaySeconds"]
    if chosen is None:
        return "noWindow"
    if scheduled_ms == chosen * 1000:
        return "match"
    if scheduled_ms > chosen * 1000:
        return "later"
    return "outsideWindow" if scheduled_ms < event["aiDelayMinSeconds"] * 1000 else "earlier"


def of_verdict(event: Row, scheduled_ms: int) -> str:
    """The verdict in a sentence."""
    chosen = event["aiChosenDelaySeconds"]
    seconds = f"{scheduled_ms / 1000:.3f}".rstrip("0").rstrip(".")
    match verdict(event, scheduled_ms):
        case "noWindow":
            return f"runAt − inboundSentAt = {seconds} s; without a window nothing to compare with."
        case "match":
            return f"runAt − inboundSentAt = {seconds} s, exactly the chosen delay."
        case "later":
            return (
                f"runAt − inboundSentAt = {seconds} s, later than the chosen {chosen} s: "
                'rescheduled, retried, or set to "now + 30 s".'
            )
        case "earlier":
            return (
                f"runAt − inboundSentAt = {seconds} s, earlier than the chosen {chosen} s: "
                "this window was hardly the one in force."
            )
        case _:
            return (
                f"runAt − inboundSentAt = {seconds} s, below the window's lower end: "
                "this window was not the one in force."
            )


# --- Words ------------------------------------------------------------------------------------


def sender(row: Row) -> str:
    """Who sent an outbound message."""
    if row["sentBy"] == "setter":
        return f"setter {row['sentByUserId']}" if row["sentByUserId"] else "a setter without id"
    if row["sentBy"] == "ai":
        return "the AI"
    return f"something else ({row['sentBy']})" if row["sentBy"] else "something else"


def _listed(rows: pl.DataFrame, *, senders: bool = False) -> str:
    """The messages by their ids, the first three of many."""
    names = [
        f"{row['id']} by {sender(row)}" if senders else row["id"] for row in rows.head(3).to_dicts()
    ]
    if len(rows) > len(names):
        names.append(f"{len(rows) - len(names):,} more")
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _counted(count: int, thing: str) -> str:
    return f"1 {thing}" if count == 1 else f"{count:,} {thing}s"


def _where(rows: pl.DataFrame, condition: pl.Expr) -> Row | None:
    found = rows.filter(condition)
    return None if found.is_empty() else found.row(0, named=True)


def _instant(value: Any) -> str:
    return f"{value.replace(tzinfo=None)}Z"
