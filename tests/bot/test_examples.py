"""The shipped example documents: there, small, and of a kind that opens."""

import pypdfium2
import pytest
from PIL import Image

from bot.examples import EXAMPLES, Example

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.path.name)


@each_example
def test_example_opens_and_is_small(example: Example) -> None:
    assert example.path.stat().st_size < 200_000
    if example.path.suffix == ".pdf":
        with pypdfium2.PdfDocument(example.path) as document:
            assert len(document) == 1
    else:
        with Image.open(example.path) as picture:
            picture.load()


ANSWERS = {
    "invoice.pdf": (
        [
            "No.",
            "No, £3,469.20 are still due.",
            "It is marked **UNPAID**.",
            "It hasn’t been paid.",
            "It is not yet paid.",
        ],
        ["Yes, it was paid in full.", "No information about a payment can be seen.", "It has been paid."],
    ),
    "receipt.png": (["It was **£12.80**.", "12,80 GBP", "$12.8$"], ["112.80", "12.89", "36.00", "1.28"]),
    "chart.png": (["3,180", "3180 visitors", "**3 180**", "3.180", "3\u202f180"], ["13,180", "3,1800", "2,890"]),
    "letter.png": (
        ["On Wednesday, 14 October 2026.", "le mercredi 14 octobre", "October 14th", "2026-10-14", "14th of October"],
        ["On 29 September 2026.", "Before 9 October.", "4 October", "On 14 September"],
    ),
    "puzzle.png": (
        ["19", "\\boxed{19}", "7 + 4 × 3 = **19**."],
        ["33", "190", "1.9", "19.5"],
    ),
}


@each_example
def test_example_tells_a_right_answer_from_a_wrong_one(example: Example) -> None:
    right, wrong = ANSWERS[example.path.name]
    assert [answer for answer in right if not example.accepts(answer)] == []
    assert [answer for answer in wrong if example.accepts(answer)] == []
    assert not example.accepts("I could not find that on the page.")


def test_examples_cover_an_invoice_a_receipt_a_chart_a_letter_and_a_puzzle() -> None:
    assert {example.path.name for example in EXAMPLES} == {
        "invoice.pdf",
        "receipt.png",
        "chart.png",
        "letter.png",
        "puzzle.png",
    }
    assert [example.path.name for example in EXAMPLES if example.beyond_text] == ["puzzle.png"]


def test_the_invoice_has_a_text_layer_whose_sums_agree() -> None:
    invoice = next(example.path for example in EXAMPLES if example.path.suffix == ".pdf")
    with pypdfium2.PdfDocument(invoice) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert 1280 + 1140 + 291 + 180 == 2891
    assert all(amount in text for amount in ("£1,280.00", "£1,140.00", "£291.00", "£180.00", "£2,891.00"))
    assert "£3,469.20" in text
    assert "UNPAID" in text
