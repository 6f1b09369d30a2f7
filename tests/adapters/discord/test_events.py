"""JSON to values, whatever the JSON."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Channel, Incoming
from adapters.discord import events
from adapters.discord.events import Me, Place
from adapters.discord.payloads import Interaction, Message

ME = Me("1", frozenset({"50"}))
HERE = Place(Channel(platform="discord", workspace="7", id="8"))


def payload(**fields: Any) -> dict[str, Any]:
    author = {"id": "2", "username": "ada", "global_name": "Ada"}
    return {"id": "9", "channel_id": "8", "author": author, "timestamp": "2026-05-01T10:00:00+00:00"} | fields


def read(place: Place = HERE, **fields: Any) -> Incoming:
    message = events.message(payload(**fields))
    assert message is not None
    return events.incoming(message, place, ME, {"60": "staff", "70": "general"}.get)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<@1> what is this?", "what is this?"),
        ("<@!1>, what is this?", "what is this?"),
        ("<@&50>: what is this?", "what is this?"),
        ("what is this, <@1>", "what is this,"),
        ("ask <@3> or <@4>", "ask @Bob or @someone"),
        ("<@&60> <@&61>", "@staff @role"),
        ("see <#70> <#71>", "see #general #channel"),
        ("<:cat:123> <a:dance:456>", ":cat: :dance:"),
        ("due <t:1767225600:D>", "due 2026-01-01 00:00 UTC"),
        ("due <t:999999999999>", "due some time"),
        ("try </ask it:123>", "try /ask it"),
        ("**bold** `<x>`", "**bold** `<x>`"),
    ],
)
def test_discords_tokens_become_words(content: str, text: str) -> None:
    assert read(content=content, mentions=[{"id": "1"}, {"id": "3", "username": "Bob"}]).text == text


def test_half_a_character_is_none_that_anybody_has_to_write_down() -> None:
    file = {"id": "5", "filename": "\ud83d.png", "url": "", "size": 1}
    incoming = read(content="what \ud83d is\0 this?", member={"nick": "\udc00"}, attachments=[file])
    assert (incoming.text, incoming.author.name, incoming.attachments[0].name) == (
        "what \ufffd is this?",
        "\ufffd",
        "\ufffd.png",
    )


def test_the_name_in_the_server_comes_first() -> None:
    assert read(member={"nick": "Countess"}).author.name == "Countess"
    assert read().author.name == "Ada"
    assert read(author={"id": "2", "username": "ada"}).author.name == "ada"


def test_the_roles_of_the_author_are_told() -> None:
    assert read(member={"roles": ["50", "60"]}).author.groups == ("50", "60")
    assert read().author.groups is None
    assert read(Place(Channel(platform="discord", workspace="@me", id="8"), "8")).author.groups == ()


def test_a_webhook_is_a_bot() -> None:
    assert read(webhook_id="3").author.bot


@pytest.mark.parametrize("type_", [1, 6, 7, 8, 18, 21, 24])
def test_notices_are_no_messages(type_: int) -> None:
    assert events.message(payload(type=type_)) is None


def test_a_message_without_a_type_we_know_of_but_with_words_is_read() -> None:
    assert read(type=20, content="x").text == "x"


def test_a_forward_in_a_reply_is_quoted_too() -> None:
    snapshot = {"message": {"content": "far away", "attachments": [{"id": "11", "filename": "far.png"}]}}
    incoming = read(type=19, content="<@1> and?", referenced_message=payload(id="5", message_snapshots=[snapshot]))
    assert [quote.text for quote in incoming.quotes] == ["", "far away"]
    assert incoming.quotes[1].attachments[0].reference == "8/5/11"


def test_a_reply_to_our_answer_quotes_its_words_but_not_its_files() -> None:
    answer = payload(
        id="5", author={"id": "1"}, content="42\n\n-# used", attachments=[{"id": "6", "filename": "answer.md"}]
    )
    [quote] = read(type=19, content="sure?", referenced_message=answer).quotes
    assert (quote.text, quote.attachments) == ("42", ())


def test_an_attachment_without_a_type_is_known_by_its_name() -> None:
    files = [{"id": "1", "filename": "a.pdf"}, {"id": "2"}, {"id": "3", "content_type": "text/plain; charset=utf-8"}]
    found = [(one.name, one.media_type) for one in read(attachments=files).attachments]
    assert found == [("a.pdf", "application/pdf"), ("2", "application/octet-stream"), ("3", "text/plain")]


def test_our_small_print_is_not_taken_for_words() -> None:
    incoming = read(author={"id": "1", "username": "us"}, content="42 €\n\n-# Reasoning: looked\n-# #1 a.png: used")
    assert (incoming.own, incoming.text) == (True, "42 €")


def test_a_message_in_a_thread_hangs_from_it() -> None:
    incoming = read(Place(HERE.channel, "5"))
    assert (incoming.thread.root, incoming.reply, incoming.sent_at) == ("5", True, datetime(2026, 5, 1, 10, tzinfo=UTC))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from([*Message.model_fields, *Interaction.model_fields])


@given(JSON)
def test_no_json_breaks_the_reading(garbage: Any) -> None:
    assert events.message(garbage) is None
    assert events.interaction(garbage) is None


@given(st.dictionaries(FIELDS, JSON, max_size=4))
def test_a_message_with_any_part_broken_is_read_or_left(broken: dict[str, Any]) -> None:
    message = events.message(payload() | broken)
    if message is not None:
        assert events.incoming(message, HERE, ME, lambda id_: None).message == message.id


@given(st.text(), st.lists(st.text(max_size=30), max_size=3))
def test_any_words_are_read(content: str, names: list[str]) -> None:
    embeds = [{"type": "rich", "title": name, "description": content, "image": {"proxy_url": name}} for name in names]
    files = [{"id": str(number), "filename": name} for number, name in enumerate(names)]
    incoming = read(content=content, embeds=embeds, attachments=files, referenced_message=payload(content=content))
    assert len(incoming.attachments) >= len(files)


@given(st.dictionaries(FIELDS, JSON, max_size=4), st.text(max_size=20))
def test_a_press_with_any_part_broken_is_read_or_left(broken: dict[str, Any], custom_id: str) -> None:
    whole = {"id": "3", "token": "t", "application_id": "4", "type": 3, "channel_id": "8", "guild_id": "7"}
    whole |= {"data": {"custom_id": custom_id}, "message": payload(), "member": {"user": {"id": "2"}}}
    interaction = events.interaction(whole | broken)
    action = events.action(interaction) if interaction is not None else None
    assert action is None or f"{action.name}:{action.value}".rstrip(":").startswith(action.name)
    assert interaction is None or "t'" not in repr(interaction.token)
