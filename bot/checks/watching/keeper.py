"""What people order about watches, carried out. Each order done twice is as if done once."""

from dataclasses import replace
from datetime import UTC, datetime

from adapters.base import Author, Deleted, Edited, Incoming, MessagesDeleted, PlaceDeleted
from bot import admission
from bot.checks import question
from bot.checks.watching import replies
from bot.checks.watching.orders import Begin, Change, List, Order, Put
from bot.checks.watching.schedule import Schedule
from bot.settings import AccessSettings
from bot.store.store import Store
from bot.store.watches import Watch


class Keeper:
    """Begins, lists, changes and ends watches."""

    def __init__(self, store: Store, access: AccessSettings) -> None:
        self._watches = store.watches
        self._access = access

    async def obey(self, order: Order, asked: Incoming) -> str:
        """What is said to an order of somebody who may ask. A watch is changed by whom it is from, and by admins."""
        channel = asked.thread.channel
        if isinstance(order, Begin):
            return await self._begin(order, asked)
        if isinstance(order, List):
            return replies.listed([(one, _schedule(one)) for one in await self._watches.of(channel)])
        watch = await self._watches.numbered(channel, order.number)
        if watch is None:
            return replies.no_such(order.number)
        if not self._may_change(watch, asked.author):
            return replies.NOT_YOURS
        if isinstance(order, Put):
            return await self._put(watch, order, asked)
        return await self._change(watch, order)

    async def pause(self, job_id: int, person: Author) -> str:
        """At the press of a button under a digest."""
        watch = await self._watches.of_job(job_id)
        if watch is None or watch.state == "removed":
            return replies.NONE
        if not self._may_change(watch, person):
            return replies.NOT_YOURS
        await self._watches.put(replace(watch, state="paused"))
        return replies.put(watch.number, "paused")

    async def follow(self, event: Edited | Deleted) -> None:
        """A watch goes with its place, and with the message that asked for it."""
        match event:
            case MessagesDeleted(channel=channel, messages=messages):
                await self._watches.forget_messages(channel, messages)
            case PlaceDeleted(place=place):
                await self._watches.forget_place(place)

    async def _begin(self, order: Begin, asked: Incoming) -> str:
        if asked.direct:
            return replies.NOT_HERE
        if not order.question:
            return replies.NO_QUESTION
        due_at = order.schedule.after(datetime.now(UTC)).timestamp()
        watch = await self._watches.begin(asked, order.question, order.schedule.dump(), due_at)
        if watch is None:
            return replies.TOO_MANY
        payment = question.parse(order.question).about_payment
        return replies.begun(watch, order.schedule, payment=payment)

    async def _put(self, watch: Watch, order: Put, asked: Incoming) -> str:
        if watch.state == "removed":
            return replies.no_such(watch.number) if order.state != "removed" else replies.put(watch.number, "removed")
        changed = replace(watch, state=order.state)
        if order.state == "running" and watch.state == "paused":
            due_at = _schedule(watch).after(datetime.now(UTC)).timestamp()
            changed = replace(changed, since=asked.sent_at.timestamp(), due_at=due_at)
        await self._watches.put(changed)
        return replies.put(watch.number, order.state)

    async def _change(self, watch: Watch, order: Change) -> str:
        if watch.state == "removed":
            return replies.no_such(watch.number)
        if not order.question and order.schedule is None:
            return replies.NOTHING_TO_CHANGE
        changed = replace(watch, question=order.question or watch.question)
        if order.schedule is not None:
            due_at = order.schedule.after(datetime.now(UTC)).timestamp()
            changed = replace(changed, schedule=order.schedule.dump(), due_at=due_at)
        await self._watches.put(changed)
        return replies.changed(changed, _schedule(changed))

    def _may_change(self, watch: Watch, person: Author) -> bool:
        return person.id == watch.creator.id or admission.is_admin(person, self._access)


def _schedule(watch: Watch) -> Schedule:
    return Schedule.load(watch.schedule)
