"""Checkpoints from folders and hubs: whole, or an error that says what is amiss."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from inference.errors import Dead
from inference.loading import Loading, tenths
from inference.local.hub import INDEX, fetch
from inference.local.memory import Sizes
from inference.local.step_vl import StepVLProcessor, load
from tests.fakes import hub
from tests.fakes.server import serving
from tests.inference.local.cases import CHECKPOINT, case
from tests.inference.local.conftest import Golden

SHARD = "model-00002-of-00002.safetensors"
FUSED = "vision_model.transformer.resblocks.1.attn.in_proj_weight"
Weights = dict[str, torch.Tensor]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKPOINT, tmp_path / "checkpoint"))


def change(folder: Path, edit: Callable[[Weights], object]) -> None:
    weights = load_file(folder / SHARD)
    edit(weights)
    save_file(weights, folder / SHARD, metadata={"format": "pt"})
    index = json.loads((folder / INDEX).read_text())
    others = {name: shard for name, shard in index["weight_map"].items() if shard != SHARD}
    (folder / INDEX).write_text(json.dumps(index | {"weight_map": others | dict.fromkeys(weights, SHARD)}))


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda weights: weights.pop("vit_large_projector.weight"), "vit_large_projector.weight missing"),
        (lambda weights: weights.pop(FUSED), f"{FUSED} missing"),
        (lambda weights: weights.update({"extra.scale": torch.zeros(3)}), "extra.scale unexpected"),
        (lambda weights: weights.update({FUSED: torch.zeros(186, 64)}), f"{FUSED} of the wrong shape"),
        (
            lambda weights: weights.update({"lm_head.bias": weights.pop("vit_large_projector.weight")}),
            "vit_large_projector.weight missing; lm_head.bias unexpected",
        ),
        (lambda weights: weights.clear(), "and 26 more missing"),
    ],
)
def test_weights_that_do_not_fit_are_named(folder: Path, edit: Callable[[Weights], object], complaint: str) -> None:
    change(folder, edit)
    with pytest.raises(Dead, match=complaint):
        load(folder, device="cpu", dtype=torch.float32)


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (lambda weights: weights.pop("vit_large_projector.weight"), "vit_large_projector.weight missing"),
        (lambda weights: weights.update({"extra.scale": torch.zeros(3)}), "extra.scale unexpected"),
        (
            lambda weights: weights.update({"vit_large_projector.weight": torch.zeros(3, 3)}),
            "vit_large_projector.weight of the wrong shape",
        ),
    ],
)
def test_auto_classes_refuse_them_too(folder: Path, edit: Callable[[Weights], object], complaint: str) -> None:
    """By themselves they would say so in a log, and go on with weights that are made up."""
    change(folder, edit)
    with pytest.raises(ValueError, match=complaint):
        AutoModelForCausalLM.from_pretrained(folder)


@pytest.mark.parametrize("place", ["text_config", ""])
def test_an_output_layer_that_is_tied_to_the_embeddings(folder: Path, place: str) -> None:
    """And all weights in one file, as smaller models come."""
    shards = [load_file(shard) for shard in folder.glob("*.safetensors")]
    for file in folder.glob("*.safetensors*"):
        file.unlink()
    weights = {name: weight for shard in shards for name, weight in shard.items() if name != "lm_head.weight"}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    (config[place] if place else config)["tie_word_embeddings"] = True
    (folder / "config.json").write_text(json.dumps(config))
    model, _ = load(folder, device="cpu", dtype=torch.float32)
    assert model.lm_head.weight is model.model.embed_tokens.weight
    assert Sizes.of(model.config).parameters == model.num_parameters()


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("config.json", None, "lacks config.json"),
        ("config.json", b'{"model_type": "llama"}', "config.json is not that of a step_robotics model"),
        ("config.json", b"{}", "config.json is not that of a step_robotics model"),
        ("config.json", b"{", "config.json is broken"),
        ("config.json", b"[]", "config.json is broken: it holds no JSON object"),
        ("config.json", b'{"model_type": "step_robotics", "text_config": []}', "config.json is broken"),
        (
            "config.json",
            b'{"model_type": "step_robotics", "text_config": {"hidden_size": "x"}}',
            "config.json is broken",
        ),
        ("config.json", b'{"model_type": "step_robotics", "vision_config": {"width": -1}}', "config.json is broken"),
        ("tokenizer.json", None, "vocab.json"),
        ("tokenizer.json", b"", "tokenizer.json is broken"),
        ("tokenizer.json", b"{}", "tokenizer.json is broken: Model missing"),
        ("tokenizer.json", b"[]", "tokenizer.json is broken"),
        ("tokenizer.json", b"\xff", "tokenizer.json is broken"),
        ("tokenizer_config.json", b"[]", "tokenizer_config.json is broken"),
        ("generation_config.json", b"[]", "generation_config.json is broken"),
        (INDEX, None, "lacks model.safetensors"),
        (INDEX, b"{}", f"{INDEX} is broken: it lacks 'weight_map'"),
        (INDEX, b'{"weight_map": {"a": "nowhere.safetensors"}}', "lacks nowhere.safetensors"),
        (SHARD, None, f"lacks {SHARD}"),
        (SHARD, b"", f"{SHARD} is broken"),
        (SHARD, b"{}" * 500, f"{SHARD} is broken"),
    ],
)
def test_files_that_lack_or_are_broken(folder: Path, name: str, content: bytes | None, complaint: str) -> None:
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(Dead, match=complaint):
        load(folder, device="cpu", dtype=torch.float32)


def test_a_download_that_broke_off(folder: Path) -> None:
    whole = (folder / SHARD).read_bytes()
    (folder / SHARD).write_bytes(whole[:-1])
    with pytest.raises(Dead, match=f"{SHARD} is broken"):
        load(folder, device="cpu", dtype=torch.float32)


@settings(max_examples=60)
@given(st.sampled_from(["config.json", "tokenizer.json", INDEX]), st.data())
def test_whatever_is_wrong_with_a_file_nothing_but_dead_is_raised(name: str, data: st.DataObject) -> None:
    """A part of it is missing, or is something else."""
    whole = (CHECKPOINT / name).read_bytes()
    start = data.draw(st.integers(0, len(whole) - 1))
    stop = data.draw(st.integers(start + 1, len(whole)))
    other = data.draw(st.binary(max_size=20))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(CHECKPOINT, place, dirs_exist_ok=True))
        (folder / name).write_bytes(whole[:start] + other + whole[stop:])
        with suppress(Dead):
            load(folder, device="cpu", dtype=torch.float32)


def test_a_tokenizer_of_another_model(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"image_token_id": 5}))
    with pytest.raises(Dead, match="image token"):
        load(folder, device="cpu", dtype=torch.float32)


@pytest.mark.parametrize("added", ["tokenizer_config.json", "added_tokens.json"])
def test_a_tokenizer_in_older_files(folder: Path, golden: Golden, added: str) -> None:
    """Vocabulary, merges and added tokens apart, as Qwen's repositories have them."""
    whole = json.loads((folder / "tokenizer.json").read_text())
    (folder / "vocab.json").write_text(json.dumps(whole["model"]["vocab"]))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    if added == "added_tokens.json":
        described = json.loads((folder / "tokenizer_config.json").read_text())
        tokens = {token["content"]: int(id_) for id_, token in described.pop("added_tokens_decoder").items()}
        (folder / "added_tokens.json").write_text(json.dumps(tokens))
        (folder / "tokenizer_config.json").write_text(json.dumps(described))
    (folder / "tokenizer.json").unlink()
    processor = StepVLProcessor.from_pretrained(folder)
    one = case("small")
    assert processor(messages=one.messages, images=one.images)["input_ids"].tolist() == [one.input_ids]


def test_progress_is_told(folder: Path) -> None:
    told: list[Loading] = []
    load(folder, device="cpu", dtype=torch.float32, tell=told.append)
    assert {step.stage for step in told} == {"loading"}
    assert [step.done for step in told] == list(range(told[-1].total + 1))
    assert told[-1].total > 50


@pytest.mark.parametrize("device", ["auto", torch.device("cpu")])
def test_devices(device: str | torch.device) -> None:
    model, _ = load(CHECKPOINT, device=device, dtype=torch.bfloat16)
    assert {weight.device.type for weight in model.parameters()} == {"cpu"}
    assert {weight.dtype for weight in model.parameters()} == {torch.bfloat16}


@pytest.mark.parametrize(("kind", "stored"), [("nf4", torch.uint8), ("int8", torch.int8)])
def test_quantised(kind: str, stored: torch.dtype) -> None:
    model, processor = load(CHECKPOINT, device="cpu", dtype=torch.float32, quantization=kind)
    dtypes = {name: weight.dtype for name, weight in model.named_parameters()}
    assert dtypes["model.layers.0.mlp.up_proj.weight"] is stored
    kept = [dtype for name, dtype in dtypes.items() if name.startswith(("vision_model", "vit_large", "lm_head"))]
    assert set(kept) == {torch.float32}
    one = case("small")
    inputs = processor(messages=one.messages, images=one.images)
    with torch.no_grad():
        logits = model(**inputs).logits[0, -1]
    assert torch.corrcoef(torch.stack([logits, one.last_logits]))[0, 1] > 0.9
    assert model.generate(**inputs, max_new_tokens=2, min_new_tokens=2).shape == (1, len(one.input_ids) + 2)


def test_a_longer_context_only_if_asked(golden: Golden) -> None:
    stretched, _ = load(CHECKPOINT, device="cpu", dtype=torch.float32, yarn=2.0)
    assert golden.model.config.text_config.max_position_embeddings == 65_536
    assert stretched.config.text_config.max_position_embeddings == 131_072
    slow, usual = (model.model.rotary_emb.inv_freq[-1] for model in (stretched, golden.model))
    assert slow.item() == pytest.approx(usual.item() / 2)


async def test_from_a_hub_with_its_code_left_there(tmp_path: Path) -> None:
    told: list[Loading] = []
    async with serving("tests.fakes.hub") as server:

        def fetched(revision: str | None) -> Path:
            return fetch(hub.REPOSITORY, revision, told.append, endpoint=server.url, cache_dir=tmp_path)

        path = await asyncio.to_thread(fetched, None)
        assert path.name == hub.COMMIT
        served = await server.control("served")
        assert await asyncio.to_thread(fetched, hub.COMMIT) == path
        assert await server.control("served") == served
        with pytest.raises(Dead, match=r"org/tiny cannot be downloaded"):
            await asyncio.to_thread(fetched, "0" * 40)
    assert {file.name for file in path.iterdir()} == {file.name for file in CHECKPOINT.iterdir()}
    size = sum(file.stat().st_size for file in CHECKPOINT.iterdir())
    assert {step.stage for step in told} == {"downloading"}
    assert (told[-1].done, told[-1].total) == (size, size)
    # Without the hub, what is there will do.
    assert fetch(hub.REPOSITORY, hub.COMMIT, told.append, endpoint=server.url, cache_dir=tmp_path) == path


async def test_progress_is_told_in_tenths() -> None:
    told: list[Loading] = []
    tell = tenths(told.append)
    for done in range(1_001):
        tell(Loading(stage="loading", done=done, total=1_000))
    assert [step.done for step in told] == list(range(0, 1_001, 100))


async def test_a_hub_that_cannot_be_reached_is_not_waited_for(tmp_path: Path) -> None:
    """The hub's client would try again and again for half a minute; here are no sleeps between tries at all."""
    tries: list[asyncio.StreamWriter] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.append(writer)
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(Dead, match=rf"org/tiny is not on this machine, and {host} cannot be reached"):
            await asyncio.to_thread(
                fetch, hub.REPOSITORY, None, print, endpoint=f"http://{host}:{port}", cache_dir=tmp_path
            )
    assert len(tries) == 1


async def test_a_name_that_the_hub_does_not_know(tmp_path: Path) -> None:
    async with serving("tests.fakes.hub") as server:
        with pytest.raises(Dead, match=r"org/other cannot be downloaded: .*404"):
            await asyncio.to_thread(fetch, "org/other", None, print, endpoint=server.url, cache_dir=tmp_path)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(Dead, match="no model folder"):
        load(tmp_path / "nowhere", device="cpu", dtype=torch.float32)


AUTO = """
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, AutoProcessor, AutoTokenizer
from inference.errors import Dead
from inference.loading import Loading, tenths
from inference.local import step_vl

folder = "FOLDER"
assert isinstance(AutoConfig.from_pretrained(folder), step_vl.StepVLConfig)
for auto in (AutoModelForCausalLM, AutoModelForImageTextToText):
    model, info = auto.from_pretrained(folder, output_loading_info=True)
    assert isinstance(model, step_vl.StepVLForConditionalGeneration) and not any(info.values()), info
processor = AutoProcessor.from_pretrained(folder)
assert isinstance(processor, step_vl.StepVLProcessor)
AutoTokenizer.from_pretrained(folder)
processor.save_pretrained("SAVED")
model.save_pretrained("SAVED")
step_vl.load("SAVED", device="cpu", dtype=torch.float32)
try:
    step_vl.load("stepfun-ai/Step3-VL-10B", device="cpu", dtype=torch.float32)
except Dead as error:
    print(error)
"""


async def test_auto_classes_offline_and_with_nobody_to_ask(folder: Path, tmp_path: Path) -> None:
    """The original repository names classes of its own; transformers would ask on stdin whether to run them."""
    auto_map = {"AutoProcessor": "processing_step3.Step3VLProcessor"}
    (folder / "processor_config.json").write_text(json.dumps({"auto_map": auto_map}))
    program = AUTO.replace("FOLDER", str(folder)).replace("SAVED", str(tmp_path / "saved"))
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(tmp_path / "cache")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-c",
        program,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert "stepfun-ai/Step3-VL-10B is not on this machine" in out.decode()
