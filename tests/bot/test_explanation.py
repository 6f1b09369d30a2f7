"""How an answer came to be, asked for with the button under it."""

from collections.abc import Iterable
from pathlib import Path

from adapters.base import Action, Thread
from adapters.console.client import ConsoleAdapter
from adapters.console.settings import ConsoleSettings
from bot import replies
from bot.store.records import State
from inference.engine import Engine
from inference.errors import Busy
from inference.manager import InferenceManager
from inference.scripted import Gate, ScriptedEngine, Step
from inference.summary import NOT_KEPT, SummaryEngine, SummaryOptions
from inference.types import Request, Text, Thought
from tests.bot.test_service import ADA, BOB, CHANNEL, Stage, stage
from tests.fakes.memory import MemoryAdapter

ABSTRACT = "I compared both pages."


def script(request: Request) -> Iterable[Step]:
    if request.id.endswith("/summary"):
        return [Text(text=ABSTRACT)]
    return [Thought(text="先看第一页。"), Text(text="They are equal.")]


def on_demand(engine: ScriptedEngine) -> Engine:
    return InferenceManager(SummaryEngine(engine, SummaryOptions(policy="on_demand")))


async def asked(on: Stage) -> Thread:
    """A question that was answered, with the button under it."""
    message = await on.say("Are they equal?", mentioned=True)
    post = await on.adapter.answered()
    assert [(button.action, button.label) for button in post.buttons] == [("explain", "Show reasoning summary")]
    assert post.reasoning == ""
    await on.service.jobs.idle()
    return message.thread


async def press(on: Stage, thread: Thread, value: str = "1") -> None:
    await on.service.handle(Action(thread=thread, message="post-0", author=BOB, name="explain", value=value))
    await on.service.jobs.idle()


async def test_anybody_may_have_the_summary_written(tmp_path: Path) -> None:
    engine = ScriptedEngine(script)
    async with stage(tmp_path, on_demand(engine)) as on:
        await press(on, await asked(on))
        post = on.adapter.last()
        assert (post.text, post.reasoning, post.buttons, post.notes) == ("They are equal.", ABSTRACT, (), ())
        assert "先看第一页。" not in str(on.adapter.posts)
        assert engine.requests[-1].owner == "memory:bob"
        assert await on.store.unfinished() == []


async def test_it_stands_under_the_answer_for_good(tmp_path: Path) -> None:
    async with stage(tmp_path, on_demand(ScriptedEngine(script))) as on:
        thread = await asked(on)
        await press(on, thread)
        states = len(on.adapter.posts["post-0"])
        await press(on, thread)
        assert len(on.adapter.posts["post-0"]) == states, "there is nothing left to explain"


async def test_two_presses_are_one(tmp_path: Path) -> None:
    gate = Gate()
    engine = ScriptedEngine(lambda request: [gate, *script(request)] if "/" in request.id else script(request))
    async with stage(tmp_path, on_demand(engine)) as on:
        pressed = Action(thread=await asked(on), message="post-0", author=BOB, name="explain", value="1")
        await on.service.handle(pressed)
        await on.service.handle(pressed)
        await on.adapter.until(lambda: replies.EXPLAINING in on.adapter.last().notes)
        gate.open()
        await on.service.jobs.idle()
        assert len(engine.requests) == 2
        assert on.adapter.last().reasoning == ABSTRACT


async def test_the_next_question_of_the_thread_does_not_wait_for_it(tmp_path: Path) -> None:
    gate = Gate()
    engine = ScriptedEngine(
        lambda request: [gate, *script(request)] if "/" in request.id else script(request), places=2
    )
    async with stage(tmp_path, on_demand(engine)) as on:
        thread = await asked(on)
        await on.service.handle(Action(thread=thread, message="post-0", author=BOB, name="explain", value="1"))
        await engine.begun(2)
        await on.say("And now?", root=thread.root, mentioned=True)
        await on.adapter.until(lambda: on.adapter.last(1).text == "They are equal.")
        gate.open()
        await on.service.jobs.idle()


async def test_after_a_restart_a_sentence_says_that_it_is_gone(tmp_path: Path) -> None:
    adapter = MemoryAdapter()
    async with stage(tmp_path, on_demand(ScriptedEngine(script)), adapter) as on:
        thread = await asked(on)
    engine = ScriptedEngine(script)
    async with stage(tmp_path, on_demand(engine), adapter) as on:
        await press(on, thread)
        assert adapter.last(1).text == NOT_KEPT
        assert adapter.last(1).only_for == "bob"
        assert (adapter.last().text, adapter.last().buttons) == ("They are equal.", ())
    assert engine.requests == []


async def test_a_process_that_ends_in_between_leaves_the_answer_as_it_was(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Gate()] if "/" in request.id else script(request))
    adapter = MemoryAdapter()
    async with stage(tmp_path, on_demand(engine), adapter) as on:
        thread = await asked(on)
        await on.service.handle(Action(thread=thread, message="post-0", author=BOB, name="explain", value="1"))
        await engine.begun(2)
    async with stage(tmp_path, on_demand(ScriptedEngine(script)), adapter) as on:
        (job,) = await on.store.unfinished()
        assert job.state is State.ANSWERED
        await on.service.resume()
        await on.service.jobs.idle()
        assert await on.store.unfinished() == []
    post = adapter.last()
    assert (post.text, post.reasoning, post.notes, post.buttons) == ("They are equal.", "", (), ())


async def test_where_it_fails_the_button_stays(tmp_path: Path) -> None:
    full = Busy("The line is full.", retry_after=1)
    engine = ScriptedEngine(lambda request: [full] if "/" in request.id else script(request))
    async with stage(tmp_path, on_demand(engine)) as on:
        await press(on, await asked(on))
        assert on.adapter.last(1).text == "The line is full."
        assert [button.action for button in on.adapter.last().buttons] == ["explain"]


async def test_stop_stops_it(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Gate()] if "/" in request.id else script(request))
    async with stage(tmp_path, on_demand(engine)) as on:
        thread = await asked(on)
        await on.service.handle(Action(thread=thread, message="post-0", author=ADA, name="explain", value="1"))
        await engine.begun(2)
        await on.say("stop", root=thread.root, mentioned=True)
        await on.service.jobs.idle()
        assert engine.running == []
        assert [button.action for button in on.adapter.last().buttons] == ["explain"]


async def test_what_was_not_thought_about_has_no_button(tmp_path: Path) -> None:
    async with stage(tmp_path, on_demand(ScriptedEngine(script))) as on:
        await on.say("quick: Are they equal?", mentioned=True)
        assert (await on.adapter.answered()).buttons == ()
        await press(on, Thread(channel=CHANNEL, root="1"), "77")


async def test_on_the_console(tmp_path: Path) -> None:
    """As a person there has it: the page's own desk and transcripts."""
    console = ConsoleAdapter(ConsoleSettings(), (), tmp_path / "console", mode="think")
    async with stage(tmp_path, on_demand(ScriptedEngine(script)), console) as on:
        desk = console.desk(on.service.handle)
        place = await desk.ask(None, "Are they equal?", [], None)
        await on.service.jobs.idle()
        _, posted = desk.transcripts.get(place).entries
        await desk.press(place, posted.message, "explain")
        await on.service.jobs.idle()
        _, posted = desk.transcripts.get(place).entries
    assert (posted.post.text, posted.post.reasoning, posted.post.buttons) == ("They are equal.", ABSTRACT, ())
