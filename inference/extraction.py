"""What is taken out of a document for a check: one form, filled in by models and, by its rules, by the reader."""

import json
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from inference.types import Form

DocumentKind = Literal[
    "invoice", "receipt", "reminder", "quote", "order", "delivery note", "contract", "statement", "letter", "other"
]
DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)

PaymentStatus = Literal["paid", "unpaid", "none"]


Told = Annotated[str, WithJsonSchema({"type": "string", "maxLength": 120})]
"""As long as a value may be that an engine is held to."""


class Extraction(BaseModel):
    """What some pages of one document say. Values that they do not tell are null; strings are strangers' text."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    document: DocumentKind
    payment_status: PaymentStatus = Field(description="what is marked on it, not what is likely")
    answer: Literal["yes", "no", "unclear"] = Field(description="to the question, from what stands on the pages")
    evidence: Annotated[str, WithJsonSchema({"type": "string", "maxLength": 300})] = Field(
        description="the words on the page that say it, quoted; empty if nothing does"
    )
    page: int | None = Field(description="the number of the page with the evidence")
    vendor: Told | None = Field(default=None, description="who made it out")
    number: Told | None = Field(default=None, description="its own number")
    date: Told | None = Field(default=None, description="when it was made out, YYYY-MM-DD")
    due: Told | None = Field(default=None, description="until when to pay, YYYY-MM-DD")
    amount: Told | None = Field(default=None, description="the grand total, such as 1234.50")
    currency: Told | None = Field(default=None, description="ISO 4217, such as EUR")
    paid_on: Told | None = Field(default=None, description="when it was paid, YYYY-MM-DD")
    account: Told | None = Field(default=None, description="the IBAN or account to pay to")
    confidence: float = Field(description="that the answer is right, from 0 to 1")


def form(question: str) -> Form:
    """The form of a question. Who is held to it tells everything, once, and nothing else."""
    schema = Extraction.model_json_schema()
    schema |= {"required": list(schema["properties"]), "additionalProperties": False}
    return Form(question=question, schema=json.dumps(schema))
