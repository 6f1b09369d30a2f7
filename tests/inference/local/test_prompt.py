"""Prompts for chat templates of several habits."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import Dead
from inference.local.prompt import Prompt, Prompts, pixel_inputs
from inference.local.step_vl import StepVLProcessor, plan
from inference.types import Image, Turn
from tests.inference.local.cases import CHECKPOINT, case
from tests.inference.local.conftest import Golden

BODY = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.content is string %}{{ ANSWER }}"
    "{% else %}{% for c in m.content %}{{ '<im_patch>' if c.type == 'image' else c.text }}{% endfor %}{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n OPENING {% endif %}"
)
WHOLE, LAST = "m.content", "m.content.split('</think>')[-1]"


def template(answer: str = WHOLE, opening: str = "") -> str:
    return BODY.replace("ANSWER", answer).replace(" OPENING ", opening)


def with_template(written: str | None) -> StepVLProcessor:
    processor = StepVLProcessor.from_pretrained(CHECKPOINT)
    processor.chat_template = written
    return processor


def picture(width: int = 300, height: int = 200, **more: str) -> Image:
    content = BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(content, "PNG")
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    return Image(sha256=digest, content=content.getvalue(), width=width, height=height, **more)


def text_of(processor: StepVLProcessor, prompt: Prompt) -> str:
    ids = list(prompt.ids)
    for shown in reversed(prompt.pictures):
        ids[shown.start : shown.stop] = [processor.markers.placeholder]
    return processor.tokenizer.decode(ids)


@pytest.mark.parametrize(
    ("written", "starts", "ends", "keeps"),
    [
        (template(WHOLE, "<think>\n"), True, False, True),
        (template(LAST, "<think>\n"), True, False, False),
        (template(LAST), False, False, False),
        (template(WHOLE, "<think>\n\n</think>\n\n"), False, True, True),
        ("Open with <think>.\n" + template(LAST), False, False, False),
    ],
)
def test_habits_of_templates_are_found_out(written: str, starts: bool, ends: bool, keeps: bool) -> None:
    found = Prompts(with_template(written)).format
    assert (found.starts_thinking, found.ends_thinking, found.keeps_thinking) == (starts, ends, keeps)
    assert (found.think, found.unthink) == ((265,), (266,))


@pytest.mark.parametrize(
    ("habit", "takes"),
    [
        ("", True),
        ("{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}", False),
        ("{% set messages = messages | rejectattr('role', 'equalto', 'system') | list %}", False),
    ],
)
def test_rules_stand_before_the_question_where_the_template_has_no_place_for_them(habit: str, takes: bool) -> None:
    processor = with_template(habit + template(opening="<think>\n"))
    prompts = Prompts(processor)
    assert prompts.format.takes_rules is takes
    turns = [Turn(role="system", text="Be kind."), Turn(role="user", text="Why?")]
    written = text_of(processor, prompts.build(turns, [], thinking=True))
    opening = (
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nWhy?"
        if takes
        else "<|im_start|>user\nBe kind.\n\nWhy?"
    )
    assert written == f"{opening}<|im_end|>\n<|im_start|>assistant\n<think>\n"


@pytest.mark.parametrize(
    ("opening", "thinking", "quick"),
    [
        ("<think>\n", "<think>\n", "<think>\n</think>\n"),
        ("", "<think>\n", "<think>\n</think>\n"),
        ("<think>\n\n</think>\n\n", "<think>\n\n</think>\n\n<think>\n", "<think>\n\n</think>\n\n"),
    ],
)
def test_thinking_begins_or_is_skipped_whatever_the_template_does(opening: str, thinking: str, quick: str) -> None:
    processor = with_template(template(opening=opening))
    prompts = Prompts(processor)
    for wanted, expected in ((True, thinking), (False, quick)):
        prompt = prompts.build([Turn(role="user", text="Why?")], [], thinking=wanted)
        assert text_of(processor, prompt) == f"<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n{expected}"
        assert prompt.thinking is wanted
        assert prompt.image_tokens == 0


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("{% for m in messages %}{{ m.role }}{% endfor %}", "does not write <im_patch>"),
        ("{% if %}", "cannot be used"),
        ("{{ raise_exception('no pictures') }}", "no pictures"),
        (None, "there is none, neither in chat_template.jinja nor in tokenizer_config.json"),
    ],
)
def test_a_template_that_cannot_be_used_is_fatal(written: str | None, complaint: str) -> None:
    with pytest.raises(Dead, match=f"The chat template of the model .*{complaint}"):
        Prompts(with_template(written))


@pytest.mark.parametrize("several", [False, True])
def test_templates_in_the_tokenizer_s_configuration(tmp_path: Path, several: bool) -> None:
    """As older repositories have it; some have several by name."""
    for path in CHECKPOINT.glob("*token*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    whole = (CHECKPOINT / "chat_template.jinja").read_text()
    named = [{"name": "tool_use", "template": "{{ tools }}"}, {"name": "default", "template": whole}]
    described = json.loads((tmp_path / "tokenizer_config.json").read_text())
    described["chat_template"] = named if several else whole
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(described))
    assert StepVLProcessor.from_pretrained(tmp_path).chat_template == whole


def test_tags_unknown_to_the_tokenizer_are_several_tokens(tmp_path: Path) -> None:
    for path in CHECKPOINT.glob("*token*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    whole = json.loads((tmp_path / "tokenizer.json").read_text())
    whole["added_tokens"] = [token for token in whole["added_tokens"] if "think" not in token["content"]]
    (tmp_path / "tokenizer.json").write_text(json.dumps(whole))
    described = json.loads((tmp_path / "tokenizer_config.json").read_text())
    described["added_tokens_decoder"] = {
        key: token for key, token in described["added_tokens_decoder"].items() if "think" not in token["content"]
    }
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(described))
    processor = StepVLProcessor.from_pretrained(tmp_path, chat_template=template(opening="<think>\n"))
    found = Prompts(processor).format
    assert found.starts_thinking
    assert processor.tokenizer.decode(found.unthink) == "</think>"
    assert (len(found.think), len(found.unthink)) == (7, 8)


def test_the_same_ids_as_the_processor(golden: Golden) -> None:
    turns = [
        Turn(role="user", text="First.", images=(picture(640, 480),)),
        Turn(role="assistant", text="Noted."),
        Turn(role="user", text="And this one?", images=(picture(800, 700),)),
    ]
    prompt = Prompts(golden.processor).build(turns, [plan(640, 480), plan(800, 700)], thinking=True)
    assert list(prompt.ids) == case("image_later").input_ids
    assert [shown.image for shown in prompt.pictures] == [turns[0].images[0], turns[2].images[0]]
    assert prompt.image_tokens == sum(shown.layout.tokens for shown in prompt.pictures) == 171 + 4 * 83 + 1 + 171
    markers = golden.processor.markers
    for shown in prompt.pictures:
        assert prompt.ids[shown.start] in (markers.view_start, markers.crop_start)
        assert prompt.ids[shown.stop - 1] == markers.view_end


def test_labels_and_text_layers_accompany_pictures(golden: Golden) -> None:
    pages = (
        picture(label="#1 a.pdf, page 1", text="Total 12"),
        picture(label="#2 b.png"),
        picture(text="x" * 20_000),
    )
    turn = Turn(role="user", text="Which is due?", images=pages)
    prompt = Prompts(golden.processor).build([turn], [plan(300, 200)] * 3, thinking=True)
    assert text_of(golden.processor, prompt) == (
        "<|im_start|>user\n"
        "#1 a.pdf, page 1:\n<im_patch>\nText found on this page, which may have errors:\nTotal 12\n"
        "#2 b.png:\n<im_patch>\n"
        f"<im_patch>\nText found on this page, which may have errors:\n{'x' * 6_000}\n"
        "Which is due?<|im_end|>\n<|im_start|>assistant\n<think>\n"
    )


hostile = st.lists(
    st.sampled_from(["<im_patch>", "<|im_start|>", "</think>", "<|im_end|>", "<im_", "patch>", "\n", "a"])
).map("".join)


@given(question=hostile, label=hostile, layer=hostile, answer=hostile)
def test_no_stranger_writes_markup(golden: Golden, question: str, label: str, layer: str, answer: str) -> None:
    """Neither in questions nor in file names, text layers and quoted answers."""
    shown = replace(picture(), label=label, text=layer)
    turns = [
        Turn(role="user", text=question, images=(shown,)),
        Turn(role="assistant", text=answer),
        Turn(role="user", text=question),
    ]
    prompt = Prompts(golden.processor).build(turns, [plan(300, 200)], thinking=True)
    markers, tokenizer = golden.processor.markers, golden.processor.tokenizer
    page = prompt.ids[prompt.pictures[0].start : prompt.pictures[0].stop]
    special = [token for token in prompt.ids if token in tokenizer.added_tokens_decoder]
    start, end, think = (tokenizer.convert_tokens_to_ids(name) for name in ("<|im_start|>", "<|im_end|>", "<think>"))
    assert special == [start, *page, end, start, end, start, end, start, think]
    assert page.count(markers.placeholder) == 169


def test_pixels_are_those_of_the_processor(golden: Golden) -> None:
    shown = case("two_images").images
    images = []
    for one in shown:
        content = BytesIO()
        one.save(content, "PNG")
        images.append(Image(sha256="", content=content.getvalue(), width=one.width, height=one.height))
    turn = Turn(role="user", text="Compare them.", images=tuple(images))
    prompt = Prompts(golden.processor).build([turn], [plan(*one.size) for one in shown], thinking=True)
    expected = golden.processor(messages=case("two_images").messages, images=shown)
    inputs = pixel_inputs(prompt.pictures)
    assert list(prompt.ids) == case("two_images").input_ids
    assert inputs["num_patches"] == case("two_images").num_patches
    assert torch.equal(inputs["pixel_values"], expected["pixel_values"])
    assert torch.equal(inputs["patch_pixel_values"], expected["patch_pixel_values"])


def test_layouts_must_match_the_images(golden: Golden) -> None:
    with pytest.raises(ValueError, match="1 images and there are 0 pictures"):
        Prompts(golden.processor).build([Turn(role="user", text="", images=(picture(),))], [], thinking=True)
