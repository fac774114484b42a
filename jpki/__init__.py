"""Read, check and use the IC chip of a My Number Card through PC/SC.

The names in ``__all__`` are what programs may rely on, with the exceptions in :mod:`jpki.errors`; docs/library.md
shows them in use. Each is loaded when it is first asked for, so that importing :mod:`jpki` costs nothing.
"""

# Type checkers take it for true; the typing module takes longer to load than this one.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from jpki.advice import Advice, advise
    from jpki.card import (
        CardKind,
        CardStatus,
        CertificateStatus,
        MyNumberCard,
        Pin,
        PinState,
        PinStatus,
        is_my_number_card,
        read_four_pins,
        read_status,
    )
    from jpki.certificate import Certificate, CertificateSummary, read_summary
    from jpki.client import (
        Attributes,
        Card,
        CardService,
        Diagnosis,
        ReaderChange,
        ReaderEvent,
        SignedFile,
        SignedKind,
        Watch,
        connect,
        diagnose,
        readers,
        sign_file,
        use_service,
        verify_file,
        watch,
    )
    from jpki.crypto import Digest
    from jpki.errors import JpkiError
    from jpki.files import VerifyReport
    from jpki.identifiers import CertificateKind
    from jpki.pin import (
        CardWanted,
        Decision,
        Notice,
        NoticeKind,
        Person,
        PinOutcome,
        PinReport,
        PinRequest,
        Question,
        Secret,
        SecretQuestion,
        TryUse,
        pin_report,
    )
    from jpki.transport import CardConnection, PcscSystem, ReaderState, open_connection
    from jpki.words import FailureText, failure_text

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
    "TryUse",
    "VerifyReport",
    "Watch",
    "advise",
    "connect",
    "diagnose",
    "failure_text",
    "is_my_number_card",
    "open_connection",
    "pin_report",
    "read_four_pins",
    "read_status",
    "read_summary",
    "readers",
    "sign_file",
    "use_service",
    "verify_file",
    "watch",
]

_MODULES = {
    "Advice": "advice",
    "Attributes": "client",
    "Card": "client",
    "CardConnection": "transport",
    "CardKind": "card",
    "CardService": "client",
    "CardStatus": "card",
    "CardWanted": "pin",
    "Certificate": "certificate",
    "CertificateKind": "identifiers",
    "CertificateStatus": "card",
    "CertificateSummary": "certificate",
    "Decision": "pin",
    "Diagnosis": "client",
    "Digest": "crypto",
    "FailureText": "words",
    "JpkiError": "errors",
    "MyNumberCard": "card",
    "Notice": "pin",
    "NoticeKind": "pin",
    "PcscSystem": "transport",
    "Person": "pin",
    "Pin": "card",
    "PinOutcome": "pin",
    "PinReport": "pin",
    "PinRequest": "pin",
    "PinState": "card",
    "PinStatus": "card",
    "Question": "pin",
    "ReaderChange": "client",
    "ReaderEvent": "client",
    "ReaderState": "transport",
    "Secret": "pin",
    "SecretQuestion": "pin",
    "SignedFile": "client",
    "SignedKind": "client",
    "TryUse": "pin",
    "VerifyReport": "files",
    "Watch": "client",
    "advise": "advice",
    "open_connection": "transport",
    "connect": "client",
    "diagnose": "client",
    "failure_text": "words",
    "is_my_number_card": "card",
    "pin_report": "pin",
    "read_four_pins": "card",
    "read_status": "card",
    "read_summary": "certificate",
    "readers": "client",
    "sign_file": "client",
    "use_service": "client",
    "verify_file": "client",
    "watch": "client",
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
