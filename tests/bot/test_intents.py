"""What a message asks for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Attachment, Author, Channel, Incoming, Thread
from bot.intents import WITHOUT_WORDS, Ask, Export, Forget, Fresh, Help, Stop, is_for_us, read

CHANNEL = Channel(platform="slack", workspace="T1", id="C1")
MESSAGE = Incoming(
    thread=Thread(channel=CHANNEL, root="1"),
    message="1",
    author=Author(id="U1", name="Ada"),
    text="What is the total?",
    sent_at=datetime(2026, 1, 1, tzinfo=UTC),
)
PICTURE = Attachment(id="F1", name="a.png", media_type="image/png", size=1, reference="F1")


@pytest.mark.parametrize(
    ("change", "following", "ours"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"mentioned": True}, False, True),
        ({"direct": True}, False, True),
        ({"to_others": True}, True, False),
        ({"to_others": True, "mentioned": True}, False, True),
        ({"mentioned": True, "own": True}, True, False),
        ({"mentioned": True, "author": Author(id="B1", name="Other bot", bot=True)}, True, False),
    ],
)
def test_only_what_is_meant_for_us_is_ours(change: dict[str, object], following: bool, ours: bool) -> None:
    assert is_for_us(replace(MESSAGE, **change), following=following) is ours


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("What is the total?", Ask("What is the total?")),
        ("deep: Why is it so?", Ask("Why is it so?", "deep")),
        ("!quick what is it", Ask("what is it", "quick")),
        ("deep water: how deep?", Ask("deep water: how deep?")),
        ("think", Ask("think")),
        ("quick:", Ask(WITHOUT_WORDS, "quick")),
        ("", Ask(WITHOUT_WORDS)),
        ("Stop.", Stop()),
        ("!STOP", Stop()),
        ("stop the payment of this invoice?", Ask("stop the payment of this invoice?")),
        ("help", Help()),
        ("new", Ask("new")),
    ],
)
def test_commands_are_exact(text: str, intent: object) -> None:
    assert read(replace(MESSAGE, text=text)) == intent


def test_a_word_that_comes_with_a_picture_is_no_command() -> None:
    assert read(replace(MESSAGE, text="stop", attachments=(PICTURE,))) == Ask("stop")


def test_a_fresh_start_is_for_direct_messages() -> None:
    assert read(replace(MESSAGE, text="new topic", direct=True)) == Fresh()


def test_a_control_of_the_platform_names_the_mode() -> None:
    assert read(replace(MESSAGE, text="Why?", mode="deep")) == Ask("Why?", "deep")


@given(st.text())
def test_any_text_is_read_and_no_question_is_empty(text: str) -> None:
    intent = read(replace(MESSAGE, text=text))
    assert not isinstance(intent, Ask) or intent.question.strip()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("forget this thread", Forget("thread")),
        ("Forget this conversation!", Forget("thread")),
        ("forget everything of mine", Forget("mine")),
        ("!forget me", Forget("mine")),
        ("forget #2", Forget("document", 2)),
        ("export", Export()),
        ("Forget picture 12.", Forget("document", 12)),
        ("forget the deadline: what is the total?", Ask("forget the deadline: what is the total?")),
        ("forget #2 and #3", Ask("forget #2 and #3")),
    ],
)
def test_what_is_kept_is_asked_for_in_so_many_words(text: str, intent: object) -> None:
    assert read(replace(MESSAGE, text=text)) == intent
