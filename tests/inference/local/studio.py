"""A runner to play with: the golden checkpoint, pictures made at once, and time that passes by the step."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import PIL.Image
import torch

from inference.errors import EngineError
from inference.local.building import terms_of
from inference.local.grammar import Grammars
from inference.local.ledger import Ledger
from inference.local.options import Options
from inference.local.prompt import Picture, Prompts
from inference.local.questions import Questions, make_pixels
from inference.local.row import Question
from inference.local.runner import Runner
from inference.types import Done, Event, Finish, Image, Request, Text, Thought, Turn
from tests.inference.local.conftest import Golden

GREEDY = 0.0


class Clock:
    """Stands still unless told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Heard:
    """All that came of one answer."""

    events: list[Event] = field(default_factory=list)
    error: EngineError | None = None

    @property
    def done(self) -> Done:
        last = self.events[-1]
        assert isinstance(last, Done)
        assert not any(isinstance(event, Done) for event in self.events[:-1])
        return last

    @property
    def finish(self) -> Finish:
        return self.done.finish

    @property
    def ended(self) -> bool:
        return self.error is not None or any(isinstance(event, Done) for event in self.events)

    @property
    def thought(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Thought))

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Text))


class Studio:
    """Drives a runner step by step; ``step_s`` seconds pass with each."""

    def __init__(
        self,
        golden: Golden,
        options: Options | None = None,
        *,
        ledger: Ledger | None = None,
        step_s: float = 0.0,
        pixels: Callable[[Picture], "Future[dict[str, Any]]"] | None = None,
    ) -> None:
        options = options or Options(step_tokens=256)
        terms = terms_of(golden.model, golden.processor.tokenizer, options, longest=65_536)
        self.clock = Clock()
        self.step_s = step_s
        self.ledger = ledger or Ledger(2**30)
        self.model = golden.model
        self.terms = terms
        grammars = Grammars(golden.processor.tokenizer, terms.vocabulary.eos)
        self.questions = Questions(Prompts(golden.processor), terms.context - terms.reserve_tokens, grammars)
        self.runner = Runner(golden.model, terms, self.ledger, pixels or at_once, clock=self.clock)
        self.heard: dict[int, Heard] = {}
        self.steps = 0

    def question(self, request: Request) -> Question:
        return self.questions.build(request, self.clock())

    def join(self, request: Request) -> int:
        number = len(self.heard)
        self.heard[number] = Heard()
        self.runner.join(number, self.question(request))
        return number

    def step(self) -> None:
        self.clock.now += self.step_s
        self.steps += 1
        for number, report in self.runner.step():
            if isinstance(report, EngineError):
                self.heard[number].error = report
            else:
                self.heard[number].events.append(report)

    def finish(self) -> None:
        """Until all rows have ended."""
        while self.runner.holdings.rows:
            self.step()

    def ask(self, request: Request) -> Heard:
        number = self.join(request)
        self.finish()
        return self.heard[number]

    def empty(self) -> None:
        """Give up all that is kept."""
        while self.ledger.reclaim():
            pass


def at_once(picture: Picture) -> "Future[dict[str, Any]]":
    future: Future[dict[str, Any]] = Future()
    try:
        future.set_result(make_pixels(picture))
    except EngineError as error:
        future.set_exception(error)
    return future


def picture(number: int, size: tuple[int, int] = (40, 30)) -> Image:
    """Different ones by number, all of them small."""
    generator = torch.Generator().manual_seed(number)
    values = torch.randint(256, (size[1], size[0], 3), generator=generator, dtype=torch.uint8)
    return page(PIL.Image.fromarray(values.numpy()))


def page(image: PIL.Image.Image) -> Image:
    content = BytesIO()
    image.convert("RGB").save(content, "PNG")
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    return Image(sha256=digest, content=content.getvalue(), width=image.width, height=image.height)


def said(text: str, *images: Image) -> Turn:
    return Turn(role="user", text=text, images=images)


def answered(text: str) -> Turn:
    return Turn(role="assistant", text=text)


class Logits:
    """What the model puts out for a row that is alone, and behind which tokens, by hooks."""

    def __init__(self, golden: Golden) -> None:
        self.seen: list[torch.Tensor] = []
        self.places: list[int] = []
        self._last = 0
        self._hooks = [
            golden.model.model.register_forward_pre_hook(self._read, with_kwargs=True),
            golden.model.lm_head.register_forward_hook(self._said),
        ]

    def __enter__(self) -> "Logits":
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _read(self, module: object, inputs: object, settings: dict[str, Any]) -> None:
        self._last = int(settings["position_ids"][0, -1])

    def _said(self, module: object, inputs: object, logits: torch.Tensor) -> None:
        self.seen.append(logits)
        self.places.append(self._last)
