"""What this machine has for the local model. Asked before torch is imported."""

import shutil
import subprocess
import sys

_PATIENCE_S = 10.0


def gpu_memory() -> list[int]:
    """Bytes of each NVIDIA GPU as its driver tells; empty where there is none or it does not answer."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=_PATIENCE_S, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return []
    return [int(line) * 2**20 for line in answer.stdout.split() if line.isdecimal()]


def peak_gpu_memory() -> int | None:
    """The most bytes that this process has held on its GPUs; None as long as it uses none."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return None
    return sum(int(torch.cuda.max_memory_allocated(device)) for device in range(torch.cuda.device_count()))
