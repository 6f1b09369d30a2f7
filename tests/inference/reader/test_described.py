"""A bill may be called what it is for: that names no line of it, and hides no total."""

import pytest

from inference.reader.described import plainly
from inference.reader.questions import parse
from tests.inference.reader.pages import ask


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Total of the freight bill?", "Total of the bill?"),
        ("When is our last water bill due?", "When is our bill due?"),
        ("Wie hoch ist die spanische Rechnung?", "Wie hoch ist die Rechnung?"),
        ("Quel est le total de la facture du plombier ?", "Quel est le total de la facture  ?"),
        ("¿Cuándo vence la factura de la luz?", "¿Cuándo vence la factura ?"),
        ("电费账单总额是多少？", "账单总额是多少？"),
        ("How much is the total?", "How much is the total?"),
    ],
)
def test_what_a_bill_is_called_is_left_out(question: str, plain: str) -> None:
    assert plainly(question) == plain


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("What is the total of the platform bill?", "total"),
        ("total of the freight bill", "total"),
        ("what is the grand total on the Spanish invoice", "total"),
        ("When is the gas bill due?", "due_date"),
    ],
)
@pytest.mark.parametrize("standing", [(), ("total", "bill", "freight", "invoice", "due")])
def test_what_a_bill_has_one_of_is_asked_for(question: str, concept: str, standing: tuple[str, ...]) -> None:
    """A label that is like the question's words, but for a small word, hid the one that stands there."""
    asked = parse(question, frozenset(standing))
    assert (asked.wants[0].concept, asked.terms) == (concept, ())


def test_a_word_that_is_misspelt_is_still_part_of_its_label() -> None:
    assert parse("invoice numbr").wants[0].concept == "invoice_number"


TICKET = """
HARTWELL TIMBER LTD
Invoice 4411            3 March 2026
Oak boards                 410.00
Delivery                    15.00
Total due                  425.00
Express: surcharge of 12.00
Despachó: Rocío"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how much do we owe Hartwell altogether?", "425.00"),
        ("¿qué suplemento tiene el envío express?", "12.00"),
        ("¿quién despachó?", "Rocío"),
    ],
)
def test_whoever_made_the_bill_out_may_be_named(question: str, expected: str) -> None:
    assert ask(question, TICKET).startswith(f"**{expected}**")


def test_nobody_else_is_owed_anything() -> None:
    assert "could not find" in ask("how much do we owe Miller altogether?", TICKET)
