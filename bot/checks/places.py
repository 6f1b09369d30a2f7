"""In which channels a check may look: its own, and others that whoever asks may read as well."""

from contextlib import aclosing

from adapters.base import Adapter, Channel, Incoming, Overseen
from adapters.errors import Forbidden, Gone
from bot import admission
from bot.checks import replies
from bot.checks.scope import Scope
from bot.delivery import patiently
from bot.settings import AccessSettings

_ATTEMPTS = 5


class NotThere(Exception):
    """A channel that is not to be looked at; the text says why, and what to do."""


async def places(adapter: Adapter, asked: Incoming, scope: Scope, access: AccessSettings) -> list[Channel]:
    """Each once. NotThere, or AdapterError where the platform does not answer."""
    here = asked.thread.channel
    named = {mention.name: mention.channel for mention in asked.channels}
    found: list[Channel] = []
    for name in scope.channels or ("",):
        channel = named.get(name) if name else here
        if channel is None:
            raise NotThere(replies.unknown_channel(name))
        if channel != here:
            await _let_in(adapter, asked, name, channel, access)
        found += [channel] if channel not in found else []
    return found


async def _is_read(adapter: Adapter, channel: Channel) -> bool:
    """Raises where it may not be."""
    async with aclosing(adapter.history(channel)) as messages:
        await anext(messages, None)
    return True


async def _let_in(adapter: Adapter, asked: Incoming, name: str, channel: Channel, access: AccessSettings) -> None:
    if not isinstance(adapter, Overseen) or admission.refusal(asked.author, channel, access) is not None:
        raise NotThere(replies.closed_channel(name))
    try:
        async for attempt in patiently(attempts=_ATTEMPTS):
            with attempt:
                seen = await adapter.sees(asked.author, channel) and await _is_read(adapter, channel)
    except (Gone, Forbidden) as error:
        raise NotThere(replies.unseen_channel(name, error.missing if isinstance(error, Forbidden) else "")) from error
    if not seen:
        raise NotThere(replies.not_your_channel(name))
