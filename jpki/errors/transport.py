"""Errors of the way to the card, and of the choice of a reader."""

from .base import JpkiError


class TransportError(JpkiError):
    """The way to the card failed.

    ``pcsc_code`` is the PC/SC return code as an unsigned 32-bit number (0 where there is none). ``is_pin_unsent``: it
    ended the use of a PIN before that was sent.
    """

    code = "transport"
    is_pin_unsent = False

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
    """The PC/SC service is installed and does not run; ``has_ended``: it took this program before, so it has ended."""

    code = "pcsc_service_stopped"
    has_ended = False


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


class ServiceHangsError(CardTimeoutError):
    """The PC/SC service runs and does not answer: it is not the card that is slow."""

    code = "pcsc_service_hangs"


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
