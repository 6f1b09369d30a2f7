"""A model server that speaks the OpenAI protocol as vLLM, SGLang, llama.cpp and transformers serve do.

``/_control/behave`` says how the next answers come; what was asked is kept for ``/_control/seen``. Formats are those of
platform.openai.com/docs/api-reference/chat-streaming unless a line names another source.
"""

import asyncio
import json
from dataclasses import dataclass, field, fields
from typing import Any

from aiohttp import web

from tests.fakes.server import Clock, serve


@dataclass
class Behaviour:
    """How answers come."""

    models: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "step", "object": "model"}])
    key: str = ""
    """What must be presented; empty is nothing."""
    deltas: list[dict[str, Any]] = field(default_factory=lambda: [{"content": "Hello"}])
    finish: str | None = "stop"
    usage: dict[str, Any] | None = None
    raw: str | None = None
    """Sent in place of the chunks, ``times`` times."""
    times: int = 1
    end: bool = True
    """Whether ``[DONE]`` is sent; transformers serve sends none."""
    escaped: bool = False
    """Whether letters beyond ASCII are written as UTF-16 in escapes, as some servers do."""
    cut: int = 0
    """Bytes of one write; 0 is all at once."""
    failures: list[dict[str, Any]] = field(default_factory=list)
    """``status``, ``body`` and ``headers`` of the next answers."""
    context: int | None = None
    """Tokens; vLLM refuses where prompt and ``max_tokens`` exceed it (docs.vllm.ai, error of max_model_len)."""
    unknown: list[str] = field(default_factory=list)
    """Fields that are refused, as transformers serve does with status 422 (cli/serving/utils.py)."""
    refuses_prefill: bool = False
    """As llama.cpp for a thinking model (github.com/ggml-org/llama.cpp/issues/20861)."""
    hold_after: int | None = None
    """Deltas until the answer waits for ``/_control/release``."""
    drop_after: int | None = None
    """Deltas until the connection is cut."""


class World:
    def __init__(self) -> None:
        self.begin(Behaviour())

    def begin(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.aborted = asyncio.Event()
        self.held = asyncio.Event()
        self.released = asyncio.Event()


def build(clock: Clock) -> web.Application:
    world = World()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.add_routes(
        [
            web.get("/v1/models", Models(world).answer),
            web.post("/v1/chat/completions", Completions(world).answer),
            web.post("/_control/{name}", Control(world).answer),
        ]
    )
    return app


class Control:
    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        return web.json_response(await getattr(self, request.match_info["name"])(**body))

    async def behave(self, **how: Any) -> None:
        """Begin anew with this behaviour."""
        assert set(how) <= {one.name for one in fields(Behaviour)}, how
        self._world.begin(Behaviour(**how))

    async def seen(self) -> dict[str, Any]:
        return {"requests": self._world.requests, "headers": self._world.headers}

    async def release(self) -> None:
        self._world.released.set()

    async def held(self) -> None:
        """Return once an answer waits for its release."""
        await self._world.held.wait()

    async def aborted(self) -> None:
        """Return once a client has gone before its answer was over."""
        await self._world.aborted.wait()


class Door:
    """What every answer begins with."""

    def __init__(self, world: World) -> None:
        self._world = world

    def refusal(self, request: web.Request) -> web.Response | None:
        behaviour = self._world.behaviour
        self._world.headers.append(dict(request.headers))
        if behaviour.failures:
            failure = behaviour.failures.pop(0)
            return web.Response(
                status=failure["status"], text=failure.get("body", ""), headers=failure.get("headers", {})
            )
        if behaviour.key and request.headers.get("Authorization") != f"Bearer {behaviour.key}":
            return web.json_response({"error": "Unauthorized"}, status=401)
        return None


class Models(Door):
    async def answer(self, request: web.Request) -> web.Response:
        models = {"object": "list", "data": self._world.behaviour.models}
        return self.refusal(request) or web.json_response(models)


class Completions(Door):
    async def answer(self, request: web.Request) -> web.StreamResponse:
        world = self._world
        body = await request.json()
        world.requests.append(body)
        refusal = self.refusal(request) or self._judge(body)
        if refusal is not None:
            return refusal
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            await self._stream(response, request, world.behaviour)
        except ConnectionResetError:
            world.aborted.set()
        return response

    def _judge(self, body: dict[str, Any]) -> web.Response | None:
        behaviour = self._world.behaviour
        if unknown := set(behaviour.unknown) & set(body):
            return web.json_response({"detail": f"Unexpected fields in the request: {unknown}"}, status=422)
        if behaviour.refuses_prefill and body["messages"][-1]["role"] == "assistant":
            message = "Assistant response prefill is incompatible with enable_thinking."
            return web.json_response({"error": {"code": 400, "message": message}}, status=400)
        prompt = sum(len(json.dumps(message)) for message in body["messages"]) // 4
        if behaviour.context is not None and prompt + body.get("max_tokens", 1) > behaviour.context:
            message = f"This model's maximum context length is {behaviour.context} tokens."
            error = {"message": message, "type": "BadRequestError", "param": None, "code": 400}
            return web.json_response({"error": error}, status=400)
        return None

    async def _stream(self, response: web.StreamResponse, request: web.Request, behaviour: Behaviour) -> None:
        for number, chunk in enumerate(_chunks(behaviour), start=-1):
            if number == behaviour.drop_after:
                assert request.transport is not None
                request.transport.abort()
                return
            if number == behaviour.hold_after:
                await self._hold(response)
            step = behaviour.cut or len(chunk)
            for start in range(0, len(chunk), step):
                await response.write(chunk[start : start + step])
        await response.write_eof()

    async def _hold(self, response: web.StreamResponse) -> None:
        """Wait, with the comments that keep a connection open, until released or left."""
        self._world.held.set()
        while not self._world.released.is_set():
            await response.write(b": ping\n\n")
            await asyncio.sleep(0.01)


def _chunks(behaviour: Behaviour) -> list[bytes]:
    if behaviour.raw is not None:
        return [behaviour.raw.encode()] * behaviour.times
    chunks = [{"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]}]
    chunks += [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in behaviour.deltas]
    chunks += [{"choices": [{"index": 0, "delta": {}, "finish_reason": behaviour.finish}]}]
    if behaviour.usage is not None:
        chunks.append({"choices": [], "usage": behaviour.usage})
    lines = [json.dumps(chunk, ensure_ascii=behaviour.escaped) for chunk in chunks] + ["[DONE]"] * behaviour.end
    return [f"data: {line}\n\n".encode() for line in lines]


if __name__ == "__main__":
    serve(build)
