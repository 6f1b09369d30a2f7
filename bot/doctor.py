"""``threadsight doctor``: is everything there that the bot needs, and if not, what to do next."""

import asyncio
import errno
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from adapters.base import Examined, Finding
from bot import app, engines
from bot.settings import Settings, SettingsError
from bot.store import database
from inference.errors import EngineError
from inference.local.hub import weights_are_here
from inference.local.machine import gpu_memory
from inference.local.memory import first_fitting, usable

_LOOK_S = 20.0
"""What one look may take before it counts as unreachable."""

_LEAST_DISK = 2 * 1024**3


async def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which an admin would mend them."""
    findings = [Finding(subject="configuration", level="ok", message="It can be read and every setting is known.")]
    findings += await asyncio.gather(_data_folder(settings), _disk(settings), _database(settings), _gpu(settings))
    findings += await _pictures(settings)
    findings.append(await _engine(settings))
    findings += await _platforms(settings)
    return findings


async def _data_folder(settings: Settings) -> Finding:
    return _written("data folder", settings.data_dir, "data_dir")


async def _pictures(settings: Settings) -> list[Finding]:
    """Where they are kept, if that is not below the data folder."""
    if settings.store.pictures is not None:
        finding = await asyncio.to_thread(_written, "pictures", settings.store.pictures, "store.pictures")
        shared = " All replicas have to reach the same folder there." if finding.level == "ok" else ""
        return [replace(finding, message=finding.message + shared)]
    if settings.store_url.startswith("postgresql"):
        return [Finding(subject="pictures", level="ok", message="They are kept in the database, for all replicas.")]
    return []


def _written(subject: str, folder: Path, setting: str) -> Finding:
    """Whether a folder takes a file and gives it back."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"probe")
            probe.seek(0)
            if probe.read() != b"probe":
                raise OSError(errno.EIO, os.strerror(errno.EIO))
    except OSError as error:
        return Finding(
            subject=subject,
            level="error",
            message=f"{folder} cannot be written: {error.strerror}.",
            advice=f"Give the bot's user the right to write there, or set {setting} to another folder.",
        )
    return Finding(subject=subject, level="ok", message=f"{folder.resolve()} can be written.")


async def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(_existing(settings.data_dir)).free
    message = f"{free / 1024**3:.1f} GiB free for pictures and the database."
    if free < _LEAST_DISK:
        return Finding(subject="disk", level="warning", message=message, advice="Free some space, or move data_dir.")
    return Finding(subject="disk", level="ok", message=message)


def _existing(folder: Path) -> Path:
    folder = folder.resolve()
    while not folder.exists():
        folder = folder.parent
    return folder


async def _database(settings: Settings) -> Finding:
    engine = database.connect(settings.store_url)
    where = engine.url.render_as_string(hide_password=True)
    try:
        await database.prepare(engine)
    except database.Unusable as error:
        return Finding(subject="database", level="error", message=error.what, advice=error.advice)
    finally:
        await engine.dispose()
    return Finding(subject="database", level="ok", message=f"{where} is sound and up to date.")


async def _gpu(settings: Settings) -> Finding:
    if settings.engine.device == "cpu":
        return Finding(subject="GPU", level="ok", message="None is used: engine.device is cpu, which is slow.")
    memory = await asyncio.to_thread(gpu_memory)
    needed = settings.engine.kind == "local"
    if not memory:
        return Finding(
            subject="GPU",
            level="error" if needed else "ok",
            message="No NVIDIA GPU is seen. The embedded reader and a remote server need none.",
            advice="Install the driver, or set engine.kind to reader or remote." if needed else "",
        )
    fits = engines.planned(memory, settings.engine)
    if fits.fits:
        return Finding(subject="GPU", level="ok", message=str(fits))
    smaller = first_fitting(usable(memory, settings.engine.device))
    advice = (
        f"Set engine.quantization to {smaller.quantization}." if smaller else "Set engine.kind to remote or reader."
    )
    return Finding(subject="GPU", level="error" if needed else "warning", message=str(fits), advice=advice)


async def _engine(settings: Settings) -> Finding:
    """Loading the local model takes minutes, so that is left to ``--try``."""
    choice = await asyncio.to_thread(engines.choose, settings.engine)
    if choice.kind == "local":
        here = await asyncio.to_thread(weights_are_here, settings.engine.model, settings.engine.revision)
        weights = "" if here else " Its weights are not here yet: the first start downloads about 20 GB."
        return Finding(subject="engine", level="ok" if here else "warning", message=choice.reason + weights)
    try:
        engine = engines.make(settings.engine)
        async with asyncio.timeout(_LOOK_S):
            await engine.start()
    except (SettingsError, EngineError) as error:
        return Finding(subject="engine", level="error", message=str(error), advice="Mend the [engine] section.")
    except TimeoutError:
        return Finding(subject="engine", level="error", message="It did not start in time.", advice="Look at the log.")
    await engine.close()
    return Finding(subject="engine", level="ok", message=f"{engine.name} answers. {choice.reason}")


async def _platforms(settings: Settings) -> list[Finding]:
    try:
        adapters = app.chat_adapters(settings)
    except SettingsError as error:
        return [Finding(subject="platforms", level="warning", message=str(error))]
    return [finding for adapter in adapters for finding in await _within(adapter)]


async def _within(adapter: Examined) -> list[Finding]:
    try:
        async with asyncio.timeout(_LOOK_S):
            return await adapter.check()
    except TimeoutError:
        return [
            Finding(
                subject=adapter.platform,
                level="error",
                message=f"It did not answer within {_LOOK_S:.0f} s.",
                advice="Check that this machine may reach it.",
            )
        ]
