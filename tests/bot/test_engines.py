"""Which engine is chosen, on a machine whose driver is a script of ours."""

import json
import os
import sys
from pathlib import Path

import pytest

from bot.engines import choose, make
from bot.settings import EngineSettings, SettingsError

MODEL_INDEX = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}


@pytest.fixture
def gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The driver's program; what is written to ``memory`` beside it is what it says."""
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\ncat {tmp_path}/memory\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path / "memory"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A model's folder, complete but for what the files hold."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors.index.json").write_text(json.dumps(MODEL_INDEX))
    for name in MODEL_INDEX["weight_map"].values():
        (folder / name).touch()
    return folder


def test_without_a_gpu_the_reader_answers() -> None:
    choice = choose(EngineSettings())
    assert (choice.kind, "No NVIDIA GPU" in choice.reason) == ("reader", True)


def test_a_gpu_with_room_and_weights_take_the_model(gpu: Path, weights: Path) -> None:
    gpu.write_text("24564\n81559\n")
    choice = choose(EngineSettings(model=str(weights)))
    assert choice.kind == "local"
    assert "tokens" in choice.reason


def test_a_small_gpu_is_told_what_it_lacks(gpu: Path, weights: Path) -> None:
    gpu.write_text("8192\n")
    choice = choose(EngineSettings(model=str(weights)))
    assert (choice.kind, "too little room" in choice.reason) == ("reader", True)


def test_two_small_gpus_have_room_together(gpu: Path, weights: Path) -> None:
    gpu.write_text("16384\n16384\n")
    choice = choose(EngineSettings(model=str(weights)))
    assert (choice.kind, choice.reason.startswith("The 2 GPUs have room")) == ("local", True)
    assert choose(EngineSettings(model=str(weights), device="cuda:1")).kind == "reader"
    assert choose(EngineSettings(model=str(weights), device="cuda:1", quantization="int8")).kind == "local"
    assert choose(EngineSettings(model=str(weights), device="cpu")).kind == "reader"


def test_nothing_is_downloaded_unasked(gpu: Path) -> None:
    gpu.write_text("81559\n")
    choice = choose(EngineSettings())
    assert (choice.kind, "not on this machine" in choice.reason) == ("reader", True)


def test_a_missing_shard_counts_as_missing_weights(gpu: Path, weights: Path) -> None:
    gpu.write_text("81559\n")
    (weights / "model-00002-of-00002.safetensors").unlink()
    assert choose(EngineSettings(model=str(weights))).kind == "reader"


def test_without_the_extra_nothing_is_quantised(gpu: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gpu.write_text("24564\n")
    assert choose(EngineSettings(model=str(weights), quantization="nf4")).kind == "local"
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)  # which is how Python marks what cannot be imported
    choice = choose(EngineSettings(model=str(weights), quantization="nf4"))
    assert (choice.kind, "pip install bitsandbytes" in choice.reason) == ("reader", True)


def test_a_driver_that_fails_is_no_gpu(gpu: Path) -> None:
    gpu.with_name("nvidia-smi").write_text("#!/bin/sh\nexit 9\n")
    assert choose(EngineSettings()).kind == "reader"


def test_what_is_set_is_taken() -> None:
    assert choose(EngineSettings(kind="local")).kind == "local"
    assert make(EngineSettings(kind="reader")).name == "reader"
    with pytest.raises(SettingsError, match=r"engine\.url"):
        make(EngineSettings(kind="remote"))
