"""The use case from message to answer, on the scripted engine, a real store and the real decoder."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from adapters.base import Action, Attachment, Author, Channel, Incoming, Post, Thread
from adapters.errors import AdapterError, Forbidden, Gone, RateLimited, Unreachable
from bot import replies
from bot.admission import Refusal
from bot.conversation import RULES
from bot.documents import Documents
from bot.passing import Passing
from bot.service import Service
from bot.settings import (
    AccessSettings,
    Allowance,
    ConversationSettings,
    DeliverySettings,
    DocumentSettings,
    QuotaSettings,
    Selection,
    Settings,
)
from bot.store.records import Job, Outdated, State
from bot.store.store import Store
from inference.errors import BadInput, Busy, Dead, Failed
from inference.images import Decoder
from inference.manager import InferenceManager
from inference.scripted import Gate, Pause, ScriptedEngine, Step
from inference.types import Note, Queued, Request, Text
from tests.fakes.memory import MemoryAdapter

ADA = Author(id="ada", name="Ada")
BOB = Author(id="bob", name="Bob")
CHANNEL = Channel(platform="memory", workspace="w", id="c")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def picture(colour: str = "white") -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (64, 48), colour).save(file, "PNG")
    return file.getvalue()


@dataclass
class Stage:
    """A running service and what a test does to it."""

    service: Service
    adapter: MemoryAdapter
    engine: ScriptedEngine
    store: Store

    def attach(self, name: str, content: bytes) -> Attachment:
        self.adapter.files[name] = content
        return Attachment(id=name, name=name, media_type="", size=len(content), reference=name)

    def message(self, text: str, *attachments: Attachment, **changes: Any) -> Incoming:
        number = str(len(self.adapter.messages) + 1)
        root = changes.pop("root", None)
        message = Incoming(
            thread=Thread(channel=CHANNEL, root=root or number),
            message=number,
            author=ADA,
            text=text,
            sent_at=NOON + timedelta(seconds=int(number)),
            attachments=attachments,
            reply=root is not None,
        )
        message = replace(message, **changes)
        self.adapter.messages.append(message)
        return message

    async def say(self, text: str, *attachments: Attachment, **changes: Any) -> Incoming:
        message = self.message(text, *attachments, **changes)
        await self.service.handle(message)
        return message


@asynccontextmanager
async def stage(
    folder: Path, engine: ScriptedEngine | None = None, adapter: MemoryAdapter | None = None, **settings: Any
) -> AsyncIterator[Stage]:
    engine, adapter = engine or ScriptedEngine(), adapter or MemoryAdapter()
    chosen = Settings(**settings)
    decoder = Decoder()
    async with Store(chosen.store.url or f"sqlite+aiosqlite:///{folder}/test.db", folder) as store:
        documents = Documents(decoder, Passing(folder / "passing"), chosen.documents)
        service = Service(store, engine, documents, {adapter.platform: adapter}, chosen)
        try:
            async with service.jobs:
                try:
                    yield Stage(service, adapter, engine, store)
                finally:
                    await service.jobs.drain(0)
        finally:
            await decoder.close()


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as opened:
        yield opened


async def test_a_mention_with_a_picture_is_answered_in_its_thread(on: Stage) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    post = await on.adapter.answered()
    assert post.text == "I was asked “What is it?” about 1 picture: #1 a.png, page 1."
    assert post.notes == ("#1 `a.png`: used",)
    assert not post.buttons
    assert on.adapter.threads == {asked.thread: ["post-0"]}


async def test_how_long_it_may_think_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THREADSIGHT_ENGINE__REASONING_TOKENS", "60000")
    monkeypatch.setenv("THREADSIGHT_ENGINE__ANSWER_TOKENS", "99")
    async with stage(tmp_path) as on:
        await on.say("What is it?", mentioned=True)
        await on.adapter.answered()
        sampling = on.engine.requests[0].sampling
        assert (sampling.max_reasoning_tokens, sampling.max_answer_tokens) == (60_000, 99)


async def test_a_placeholder_stands_there_before_the_answer(on: Stage) -> None:
    on.engine.hold()
    await on.say("What is it?", mentioned=True)
    await on.adapter.until(lambda: bool(on.adapter.posts))
    first = on.adapter.posts["post-0"][0]
    assert (first.text, first.status) == ("", replies.RECEIVED)
    assert [button.action for button in first.buttons] == [replies.STOP_ACTION]
    on.engine.release()
    await on.adapter.answered()


class Slow(MemoryAdapter):
    """Takes its time over posts until it is let go, and may then refuse them."""

    def __init__(self, refusal: AdapterError | None = None) -> None:
        super().__init__()
        self.posting, self.lets_go = asyncio.Event(), asyncio.Event()
        self._refusal = refusal

    async def post(self, thread: Thread, post: Post, *, key: str = "", answers: str = "", again: bool = False) -> str:
        self.posting.set()
        await self.lets_go.wait()
        if self._refusal is not None:
            raise self._refusal
        return await super().post(thread, post, key=key, answers=answers, again=again)


async def test_the_engine_works_while_the_placeholder_is_on_its_way(tmp_path: Path) -> None:
    async with stage(tmp_path, adapter=(adapter := Slow())) as on:
        await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
        await on.engine.until(lambda: bool(on.engine.requests) and not on.engine.running)
        assert not adapter.posts
        adapter.lets_go.set()
        assert (await adapter.answered()).text.startswith("I was asked “What is it?” about 1 picture")
        assert len(adapter.posts) == len(on.engine.requests) == 1


async def test_what_the_engine_says_goes_nowhere_where_the_placeholder_cannot_stand(tmp_path: Path) -> None:
    async with stage(tmp_path, adapter=(adapter := Slow(Gone()))) as on:
        on.engine.hold()
        await on.say("What is it?", mentioned=True)
        await on.engine.begun()
        adapter.lets_go.set()
        await on.service.jobs.idle()
        assert len(on.engine.cut_short) == 1
        assert (await on.store.jobs_by_state(), adapter.posts) == ({"undeliverable": 1}, {})


async def test_a_question_can_be_stopped_before_its_placeholder_stands(tmp_path: Path) -> None:
    async with stage(tmp_path, adapter=(adapter := Slow())) as on:
        on.engine.hold()
        asked = await on.say("What is it?", mentioned=True)
        await on.engine.begun()
        await on.say("stop", root=asked.thread.root)
        await on.engine.until(lambda: bool(on.engine.cut_short))
        adapter.lets_go.set()
        assert (await adapter.answered()).text == replies.STOPPED
        await on.service.jobs.idle()


async def test_a_question_that_is_edited_before_its_post_is_written_down_is_answered_as_it_is_now(
    on: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, times = on.store.placed, iter(range(9))

    async def at_first_outdated(job: Job, post: str) -> Job:
        if not next(times):
            raise Outdated
        return await placed(job, post)

    monkeypatch.setattr(on.store, "placed", at_first_outdated)
    await on.say("What is it?", mentioned=True)
    await on.adapter.answered()
    assert len(on.adapter.posts) == 1


async def test_a_follow_up_needs_no_mention_and_still_sees_the_picture(on: Stage) -> None:
    asked = await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
    await on.adapter.answered()
    await on.say("And the colour?", root=asked.thread.root)
    post = await on.adapter.answered(1)
    assert post.text.endswith("about 1 picture: #1 a.png, page 1.")
    assert [turn.text for turn in on.engine.requests[1].turns if turn.role == "user"] == [
        "What is it?",
        "And the colour?",
    ]
    assert on.engine.requests[1].images[0].content


async def test_the_picture_may_come_in_the_message_before(on: Stage) -> None:
    on.message("look", on.attach("a.png", picture()))
    on.message("other", on.attach("b.png", picture("red")), author=BOB)
    await on.say("What is it?", mentioned=True)
    assert (await on.adapter.answered()).text.endswith("about 1 picture: #1 a.png, page 1.")


async def test_a_picture_from_long_ago_is_not_meant(on: Stage) -> None:
    on.message("look", on.attach("a.png", picture()), sent_at=NOON - timedelta(hours=1))
    await on.say("What is it?", mentioned=True)
    assert (await on.adapter.answered()).text.endswith("about no pictures.")


async def test_called_into_a_thread_it_sees_all_that_came_before(on: Stage) -> None:
    root = on.message("our new logo", on.attach("root.png", picture()), author=BOB)
    on.message("hm", on.attach("reply.png", picture("red")), root=root.message)
    await on.say("Which is better?", root=root.message, mentioned=True)
    post = await on.adapter.answered()
    assert post.text.endswith("about 2 pictures: #1 root.png, page 1; #2 reply.png, page 1.")
    assert on.engine.requests[0].turns[0] == RULES
    assert on.engine.requests[0].turns[1].text == "Said in this thread before:\nBob: our new logo\nAda: hm"


async def test_chatter_is_left_alone(on: Stage) -> None:
    await on.say("lunch?")
    asked = await on.say("What is it?", mentioned=True)
    await on.adapter.answered()
    await on.say("@Bob what do you think?", root=asked.thread.root, to_others=True)
    await on.say("me too", root=asked.thread.root, author=Author(id="b", name="Bot", bot=True))
    assert len(on.engine.requests) == 1


async def test_twins_and_redeliveries_are_answered_once(on: Stage) -> None:
    asked = await on.say("What is it?", mentioned=True)
    await asyncio.gather(*(on.service.handle(asked) for _ in range(5)))
    await on.adapter.answered()
    await on.service.handle(asked)
    assert len(on.engine.requests) == len(on.adapter.posts) == 1


async def test_a_command_that_comes_again_is_not_obeyed_again(on: Stage) -> None:
    root = (await on.say("first", mentioned=True)).thread.root
    await on.service.jobs.idle()
    stop = await on.say("stop", root=root)
    forget = await on.say("forget this thread", root=root)
    await on.service.jobs.idle()
    on.engine.hold()
    await on.say("second", root=root)
    await on.engine.begun(2)
    for command in (stop, forget):
        await on.service.handle(command)
    on.engine.release()
    await on.service.jobs.idle()
    assert on.adapter.last(3).text == "I was asked “second” about no pictures."
    job = await on.store.job(4)
    assert job is not None
    assert job.question == "second"


async def test_turns_of_one_thread_keep_their_order(on: Stage) -> None:
    on.engine.hold()
    asked = await on.say("first", mentioned=True)
    await on.say("second", root=asked.thread.root)
    await on.engine.begun()
    on.engine.release()
    await on.adapter.answered(1)
    await on.adapter.answered(0)
    assert [request.turns[-1].text for request in on.engine.requests] == ["first", "second"]
    assert [turn.role for turn in on.engine.requests[1].turns] == ["system", "user", "assistant", "user"]


async def test_a_reply_that_overtakes_its_question_is_answered_after_it(on: Stage) -> None:
    asked = on.message("first", mentioned=True)
    before = on.message("not for us", root=asked.thread.root, sent_at=NOON)
    after = on.message("second", root=asked.thread.root)
    for message in (after, before, asked, after):
        await on.service.handle(message)
    await on.adapter.answered(1)
    await on.service.jobs.idle()
    assert [request.turns[-1].text for request in on.engine.requests] == ["first", "second"]


async def test_replies_and_their_question_in_one_moment_are_all_answered(on: Stage) -> None:
    asked = on.message("first", mentioned=True)
    replies = [on.message(str(number), root=asked.thread.root) for number in range(8)]
    await asyncio.gather(*(on.service.handle(message) for message in [*replies[:4], asked, *replies[4:]]))
    await on.adapter.answered(8)
    await on.service.jobs.idle()
    assert len(on.engine.requests) == 9


async def test_every_file_has_a_fate_and_a_question_about_nothing_usable_is_not_asked(on: Stage) -> None:
    page = on.attach("login.png", b"<!doctype html><html><body>Sign in</body></html>")
    await on.say("What is it?", page, mentioned=True)
    post = await on.adapter.answered()
    assert post.text.startswith("I could not look at `login.png`.")
    assert "Slack" in post.text or "web page" in post.text
    assert on.engine.requests == []


async def test_one_bad_file_among_good_ones_is_told(on: Stage) -> None:
    await on.say("Why?", on.attach("a.png", picture()), on.attach("`*b*`.png", b"nonsense"), mentioned=True)
    post = await on.adapter.answered()
    assert post.text.endswith("about 1 picture: #1 a.png, page 1.")
    assert post.notes[0] == "#1 `a.png`: used"
    assert post.notes[1].startswith("`'*b*'.png`: skipped.")


async def test_too_many_and_too_large_files_are_told(tmp_path: Path) -> None:
    async with stage(tmp_path, documents=DocumentSettings(max_files=2, max_megabytes=1)) as on:
        large = on.attach("large.png", b"\x89PNG" + bytes(2 * 1024 * 1024))
        await on.say("Why?", large, on.attach("a.png", picture()), on.attach("b.png", picture()), mentioned=True)
        notes = (await on.adapter.answered()).notes
        assert notes[0] == f"`large.png`: skipped. {replies.too_large(1)}"
        assert notes[2] == f"`b.png`: skipped. {replies.too_many_files(2)}"


async def test_pages_beyond_the_budget_are_named(tmp_path: Path) -> None:
    async with stage(tmp_path, conversation=ConversationSettings(max_pages=1)) as on:
        asked = await on.say("Why?", on.attach("a.png", picture()), mentioned=True)
        await on.adapter.answered()
        await on.say("Why?", on.attach("b.png", picture("red")), root=asked.thread.root)
        assert "`#1 a.png, page 1`" in (await on.adapter.answered(1)).notes[-1]


async def test_stop_keeps_what_was_said(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Text(text="It is a"), Gate()])
    async with stage(tmp_path, engine) as on:
        asked = await on.say("What is it?", mentioned=True)
        await on.adapter.until(lambda: on.adapter.last().text == "It is a")
        await on.service.handle(Action(thread=asked.thread, message="post-0", author=BOB, name="stop", value="1"))
        assert not engine.cut_short
        await on.service.handle(Action(thread=asked.thread, message="post-0", author=ADA, name="stop", value="1"))
        post = await on.adapter.answered()
        assert post.text == f"It is a\n\n_{replies.STOPPED}_"
        await engine.until(lambda: bool(engine.cut_short))


async def test_the_word_stop_stops_ones_own_questions_of_the_thread(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Gate()], places=2)
    async with stage(tmp_path, engine) as on:
        asked = await on.say("first", mentioned=True)
        await engine.begun()
        elsewhere = await on.say("elsewhere", mentioned=True)
        await engine.begun(2)
        await on.say("stop", root=asked.thread.root)
        assert (await on.adapter.answered()).text == replies.STOPPED
        assert [request.turns[-1].text for request in engine.cut_short] == ["first"]
        await on.say("stop", root=elsewhere.thread.root, author=BOB)
        reply = await on.adapter.answered(3)
        assert reply.text == replies.NOTHING_TO_STOP


@pytest.mark.parametrize(
    ("error", "again"),
    [(Failed("It broke."), True), (BadInput("Too long."), True), (Busy("Full.", retry_after=9), True)],
)
async def test_what_an_engine_says_is_told_and_can_be_tried_again(
    error: Exception, again: bool, tmp_path: Path
) -> None:
    steps: list[list[Any]] = [[Text(text="Half"), error], [Text(text="Whole")]]
    async with stage(tmp_path, ScriptedEngine(lambda request: steps.pop(0))) as on:
        asked = await on.say("Why?", mentioned=True)
        post = await on.adapter.answered()
        assert post.text == f"Half\n\n{error}"
        (button,) = post.buttons
        act = Action(thread=asked.thread, message="post-0", author=ADA, name=button.action, value=button.value)
        await on.service.handle(replace(act, author=BOB))
        await on.service.handle(act)
        await on.service.handle(act)
        await on.adapter.until(lambda: on.adapter.last().text == "Whole")
        assert len(on.adapter.posts) == 1


async def test_a_dead_engine_is_told_and_ends_the_service(tmp_path: Path) -> None:
    async with stage(tmp_path, ScriptedEngine(lambda request: [Dead("The model is gone.")])) as on:
        await on.say("Why?", mentioned=True)
        assert (await on.adapter.answered()).text == "The model is gone."
        with pytest.raises(Dead):
            await on.service.died


async def test_a_fault_of_ours_is_told_in_a_sentence(tmp_path: Path) -> None:
    def broken(request: Request) -> list[Step]:
        raise KeyError("secret detail")

    async with stage(tmp_path, ScriptedEngine(broken)) as on:
        await on.say("Why?", mentioned=True)
        post = await on.adapter.answered()
        assert post.text == replies.FAILED
        assert "secret" not in repr(on.adapter.posts)


async def test_limits_and_outages_are_waited_out(on: Stage) -> None:
    on.adapter.failures = [RateLimited("slow down", retry_after=0.01), Unreachable("gone away")]
    await on.say("Why?", mentioned=True)
    await on.adapter.answered()


async def test_what_the_platform_does_not_take_is_said_and_can_be_shown_again(on: Stage) -> None:
    on.adapter.unfit = "I was asked"
    asked = await on.say("Why?", mentioned=True)
    await on.adapter.until(lambda: on.adapter.last().text == replies.UNSEEN)
    await on.service.jobs.idle()
    assert await on.store.unfinished() == []
    on.adapter.unfit = None
    (button,) = on.adapter.last().buttons
    press = Action(thread=asked.thread, message="post-0", author=ADA, name=button.action, value=button.value)
    await on.service.handle(press)
    await on.adapter.until(lambda: on.adapter.last().text.startswith("I was asked"))
    assert len(on.engine.requests) == 1


async def test_an_outage_is_not_waited_out_for_ever(tmp_path: Path) -> None:
    async with stage(tmp_path, delivery=DeliverySettings(hours=1e-9)) as on:
        on.adapter.failures = [Unreachable("gone away")]
        await on.say("Why?", mentioned=True)
        await on.service.jobs.idle()
        assert on.adapter.posts == {}
        assert await on.store.unfinished() == []


async def test_half_a_character_of_the_engine_s_ends_nothing(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Text(text="It is \ud83d 42.\0")])
    async with stage(tmp_path, engine) as on:
        await on.say("Why?", mentioned=True)
        assert (await on.adapter.answered()).text == "It is \ufffd 42."
        await on.service.jobs.idle()


class Away(MemoryAdapter):
    """Does not hear at first that an answer could not be shown."""

    away = True

    async def edit(self, thread: Thread, message: str, post: Post) -> None:
        if post.text == replies.UNSEEN and self.away:
            self.away = False
            raise Unreachable("gone away")
        await super().edit(thread, message, post)


async def test_after_an_outage_that_was_too_long_a_sentence_stands_in_place_of_the_answer(tmp_path: Path) -> None:
    async with stage(tmp_path, adapter=(adapter := Away())) as on:
        adapter.unfit = "I was asked"
        await on.say("Why?", mentioned=True)
        await adapter.until(lambda: adapter.last().text == replies.UNSEEN)
        await on.service.jobs.idle()
        assert await on.store.jobs_by_state() == {"undeliverable": 1}


async def test_the_button_of_that_sentence_is_heeded_before_we_hear_that_it_stands_there(tmp_path: Path) -> None:
    class Slow(MemoryAdapter):
        """Tells late of a sentence that stands there."""

        shown = Gate(opened=False)

        async def edit(self, thread: Thread, message: str, post: Post) -> None:
            await super().edit(thread, message, post)
            if post.text == replies.UNSEEN:
                await self.shown.passed()

    async with stage(tmp_path, adapter=(adapter := Slow())) as on:
        adapter.unfit = "I was asked"
        asked = await on.say("Why?", mentioned=True)
        await adapter.until(lambda: adapter.last().text == replies.UNSEEN)
        adapter.unfit = None
        await on.service.handle(
            Action(thread=asked.thread, message="post-0", author=ADA, name=replies.RETRY_ACTION, value="1")
        )
        adapter.shown.open()
        await on.service.jobs.idle()
        assert adapter.last().text == "I was asked “Why?” about no pictures."


async def test_where_we_may_not_post_nothing_is_tried_for_ever(on: Stage) -> None:
    on.adapter.failures = [Forbidden("not in channel", missing="chat:write")]
    await on.say("Why?", mentioned=True)
    await on.service.jobs.idle()
    assert on.adapter.posts == {}
    assert await on.store.unfinished() == []


async def test_the_place_in_line_is_shown(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Queued(position=3, eta_s=200.0), Gate()])
    async with stage(tmp_path, engine) as on:
        await on.say("Why?", mentioned=True)
        await on.adapter.until(lambda: on.adapter.last().status == "Waiting: number 3 in line, about 4 min …")


async def test_what_the_engine_notes_stands_under_the_fates_of_files(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Text(text="42"), Note(text="I weighed 9 of 16 results.")])
    async with stage(tmp_path, engine) as on:
        await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
        post = await on.adapter.answered()
        assert post.notes == ("#1 `a.png`: used", "I weighed 9 of 16 results.")


async def test_what_was_accepted_is_finished_after_a_restart(tmp_path: Path) -> None:
    adapter = MemoryAdapter()
    engine = ScriptedEngine()
    engine.hold()
    async with stage(tmp_path, engine, adapter) as on:
        await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
        await engine.begun()
    assert adapter.last().status
    async with stage(tmp_path, ScriptedEngine(), adapter) as on:
        (job,) = await on.store.unfinished()
        assert job.state is State.WAITING
        await on.service.resume()
        post = await adapter.answered()
        assert post.text == "I was asked “What is it?” about 1 picture: #1 a.png, page 1."
        assert post.notes == ("#1 `a.png`: used",)
        assert len(adapter.posts) == 1
        await on.service.jobs.idle()
        assert await on.store.unfinished() == []


async def test_answers_stand_in_the_order_of_their_questions(on: Stage) -> None:
    on.adapter.failures = [RateLimited("slow down", retry_after=0.3)]
    asked = await on.say("First?", mentioned=True)
    await on.say("Second?", root=asked.thread.root)
    await on.service.jobs.idle()
    assert ["First?" in on.adapter.last(0).text, "Second?" in on.adapter.last(1).text] == [True, True]


async def test_an_answer_that_was_written_down_is_only_delivered(tmp_path: Path) -> None:
    adapter = MemoryAdapter()
    async with stage(tmp_path, adapter=adapter) as on:
        on.engine.hold()
        await on.say("Why?", mentioned=True)
        await on.engine.begun()
        await adapter.until(lambda: bool(adapter.posts))
        adapter.failures = [Unreachable("down")] * 1000
        on.engine.release()
        await adapter.until(lambda: len(adapter.failures) < 999)
        assert (await on.store.unfinished())[0].state is State.ANSWERED
    adapter.failures = []
    async with stage(tmp_path, adapter=adapter) as on:
        await on.service.resume()
        await adapter.answered()
        assert on.engine.requests == []


async def test_what_fails_again_and_again_is_given_up_with_a_sentence(tmp_path: Path) -> None:
    adapter = MemoryAdapter()
    for attempt in range(6):
        engine = ScriptedEngine()
        engine.hold()
        async with stage(tmp_path, engine, adapter) as on:
            if attempt == 0:
                await on.say("Why?", mentioned=True)
            await on.service.resume()
            if attempt < 5:
                await engine.begun()
            else:
                assert (await adapter.answered()).text == replies.GAVE_UP


async def test_help_is_given_and_a_fresh_start_forgets(on: Stage) -> None:
    await on.say("help", mentioned=True)
    assert (await on.adapter.answered()).text == replies.HELP
    await on.say("What is it?", on.attach("a.png", picture()), root="dm", direct=True)
    await on.adapter.answered(1)
    await on.say("new topic", root="dm", direct=True)
    assert (await on.adapter.answered(2)).text == replies.FRESH
    await on.say("And now?", root="dm", direct=True)
    assert (await on.adapter.answered(3)).text.endswith("about no pictures.")


async def told(on: Stage, person: Author) -> list[str]:
    """What was said to the person alone."""
    return [states[-1].text for states in on.adapter.posts.values() if states[-1].only_for == person.id]


async def test_a_refusal_is_told_to_the_asker_alone_and_once(tmp_path: Path) -> None:
    access = AccessSettings(deny=Selection(users=("bob",)))
    async with stage(tmp_path, access=access) as on:
        asked = await on.say("What is it?", mentioned=True, author=BOB)
        await on.service.handle(asked)
        await on.adapter.until(lambda: len(on.adapter.posts) == 1)
        assert await told(on, BOB) == [replies.REFUSED[Refusal.PERSON]]
        await on.say("first", mentioned=True)
        await on.adapter.answered(1)
        await on.say("me too", root="2", author=BOB)
        await on.service.jobs.idle()
        assert [request.turns[-1].text for request in on.engine.requests] == ["first"]
        assert len(on.adapter.posts) == 2
        assert await on.store.thread_id(asked.thread) is None


async def test_whoever_used_a_days_quota_is_told_and_an_admin_sets_it_back(tmp_path: Path) -> None:
    quota, access = QuotaSettings(person=Allowance(questions=1)), AccessSettings(admins=("bob",))
    async with stage(tmp_path, quota=quota, access=access) as on:
        first = await on.say("first", mentioned=True)
        await on.adapter.answered(0)
        await on.service.handle(first)
        await on.say("second", mentioned=True)
        await on.adapter.until(lambda: len(on.adapter.posts) == 2)
        assert await told(on, ADA) == [
            "You have used today's 1 questions. Ask again after midnight UTC, or ask an admin."
        ]
        await on.say("reset usage", mentioned=True)
        await on.adapter.until(lambda: len(on.adapter.posts) == 3)
        assert (await told(on, ADA))[-1] == replies.NOT_AN_ADMIN
        await on.say("reset usage ada", mentioned=True, author=BOB)
        await on.adapter.until(lambda: len(on.adapter.posts) == 4)
        assert await told(on, BOB) == [replies.QUOTA_RESET]
        await on.say("third", mentioned=True)
        await on.adapter.answered(4)
        assert [request.turns[-1].text for request in on.engine.requests] == ["first", "third"]


async def test_questions_of_one_moment_have_one_allowance(tmp_path: Path) -> None:
    async with stage(tmp_path, quota=QuotaSettings(person=Allowance(questions=2))) as on:
        await asyncio.gather(*(on.say("What is it?", mentioned=True) for _ in range(9)))
        await on.service.jobs.idle()
        assert len(on.engine.requests) == 2
        assert sum(post.only_for == ADA.id for states in on.adapter.posts.values() for post in states) == 7


async def test_usage_is_told_in_private(tmp_path: Path) -> None:
    async with stage(tmp_path, quota=QuotaSettings(channel=Allowance(pages=9))) as on:
        await on.say("What is it?", on.attach("a.png", picture()), mentioned=True)
        await on.adapter.answered(0)
        await on.service.jobs.idle()
        await on.say("usage", mentioned=True, author=BOB)
        await on.adapter.until(lambda: len(on.adapter.posts) == 2)
        (said,) = await told(on, BOB)
        assert said.startswith("Today (UTC) you used 0 questions, 0 pages and 0 seconds of the engine.")
        assert "This channel used 1 questions, 1 of 9 pages and 1 seconds of the engine." in said


async def test_those_in_line_do_not_go_beyond_a_days_seconds_together(tmp_path: Path) -> None:
    line = InferenceManager(ScriptedEngine(lambda request: [Pause(1.1), Text(text="Yes.")]))
    async with stage(tmp_path, line, quota=QuotaSettings(person=Allowance(seconds=1))) as on:
        for _ in range(6):
            await on.say("What is it?", mentioned=True)
        await on.service.jobs.idle()
        said = [on.adapter.last(number).text for number in range(6)]
        assert 1 <= said.count("Yes.") <= 2, "the second may begin before it is written down what the first took"
        assert sum(one.startswith("You have used today's 1 seconds of the engine.") for one in said) >= 4


async def test_in_a_thread_of_ours_it_is_told_without_a_mention(tmp_path: Path) -> None:
    async with stage(tmp_path, quota=QuotaSettings(person=Allowance(questions=1))) as on:
        asked = await on.say("What is it?", mentioned=True)
        await on.adapter.answered(0)
        await on.say("usage", root=asked.message)
        await on.adapter.until(lambda: len(on.adapter.posts) == 2)
        await on.say("And its colour?", root=asked.message)
        await on.adapter.until(lambda: len(on.adapter.posts) == 3)
        usage, refusal = await told(on, ADA)
        assert usage.startswith("Today (UTC) you used 1 of 1 questions")
        assert refusal.startswith("You have used today's 1 questions")


async def test_an_admin_may_stop_anybody(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Gate()])
    async with stage(tmp_path, engine, access=AccessSettings(admins=("bob",))) as on:
        asked = await on.say("What is it?", mentioned=True)
        await engine.begun()
        await on.service.handle(Action(thread=asked.thread, message="post-0", author=BOB, name="stop", value="1"))
        assert (await on.adapter.answered()).text == replies.STOPPED


async def test_a_press_by_somebody_who_is_kept_out_does_nothing(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda request: [Failed("It broke.")])
    async with stage(tmp_path, engine, quota=QuotaSettings(person=Allowance(questions=1))) as on:
        asked = await on.say("What is it?", mentioned=True)
        (button,) = (await on.adapter.answered()).buttons
        await on.service.jobs.idle()
        press = Action(thread=asked.thread, message="post-0", author=ADA, name=button.action, value=button.value)
        await on.service.handle(press)
        assert len(await told(on, ADA)) == 1
        assert len(engine.requests) == 1
