"""Bytes and work follow the sum of the lengths: by arithmetic, at the real sizes, on the meta device."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from inference.local.attention import attend_rows, pack
from inference.local.cache import STRIDE, Chain, Geometry
from inference.local.ledger import Ledger

META = torch.device("meta")
LAYERS = 36
REAL = Geometry(heads=8, head_size=128, dtype=torch.bfloat16, devices=(META,) * LAYERS)
HEADS = 32
SHORT, LONG = 60, 60_000
STEP = 256


class Layer(torch.nn.Module):
    layer_idx = 0


def chain(ledger: Ledger, length: int) -> Chain:
    """Read in steps, as a prompt is."""
    made = Chain(REAL, ledger)
    while made.length < length:
        count = min(STEP, length - made.length)
        made.reserve(count)
        made.commit(count)
    return made


def test_fifteen_short_chats_beside_a_long_one_take_what_they_hold() -> None:
    """As a rectangle they would need 16 times the longest: 141 GB."""
    ledger = Ledger(200 * 10**9)
    chains = [chain(ledger, length) for length in [SHORT] * 15 + [LONG]]
    token = 2 * LAYERS * 8 * 128 * 2
    tokens = 15 * SHORT + LONG
    assert REAL.bytes == token == 147_456
    assert ledger.held == sum(one.bytes for one in chains)
    assert tokens * token <= ledger.held <= (1.25 * tokens + 16 * STRIDE) * token
    assert ledger.held < 16 * LONG * token / 12
    longest = chains[-1].bytes
    assert ledger.peak <= ledger.held + longest / LAYERS, "while it grows, one layer is held twice"
    for one in chains:
        one.release()
    assert ledger.held == 0


def test_attention_computes_what_there_is() -> None:
    """A token of each row against its own keys and nothing else, counted as the operations are dispatched."""
    ledger = Ledger(200 * 10**9)
    for lengths in ([SHORT] * 16, [SHORT] * 15 + [LONG]):
        chains = [chain(ledger, length) for length in lengths]
        for one in chains:
            one.reserve(1)
        packing = pack([(one, 1) for one in chains], META)
        query, key = (torch.empty(1, heads, 16, 128, device=META, dtype=torch.bfloat16) for heads in (HEADS, 8))
        with FlopCounterMode(display=False) as counter:
            attend_rows(Layer(), query, key, key, None, packing=packing, scaling=0.1)
        assert counter.get_total_flops() == 4 * HEADS * 128 * sum(length + 1 for length in lengths)
