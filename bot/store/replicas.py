"""Several processes on one database: each thread has one of them as its owner, which alone answers in it.

A replica is a row that beats, and holds a sign of life. One that holds no sign and does not beat any more is dead; its
threads are free, and what was open in them gets a new revision, so that nothing it might still write counts. One that
is not sure to be taken for alive says nothing, so that what it says is not said twice.
"""

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import schema
from bot.store.claims import job_of
from bot.store.purge import Forgotten, is_open
from bot.store.records import Job, State
from bot.store.signs import Signs

Writing = Callable[[str], AbstractAsyncContextManager[AsyncConnection]]

_GONE_S = 6.0
"""Without a beat and without its sign, as whoever looks sees it: nobody's clock is compared with another's. A database
that was away for a moment has freed the signs of the living too, who beat again soon."""
_DEAD_S = 30.0
"""Without a beat, though its sign is there: its machine hangs, or the network between."""
_SURE_S = 4.0
"""So long after a beat nobody takes us for dead, nor while a call on a platform is under way that began then."""
_HEARD_S = 3_600.0
"""Of what was forgotten everybody has heard by then."""

_thread, _job, _replica, _forgotten = schema.thread.c, schema.job.c, schema.replica.c, schema.forgotten.c

# Made once: to make a statement takes longer than to run it.
_OLDER = exists().where(_job.thread_id == bindparam("this"), _job.id < bindparam("job"), is_open())
_BEHIND = select(_OLDER)
_FREE = _thread.owner.is_(None) | _thread.owner.not_in(select(_replica.id))
"""Nobody's. Who was buried and has not heard of it may still make a thread its own."""
_OWN = (
    update(schema.thread)
    .where(_thread.id == bindparam("this"), (_FREE & ~_OLDER) | (_thread.owner == bindparam("me")))
    .values(owner=bindparam("me"))
    .returning(_OLDER.label("behind"))
)


@dataclass(frozen=True, slots=True)
class Open:
    """A job that has not ended. ``stopping``: somebody wants it stopped."""

    id: int
    revision: int
    stopping: bool


class Replicas:
    """A part of the store. A process that has not joined takes itself for the only one."""

    def __init__(
        self, engine: AsyncEngine, writing: Writing, signs: Signs, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._writing = writing
        self.signs = signs
        self.clock = clock
        self._platforms: tuple[str, ...] = ()
        self._epoch = 0
        self._heard: dict[int, tuple[int, float]] = {}
        """Of the others the last beat, and when we saw it first."""
        self._tried_at = self._beat_at = -math.inf
        self._beaten = asyncio.Event()
        self._news = 0
        """The last that we heard of what was forgotten."""
        self._peers: Counter[str] = Counter()
        """By platform, how many others serve it."""
        self.me: int | None = None
        self.alone = True
        """Whether there was nobody else at the last beat."""

    async def join(self, *platforms: str) -> None:
        """Become one that answers on these platforms. Those who left no sign are buried at once: most often that is
        who ran here before."""
        newest = select(func.coalesce(func.max(_forgotten.id), 0))
        async with self._writing("join") as connection:
            added = insert(schema.replica).values(beats=0, platforms=" ".join(platforms)).returning(_replica.id)
            me = int((await connection.execute(added)).scalar_one())
            self._news = (await connection.execute(newest)).scalar_one()
            await self.signs.hold(_sign(me))
            self._epoch = self.signs.epoch
        self.me, self._platforms = me, platforms
        self._heard.clear()
        others = await self._others()
        await self._bury({one: beats for one, beats in others.items() if await self.signs.free(_sign(one))})

    async def join_again(self) -> None:
        """Become another one, after others took us for dead; sure of that from the next beat on."""
        self._beat_at = self._tried_at = -math.inf
        await self.join(*self._platforms)

    async def leave(self) -> None:
        """Let the others have what is ours."""
        if self.me is not None:
            await self._bury_where(_replica.id == self.me)
            self.me = None
        await self.signs.close()

    async def beat(self) -> bool:
        """Tell that we live, and bury who does not any more; False if others took us for dead."""
        began = self.clock()
        if began - self._beat_at > _GONE_S:
            self._heard.clear()  # whatever kept us from beating may have kept the others
        if began - self._tried_at > _GONE_S:
            self.alone = False  # we hung: somebody may have come
        try:
            return await self._beat(began)
        finally:
            self._tried_at = began

    async def _beat(self, began: float) -> bool:
        await self.signs.look()
        if self._epoch != self.signs.epoch and await self.signs.hold(_sign(self.me or 0)):
            self._epoch = self.signs.epoch
        if not await (self._is_there() if self.signs.certain else self._tell()):
            return False
        others = await self._others()
        await self._bury({one: beats for one, beats in others.items() if await self._is_dead(one, beats)})
        self.alone = not others
        self._beat_at = began
        self._beaten.set()
        self._beaten = asyncio.Event()
        return True

    @property
    def sure(self) -> bool:
        """Whether the others are sure to take us for alive still. Who is alone need only not have hung."""
        if self.me is None or self.signs.certain:
            return True
        if self.alone:
            return self.clock() - self._tried_at < _SURE_S
        held = self.signs.steady and self._epoch == self.signs.epoch
        return held and self.clock() - self._beat_at < _SURE_S

    async def until_sure(self) -> None:
        """Return once it is so."""
        while not self.sure:
            await self._beaten.wait()

    def share(self, platform: str, parts: int) -> int:
        """How many of so many parts of a platform are to be ours, as far as there are others to take the rest."""
        return math.ceil(parts / (1 + self._peers[platform]))

    def turn(
        self, name: str, may: Callable[[], bool] = lambda: True, stays: Callable[[], bool] = lambda: False
    ) -> AbstractAsyncContextManager[None]:
        """Wait until no other replica is at what has this name, and keep them from it during the block. TimeoutError in
        the block if the database lets others to it, unless it ``stays`` ours until one of them is at it, or if we may
        not be at it any more."""
        return self.signs.turn(f"turn {name}", may, stays) if self.me is not None else nullcontext()

    def own(self, connection: Connection, thread_id: int, job_id: int) -> tuple[bool, bool]:
        """Whether we are to answer a new job: its thread is ours, or nobody's and nothing older is open in it. And
        whether it is ours and something older is open in it."""
        place = {"this": thread_id, "job": job_id}
        if self.me is None:
            return True, bool(connection.execute(_BEHIND, place).scalar_one())
        row = connection.execute(_OWN, place | {"me": self.me}).one_or_none()
        return row is not None, row is not None and row.behind

    def is_ours(self) -> Any:
        """A condition on jobs: we are at their thread."""
        if self.me is None:
            return True
        return _job.thread_id.in_(select(_thread.id).where(_thread.owner == self.me))

    async def take(self) -> list[Open]:
        """What is open in threads of ours, oldest first; threads where something is open and that are nobody's become
        ours."""
        if self.me is not None:
            await self._take_free()
        query = select(_job.id, _job.revision, _job.stopping).where(is_open(), self.is_ours()).order_by(_job.id)
        async with self._engine.connect() as connection:
            return [Open(row.id, row.revision, row.stopping) for row in await connection.execute(query)]

    async def read(self, job_ids: Collection[int]) -> list[Job]:
        """Those of the jobs that are still open, oldest first."""
        query = select(schema.job).where(_job.id.in_(job_ids), is_open()).order_by(_job.id)
        async with self._engine.connect() as connection:
            return [job_of(row) for row in await connection.execute(query)]

    async def stop(self, asker: str | None, *, job_id: int | None = None, thread_id: int | None = None) -> bool:
        """Let whoever is at a job, or at all jobs of a thread, stop it, as far as they are the asker's if one is named;
        whether anything is open of which that can be wanted."""
        chosen = _job.id == job_id if job_id is not None else _job.thread_id == thread_id
        wanted = update(schema.job).where(chosen, _job.state == State.WAITING)
        if asker is not None:
            wanted = wanted.where(_job.asker == asker)
        async with self._writing("stop") as connection:
            stopped = await connection.execute(wanted.values(stopping=True).returning(_job.id))
            return stopped.first() is not None

    async def waits(self, job_id: int) -> bool:
        """Whether the job has no answer yet."""
        query = select(_job.id).where(_job.id == job_id, _job.state == State.WAITING)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).first() is not None

    async def spread(self, forgotten: Forgotten) -> None:
        """Let the others hear of what went, for what they hold in memory."""
        if self.me is None or self.alone:
            return
        values = {"threads": json.dumps(sorted(forgotten.threads)), "pictures": json.dumps(sorted(forgotten.pictures))}
        async with self._writing("spread") as connection:
            await connection.execute(delete(schema.forgotten).where(_forgotten.at < time.time() - _HEARD_S))
            await connection.execute(insert(schema.forgotten).values(**values, at=time.time()))

    async def news(self) -> Forgotten:
        """What went since we were asked last, wherever it was heard of."""
        query = select(schema.forgotten).where(_forgotten.id > self._news).order_by(_forgotten.id)
        gone = Forgotten()
        async with self._engine.connect() as connection:
            for row in await connection.execute(query):
                threads, pictures = json.loads(row.threads), json.loads(row.pictures)
                gone |= Forgotten(threads=frozenset(threads), pictures=frozenset(pictures))
                self._news = row.id
        return gone

    async def _is_there(self) -> bool:
        async with self._engine.connect() as connection:
            return (await connection.execute(select(_replica.id).where(_replica.id == self.me))).first() is not None

    async def _tell(self) -> bool:
        beating = update(schema.replica).where(_replica.id == self.me).values(beats=_replica.beats + 1)
        async with self._writing("beat") as connection:
            return (await connection.execute(beating.returning(_replica.id))).first() is not None

    async def _take_free(self) -> None:
        wanted = _FREE & _thread.platform.in_(self._platforms)
        free = select(_thread.id).where(wanted, _thread.id.in_(select(_job.thread_id).where(is_open())))
        async with self._engine.connect() as connection:
            if (await connection.execute(free.limit(1))).first() is None:
                return
        async with self._writing("take") as connection:
            locked = (await connection.execute(free.with_for_update(skip_locked=True))).scalars().all()
            # Beside SQLite others may have come first since, which locks nothing that is only read.
            still = update(schema.thread).where(_thread.id.in_(locked), _FREE)
            await connection.execute(still.values(owner=self.me))

    async def _others(self) -> dict[int, int]:
        """Their beats."""
        query = select(schema.replica).where(_replica.id != self.me)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        self._peers = Counter(platform for row in rows for platform in row.platforms.split())
        return {row.id: row.beats for row in rows}

    async def _is_dead(self, number: int, beats: int) -> bool:
        if self.signs.certain:
            return await self.signs.free(_sign(number))
        now = self.clock()
        known, since = self._heard.get(number, (-1, now))
        if known != beats:
            self._heard[number] = (beats, now)
            return False
        if now - since < _GONE_S:
            return False
        return now - since >= _DEAD_S or await self.signs.free(_sign(number))

    async def _bury(self, dead: Mapping[int, int]) -> None:
        """Those, unless they beat again meanwhile. One that hangs is kept from holding anything."""
        if dead:
            for number in dead:
                await self.signs.evict(_sign(number))
            await self._bury_where(tuple_(_replica.id, _replica.beats).in_(list(dead.items())))

    async def _bury_where(self, dead: ColumnElement[bool]) -> None:
        async with self._writing("bury") as connection:
            # First, so that of several who bury the same one does it.
            numbers = (await connection.execute(delete(schema.replica).where(dead).returning(_replica.id))).scalars()
            gone = numbers.all()
            theirs = _thread.owner.in_(gone)
            open_there = update(schema.job).where(is_open(), _job.thread_id.in_(select(_thread.id).where(theirs)))
            await connection.execute(open_there.values(revision=_job.revision + 1))
            await connection.execute(update(schema.thread).where(theirs).values(owner=None))
        for number in gone:
            self._heard.pop(number, None)
            await self.signs.retire(_sign(number))


def _sign(number: int) -> str:
    return f"replica {number}"
