"""The checkpoint that another server is given."""

from pathlib import Path

import torch
from transformers import AutoModelForImageTextToText, AutoProcessor

from benchmarks.manager.model import SMALL, make
from benchmarks.manager.served import IMAGE, _said, save


def test_another_server_gets_the_same_decoder_and_pictures_of_a_thousand_tokens(tmp_path: Path) -> None:
    save(SMALL, tmp_path)
    model = AutoModelForImageTextToText.from_pretrained(tmp_path, dtype=torch.float32)
    processor = AutoProcessor.from_pretrained(tmp_path)
    asked = _said("What do you see?", 1)
    asked["content"][0] = {"type": "image", "url": asked["content"][0]["image_url"]["url"]}
    inputs = processor.apply_chat_template(
        [asked], add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    )
    placeholder = processor.tokenizer.convert_tokens_to_ids(IMAGE)
    assert int((inputs["input_ids"] == placeholder).sum()) == 1024
    written = model.generate(**inputs, max_new_tokens=5)[0, inputs["input_ids"].shape[1] :].tolist()
    assert len(written) == 5
    assert not set(written) & set(processor.tokenizer.added_tokens_decoder)
    ours, _ = make(SMALL)
    theirs = model.model.language_model
    mine = {name: weight.shape for name, weight in ours.model.named_parameters()}
    assert {name: weight.shape for name, weight in theirs.named_parameters()} == mine
