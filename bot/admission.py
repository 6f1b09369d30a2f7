"""Who may ask, and how much. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from adapters.base import Author, Channel
from bot.settings import AccessSettings, Allowance


class Refusal(StrEnum):
    """Why a message is not taken, apart from a quota."""

    DIRECT = "direct"
    GUEST = "guest"
    STRANGER = "stranger"
    PLACE = "place"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was used in a day."""

    questions: int = 0
    pages: int = 0
    seconds: float = 0.0


Whose = Literal["person", "channel"]
Unit = Literal["questions", "pages", "seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """A day's allowance that is used up."""

    whose: Whose
    unit: Unit
    limit: int


def is_admin(author: Author, rules: AccessSettings) -> bool:
    return author.id in rules.admins


def refusal(author: Author, channel: Channel, rules: AccessSettings, *, direct: bool = False) -> Refusal | None:
    """Why the rules keep somebody out of a channel; None if they let them in. Admins are always let in, and a denial
    wins over an allowance. Of several lists of allowances each that is not empty has to hold."""
    if is_admin(author, rules):
        return None
    if direct and not rules.direct:
        return Refusal.DIRECT
    if author.standing == "guest" and not rules.guests:
        return Refusal.GUEST
    if author.standing == "stranger" and not rules.strangers:
        return Refusal.STRANGER
    if author.groups is None and (rules.allow.groups or rules.deny.groups):
        return Refusal.PERSON
    for reason, denied, allowed, names in _lists(author, channel, rules):
        if names & set(denied) or (allowed and not names & set(allowed)):
            return reason
    return None


def exhausted(spent: Spent, allowance: Allowance, whose: Whose) -> Exhausted | None:
    """The first allowance that leaves nothing for another question. One question may go beyond the last page or second,
    as nobody knows before what it takes."""
    units: tuple[tuple[Unit, float, int | None], ...] = (
        ("questions", spent.questions, allowance.questions),
        ("pages", spent.pages, allowance.pages),
        ("seconds", spent.seconds, allowance.seconds),
    )
    for unit, used, limit in units:
        if limit is not None and used >= limit:
            return Exhausted(whose=whose, unit=unit, limit=limit)
    return None


def _lists(
    author: Author, channel: Channel, rules: AccessSettings
) -> Iterator[tuple[Refusal, tuple[str, ...], tuple[str, ...], set[str]]]:
    """Reason, those denied, those allowed, and what applies here."""
    deny, allow = rules.deny, rules.allow
    yield Refusal.PLACE, deny.workspaces, allow.workspaces, {channel.workspace}
    yield Refusal.PLACE, deny.channels, allow.channels, {channel.id}
    yield Refusal.PERSON, deny.users, allow.users, {author.id}
    yield Refusal.PERSON, deny.groups, allow.groups, set(author.groups or ())
