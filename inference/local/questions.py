"""Requests as the model thread takes them. Slow: not for an event loop."""

from collections.abc import Sequence
from typing import Any

from inference.errors import BadInput, Failed
from inference.local.grammar import Grammars
from inference.local.ledger import translated
from inference.local.prompt import Picture, Prompt, Prompts, pixel_inputs
from inference.local.row import Question
from inference.local.step_vl import Layout, fit, plan
from inference.types import Image, Request

TOO_LONG = (
    "This conversation is too long for me: it takes {needed} tokens and there is room for {room}. "
    "Please ask in a new thread, or with less text."
)
LESS_DETAIL = "So that all of it fits, I looked at {pages} in less detail than I could."
UNREADABLE = "One of the pages could not be read as a picture. Please send it again."


class Questions:
    """``room`` is how many tokens a prompt may have."""

    def __init__(self, prompts: Prompts, room: int, grammars: Grammars) -> None:
        self._prompts = prompts
        self._grammars = grammars
        self._room = room

    def build(self, request: Request, asked: float) -> Question:
        """BadInput if it does not fit. Where many pages would not, they are shown in less detail."""
        prompt = self._prompt(request)
        return Question(
            prompt=prompt,
            sampling=request.sampling,
            asked=asked,
            deadline=request.deadline,
            lane=request.lane,
            thread=request.thread,
            group=request.group,
            notes=_notes(prompt),
            hold=self._grammars.hold(request.form.schema) if request.form else None,
        )

    def _prompt(self, request: Request) -> Prompt:
        prompt = self._built(request, [plan(image.width, image.height) for image in request.images])
        text = len(prompt.ids) - prompt.image_tokens
        if len(prompt.ids) > self._room and text < self._room:
            prompt = self._built(request, fit([_size(image) for image in request.images], self._room - text))
        if len(prompt.ids) > self._room:
            raise BadInput(TOO_LONG.format(needed=len(prompt.ids), room=self._room))
        return prompt

    def _built(self, request: Request, layouts: Sequence[Layout]) -> Prompt:
        return self._prompts.build(request.turns, layouts, thinking=request.mode != "quick")


def make_pixels(picture: Picture) -> dict[str, Any]:
    """As the model's ``get_image_features`` takes them. Failed if the picture is none, or OutOfMemory."""
    try:
        with translated("encode"):
            return pixel_inputs([picture])
    except (OSError, ValueError, SyntaxError) as error:
        raise Failed(UNREADABLE) from error


def _notes(prompt: Prompt) -> tuple[str, ...]:
    reduced = sum(picture.layout.crops < picture.layout.wanted for picture in prompt.pictures)
    if not reduced:
        return ()
    return (LESS_DETAIL.format(pages="one page" if reduced == 1 else f"{reduced} pages"),)


def _size(image: Image) -> tuple[int, int]:
    return image.width, image.height
