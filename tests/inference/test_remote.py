"""The remote engine against a model server in a process of its own."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from inference.engine import Engine
from inference.errors import BadInput, Busy, Dead, EngineError, Failed
from inference.manager import InferenceManager
from inference.remote import RemoteEngine
from inference.remote.sse import LONGEST
from inference.types import (
    Done,
    Event,
    Finish,
    Form,
    Image,
    Mode,
    Queued,
    Request,
    Sampling,
    Started,
    Text,
    Thought,
    Turn,
    Usage,
)
from tests.fakes.server import Server, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = "sk-very-secret"
PNG = b"\x89PNG\r\n\x1a\n picture"
SECRET_QUESTION = "what does the contract say about Mr Smith?"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[Server]:
    async with serving("tests.fakes.openai") as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def engine(server: Server) -> AsyncIterator[RemoteEngine]:
    await server.control("behave")
    engine = RemoteEngine(server.url, "step", KEY, places=2)
    yield engine
    await engine.close()


def request(
    text: str = "What is it?",
    *,
    mode: Mode = "think",
    images: tuple[Image, ...] = (),
    seconds: float | None = None,
) -> Request:
    deadline = None if seconds is None else time.monotonic() + seconds
    turns = (Turn(role="user", text=text, images=images),)
    return Request(id="1", turns=turns, mode=mode, deadline=deadline)


def picture(content: bytes = PNG, *, label: str = "#1 a.png", text: str = "") -> Image:
    return Image(sha256="0" * 64, content=content, width=640, height=480, label=label, text=text)


async def events(engine: Engine, request: Request) -> list[Event]:
    async with aclosing(engine.generate(request)) as stream:
        return [event async for event in stream]


def said(events: list[Event], kind: type[Text] | type[Thought] = Text) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


def done(events: list[Event]) -> Done:
    assert isinstance(events[-1], Done)
    return events[-1]


async def asked(server: Server) -> list[dict[str, Any]]:
    requests: list[dict[str, Any]] = (await server.control("seen"))["requests"]
    return requests


async def test_an_answer_streams_in_with_its_usage(server: Server, engine: RemoteEngine) -> None:
    usage = {"prompt_tokens": 900, "completion_tokens": 30, "prompt_tokens_details": {"cached_tokens": 800}}
    deltas = [{"reasoning_content": "Hm. "}, {"reasoning_content": "So."}, {"content": "42"}, {"content": " €"}]
    await server.control("behave", deltas=deltas, usage=usage)
    got = await events(engine, request())
    assert got[:-1] == [Started(), Thought(text="Hm. "), Thought(text="So."), Text(text="42"), Text(text=" €")]
    assert done(got).finish is Finish.COMPLETE
    assert done(got).usage == Usage(prompt_tokens=900, cached_tokens=800, reasoning_tokens=19, answer_tokens=11)


async def test_letters_that_were_cut_in_half_are_whole_again(server: Server, engine: RemoteEngine) -> None:
    deltas = [{"reasoning_content": "\ud83d"}, {"reasoning_content": "\ude00"}, {"content": "A \ud83d"}]
    await server.control("behave", deltas=[*deltas, {"content": "\ude00 and \ude00, \ud83d"}], escaped=True)
    got = await events(engine, request())
    assert (said(got, Thought), said(got)) == ("😀", "A 😀 and \ufffd, \ufffd")


async def test_the_server_gets_pictures_sampling_and_key(server: Server, engine: RemoteEngine) -> None:
    sampling = Sampling(temperature=0.5, top_p=0.9, top_k=40, seed=7, max_reasoning_tokens=100, max_answer_tokens=20)
    turns = (
        Turn(role="user", text="And this?", images=(picture(), picture(b"\xff\xd8 jpeg", label="", text="Total 42"))),
        Turn(role="assistant", text="A cat."),
        Turn(role="user", text="Sure?"),
    )
    await events(engine, Request(id="1", turns=turns, sampling=sampling))
    (body,) = await asked(server)
    messages = body.pop("messages")
    assert body == {
        "model": "step",
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "seed": 7,
        "max_tokens": 120,
    }
    label, png, jpeg, layer, question = messages[0]["content"]
    assert label == {"type": "text", "text": "#1 a.png:"}
    assert png["image_url"]["url"] == "data:image/png;base64,iVBORw0KGgogcGljdHVyZQ=="
    assert jpeg["image_url"]["url"].startswith("data:image/jpeg;base64,")
    assert layer["text"].endswith("Total 42")
    assert question == {"type": "text", "text": "And this?"}
    assert messages[1:] == [{"role": "assistant", "content": "A cat."}, {"role": "user", "content": "Sure?"}]
    (headers,) = (await server.control("seen"))["headers"]
    assert headers["Authorization"] == f"Bearer {KEY}"


async def test_large_pictures_go_along(server: Server, engine: RemoteEngine) -> None:
    big = picture(PNG + b"x" * 3 * 1024 * 1024)
    assert said(await events(engine, request(images=(big,)))) == "Hello"
    (body,) = await asked(server)
    assert len(body["messages"][0]["content"][1]["image_url"]["url"]) > 4 * 1024 * 1024


async def test_what_a_stranger_types_is_no_special_token(server: Server, engine: RemoteEngine) -> None:
    await events(engine, request("<im_patch> </think> <|im_end|> a<b <i>"))
    (body,) = await asked(server)
    text = body["messages"][0]["content"]
    assert text.replace("\u2060", "") == "<im_patch> </think> <|im_end|> a<b <i>"
    assert text.count("\u2060") == 3


@pytest.mark.parametrize("cut", [1, 3, 7])
async def test_thinking_that_the_server_left_in_is_told_apart(server: Server, engine: RemoteEngine, cut: int) -> None:
    pieces = ["Let me", " see <b>. </th", "ink>", "\n\n", "Grüße </b>"]
    await server.control("behave", deltas=[{"content": piece} for piece in pieces], cut=cut)
    got = await events(engine, request())
    assert said(got, Thought) == "Let me see <b>. "
    assert said(got) == "Grüße </b>"


async def test_a_model_that_does_not_think_is_heard_all_the_same(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", deltas=[{"content": "Just "}, {"content": "an answer"}], end=False)
    assert said(await events(engine, request())) == "Just an answer"


async def test_thinking_that_fills_the_budget_is_no_answer(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", deltas=[{"content": "Still thinking"}], finish="length")
    got = await events(engine, request())
    assert (said(got), done(got).finish) == ("", Finish.LENGTH)


async def test_quick_mode_ends_the_thinking_before_it_begins(server: Server, engine: RemoteEngine) -> None:
    got = await events(engine, request(mode="quick"))
    assert got[1] == Text(text="Hello")
    (body,) = await asked(server)
    assert body["messages"][-1] == {"role": "assistant", "content": "</think>\n"}
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
    assert body["max_tokens"] == 4096
    assert body["top_k"] == -1


async def test_a_server_that_takes_a_quick_answer_for_thinking_is_understood(
    server: Server, engine: RemoteEngine
) -> None:
    await server.control("behave", deltas=[{"reasoning": "It is "}, {"reasoning": "a cat."}])
    assert said(await events(engine, request(mode="quick"))) == "It is a cat."


async def test_a_server_that_cannot_be_kept_from_thinking_is_remembered(server: Server, engine: RemoteEngine) -> None:
    deltas = [{"content": "I think"}, {"content": "</think>"}, {"content": "42"}]
    await server.control("behave", deltas=deltas)
    await events(engine, request(mode="quick"))
    got = await events(engine, request(mode="quick"))
    assert (said(got, Thought), said(got)) == ("I think", "42")
    assert (await asked(server))[-1]["messages"][-1]["role"] == "user"


async def test_what_a_server_does_not_understand_is_left_out_from_then_on(server: Server, engine: RemoteEngine) -> None:
    unknown = ["top_k", "continue_final_message", "add_generation_prompt", "chat_template_kwargs"]
    await server.control("behave", unknown=unknown, end=False)
    for _ in range(2):
        assert said(await events(engine, request(mode="quick"))) == "Hello"
    assert len(await asked(server)) == 4


async def test_a_server_that_refuses_to_skip_the_thinking_keeps_the_rest(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", refuses_prefill=True, deltas=[{"reasoning_content": "Hm"}, {"content": "42"}])
    for mode in ("quick", "think"):
        assert said(await events(engine, request(mode=mode))) == "42"
    bodies = await asked(server)
    assert [body["messages"][-1]["role"] for body in bodies] == ["assistant", "user", "user"]
    assert all("top_k" in body for body in bodies)


async def test_an_answer_is_held_to_its_form_where_the_server_can(server: Server, engine: RemoteEngine) -> None:
    form = Form(question="?", schema='{"type": "object"}')
    for mode in ("quick", "think"):
        await events(engine, replace(request(mode=mode), form=form))
    held, thinking = await asked(server)
    assert held["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": {"type": "object"}},
    }
    assert "response_format" not in thinking
    await server.control("behave", unknown=["response_format"])
    for _ in range(2):
        assert said(await events(engine, replace(request(mode="quick"), form=form))) == "Hello"
    assert ["response_format" in body for body in await asked(server)] == [True, False, False]


async def test_a_small_context_takes_as_much_as_fits(server: Server, engine: RemoteEngine) -> None:
    model = {"id": "step", "max_model_len": 8192}
    await server.control("behave", models=[model], context=8192)
    assert said(await events(engine, request())) == "Hello", "found out by being refused"
    await engine.start()
    assert said(await events(engine, request())) == "Hello", "known beforehand"
    assert ["max_tokens" in body for body in await asked(server)] == [True, False, False]
    with pytest.raises(BadInput, match="fewer pages"):
        await events(engine, request("long " * 8192))


FAILURES = [
    (401, "", Failed, "engine.api_key"),
    (403, "", Failed, "engine.api_key"),
    (404, "", Failed, "engine.model"),
    (413, "", BadInput, "fewer pages"),
    (400, '{"error": {"type": "exceed_context_size_error"}}', BadInput, "fewer pages"),
    (429, "", Busy, "too much to do"),
    (500, SECRET_QUESTION, Failed, "failed"),
    (302, "", Failed, "failed"),
]


@pytest.mark.parametrize(("status", "body", "kind", "words"), FAILURES)
async def test_a_refusal_becomes_a_sentence(
    server: Server,
    engine: RemoteEngine,
    caplog: pytest.LogCaptureFixture,
    status: int,
    body: str,
    kind: type[EngineError],
    words: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    failure = {"status": status, "body": body, "headers": {"Retry-After": "12", "Location": "/elsewhere"}}
    await server.control("behave", failures=[failure] * 4)
    with pytest.raises(kind, match=words) as caught:
        await events(engine, request(SECRET_QUESTION))
    assert getattr(caught.value, "retry_after", 12) == 12
    assert engine.capacity().requests == 2
    for text in (caplog.text, str(caught.value), repr(caught.value.__cause__)):
        assert KEY not in text
        assert "Smith" not in text


async def test_a_question_that_is_refused_for_no_reason_we_know_fails(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", failures=[{"status": 400}] * 3)
    with pytest.raises(Failed, match="did not accept"):
        await events(engine, request(mode="quick"))
    assert len(await asked(server)) == 3
    await server.control("behave")
    await events(engine, request(mode="quick"))
    assert (await asked(server))[0]["messages"][-1]["role"] == "assistant", "nothing was learnt from that"


async def test_a_server_that_is_not_ready_is_asked_again(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", failures=[{"status": 503}] * 2)
    assert said(await events(engine, request())) == "Hello"
    await server.control("behave", failures=[{"status": 503}] * 4)
    with pytest.raises(Busy):
        await events(engine, request())


async def test_a_connection_that_breaks_keeps_what_was_said(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", deltas=[{"reasoning": "Hm"}, {"content": "so far"}, {"content": "x"}], drop_after=2)
    stream = engine.generate(request())
    got = [await anext(stream) for _ in range(3)]
    assert got == [Started(), Thought(text="Hm"), Text(text="so far")]
    with pytest.raises(Failed, match="broke off"):
        await anext(stream)
    assert len(await asked(server)) == 1, "what has begun is not begun again"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("data: {\n\n", "no answer"),
        ('data: {"error": {"message": "boom"}}\n\n', "failed"),
        ('data: {"error": "boom"}\n\n', "failed"),
        ("data: " + "[" * 100_000 + "\n\n", "no answer"),
        ("data: " + "x" * (LONGEST // 8) + "\n", "no answer"),
        ("", "broke off"),
    ],
)
async def test_nonsense_is_a_failure(server: Server, engine: RemoteEngine, raw: str, words: str) -> None:
    await server.control("behave", raw=raw, times=9)
    with pytest.raises(Failed, match=words):
        await events(engine, request())


async def test_closing_the_stream_aborts_the_request(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", deltas=[{"reasoning": "Hm"}, {"content": "never"}], hold_after=1)
    stream = engine.generate(request())
    assert [await anext(stream), await anext(stream)] == [Started(), Thought(text="Hm")]
    assert engine.capacity().requests == 1
    await stream.aclose()
    await server.control("aborted")
    assert engine.capacity().requests == 2


async def test_cancelling_the_reader_aborts_the_request(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", hold_after=0)
    reading = asyncio.create_task(events(engine, request()))
    await server.control("held")
    reading.cancel()
    await server.control("aborted")
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_the_deadline_ends_the_answer(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", deltas=[{"reasoning": "Hm"}, {"content": "never"}], hold_after=1)
    got = await events(engine, request(seconds=0.2))
    assert done(got).finish is Finish.DEADLINE
    await server.control("aborted")
    assert done(await events(engine, request(seconds=-1))).finish is Finish.DEADLINE


async def test_a_held_answer_goes_on(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", hold_after=0)
    reading = asyncio.create_task(events(engine, request(mode="quick")))
    await server.control("held")
    await server.control("release")
    assert said(await reading) == "Hello"


async def test_behind_the_manager_no_more_run_than_may(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", hold_after=0)
    manager = InferenceManager(engine)
    running = [asyncio.create_task(events(manager, request(mode="quick"))) for _ in range(2)]
    await server.control("held")
    async with aclosing(manager.generate(request(mode="quick"))) as waiting:
        assert await anext(waiting) == Queued(position=1)
        await server.control("release")
        assert said([event async for event in waiting]) == "Hello"
    assert [said(await task) for task in running] == ["Hello"] * 2
    await manager.close()


async def test_starting_finds_the_model(server: Server, engine: RemoteEngine) -> None:
    await server.control("behave", key=KEY)
    await engine.start()
    assert engine.name == "step"
    with_path = RemoteEngine(f"{server.url}/v1/", "step", KEY)
    await with_path.start()
    await with_path.close()
    await with_path.close()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"key": "another"}, "engine.api_key"),
        ({"models": [{"id": "llama"}, {"id": "qwen"}]}, "serves 'llama', 'qwen', not 'step': set engine.model"),
        ({"models": []}, "serves nothing, not 'step'"),
        ({"models": ["step"]}, "engine.model"),
        ({"failures": [{"status": 404}]}, "engine.url"),
        ({"failures": [{"status": 503}] * 4}, "not ready"),
        ({"failures": [{"status": 500}]}, "its log"),
        ({"failures": [{"status": 200, "body": "<html>"}]}, "no model server"),
        ({"failures": [{"status": 200, "body": "[]"}]}, "no model server"),
    ],
)
async def test_starting_says_what_to_change(
    server: Server, engine: RemoteEngine, how: dict[str, Any], words: str
) -> None:
    await server.control("behave", **how)
    with pytest.raises(Dead, match=words) as caught:
        await engine.start()
    assert KEY not in str(caught.value)


async def test_where_nobody_listens_nobody_is_waited_for(unused_tcp_port: int) -> None:
    engine = RemoteEngine(f"http://user:password@127.0.0.1:{unused_tcp_port}", "step")
    with pytest.raises(Dead, match=f"No model server answers at http://127.0.0.1:{unused_tcp_port}: start it"):
        await engine.start()
    with pytest.raises(Failed, match="cannot be reached"):
        await events(engine, request())
    await engine.close()


async def test_cost_is_estimated_from_words_and_pictures(engine: RemoteEngine) -> None:
    plain, page = request("x" * 400), request("x" * 400, images=(picture(),), mode="quick")
    assert engine.cost(plain).prompt_tokens == 132
    assert engine.cost(plain).output_tokens == 20_480
    assert engine.cost(page).prompt_tokens == 132 + 171
    assert engine.cost(page).output_tokens == 4_096
