"""The owner's side: starts the child, talks to it, and ends it when it does not answer as it should."""

import asyncio
import contextvars
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from inference.worker.errors import Died, Raised, TimedOut
from inference.worker.message import (
    LENGTH,
    OUT_OF_MEMORY,
    Header,
    Malformed,
    Message,
    header,
    header_length,
    prefix,
)

LAST_BREATH = 2.0
"""Seconds for a child that closed its pipe to end, so that we learn why."""

START_TIMEOUT = 120.0
"""Seconds for the child to import its function, on a busy machine too."""

PASSED_ON = ("PATH", "HOME", "LANG", "LC_", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "OMP_", "SYSTEMROOT")
"""How the environment's names begin that a child sees; tokens and the like are none of its business."""

logger = logging.getLogger(__name__)


class Worker:
    """Calls a function of type ``Message -> Message`` in a process of its own, one call at a time, in order of asking.
    The process starts with the first call, stays warm, and is replaced when it has died."""

    def __init__(self, entry: str, *, memory: int | None = None) -> None:
        """``entry`` is ``package.module:function``; ``memory`` is what the child may map at most, in bytes."""
        self._entry = entry
        self._memory = memory
        self._lock = asyncio.Lock()
        self._child: _Child | None = None
        self._closed = False

    async def warm(self) -> None:
        """Start the child and import its function now. WorkerError if that fails."""
        async with self._lock:
            await self._living_child()

    async def call(self, message: Message, *, timeout: float) -> Message:  # noqa: ASYNC109 - waiting is not counted
        """The function's result, or WorkerError. ``timeout`` is in seconds, from when it is this call's turn and the
        child is up. Cancelling kills the child, so that nobody gets another call's result."""
        async with self._lock:
            child = await self._living_child()
            async with self._in_step(timeout):
                await child.send(message, timeout)
                answer, blobs = await child.receive()
        if answer.kind == "raised":
            raise _raised(answer)
        return Message(answer.fields, blobs)

    async def close(self) -> None:
        """End the child; a call under way gets Died, and so does every later one. Safe to call twice."""
        self._closed = True
        if self._child is not None:
            self._child.kill()
        async with self._lock:
            await self._end_child()

    async def _living_child(self) -> "_Child":
        if self._closed:
            raise Died(f"{self._entry} was closed")
        if self._child is not None and self._child.alive:
            return self._child
        await self._end_child()
        self._child = await _Child.spawn(self._entry, self._memory)
        async with self._in_step(START_TIMEOUT):
            answer, _ = await self._child.receive()
        if answer.kind != "ready":
            await self._end_child()
            raise _raised(answer)
        return self._child

    @asynccontextmanager
    async def _in_step(self, seconds: float) -> AsyncIterator[None]:
        """Whatever goes wrong inside, cancellation too, ends the child: its answer might meet another call."""
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            await self._end_child()
            raise TimedOut(f"{self._entry} took more than {seconds:g} s") from error
        except (EOFError, OSError) as error:
            raise Died(f"{self._entry} {await self._end_child(grace=LAST_BREATH)}") from error
        except Malformed as error:
            await self._end_child()
            raise Died(f"{self._entry} exchanged {error}") from error
        except BaseException:
            await self._end_child()
            raise

    async def _end_child(self, *, grace: float = 0.0) -> str:
        """How the child ended, in words; killed if it has not after ``grace`` seconds."""
        child, self._child = self._child, None
        return await child.end(grace) if child is not None else ""


class _Child:
    """One process and its pipes."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._process = process
        self._killed = False
        self._stdin, self._stdout = process.stdin, process.stdout
        # In a context of its own: what the process says later is not about the question that it was started for.
        self._noise = asyncio.create_task(
            _log(process.stderr), name=f"stderr of worker {process.pid}", context=contextvars.Context()
        )

    @classmethod
    async def spawn(cls, entry: str, memory: int | None) -> "_Child":
        """A child that has yet to say that it is ready. It leads its own session, so that Ctrl-C reaches us alone."""
        arguments = [sys.executable, "-P", "-m", "inference.worker", entry, str(memory or 0)]
        environment = {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}
        environment["PYTHONPATH"] = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
        return cls(
            await asyncio.create_subprocess_exec(
                *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, start_new_session=True, limit=2**20
            )
        )

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def send(self, message: Message, seconds: float) -> None:
        """Write a call. OSError if nobody reads it; Malformed, before a byte is written, if it is beyond the bounds."""
        self._stdin.write(prefix("call", message, seconds=seconds))
        for blob in message.blobs:
            self._stdin.write(blob)
            await self._stdin.drain()
        await self._stdin.drain()

    async def receive(self) -> tuple[Header, tuple[bytes, ...]]:
        """The next frame. EOFError when the child has gone, Malformed when it talks nonsense."""
        length = header_length(await self._stdout.readexactly(LENGTH.size))
        answer = header(await self._stdout.readexactly(length))
        return answer, tuple([await self._stdout.readexactly(size) for size in answer.sizes])

    def kill(self) -> None:
        # Once only: Popen would take the status of a process that has just died away from asyncio.
        if self.alive and not self._killed:
            self._killed = True
            with suppress(ProcessLookupError):
                self._process.kill()

    async def end(self, grace: float) -> str:
        """Make sure that the process has gone and say how it went."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), grace)
        self.kill()
        status = await self._process.wait()
        self._stdin.close()
        self._noise.cancel()
        await asyncio.wait([self._noise])
        return _cause(status)


async def _log(stderr: asyncio.StreamReader) -> None:
    """Libraries complain about strangers' files here: for whoever debugs, escaped, and read so that nobody blocks."""
    while noise := await stderr.read(4096):
        logger.debug("worker: %r", noise)


def _raised(answer: Header) -> Raised:
    return Raised(str(answer.fields.get("type", ""))[:200], str(answer.fields.get("text", ""))[:2000])


def _cause(status: int) -> str:
    if status == OUT_OF_MEMORY:
        return "ran out of memory"
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"
