"""What people do on a fake platform, and what they see there: the same words for Slack and Discord."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

from tests.end_to_end.pictures import base64_png
from tests.fakes.server import Server


@dataclass(frozen=True)
class Question:
    """``text`` occurs in no other question and in its answer."""

    text: str
    message: str
    thread: str

    @property
    def told(self) -> str:
        """What the scripted engine makes of it."""
        return f"I was asked “{self.text}”"


class Platform(Protocol):
    name: str
    server: Server
    unfinished: str
    """What is in a post as long as it is not final."""

    @property
    def settings(self) -> dict[str, Any]:
        """Of its adapter."""

    async def ask(self, text: str, *, thread: str = "", picture: bool = False) -> Question: ...

    async def another(self, *, place: bool) -> "Platform":
        """As another person sees it, in another channel or in the same."""

    async def stop(self, question: Question) -> None:
        """Press the button, once there is something to read."""

    async def connected(self, replicas: int = 1) -> None:
        """Return once so many of ours hear what people say, or as many as a platform tells it to."""

    async def answered(self, question: Question, *, patience: float = 120.0) -> None:
        """Return once the question's answer stands there as it stays."""

    async def shown(self, question: Question) -> list[str]:
        """All that we say in the question's thread."""

    async def takes_replies(self, thread: str) -> bool:
        """Whether there is a thread already: on Discord we make it."""

    async def calls(self) -> list[str]:
        """The methods or paths that were called."""


class Slack:
    name = "slack"
    unfinished = "danger"

    def __init__(self, server: Server, info: dict[str, str], channel: str, user: str) -> None:
        self.server, self._info, self._channel, self._user = server, info, channel, user

    @classmethod
    async def open(cls, server: Server) -> "Slack":
        channel = (await server.control("add_channel"))["id"]
        user = (await server.control("add_user", name="Ada"))["id"]
        return cls(server, await server.control("info"), channel, user)

    @property
    def settings(self) -> dict[str, Any]:
        names = ("bot_token", "app_token", "signing_secret", "api_url")
        hosts = [self.server.url.removeprefix("http://")]
        return {name: self._info[name] for name in names} | {"file_hosts": hosts}

    async def ask(self, text: str, *, thread: str = "", picture: bool = False) -> Question:
        body: dict[str, Any] = {"channel": self._channel, "user": self._user}
        body["text"] = text if thread else f"<@{self._info['bot_user']}> {text}"
        if thread:
            body["thread_ts"] = thread
        if picture:
            file = await self.server.control("add_file", content=base64_png(), name=f"{text}.png")
            body["files"] = [file["id"]]
        message = (await self.server.control("say", **body))["ts"]
        return Question(text, message, thread or message)

    async def another(self, *, place: bool) -> "Slack":
        channel = (await self.server.control("add_channel"))["id"] if place else self._channel
        user = (await self.server.control("add_user", name="Ben"))["id"]
        return Slack(self.server, self._info, channel, user)

    async def connected(self, replicas: int = 1) -> None:
        await self.server.control("wait_connected", sockets=replicas, timeout_s=90)

    async def stop(self, question: Question) -> None:
        post = await self._post(question.thread, question.told, patience=120)
        await self.server.control("press", channel=self._channel, message=post, user=self._user, action="Stop")

    async def answered(self, question: Question, *, patience: float = 120.0) -> None:
        await self._post(question.thread, question.told, lacks=self.unfinished, patience=patience)

    async def _post(self, thread: str, contains: str, *, lacks: str = "", patience: float) -> str:
        body = {"channel": self._channel, "thread_ts": thread, "contains": contains, "lacks": lacks}
        return str((await self.server.control("wait_for", **body, timeout_s=patience))[0]["ts"])

    async def shown(self, question: Question) -> list[str]:
        place = {"channel": self._channel, "thread_ts": question.thread}
        stored = (await self.server.control("thread", **place))["messages"]
        return [str(one["blocks"]) for one in stored if one.get("user") == self._info["bot_user"]]

    async def takes_replies(self, thread: str) -> bool:
        return True

    async def calls(self) -> list[str]:
        return [one["method"] for one in await self.server.control("calls")]


class StreamingSlack(Slack):
    """Where answers grow."""

    @property
    def settings(self) -> dict[str, Any]:
        return super().settings | {"streaming": True}


class Discord:
    name = "discord"
    unfinished = "…"

    def __init__(self, server: Server, world: dict[str, str], channels: list[str]) -> None:
        """The channels are of as many guilds, each on a shard of its own."""
        self.server, self._world, self._channels = server, world, channels
        self._asked = 0

    @classmethod
    async def open(cls, server: Server, shards: int = 1) -> "Discord":
        world = await server.control("start", shards=shards)
        channels = [world["channel"]]
        for shard in range(1, shards):
            guild = (await server.control("add_guild", name=f"Guild {shard}", shard=shard))["guild"]
            channels.append(await server.control("add_channel", guild=guild, name="general"))
        return cls(server, world, channels)

    @property
    def settings(self) -> dict[str, Any]:
        named = {name: self._world[name] for name in ("token", "api_url", "gateway_url")}
        return named | {"file_hosts": [self._world["file_host"]]}

    async def ask(self, text: str, *, thread: str = "", picture: bool = False) -> Question:
        files = [await self.server.control("add_file", name=f"{text}.png", content=base64_png())] if picture else []
        said = text if thread else f"<@{self._world['bot']}> {text}"
        self._asked += 1
        channel = thread or self._channels[self._asked % len(self._channels)]
        body = {"channel": channel, "user": self._world["user"], "text": said}
        message = await self.server.control("say", **body, files=files)
        return Question(text, message, thread or message)

    async def another(self, *, place: bool) -> "Discord":
        new = {"user": await self.server.control("add_user", name="Ben")}
        if place:
            channel = await self.server.control("add_channel", guild=self._world["guild"], name="another")
        else:
            channel = self._channels[0]
        return Discord(self.server, self._world | new, [channel])

    async def connected(self, replicas: int = 1) -> None:
        await self.server.control("until_connected", sockets=len(self._channels), patience=90)

    async def stop(self, question: Question) -> None:
        body = {"channel": question.thread, "contains": question.told}
        said = await self.server.control("until_said", **body, patience=120)
        await self.server.control("press", message=said[0]["id"], label="Stop", user=self._world["user"])

    async def answered(self, question: Question, *, patience: float = 120.0) -> None:
        body = {"channel": question.thread, "contains": question.told, "without": self.unfinished}
        await self.server.control("until_said", **body, patience=patience)

    async def shown(self, question: Question) -> list[str]:
        if not await self.takes_replies(question.thread):
            return []
        stored = await self.server.control("messages", channel=question.thread)
        return [one["content"] + "".join(one["buttons"]) for one in stored if one["own"]]

    async def takes_replies(self, thread: str) -> bool:
        found = [await self.server.control("threads", channel=channel) for channel in self._channels]
        return thread in [one["id"] for some in found for one in some]

    async def calls(self) -> list[str]:
        return [one["path"] for one in await self.server.control("requests")]


def faults(questions: list[Question], shown: dict[str, list[str]], unfinished: str, *, stopped: str = "") -> list[str]:
    """What is wrong in the threads at the end, in words; ``shown`` is by thread, and ``unfinished`` in what is not
    final. ``stopped`` is in the questions whose answers somebody stopped."""
    found = []
    asked = Counter(question.thread for question in questions)
    for question in questions:
        answers = [text for text in shown[question.thread] if f"“{question.text}”" in text]
        if len(answers) != 1:
            found.append(f"{question.text}: {len(answers)} answers")
        wrong = [_wrong(text, question, unfinished, stopped) for text in answers]
        found += [f"{question.text}: {what}" for what in wrong if what]
    for thread, count in asked.items():
        if len(shown[thread]) != count:
            found.append(f"thread {thread}: {len(shown[thread])} posts for {count} questions: {shown[thread]}")
    return found


def _wrong(text: str, question: Question, unfinished: str, stopped: str) -> str:
    """With the one answer that there is; empty if nothing is."""
    if unfinished in text:
        return f"not final: {text}"
    _, *said = text.split(question.told)
    if len(said) != 1:
        return f"said {len(said)} times in one post: {text}"
    if "Stopped." in said[0]:
        return "" if stopped and stopped in question.text else f"stopped by nobody: {text}"
    return "" if " about " in said[0] else f"broken off: {text}"
