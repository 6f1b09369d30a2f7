"""How questions describe the bill that they are about: the freight bill, la facture du plombier, 电费账单. Pure."""

import re

_BEFORE = re.compile(
    r"\b(?P<kept>the|this|that|our|my|der|die|das|dem|den|des|diese[rsmn]?|unsere[rsmn]?|meine[rsmn]?)\s+"
    r"(?P<said>(?:[^\W\d_][\w'’-]*\s+){1,2})"
    r"(?=(?:invoice|bill|receipt|rechnung|quittung|kassenbon|bon|beleg)s?\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?P<kept>facture|note|addition|quittance|reçu|ticket|factura|recibo|cuenta)\s+"
    r"(?P<said>(?:de\s+(?:la|l['’]|las|los)|d['’]|du|des|de|del)\s*(?!\d)[\w'’-]+)",
    re.IGNORECASE,
)
_HAN = re.compile(r"(?P<kept>^|[这那张份个，的])(?P<said>(?![这那])[\u4e00-\u9fff]{2,4})(?=账单|发票|收据|小票)")


def plainly(text: str) -> str:
    """The text with a bill for what it calls the freight bill."""
    for pattern, plain in ((_BEFORE, r"\g<kept> "), (_BEHIND, r"\g<kept> "), (_HAN, r"\g<kept>")):
        text = pattern.sub(plain, text)
    return text
