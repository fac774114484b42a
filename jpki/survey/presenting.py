"""The part of a survey that needs a PIN: one VERIFY, and what is true of the card while it lasts.

The PIN is presented by :func:`jpki.pin.commands.presented`, which compares the counter with the full one in the same
transaction and leaves nothing open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jpki.card import Pin
from jpki.certificate import split
from jpki.crypto import Digest
from jpki.errors import CardError, DataError
from jpki.identifiers import Application, CertificateKind, JpkiEf, TextEf
from jpki.iso7816 import BLOCK, CommandApdu, read_header
from jpki.pin import presented

from .answers import NO_DATA_OBJECT, READ, ask, counter_text, interface_of, size_class, word
from .signatures import STATEMENT, STATEMENT_DIGEST, describe_pss, describe_v15

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.card import MyNumberCard
    from jpki.iso7816 import ResponseApdu
    from jpki.pin import Secret, TryPolicy

    from .gate import SurveyGate

    Answers = dict[str, str]

#: The PINs that a survey can learn something by. The Basic Resident Register PIN opens nothing that is known.
PINS: Final = (Pin.INPUT, Pin.SIGN, Pin.AUTH)
_OK: Final = 0x9000
_SIGNATURES: Final = 3
#: P1 of COMPUTE DIGITAL SIGNATURE (docs/card.md, 3.4).
_DIGEST_INFO, _PSS_OF_HASH, _PSS_OF_MESSAGE = 0x00, 0x04, 0x05
_OPEN, _CLOSED = "open", "closed"
_MY_NUMBER_HEADER: Final = 3
_MY_NUMBER_END: Final = 15
_MY_NUMBER_TAG: Final = bytes.fromhex("FF100C")
_LONG_FORM: Final = 0x80


@dataclass(slots=True)
class Presenter:
    """Asks what one PIN opens; ``restarts``: the card may be reset, since no other program has it."""

    card: MyNumberCard
    gate: SurveyGate
    answers: Answers
    restarts: bool = False

    def present(self, pin: Pin, secret: Secret, policy: TryPolicy) -> None:
        """Present a PIN once and ask what it opens.

        Raises:
            PinError: nothing was sent, the counter is not full any more; or the card refused the PIN.
            OutcomeUnknownError, VerifyRefusedError: as :func:`jpki.pin.commands.verify_pin`.
            TransportError: the way to the card failed.
        """
        questions = {Pin.AUTH: self._ask_auth, Pin.SIGN: self._ask_sign, Pin.INPUT: self._ask_input}[pin]
        with self.gate.presenting(), presented(self.card, pin, secret, policy):
            # The PIN's own IEF is current after VERIFY.
            status = self._send((0x00, 0x20, 0x00, 0x80))
            text = counter_text(status, None)
            self.answers.setdefault("verified.status", "63Cx" if text.startswith("63C") else text)
            questions()

    def _send(self, header: tuple[int, int, int, int], data: bytes = b"", le: int | None = None) -> ResponseApdu | None:
        return ask(self.card.card, CommandApdu(*header, data, le))

    def _select_ef(self, ef_id: int) -> None:
        self._send((0x00, 0xA4, 0x02, 0x0C), data=ef_id.to_bytes(2))

    def _read(self, offset: int, length: int) -> ResponseApdu | None:
        return self._send((0x00, 0xB0, offset >> 8, offset & 0xFF), le=length)

    # Signatures

    def _ask_auth(self) -> None:
        key = self._public_key(CertificateKind.AUTH)
        self._ask_signatures("auth", JpkiEf.AUTH_KEY, key)
        for name, p1, data in (
            ("auth.pss_of_hash", _PSS_OF_HASH, STATEMENT_DIGEST),
            ("auth.pss_of_message", _PSS_OF_MESSAGE, STATEMENT),
        ):
            response = self._sign(JpkiEf.AUTH_KEY, p1, data)
            self.answers[name] = self._described(response, lambda signature: describe_pss(key, signature))
        self._ask_session()

    def _ask_sign(self) -> None:
        key = self._public_key(CertificateKind.SIGN)
        self._select_ef(JpkiEf.SIGN_CERTIFICATE)
        self.answers["sign.opens_certificate"] = self._certificate_class()
        self._ask_signatures("sign", JpkiEf.SIGN_KEY, key)

    def _public_key(self, kind: CertificateKind) -> bytes:
        """The public key of a certificate, which is kept for this transaction; empty if it cannot be read."""
        try:
            return split(self.card.read_certificate(kind)).public_key
        except (CardError, DataError):
            return b""

    def _certificate_class(self) -> str:
        response = self._read(0, 8)
        if response is None or response.sw not in READ:
            return word(response)
        try:
            return size_class(read_header(response.data).total)
        except DataError:
            return NO_DATA_OBJECT

    def _sign(self, key: int, p1: int, data: bytes) -> ResponseApdu | None:
        self._select_ef(key)
        return self._send((0x80, 0x2A, p1, 0x80), data=data, le=BLOCK)

    def _ask_signatures(self, name: str, key: int, public_key: bytes) -> None:
        """How many signatures one VERIFY allows, and whether they are those of the certificate."""
        info = Digest.SHA256.info(STATEMENT_DIGEST)
        made = 0
        for number in range(_SIGNATURES):
            response = self._sign(key, _DIGEST_INFO, info)
            if not number:
                described = self._described(response, lambda signature: describe_v15(public_key, signature))
                self.answers[f"{name}.signature"] = described
            if response is None or response.sw != _OK:
                break
            made += 1
        self.answers[f"{name}.signatures"] = f"{made} or more" if made == _SIGNATURES else str(made)

    @staticmethod
    def _described(response: ResponseApdu | None, describe: Callable[[bytes], str]) -> str:
        return describe(response.data) if response is not None and response.sw == _OK else word(response)

    # What a PIN survives (docs/card.md, section 7)

    def _is_open(self) -> bool:
        response = self._sign(JpkiEf.AUTH_KEY, _DIGEST_INFO, Digest.SHA256.info(STATEMENT_DIGEST))
        return response is not None and response.sw == _OK

    def _ask_session(self) -> None:
        """Each question can be asked only while the key is open, so the first that closes it ends them."""
        if not self._is_open():
            return
        steps: list[tuple[str, Callable[[], None]]] = [("auth.selected_again", lambda: None)]
        if self.restarts:
            steps += [
                ("auth.reset", lambda: self.gate.restart(is_cold=False)),
                ("auth.power_cut", lambda: self.gate.restart(is_cold=True)),
            ]
        for name, happen in steps:
            happen()
            first = self._select_again(Application.JPKI)
            if name == "auth.power_cut":
                self.answers["first_command"] = first
            is_open = self._is_open()
            state = _OPEN if is_open else _CLOSED
            self.answers[name] = f"{state}, {interface_of(self.gate.atr)}" if name == "auth.reset" else state
            if not is_open:
                return

    def _select_again(self, application: Application) -> str:
        """SELECT an application, whatever is selected; the first answer, which is 6F00 on one card after power-up."""
        first = word(self._send((0x00, 0xA4, 0x04, 0x0C), data=application.df_name))
        self.card.select(application, again=True)
        return first

    # The text application

    def _ask_input(self) -> None:
        """Headers and ends of the files that the PIN opens; nothing between them is read."""
        self.answers["input.my_number"] = self._my_number_form()
        self._select_ef(TextEf.ATTRIBUTES)
        self.answers["input.attributes_length"] = self._length_form()
        for ef_id in (TextEf.INTEGRITY, 0x06, 0x07, 0x08):
            self._select_ef(ef_id)
            self.answers[f"input.opens.{ef_id:04X}"] = word(self._read(0, 1))
        self._select_again(Application.COMMON)
        self._select_again(Application.TEXT)
        self._select_ef(TextEf.ATTRIBUTES)
        left = self._read(0, 1)
        is_open = left is not None and left.sw in READ
        self.answers["input.other_application_selected"] = _OPEN if is_open else _CLOSED

    def _my_number_form(self) -> str:
        self._select_ef(TextEf.MY_NUMBER)
        header = self._read(0, _MY_NUMBER_HEADER)
        if header is None or header.sw not in READ:
            return word(header)
        if header.data[:_MY_NUMBER_HEADER] != _MY_NUMBER_TAG:
            return "another header"
        end = self._read(_MY_NUMBER_END, BLOCK)
        more = len(end.data) if end is not None and end.sw in READ else 0
        return f"FF 10 0C, {_MY_NUMBER_END + more} bytes" if more < BLOCK else "FF 10 0C, longer"

    def _length_form(self) -> str:
        """Whether the length field is as short as it can be (docs/card.md, section 10, #13)."""
        response = self._read(0, 5)
        if response is None or response.sw not in READ:
            return word(response)
        try:
            header = read_header(response.data)
        except DataError:
            return NO_DATA_OBJECT
        needed = 1 if header.length < _LONG_FORM else 1 + (header.length.bit_length() + 7) // 8
        taken = header.size - (header.tag.bit_length() + 7) // 8
        return "as short as it can be" if taken == needed else "longer than needed"
