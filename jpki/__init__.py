"""Read, check and use the IC chip of a My Number Card through PC/SC.

The names in ``__all__`` are what programs may rely on, with the exceptions in :mod:`jpki.errors`; docs/library.md
shows them in use. Each is loaded when it is first asked for, so that importing :mod:`jpki` costs nothing.
"""

# Type checkers take it for true; the typing module takes longer to load than this one.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from jpki.advice.advising import advise
    from jpki.advice.rules import Advice
    from jpki.card.my_number_card import CardKind, MyNumberCard, is_my_number_card
    from jpki.card.pin import Pin, PinState, PinStatus
    from jpki.card.status import CardStatus, CertificateStatus, read_four_pins, read_status
    from jpki.certificate.certificate import Certificate
    from jpki.certificate.summary import CertificateSummary, read_summary
    from jpki.client.card import Attributes, Card, connect
    from jpki.client.diagnosing import Diagnosis, diagnose
    from jpki.client.files import SignedFile, SignedKind, sign_file, verify_file
    from jpki.client.readers import ReaderChange, ReaderEvent, Watch, readers, watch
    from jpki.client.service import CardService, use_service
    from jpki.crypto.digest_info import Digest
    from jpki.errors import JpkiError
    from jpki.files.judging import VerifyReport
    from jpki.identifiers import CertificateKind
    from jpki.pin.commands import ChangeReport, TryPolicy, change_pin, read_protected_certificate, verify_pin
    from jpki.pin.person import CardWanted, Decision, Notice, NoticeKind, Person, Question, SecretQuestion
    from jpki.pin.record import PinOutcome, PinReport, TryUse
    from jpki.pin.report import pin_report
    from jpki.pin.request import PinRequest
    from jpki.pin.secret import Secret
    from jpki.transport.base import CardConnection
    from jpki.transport.choice import choose_reader
    from jpki.transport.pcsc import PcscSystem
    from jpki.transport.reader_state import ReaderState
    from jpki.words.failures import FailureText, failure_text

__version__ = "0.1.0"

__all__ = [
    "Advice",
    "Attributes",
    "Card",
    "CardConnection",
    "CardKind",
    "CardService",
    "CardStatus",
    "CardWanted",
    "Certificate",
    "CertificateKind",
    "CertificateStatus",
    "CertificateSummary",
    "ChangeReport",
    "Decision",
    "Diagnosis",
    "Digest",
    "FailureText",
    "JpkiError",
    "MyNumberCard",
    "Notice",
    "NoticeKind",
    "PcscSystem",
    "Person",
    "Pin",
    "PinOutcome",
    "PinReport",
    "PinRequest",
    "PinState",
    "PinStatus",
    "Question",
    "ReaderChange",
    "ReaderEvent",
    "ReaderState",
    "Secret",
    "SecretQuestion",
    "SignedFile",
    "SignedKind",
    "TryPolicy",
    "TryUse",
    "VerifyReport",
    "Watch",
    "advise",
    "change_pin",
    "choose_reader",
    "connect",
    "diagnose",
    "failure_text",
    "is_my_number_card",
    "pin_report",
    "read_four_pins",
    "read_protected_certificate",
    "read_status",
    "read_summary",
    "readers",
    "sign_file",
    "use_service",
    "verify_file",
    "verify_pin",
    "watch",
]

_MODULES = {
    "Advice": "advice.rules",
    "Attributes": "client.card",
    "Card": "client.card",
    "CardConnection": "transport.base",
    "CardKind": "card.my_number_card",
    "CardService": "client.service",
    "CardStatus": "card.status",
    "CardWanted": "pin.person",
    "Certificate": "certificate.certificate",
    "CertificateKind": "identifiers",
    "CertificateStatus": "card.status",
    "CertificateSummary": "certificate.summary",
    "ChangeReport": "pin.commands",
    "Decision": "pin.person",
    "Diagnosis": "client.diagnosing",
    "Digest": "crypto.digest_info",
    "FailureText": "words.failures",
    "JpkiError": "errors",
    "MyNumberCard": "card.my_number_card",
    "Notice": "pin.person",
    "NoticeKind": "pin.person",
    "PcscSystem": "transport.pcsc",
    "Person": "pin.person",
    "Pin": "card.pin",
    "PinOutcome": "pin.record",
    "PinReport": "pin.record",
    "PinRequest": "pin.request",
    "PinState": "card.pin",
    "PinStatus": "card.pin",
    "Question": "pin.person",
    "ReaderChange": "client.readers",
    "ReaderEvent": "client.readers",
    "ReaderState": "transport.reader_state",
    "Secret": "pin.secret",
    "SecretQuestion": "pin.person",
    "SignedFile": "client.files",
    "SignedKind": "client.files",
    "TryPolicy": "pin.commands",
    "TryUse": "pin.record",
    "VerifyReport": "files.judging",
    "Watch": "client.readers",
    "advise": "advice.advising",
    "change_pin": "pin.commands",
    "choose_reader": "transport.choice",
    "connect": "client.card",
    "diagnose": "client.diagnosing",
    "failure_text": "words.failures",
    "is_my_number_card": "card.my_number_card",
    "pin_report": "pin.report",
    "read_four_pins": "card.status",
    "read_protected_certificate": "pin.commands",
    "read_status": "card.status",
    "read_summary": "certificate.summary",
    "readers": "client.readers",
    "sign_file": "client.files",
    "use_service": "client.service",
    "verify_file": "client.files",
    "verify_pin": "pin.commands",
    "watch": "client.readers",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"jpki.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names."""
    return sorted({*__all__, "__version__"})
