"""Questions typed in a hurry."""

import pytest

from inference.reader.answers import answer
from inference.reader.spoken import in_full
from tests.inference.reader.pages import shown

BILL = """Facture n° 2207
Client : Atelier Moreau
Échéance : 14/05/2026
Coupe de verre       38,50
Total TTC            96,20
Tél. 05 61 55 01 44"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("c'est quoi l'échéance", "14/05/2026"),
        ("c'est quand l'échéance ?", "14/05/2026"),
        ("c'est combien la coupe de verre ?", "38,50"),
        ("wieviel macht das insgesamt", "96,20"),
        ("whats the phone nr", "05 61 55 01 44"),
        ("cual es el tfno", "05 61 55 01 44"),
        ("啥时候到期啊？", "14/05/2026"),
    ],
)
def test_what_is_written_as_it_is_spoken_is_understood(question: str, expected: str) -> None:
    assert answer([question], [shown(BILL)]).startswith(f"**{expected}**")


@pytest.mark.parametrize("text", ["Q3 revenue", "C'est quoi ?", "wo liegt es"])
def test_what_is_written_in_full_is_left_alone(text: str) -> None:
    assert in_full(text) == text
