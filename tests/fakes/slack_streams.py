"""Messages that grow in the fake Slack: chat.startStream, chat.appendStream, chat.stopStream.

Arguments and errors as on docs.slack.dev/reference/methods/METHOD; chunks as on chat.appendStream's page.
"""

from typing import Any

from tests.fakes.slack_limits import check_message, check_metadata, loud
from tests.fakes.slack_world import BOT, BOT_USER, TEAM, Channel, Json, Refused, World

# docs.slack.dev/reference/methods/chat.appendStream: "Limit this field to 12,000 characters"
TEXT = 12_000
# github.com/microsoft/Agents-for-js, TaskUpdateChunk: texts of a task have at most 256 characters
TITLE = 256
# github.com/slackapi/node-slack-sdk/issues/2702: closed after about five minutes however much is appended
LIFE_S = 300.0


class Streams:
    """A message under way has ``streaming_state: in_progress`` where it is read back, and a task's id as it was given
    (docs.slack.dev/reference/block-kit/blocks/task-card-block)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: list[Json] = []
        self.names_tasks = True
        """Whether what is read back has the ids of tasks."""

    async def start(self, channel: Channel, arguments: Json) -> Json:
        root = str(arguments.get("thread_ts") or "")
        if not root:
            raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field"]})
        self._check_recipient(channel, arguments)
        if root not in channel.messages:
            raise Refused("thread_not_found")
        message: Json = {"user": BOT_USER, "bot_id": BOT, "thread_ts": root, "streaming_state": "in_progress"}
        message |= {"_chunks": [], "_loud": [], "_since": self._world.clock.now()}
        message["_unfurls"] = arguments.get("unfurl_links") is not False
        self._grow(message, arguments)
        message = await self._world.put(channel, message)
        self._open.append(message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _check_recipient(self, channel: Channel, arguments: Json) -> None:
        """Needed outside of direct messages (chat.startStream, arguments)."""
        if channel.kind == "im":
            return
        for name in ("recipient_team_id", "recipient_user_id"):
            if not arguments.get(name):
                raise Refused(f"missing_{name}")
        if arguments["recipient_team_id"] != TEAM or arguments["recipient_user_id"] not in self._world.users:
            raise Refused("user_not_found")

    async def append(self, channel: Channel, arguments: Json) -> Json:
        message = self._under_way(channel, arguments)
        if not arguments.get("chunks") and not arguments.get("markdown_text"):
            raise Refused("markdown_text_or_chunks_required")
        self._grow(message, arguments)
        self._world.remember(message)
        await self._world.changed()
        return {"channel": channel.id, "ts": message["ts"]}

    async def stop(self, channel: Channel, arguments: Json) -> Json:
        message = self._under_way(channel, arguments)
        check_metadata(arguments.get("metadata"))
        self._grow(message, arguments)
        if arguments.get("metadata"):
            message["metadata"] = arguments["metadata"]
        self._close(message)
        self._world.remember(message)
        await self._world.changed()
        return {"channel": channel.id, "ts": message["ts"]}

    def expire(self, life: float = LIFE_S) -> None:
        """Close what is too old."""
        for message in list(self._open):
            if self._world.clock.now() > message["_since"] + life:
                self._close(message)

    def _close(self, message: Json) -> None:
        self._open.remove(message)
        message["streaming_state"] = "completed"

    def _under_way(self, channel: Channel, arguments: Json) -> Json:
        message = self._world.message(channel.id, arguments.get("ts"))
        if message.get("bot_id") != BOT:
            raise Refused("message_not_owned_by_app")
        if message.get("streaming_state") != "in_progress":
            raise Refused("message_not_in_streaming_state")
        return message

    def _grow(self, message: Json, arguments: Json) -> None:
        chunks: list[Json] = arguments.get("chunks") or []
        if arguments.get("markdown_text"):
            if chunks:
                raise Refused("cannot_provide_both_markdown_text_and_chunks")
            chunks = [{"type": "markdown_text", "text": arguments["markdown_text"]}]
        for chunk in chunks:
            _check(chunk)
        for chunk in chunks:
            if chunk["type"] == "markdown_text":
                # What is appended may be read on its own as well as with the rest.
                message["_loud"] = sorted({*message["_loud"], *loud({"text": chunk["text"]})})
            message["_chunks"].append(chunk)
        message["blocks"] = self._blocks(message["_chunks"])
        message["text"] = "\n".join(filter(None, map(_words, message["blocks"])))
        message["_loud"] = sorted({*message["_loud"], *loud(message)})

    def _blocks(self, chunks: list[Json]) -> list[Json]:
        """A task stands where it first came; text goes on where text ended."""
        blocks: list[Json] = []
        cards: dict[str, Json] = {}
        for chunk in chunks:
            if chunk["type"] == "blocks":
                blocks += chunk["blocks"]
            elif chunk["type"] == "task_update":
                if chunk["id"] not in cards:
                    named = {"task_id": chunk["id"]} if self.names_tasks else {}
                    blocks.append(cards.setdefault(chunk["id"], {"type": "task_card"} | named))
                cards[chunk["id"]] |= {"title": chunk["title"], "status": chunk["status"]}
            elif blocks and blocks[-1]["type"] == "markdown":
                blocks[-1] = {"type": "markdown", "text": blocks[-1]["text"] + chunk["text"]}
            else:
                blocks.append({"type": "markdown", "text": chunk["text"]})
        return blocks


def _words(block: Json) -> str:
    return str(block.get("text") or block.get("title") or "") if block["type"] in ("markdown", "task_card") else ""


def _check(chunk: Any) -> None:
    match chunk:
        case {"type": "markdown_text", "text": str(text)} if 0 < len(text) <= TEXT:
            return
        case {"type": "task_update", "id": str(), "title": str(title), "status": status}:
            if 0 < len(title) <= TITLE and status in ("pending", "in_progress", "complete", "error"):
                return
        case {"type": "blocks", "blocks": list(blocks)} if blocks:
            check_message({"blocks": blocks}, update=False)
            return
    raise Refused("invalid_chunks")
