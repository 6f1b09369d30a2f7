"""A model's files: in a folder, in the hub's cache on this machine, or from the hub. Without torch, so that what is not
there is said before that is imported."""

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import HfApi, constants, snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled
from tqdm.auto import tqdm

from inference.errors import Dead
from inference.loading import Loading, Tell

PINNED = {"stepfun-ai/Step3-VL-10B": "5026053b0c2f5dfaa08fc2d149384162c3c8bca1"}
"""The revisions that this code was written for. Another may be asked for."""

FILES = ["*.json", "*.jinja", "*.txt", "*.safetensors"]
"""What is needed of a repository; its code is not."""

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"

BRING = "Or copy the model to this machine and set engine.model to its folder."
FORBIDDEN = "The model {name} is not on this machine, and HF_HUB_OFFLINE forbids its download: unset it. {bring}"
UNREACHABLE = (
    "The model {name} is not on this machine, and {host} cannot be reached to download it: check the network. {bring}"
)
NO_SUCH = "There is no model folder {name}, and it is no name of a model on a hub either: check engine.model."

_PATIENCE_S = 5.0
"""For the hub to say that it is there. A download itself is tried again and again, as the hub's client does."""

_COMMIT = re.compile(r"[0-9a-f]{40}")


def fetch(
    path: str | Path,
    revision: str | None,
    tell: Tell,
    *,
    endpoint: str | None = None,
    cache_dir: str | Path | None = None,
) -> Path:
    """The folder with the checkpoint's files; downloads what is not in the cache. A commit that is here is not asked
    for again. Dead, within seconds if the hub cannot be reached."""
    if Path(path).is_dir():
        return Path(path)
    name = str(path)
    revision = revision or PINNED.get(name)
    snapshot = partial(snapshot_download, name, revision=revision, allow_patterns=FILES, cache_dir=cache_dir)
    try:
        if _COMMIT.fullmatch(revision or "") and weights_are_here(name, revision, cache_dir=cache_dir):
            return Path(snapshot(local_files_only=True))
        away = _away(name, revision, endpoint)
        if away is not None:
            return _cached(snapshot, away)
        return Path(snapshot(tqdm_class=_meter(tell), endpoint=endpoint))
    except HFValidationError as error:
        raise Dead(NO_SUCH.format(name=name)) from error
    except (OSError, httpx2.HTTPError) as error:
        raise Dead(f"The model {name} cannot be downloaded: {_first_line(error)}") from error


def weights_are_here(model: str, revision: str | None = None, *, cache_dir: str | Path | None = None) -> bool:
    """Whether all shards of ``model``, a folder or a hub id, lie on this machine. Downloads nothing."""
    folder = Path(model)
    if not folder.is_dir():
        try:
            wanted = revision or PINNED.get(model)
            folder = Path(snapshot_download(model, revision=wanted, local_files_only=True, cache_dir=cache_dir))
        except (LocalEntryNotFoundError, HFValidationError):
            return False
    try:
        return all((folder / name).is_file() for name in shards(folder))
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def shards(folder: Path) -> set[str]:
    """The files that hold the weights. OSError, ValueError, KeyError or AttributeError if the index is broken."""
    index = folder / INDEX
    if not index.exists():
        return {SINGLE}
    return set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())


def _away(name: str, revision: str | None, endpoint: str | None) -> Dead | None:
    """Why the hub cannot be asked, if that is so."""
    try:
        HfApi(endpoint=endpoint).model_info(name, revision=revision, timeout=_PATIENCE_S)
    except OfflineModeIsEnabled as error:
        return _caused(FORBIDDEN.format(name=name, bring=BRING), error)
    except httpx2.TransportError as error:
        host = httpx2.URL(endpoint or constants.ENDPOINT).host
        return _caused(UNREACHABLE.format(name=name, host=host, bring=BRING), error)
    return None


def _caused(sentence: str, cause: Exception) -> Dead:
    dead = Dead(sentence)
    dead.__cause__ = cause
    return dead


def _cached(snapshot: Any, away: Dead) -> Path:
    """What the cache has, as the hub cannot be asked for anything newer."""
    try:
        return Path(snapshot(local_files_only=True))
    except LocalEntryNotFoundError:
        raise away from away.__cause__


def _meter(tell: Tell) -> type[tqdm]:
    """A progress bar that shows nothing."""

    class Meter(tqdm):
        def display(self, *args: Any, **kwargs: Any) -> None:
            if self.unit == "B" and self.total:
                tell(Loading(stage="downloading", done=int(self.n), total=int(self.total)))

    return Meter


def _first_line(error: Exception) -> str:
    """Of what the hub's client says; the rest are hints for programmers."""
    return str(error).partition("\n")[0]
