"""Every error that the library raises.

::

    JpkiError
    ├── TransportError                 the way to the card failed; carries the PC/SC code where there is one
    │   ├── PcscLibraryMissingError    the PC/SC library or the Python module for it is not installed
    │   ├── ServiceMissingError        the PC/SC service is not installed
    │   ├── ServiceStoppedError        the PC/SC service is installed and does not run
    │   ├── PermissionDeniedError      the PC/SC service refuses this user
    │   ├── NoReaderError              no reader is connected
    │   ├── NoCardError                no card is on the reader
    │   ├── CardMuteError              a card is there and does not answer
    │   ├── CardRemovedError           the card or its reader went away while it was used
    │   ├── CardResetError             another program reset the card
    │   ├── ReaderBusyError            another program holds the card
    │   ├── AnswerLostError            the card is there, the answer to this command did not arrive
    │   └── CardTimeoutError           no answer within the deadline
    ├── ReaderChoiceError
    │   ├── UnknownReaderError         no reader has the given name or number
    │   └── SeveralCardsError          more than one My Number Card, none chosen
    ├── CardError                      the card answered, with a status word that is an error
    │   ├── NotMyNumberCardError       the JPKI application cannot be selected
    │   ├── FileNotFoundOnCardError    no such application, file or record
    │   ├── SecurityStatusError        a PIN has to be verified first
    │   └── UnexpectedStatusError      any other status word
    │       └── VerifyRefusedError     the answer to a PIN; it says nothing of whether the PIN was right
    ├── PinError
    │   ├── PinFormatError             the value cannot be this PIN; nothing was sent
    │   ├── WrongPinError              the card compared and refused
    │   ├── PinBlockedError            no try is left
    │   │   └── PinNotInUseError       it is not locked: its certificate is not on the card
    │   ├── LastTryError               one try is left and the caller did not allow its use; nothing was sent
    │   ├── HiddenCounterError         the card does not tell the tries left, nor did the caller allow that
    │   ├── WeakPinError               a new PIN is easily guessed and the caller did not allow that; nothing was sent
    │   ├── AnotherCardError           the card is not the one that was shown; nothing was sent
    │   └── CounterChangedError        the counter is not the one that was shown; nothing was sent
    ├── PinPadError                    the reader's PIN pad ended the entry; nothing was sent
    ├── OutcomeUnknownError            the answer to VERIFY was lost
    ├── PinChangeError                 a PIN was not changed, or it is unknown; carries the outcome and its cause
    ├── ExtraMissingError              a library that only one function needs is not installed
    ├── KeyNotSupportedError           the card's key is of a kind that this library does not sign with
    ├── TimeStampError                 a time stamp service gave no time stamp
    ├── DocumentDataError              a login key was to sign what makes a document signature; nothing was sent
    ├── SignatureInvalidError          a signature does not match
    ├── CertificateAbsentError         the card has no such certificate
    ├── FileError                      a file that cannot be signed, verified or written
    └── DataError                      bytes that do not have the form they must have
        ├── UnsupportedSignatureError  a signature of a kind that this library does not verify
        ├── PdfError                   a PDF that cannot be signed or looked at
        ├── ApduError                  a response shorter than a status word, or a command that is not an APDU
        ├── TlvError                   not BER-TLV
        └── CertificateError           not a certificate of this kind

No error ever holds a PIN, command data or personal data of the card: only names of commands, status words and counters.
"""


class JpkiError(Exception):
    """Base of all errors of this library."""

    #: What :func:`jpki.words.failure_text` has the words for; the word that JSON output uses.
    code = "unexpected"


class TransportError(JpkiError):
    """The way to the card failed.

    ``pcsc_code`` is the PC/SC return code as an unsigned 32-bit number (0 where there is none).
    """

    code = "transport"

    def __init__(self, message: str, *, pcsc_code: int = 0) -> None:
        """Keep the code beside the sentence."""
        super().__init__(message)
        self.pcsc_code = pcsc_code & 0xFFFFFFFF


class PcscLibraryMissingError(TransportError):
    """The PC/SC library (``libpcsclite.so.1``) or pyscard is not installed; ``component`` names which."""

    code = "pcsc_library_missing"

    def __init__(self, message: str, *, component: str, pcsc_code: int = 0) -> None:
        """Keep what is missing beside the sentence."""
        super().__init__(message, pcsc_code=pcsc_code)
        self.component = component


class ServiceMissingError(TransportError):
    """The PC/SC service is not installed."""

    code = "pcsc_service_missing"


class ServiceStoppedError(TransportError):
    """The PC/SC service is installed and does not run."""

    code = "pcsc_service_stopped"


class PermissionDeniedError(TransportError):
    """The PC/SC service refuses this user (polkit on Linux)."""

    code = "pcsc_permission_denied"


class NoReaderError(TransportError):
    """No reader is connected."""

    code = "no_reader"


class NoCardError(TransportError):
    """No card is on the reader."""

    code = "no_card"


class CardMuteError(TransportError):
    """A card is in the reader and gives no answer to reset."""

    code = "card_mute"


class CardRemovedError(TransportError):
    """The card or its reader went away while it was in use."""

    code = "card_removed"


class CardResetError(TransportError):
    """Another program reset the card: selection and security status are lost."""

    code = "card_reset"


class ReaderBusyError(TransportError):
    """Another program holds the card exclusively or in a transaction."""

    code = "reader_busy"


class AnswerLostError(TransportError):
    """The card is still on the reader, but its answer to this command did not arrive; it may have carried it out."""


class CardTimeoutError(TransportError):
    """The card or the PC/SC service did not answer within the deadline."""

    code = "timeout"


class ReaderChoiceError(JpkiError):
    """Which reader is meant is not clear; ``readers`` are the names to choose from."""

    def __init__(self, message: str, *, readers: tuple[str, ...]) -> None:
        """Keep the choice beside the sentence."""
        super().__init__(message)
        self.readers = readers


class UnknownReaderError(ReaderChoiceError):
    """No reader has the given name or number."""

    code = "unknown_reader"


class SeveralCardsError(ReaderChoiceError):
    """There are My Number Cards on several readers and none was chosen."""

    code = "several_cards"


class CardError(JpkiError):
    """The card answered ``command`` with the error status word ``sw``."""

    code = "card_refused"

    def __init__(self, command: str, sw: int) -> None:
        """Keep the command's name (never its data) and the status word."""
        super().__init__(f"{command}: {sw:04X}")
        self.command = command
        self.sw = sw


class NotMyNumberCardError(CardError):
    """The card has no JPKI application."""

    code = "not_my_number_card"


class FileNotFoundOnCardError(CardError):
    """The card has no such application, file or record (6A82, 6A83)."""

    code = "not_on_card"


class SecurityStatusError(CardError):
    """The card wants a PIN first (6982)."""

    code = "pin_needed"


class UnexpectedStatusError(CardError):
    """The card answered with a status word that this command cannot have."""

    code = "card_refused"


class VerifyRefusedError(UnexpectedStatusError):
    """The card answered a PIN with a status word that says nothing of whether it was right.

    ``retries_remaining`` is the counter as it was read afterwards (0: blocked, None: not known). ``is_contradiction``:
    the status word is a refusal, and neither it nor the counter read again fits the counter from before.
    """

    def __init__(
        self, sw: int, *, pin: str, retries_remaining: int | None = None, is_contradiction: bool = False
    ) -> None:
        """Keep the name of the PIN, and the counter where the card could still be asked."""
        super().__init__("VERIFY", sw)
        self.pin = pin
        self.retries_remaining = retries_remaining
        self.is_contradiction = is_contradiction


class PinError(JpkiError):
    """A PIN was not accepted, here or by the card; ``pin`` is its name on the command line."""

    def __init__(self, message: str, *, pin: str) -> None:
        """Keep the name of the PIN beside the sentence."""
        super().__init__(message)
        self.pin = pin


class PinFormatError(PinError):
    """The value cannot be this PIN; ``reason`` is a code of :class:`jpki.pin.rules.FormFault`."""

    code = "pin_format"

    def __init__(self, message: str, *, pin: str, reason: str) -> None:
        """Keep the reason beside the sentence."""
        super().__init__(message, pin=pin)
        self.reason = reason


class WrongPinError(PinError):
    """The card compared and refused; ``retries_remaining`` tries are left (1 or more), None if it does not say."""

    code = "wrong_pin"

    def __init__(self, message: str, *, pin: str, retries_remaining: int | None) -> None:
        """Keep the counter beside the sentence."""
        super().__init__(message, pin=pin)
        self.retries_remaining = retries_remaining


class PinBlockedError(PinError):
    """No try is left; ``by_this_call`` says whether the last one was used just now."""

    code = "pin_blocked"

    def __init__(self, message: str, *, pin: str, by_this_call: bool = False) -> None:
        """Keep who blocked it beside the sentence."""
        super().__init__(message, pin=pin)
        self.by_this_call = by_this_call


class PinNotInUseError(PinBlockedError):
    """The PIN answers as a blocked one, and is not locked: the certificate that it is for is not on the card."""

    code = "pin_not_in_use"


class LastTryError(PinError):
    """One try is left and the caller did not allow its use; nothing was sent."""

    code = "last_try"


class HiddenCounterError(PinError):
    """The card does not tell the tries left, so this may be the last one; its use was not allowed, nothing was sent."""

    code = "hidden_counter"


class WeakPinError(PinError):
    """A new PIN is easily guessed, and the caller did not allow that; nothing was sent.

    ``weaknesses`` are values of :class:`jpki.pin.rules.Weakness`.
    """

    code = "weak_pin"

    def __init__(self, message: str, *, pin: str, weaknesses: tuple[str, ...]) -> None:
        """Keep what is weak beside the sentence."""
        super().__init__(message, pin=pin)
        self.weaknesses = weaknesses


class AnotherCardError(PinError):
    """The card on the reader is not the one that was shown, or cannot be known to be; nothing was sent.

    ``is_certain`` is False of a card that shows nothing by which it could be known again and was away, or was reset,
    since it was shown.
    """

    code = "another_card"

    def __init__(self, message: str, *, pin: str, is_certain: bool = True) -> None:
        """Keep how sure that is beside the sentence."""
        super().__init__(message, pin=pin)
        self.is_certain = is_certain


class CounterChangedError(PinError):
    """The counter read now is not the one that the caller saw, or the PIN was presented since; nothing was sent."""

    code = "counter_changed"

    def __init__(self, message: str, *, pin: str, expected: int | None, found: int | None) -> None:
        """Keep both counters beside the sentence (None: not known)."""
        super().__init__(message, pin=pin)
        self.expected = expected
        self.found = found


class DeclinedError(PinError):
    """The person who was asked does not want to go on; nothing was sent."""

    code = "declined"


class NobodyToAskError(JpkiError):
    """A person was to be asked, but there is no terminal and no window; nothing was sent."""

    code = "nobody_to_ask"


class PinPadError(JpkiError):
    """The reader's PIN pad ended the entry by itself: nothing reached the card.

    ``reason`` is a code of :class:`jpki.pin.pad.PadFault`.
    """

    def __init__(self, message: str, *, reason: str) -> None:
        """Keep the reason beside the sentence."""
        super().__init__(message)
        self.code = f"pinpad_{reason}"
        self.reason = reason


class OutcomeUnknownError(JpkiError):
    """The answer to VERIFY was lost, so a try may have been used; the cause is in ``__cause__``.

    ``was_right`` says that the counter, which is full again, says that the PIN was right; what it was to open was not
    done anyway.
    """

    code = "outcome_unknown"
    was_right = False

    def __init__(self, message: str, *, pin: str, retries_remaining: int | None = None) -> None:
        """Keep the name of the PIN, and the counter where the card could still be asked."""
        super().__init__(message)
        self.pin = pin
        self.retries_remaining = retries_remaining


class PinChangeError(JpkiError):
    """A change of a PIN did not end in success; what is true of the PIN is in ``is_unknown``.

    ``is_unknown`` is False when the PIN is surely unchanged, True when the card may have changed it.
    ``retries_remaining`` is the counter as far as it could be read afterwards (0: blocked, None: not known).
    ``cause`` is what went wrong: an error of this tree, or an interruption. It is an OutcomeUnknownError where the
    answer to VERIFY was lost: the PIN is unchanged then, and a try may have been used.
    """

    def __init__(self, *, pin: str, is_unknown: bool, retries_remaining: int | None, cause: BaseException) -> None:
        """Keep the truth and its cause."""
        super().__init__(f"the PIN is {'in an unknown state' if is_unknown else 'unchanged'}")
        self.code = "outcome_unknown" if is_unknown else getattr(cause, "code", "interrupted")
        self.pin = pin
        self.is_unknown = is_unknown
        self.retries_remaining = retries_remaining
        self.cause = cause


class ExtraMissingError(JpkiError):
    """A library that only one function needs is not installed; ``extra`` is what to install: ``jpki[extra]``."""

    code = "extra_missing"

    def __init__(self, message: str, *, extra: str) -> None:
        """Keep the name of the extra beside the sentence."""
        super().__init__(message)
        self.extra = extra


class KeyNotSupportedError(JpkiError):
    """The card's key is of a kind that this library does not sign with; ``kind`` names it, as ``EC P-384``."""

    code = "key_not_supported"

    def __init__(self, kind: str) -> None:
        """Keep the kind of the key."""
        super().__init__(f"the card's key is of another kind: {kind}")
        self.kind = kind


class DocumentDataError(JpkiError):
    """A login key was to sign the attributes of a document signature; nothing was sent."""

    code = "document_data"


class TimeStampError(JpkiError):
    """A time stamp service gave no time stamp.

    ``fault`` is the value of a :class:`jpki.signing.cms.time_stamp_request.TimeStampFault`, ``detail`` what the system
    or the service said of it. ``is_signed`` says that the card had signed already: the password was right, so no try
    was used, and the signature was not written.
    """

    code = "time_stamp"

    def __init__(self, fault: str, detail: str = "") -> None:
        """Keep the fault, and what was said of it."""
        super().__init__(f"no time stamp: {fault} {detail}".rstrip())
        self.fault = fault
        self.detail = detail
        self.is_signed = False


class SignatureInvalidError(JpkiError):
    """A signature is not that of this key over these bytes."""

    code = "signature_invalid"


#: Faults of files that share a machine word with others.
_FILE_CODES = {
    "name_forbidden": "cannot_write",
    "is_folder": "cannot_write",
    "no_folder": "cannot_write",
    "folder_closed": "cannot_write",
    "not_writable": "cannot_write",
    "system_refuses": "cannot_write",
    "another_result": "output_exists",
    "signature_changed": "file_changed",
    "no_signature_in_pdf": "no_signature",
    "no_file_to_compare": "usage",
    "unreadable_signature": "bad_data",
    "unsupported_signature": "unsupported",
}


class CertificateAbsentError(JpkiError):
    """The card says that it has no certificate of this kind; ``kind`` is ``auth`` or ``sign``."""

    code = "certificate_absent"

    def __init__(self, message: str, *, kind: str) -> None:
        """Keep which one."""
        super().__init__(message)
        self.kind = kind


class FileError(JpkiError):
    """A file that cannot be signed, verified or written.

    ``fault`` is a key of :data:`jpki.words.file_failures.FILE_FAULTS` and ``code`` its machine word, which several
    faults share. ``path`` is the file; ``values`` are what else its sentence tells. ``for_signing``: it was to be
    signed. ``kept`` is where a result that could not be put in its place lies.
    """

    def __init__(
        self, fault: str, path: object, *, for_signing: bool = False, kept: object = None, **values: object
    ) -> None:
        """Keep the values; the text of the exception is the fault, as names of files can be personal."""
        super().__init__(fault)
        self.fault = fault
        self.code = _FILE_CODES.get(fault, fault)
        self.path = path
        self.for_signing = for_signing
        self.kept = kept
        self.values = values


class DataError(JpkiError):
    """Bytes that do not have the form they must have."""

    code = "bad_data"


class UnsupportedSignatureError(DataError):
    """A signature of a kind that this library does not verify; that says nothing against it."""


class PdfError(DataError):
    """A PDF that cannot be signed or looked at; ``fault`` is one of :class:`jpki.signing.pdf.library.PdfFault`."""

    def __init__(self, message: str, *, fault: str, names: tuple[str, ...] = ()) -> None:
        """Keep the fault, and the names (of signature fields) that it is about."""
        super().__init__(message)
        self.fault = fault
        self.names = names


class ApduError(DataError):
    """A response shorter than a status word, or bytes that are no command APDU."""


class TlvError(DataError):
    """Not BER-TLV, or longer than what is there."""


class CertificateError(DataError):
    """Not an X.509 certificate, or not one of the kind that was expected."""
