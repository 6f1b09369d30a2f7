from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import (
    Action,
    Attachment,
    Author,
    Channel,
    Edited,
    FileDeleted,
    Incoming,
    MessagesDeleted,
    PlaceDeleted,
    Quote,
    Thread,
    Workspace,
)
from adapters.slack.events import Me, message, moment, read

ME = Me(user="UBOT", bot="BBOT", workspace="T1")
NAMES = {"U1": "anna", "U2": "ben"}
CHANNEL = Channel(platform="slack", workspace="T1", id="C1")
PNG: dict[str, Any] = {
    "id": "F1",
    "name": "bill.png",
    "mimetype": "image/png",
    "size": 12,
    "mode": "hosted",
    "file_access": "visible",
    "url_private": "https://files.slack.com/files-pri/T1-F1/bill.png",
    "url_private_download": "https://files.slack.com/files-pri/T1-F1/download/bill.png",
}


def said(text: str = "hi", **fields: Any) -> dict[str, Any]:
    return {"type": "message", "channel": "C1", "user": "U1", "ts": "1700000000.000100", "text": text} | fields


def heard(event: dict[str, Any], **envelope: Any) -> Incoming:
    incoming = read({"type": "event_callback", "team_id": "T1", "event": event} | envelope, ME, NAMES)
    assert isinstance(incoming, Incoming)
    return incoming


def test_a_mention_with_a_file() -> None:
    incoming = heard(said("<@UBOT> what is *this*?", subtype="file_share", files=[PNG]))
    assert incoming == Incoming(
        thread=Thread(channel=CHANNEL, root="1700000000.000100"),
        message="1700000000.000100",
        author=Author(id="U1", name="anna"),
        text="what is **this**?",
        sent_at=datetime(2023, 11, 14, 22, 13, 20, 100, UTC),
        attachments=(
            Attachment(
                id="F1",
                name="bill.png",
                media_type="image/png",
                size=12,
                reference="F1 https://files.slack.com/files-pri/T1-F1/download/bill.png",
            ),
        ),
        mentioned=True,
    )


def test_the_twins_of_a_mention_are_one_message() -> None:
    text = "<@UBOT> what is this?"
    assert heard(said(text, files=[PNG])) == heard(said(text, type="app_mention", files=[PNG]))


def test_the_workspace_is_the_envelope_s() -> None:
    """https://github.com/slackapi/slack-api-specs/issues/62: file_share messages have no team; Connect, another's."""
    assert heard(said(team="TELSEWHERE")).thread.channel.workspace == "T1"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("<@UBOT>: hello", "hello"),
        ("<@UBOT> <@UBOT>, hello", "hello"),
        ("well <@UBOT|bot> hello", "well hello"),
        ("<@UBOT>", ""),
        ("<@UBOTX> hello", "@UBOTX hello"),
    ],
)
def test_our_mention_is_left_out(text: str, rest: str) -> None:
    assert heard(said(text)).text == rest


def test_replies_and_roots() -> None:
    reply = heard(said(thread_ts="1600000000.000100"))
    assert (reply.thread.root, reply.reply) == ("1600000000.000100", True)
    root = heard(said(thread_ts="1700000000.000100"))
    assert (root.thread.root, root.reply) == ("1700000000.000100", False)


def test_a_direct_message_opens_its_thread() -> None:
    incoming = heard(said(channel="D1", channel_type="im"))
    assert incoming.direct
    assert incoming.thread.root == incoming.message


@pytest.mark.parametrize(
    ("text", "to_others"),
    [("<@U2> look", True), ("<!subteam^S1> look", True), ("<@UBOT> look", False), ("look <@U2>", False)],
)
def test_who_is_addressed(text: str, to_others: bool) -> None:
    assert heard(said(text)).to_others is to_others


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_subtypes_that_say_something(subtype: str) -> None:
    assert heard(said(subtype=subtype)).text == "hi"


@pytest.mark.parametrize(
    "event",
    [
        said(subtype="message_changed", message=said()),
        said(subtype="message_deleted"),
        said(subtype="channel_join"),
        said(subtype="tombstone"),
        said(hidden=True),
        said(user="UBOT"),
        said(bot_id="BBOT", user=None),
        said(ts="yesterday"),
        said(user=""),
        said(channel=""),
        {"type": "app_home_opened", "user": "U1", "tab": "messages"},
        {"type": "reaction_added", "user": "U1"},
    ],
)
def test_what_is_not_for_us(event: dict[str, Any]) -> None:
    assert read({"team_id": "T1", "event": event}, ME, NAMES) is None


def test_other_bots_are_bots() -> None:
    event = said("", user=None, subtype="bot_message", bot_id="B2", username="Alerts", blocks=[section("disk *full*")])
    incoming = heard(event)
    assert incoming.author == Author(id="B2", name="Alerts", bot=True)
    assert incoming.text == "disk **full**"


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_blocks_tell_what_the_text_leaves_out() -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Alert"}}, section("disk full")]
    assert heard(said("Alert", blocks=blocks)).text == "Alert\ndisk full"
    assert heard(said("Something else", blocks=blocks)).text == "Something else\nAlert\ndisk full"


def test_rich_text_repeats_the_text() -> None:
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}]
    assert heard(said("as *typed*", blocks=blocks)).text == "as **typed**"


def test_rich_text_alone_is_read() -> None:
    inline = [
        {"type": "text", "text": "see "},
        {"type": "link", "url": "https://a.example", "text": "this"},
        {"type": "text", "text": " "},
        {"type": "user", "user_id": "U2"},
        {"type": "emoji", "name": "wave"},
    ]
    cells = [{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]
    blocks = [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inline}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Approve"}}]},
        {"type": "table", "rows": [cells]},
    ]
    assert heard(said("", blocks=blocks)).text == "see [this](https://a.example) @ben:wave:\nab"


def test_a_forwarded_message_is_a_quote() -> None:
    shared = {"is_share": True, "author_name": "Ben", "text": "the *bill*", "files": [PNG], "ts": "1.1"}
    (quote,) = heard(said(attachments=[shared])).quotes
    assert (quote.author, quote.text, quote.attachments[0].id) == ("Ben", "the **bill**", "F1")


def test_an_alert_s_attachment_is_a_quote() -> None:
    alert = {
        "service_name": "Monitor",
        "title": "CPU",
        "text": "high",
        "fields": [{"title": "Host", "value": "db1"}],
        "fallback": "CPU high",
        "image_url": "https://charts.example/cpu.png",
    }
    assert heard(said(attachments=[alert])).quotes == (
        Quote(author="Monitor", text="CPU\nhigh\nHost: db1\nPicture: https://charts.example/cpu.png"),
    )


def test_a_quote_falls_back() -> None:
    blocks = {"blocks": [section("in blocks")], "fallback": "[no preview available]"}
    shared = {"message_blocks": [{"message": {"blocks": [section("in a message")]}}]}
    texts = [quote.text for quote in heard(said(attachments=[blocks, shared, {"fallback": "last"}, {}])).quotes]
    assert texts == ["in blocks", "in a message", "last"]


def test_slack_s_own_pictures_in_quotes_and_blocks_are_attachments() -> None:
    linked = {"image_url": "https://files.slack.com/files-tmb/T1-F2/a.png"}
    block = {"type": "image", "alt_text": "chart", "slack_file": {"id": "F3"}}
    incoming = heard(said(attachments=[linked], blocks=[block], files=[PNG]))
    assert [one.id for one in incoming.attachments] == ["F1", "F3"]
    assert incoming.quotes[0].attachments[0].reference == linked["image_url"]


@pytest.mark.parametrize(
    "file",
    [
        {"id": "F1", "file_access": "check_file_info"},
        {"id": "F1", "mode": "tombstone"},
        {"id": "F1", "mode": "hidden_by_limit", "name": "old.png"},
        PNG | {"is_external": True, "url_private": "https://drive.example/x"},
    ],
)
def test_withheld_files_are_still_attachments(file: dict[str, Any]) -> None:
    (attachment,) = heard(said(files=[file])).attachments
    assert attachment.reference == "F1"


def test_history_keeps_our_own_messages() -> None:
    own = said("*Answer* &amp; more", user="UBOT", bot_id="BBOT", blocks=[section("not this")])
    incoming = message(own, CHANNEL, ME, NAMES)
    assert incoming is not None
    assert (incoming.own, incoming.author.bot, incoming.text) == (True, True, "**Answer** & more")


PRESS: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1", "username": "anna"},
    "team": {"id": "T1"},
    "channel": {"id": "C1"},
    "container": {"message_ts": "1700000001.000100", "channel_id": "C1", "thread_ts": "1700000000.000100"},
    "message": {"ts": "1700000001.000100"},
    "actions": [{"type": "button", "action_id": "stop:0", "value": "17"}],
}


def test_a_pressed_button() -> None:
    assert read(PRESS, ME, NAMES) == Action(
        thread=Thread(channel=CHANNEL, root="1700000000.000100"),
        message="1700000001.000100",
        author=Author(id="U1", name="anna"),
        name="stop",
        value="17",
    )


@pytest.mark.parametrize("actions", [[], [{"type": "static_select", "action_id": "a:0"}], [{"type": "button"}], None])
def test_other_controls_are_none_of_ours(actions: object) -> None:
    assert read(PRESS | {"actions": actions}, ME, NAMES) is None


def test_moments() -> None:
    assert moment("0.000000") == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment(17) is None


WORDS = """type id name title text user bot_id ts thread_ts files blocks attachments elements fields rows url image_url
slack_file message_blocks message mode size mimetype file_access fallback team container actions value"""
KEYS = st.sampled_from(WORDS.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(KEYS, children, max_size=6),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_read(payload: object) -> None:
    read(payload, ME, NAMES)


@given(st.dictionaries(KEYS, JSON, max_size=8), st.sampled_from(["message", "app_mention"]))
def test_any_message_is_read(fields: dict[str, Any], kind: str) -> None:
    event = said() | fields | {"type": kind, "ts": "1700000000.000100", "user": "U1"}
    read({"team_id": "T1", "event": event}, ME, NAMES)


@given(st.dictionaries(KEYS, JSON, max_size=8))
def test_any_press_is_read(fields: dict[str, Any]) -> None:
    read(PRESS | fields | {"type": "block_actions"}, ME, NAMES)


def test_blocks_nested_without_end_are_read() -> None:
    block: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": "deep"}}
    for _ in range(500):
        block = {"type": "container", "child_blocks": [block]}
    assert heard(said(blocks=[block])).text == "hi"


def altered(subtype: str, **fields: Any) -> object:
    event = {"type": "message", "subtype": subtype, "hidden": True, "channel": "C1", "ts": "1700000009.000100"}
    return read({"type": "event_callback", "team_id": "T1", "event": event | fields}, ME, NAMES)


def test_a_deleted_message() -> None:
    gone = altered("message_deleted", deleted_ts="1700000000.000100", previous_message=said())
    assert gone == MessagesDeleted(channel=CHANNEL, messages=("1700000000.000100",))


def test_a_tombstone_is_a_deleted_message() -> None:
    """Where replies hang from it, Slack tells of a change."""
    tombstone = said("This message was deleted.", subtype="tombstone", user="USLACKBOT")
    gone = altered("message_changed", message=tombstone, previous_message=said())
    assert gone == MessagesDeleted(channel=CHANNEL, messages=("1700000000.000100",))


def test_an_edit_is_one_only_if_somebody_edited() -> None:
    edited = said("<@UBOT> why?", edited={"user": "U1", "ts": "1700000009.000100"})
    event = altered("message_changed", message=edited, previous_message=said("<@UBOT> what?"))
    assert isinstance(event, Edited)
    assert (event.incoming.message, event.incoming.text) == ("1700000000.000100", "why?")
    unfurled = said("see https://example.com", attachments=[{"title": "A page"}])
    assert altered("message_changed", message=unfurled, previous_message=said("see https://example.com")) is None
    again = edited | {"attachments": [{"title": "A page"}]}
    assert altered("message_changed", message=again, previous_message=edited) is None, "unfurled after an edit"
    ours = said("our answer", user="UBOT", bot_id="BBOT", edited={"user": "UBOT", "ts": "1700000009.000100"})
    assert altered("message_changed", message=ours) is None


def test_a_deleted_file() -> None:
    event = {"type": "file_deleted", "file_id": "F1", "event_ts": "1700000009.000100"}
    gone = read({"type": "event_callback", "team_id": "T1", "event": event}, ME, NAMES)
    assert gone == FileDeleted(workspace=Workspace(platform="slack", id="T1"), attachment="F1")


def test_half_a_character_is_none_that_anybody_has_to_write_down() -> None:
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "half \ud83d"}}
    incoming = heard(
        said("what \ud83d is\0 this?", user="U9", user_profile={"name": "\udc00"}, files=[PNG | {"name": "\ud83d.png"}])
    )
    assert (incoming.text, incoming.author.name, incoming.attachments[0].name) == (
        "what \ufffd is this?",
        "\ufffd",
        "\ufffd.png",
    )
    incoming = heard(said("see", blocks=[words], attachments=[{"text": "half \ud83d"}]))
    assert (incoming.text, incoming.quotes) == ("see\nhalf \ufffd", (Quote(author="", text="half \ufffd"),))


@pytest.mark.parametrize("kind", ["channel_deleted", "group_deleted"])
def test_a_deleted_channel(kind: str) -> None:
    event = {"type": kind, "channel": "C1", "event_ts": "1700000009.000100"}
    gone = read({"type": "event_callback", "team_id": "T1", "event": event}, ME, NAMES)
    assert gone == PlaceDeleted(place=CHANNEL)
    assert read({"type": "event_callback", "event": {"type": kind}}, ME, NAMES) is None
