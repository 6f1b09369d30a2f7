"""The chunks of a streamed chat completion become the events of an answer
(platform.openai.com/docs/api-reference/chat-streaming)."""

import codecs
import json
from collections.abc import Iterator
from typing import Any

from inference.errors import Failed
from inference.remote.thinking import CLOSE, Splitter
from inference.types import Done, Finish, Text, Thought, Usage

END = "[DONE]"

BROKE_OFF = "The connection to the model server broke off. Please ask again."
FAILED = "The model server failed in the middle of the answer. Please ask again."
NONSENSE = "The model server sent something that is no answer. Please ask again; an admin finds the reason in its log."

FINISHES = {"length": Finish.LENGTH, "content_filter": Finish.REFUSED, "abort": Finish.STOPPED}
"""Of those that are not ``stop``; vLLM and SGLang say ``abort`` when an admin stops a request."""


class Halves:
    """Joins the halves of surrogate pairs, which servers that count in UTF-16 cut apart; what stays half is replaced,
    since nothing can encode it."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-16-le")("replace")

    def feed(self, text: str, *, last: bool = False) -> str:
        return self._decoder.decode(text.encode("utf-16-le", "surrogatepass"), last)


class Answer:
    """One answer as far as it has come. ``skipped`` says that the model was kept from thinking by a closing tag in its
    mouth; else it begins with that."""

    def __init__(self, *, skipped: bool) -> None:
        self._splitter = Splitter(thinking=not skipped)
        self._content, self._reasoning = Halves(), Halves()
        self._skipped = skipped
        self._finish: str | None = None
        self._usage: Any = None
        self._thoughts: list[str] = []
        self._text_length = 0
        self._told_apart = False
        """The server has told thinking and answer apart."""
        self.ended = False
        """Done is out."""
        self.thought_anyway = False
        """A closing tag shows that the model was not to be kept from thinking."""

    def take(self, data: str) -> Iterator[Thought | Text | Done]:
        """The events in one chunk, to the end if it is the last. Failed if it is an error, or no chunk at all."""
        if self.ended:
            return
        if data.strip() == END:
            self._finish = self._finish or "stop"
            yield from self.end()
            return
        chunk = _parse(data)
        if _at(chunk, "error") is not None:
            raise Failed(FAILED)
        self._usage = _at(chunk, "usage") or self._usage
        self._finish = _at(chunk, "choices", 0, "finish_reason") or self._finish
        yield from self._noted(self._read(_at(chunk, "choices", 0, "delta")))

    def end(self) -> Iterator[Thought | Text | Done]:
        """The rest, and Done. Failed if the stream ended before the answer did."""
        self.ended = True
        if self._finish is None:
            raise Failed(BROKE_OFF)
        yield from self._noted(self._splitter.feed(self._content.feed("", last=True)))
        yield from self._noted(self._splitter.flush())
        finish = FINISHES.get(str(self._finish), Finish.COMPLETE)
        if finish is Finish.COMPLETE and self._thoughts and not self._text_length:
            yield from self._after_all()
        yield self.done(finish)

    def done(self, finish: Finish) -> Done:
        return Done(finish=finish, usage=self._counted())

    def _after_all(self) -> Iterator[Text]:
        """What was taken for thinking is the answer if nothing told the two apart, or if the model was to skip it and
        the server, waiting for a closing tag, did not notice."""
        if self._skipped or not self._told_apart:
            yield Text(text="".join(self._thoughts))
            self._text_length, self._thoughts = sum(map(len, self._thoughts)), []

    def _read(self, delta: Any) -> Iterator[Thought | Text]:
        # vLLM renamed the field: docs.vllm.ai/en/v0.11.2/features/reasoning_outputs
        thought = _at(delta, "reasoning_content") or _at(delta, "reasoning")
        if isinstance(thought, str) and thought:
            self._told_apart = True
            self._splitter.answer()
            if whole := self._reasoning.feed(thought):
                yield Thought(text=whole)
        content = _at(delta, "content")
        if isinstance(content, str) and content:
            yield from self._splitter.feed(self._content.feed(content))

    def _noted(self, events: Iterator[Thought | Text]) -> Iterator[Thought | Text]:
        for event in events:
            if isinstance(event, Thought):
                self._thoughts.append(event.text)
            else:
                self._text_length += len(event.text)
                self.thought_anyway |= self._skipped and CLOSE in event.text
            yield event

    def _counted(self) -> Usage:
        """What the server counted. Where it does not tell the thinking's tokens from the answer's, by their length."""
        output = _number(self._usage, "completion_tokens")
        details = _number(self._usage, "completion_tokens_details", "reasoning_tokens")
        thought = sum(map(len, self._thoughts))
        share = thought / (thought + self._text_length) if thought else 0.0
        reasoning = min(output, details or _number(self._usage, "reasoning_tokens") or round(output * share))
        return Usage(
            prompt_tokens=_number(self._usage, "prompt_tokens"),
            image_tokens=_number(self._usage, "prompt_tokens_details", "image_tokens"),
            cached_tokens=_number(self._usage, "prompt_tokens_details", "cached_tokens"),
            reasoning_tokens=reasoning,
            answer_tokens=output - reasoning,
        )


def _parse(data: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Failed(NONSENSE) from error


def _at(value: Any, *path: str | int) -> Any:
    """What stands at the path, or None: servers differ in what they leave out."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _number(value: Any, *path: str | int) -> int:
    found = _at(value, *path)
    return found if isinstance(found, int) and found >= 0 else 0
