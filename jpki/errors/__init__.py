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
    │       └── ServiceHangsError      of the PC/SC service itself
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

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "base": ("JpkiError",),
        "card": (
            "CardError",
            "FileNotFoundOnCardError",
            "NotMyNumberCardError",
            "SecurityStatusError",
            "UnexpectedStatusError",
            "VerifyRefusedError",
        ),
        "data": (
            "ApduError",
            "CertificateAbsentError",
            "CertificateError",
            "DataError",
            "DocumentDataError",
            "ExtraMissingError",
            "FileError",
            "KeyNotSupportedError",
            "PdfError",
            "SignatureInvalidError",
            "TimeStampError",
            "TlvError",
            "UnsupportedSignatureError",
        ),
        "pin": (
            "AnotherCardError",
            "CounterChangedError",
            "DeclinedError",
            "HiddenCounterError",
            "LastTryError",
            "NobodyToAskError",
            "OutcomeUnknownError",
            "PadFault",
            "PinBlockedError",
            "PinChangeError",
            "PinError",
            "PinFormatError",
            "PinNotInUseError",
            "PinPadError",
            "WeakPinError",
            "WrongPinError",
        ),
        "transport": (
            "AnswerLostError",
            "CardMuteError",
            "CardRemovedError",
            "CardResetError",
            "CardTimeoutError",
            "NoCardError",
            "NoReaderError",
            "PcscLibraryMissingError",
            "PermissionDeniedError",
            "ReaderBusyError",
            "ReaderChoiceError",
            "ServiceMissingError",
            "ServiceHangsError",
            "ServiceStoppedError",
            "SeveralCardsError",
            "TransportError",
            "UnknownReaderError",
        ),
    },
)
