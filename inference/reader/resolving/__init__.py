"""How the value of each concept is found, where a label alone does not tell or may be missing. Pure."""

from collections.abc import Callable, Sequence

from inference.reader.fields import Field
from inference.reader.lexicon import concept
from inference.reader.questions import Question
from inference.reader.resolving import days, journeys, marks, people, sums
from inference.reader.resolving.labelled import by_label
from inference.reader.sheet import Sheet

Resolver = Callable[[Sequence[Sheet], str, Question], Field | None]


def resolve(sheets: Sequence[Sheet], name: str, question: Question) -> Field | None:
    """The value of the concept that fits the question best, or None."""
    mere = people.role if concept(name).kinds == ("name",) else by_label
    return _RESOLVERS.get(name, mere)(sheets, name, question)


_RESOLVERS: dict[str, Resolver] = {
    "account": marks.account,
    "emergency_phone": marks.phone,
    "iban": marks.account,
    "account_holder": people.named,
    "address": people.address,
    "arrival": journeys.hour,
    "departure": journeys.hour,
    "origin": journeys.place,
    "destination": journeys.place,
    "appointment": days.appointment,
    "bank": people.bank,
    "consumption": marks.consumption,
    "change": sums.change,
    "contact": people.contact,
    "currency": sums.currency,
    "customer": people.customer,
    "date": days.date,
    "doctor": people.doctor,
    "delivery_address": people.delivery_address,
    "due_date": days.due_date,
    "invoice_number": marks.document_number,
    "booking_number": marks.document_number,
    "delivery_note": marks.document_number,
    "contract_number": marks.document_number,
    "licence_plate": marks.plate,
    "order_date": days.order_date,
    "order_number": marks.document_number,
    "payment_date": days.payment_date,
    **dict.fromkeys(
        ("weight", "length", "area", "volume", "power", "energy", "data_volume", "temperature", "speed", "mileage"),
        marks.measure,
    ),
    "period": days.period,
    "payment_method": sums.by_method,
    "phone": marks.phone,
    "receipt_number": marks.document_number,
    "room": marks.room,
    "recipient": people.customer,
    "sender": people.sender,
    "start_date": days.start_date,
    "subject": people.subject,
    "subtotal": sums.subtotal,
    "tax": sums.tax,
    "time": days.time,
    "tax_rate": sums.tax_rate,
    "title": people.title,
    "total": sums.total,
    "unit_price": sums.unit_price,
    "valid_until": days.valid_until,
    "vendor": people.vendor,
}
