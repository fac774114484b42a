"""A card that speaks ISO/IEC 7816-4: commands in, checked answers out.

Nothing that a card says about lengths is trusted: every loop makes progress or ends, and everything read is capped
(docs/architecture.md, invariant 4). A command that carries a secret is sent exactly once, whatever the answer
(invariant 2).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jpki.errors import (
    AnswerLostError,
    ApduError,
    CardRemovedError,
    CardResetError,
    DataError,
    FileNotFoundOnCardError,
    SecurityStatusError,
    TlvError,
    TransportError,
    UnexpectedStatusError,
)

from .apdu import CommandApdu, ResponseApdu
from .pace import Pace
from .redact import SECRET_INSTRUCTIONS, command_name
from .status import StatusWord, parse_retry_status
from .tlv import MAX_HEADER, read_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jpki.errors import CardError
    from jpki.transport import CardConnection

    from .status import RetryStatus

#: A short Le of 00 asks for this many bytes.
BLOCK: Final = 256
#: An extended Le of 0000 asks for this many bytes, so for all of an EF.
WHOLE: Final = 65536
#: No EF of this card that is read whole is larger; a certificate has about 1.6 KB (docs/card.md, 1.2).
MAX_EF: Final = 16 * 1024
#: READ BINARY has a 15-bit offset (docs/card.md, 3.2).
_MAX_OFFSET: Final = 0x7FFF
_SHORT_EF_ID_MAX: Final = 30
_MORE_DATA: Final = 0x61
_WRONG_LENGTH: Final = 0x67
_WRONG_LE: Final = 0x6C
_NO_DIAGNOSIS: Final = 0x6F00
#: A status word begins with 6 or 9 (ISO/IEC 7816-3); anything else is noise.
_SW1_HIGH: Final = frozenset({0x6, 0x9})
#: READ BINARY at or past the end of the file (docs/card.md, 3.2).
_END_OF_FILE: Final = 0x6B00
_SECURITY_STATUS: Final = 0x6982
#: A file shorter than Le is read with 9000 on this card, with the warning 6282 on others (docs/card.md, 3.2).
_READ: Final = frozenset({0x9000, 0x6282})
#: Answers to a short EF identifier that a card does not take: about the file or about P1-P2, not about Le.
_NOT_ABOUT_LE: Final = frozenset({0x6981, _SECURITY_STATUS, 0x6986, 0x6A82, 0x6A86, _END_OF_FILE})
#: How PC/SC fails where a reader or driver does not let an extended APDU through: SCARD_E_NOT_TRANSACTED,
#: SCARD_E_INSUFFICIENT_BUFFER, SCARD_E_INVALID_PARAMETER. Other errors are about the card or the service.
_READER_CANNOT: Final = (AnswerLostError, TransportError)
#: CLA, INS, P1 and P2 of the commands that carry a secret for the current IEF (docs/card.md, 2.2 and 2.5).
VERIFY: Final = (0x00, 0x20, 0x00, 0x80)
#: The same of the command that changes a PIN which was verified (docs/card.md, 2.5).
CHANGE_REFERENCE_DATA: Final = (0x00, 0x24, 0x01, 0x80)
#: The same of the command that changes a PIN in the issuer's way (docs/card.md, 2.5).
CHANGE_KEY: Final = (0x80, 0x32, 0x00, 0x80)
#: P1 of COMPUTE DIGITAL SIGNATURE (docs/card.md, 3.4).
PKCS1_V15: Final = 0x00
#: P1 of the same for a signature with PSS and SHA-256 (docs/card.md, 3.4).
PSS_SHA256: Final = 0x04
_ERRORS: Final[dict[int, type[CardError]]] = {
    0x6A82: FileNotFoundOnCardError,
    0x6A83: FileNotFoundOnCardError,
    _SECURITY_STATUS: SecurityStatusError,
}


def card_error(command: str, sw: int) -> CardError:
    """Build the error that a status word means."""
    return _ERRORS.get(sw, UnexpectedStatusError)(command, sw)


def _read_data(command: CommandApdu, response: ResponseApdu) -> bytes:
    if response.sw not in _READ:
        raise card_error(command.name, response.sw)
    return response.data


class Iso7816Card:
    """Commands of ISO/IEC 7816-4 over one connection.

    ``takes_short_ef_ids`` says whether the card takes short EF identifiers in READ BINARY and VERIFY (docs/card.md,
    2.2 and 3.2): None until the first attempt, which costs one APDU on a card that does not.

    ``takes_extended_le`` tells the same of a whole EF in one READ BINARY of extended length. Not every reader and
    driver lets those through, so they are tried where the caller asks for it only; the attempt costs one APDU.

    ``continuity`` is a token that is another one after the connection has reported that the card was removed or reset;
    as long as it is the same, the card is the same. A reset counts although it may be another program's: of a card that
    was exchanged and then reset, pcsc-lite reports the reset only.
    """

    def __init__(self, connection: CardConnection, *, short_ef_ids: bool = True, extended_le: bool = False) -> None:
        """Wrap a connection; ``short_ef_ids=False`` never tries the one, ``extended_le=True`` tries the other."""
        self.connection = connection
        self.takes_short_ef_ids: bool | None = None if short_ef_ids else False
        self.takes_extended_le: bool | None = None if extended_le else False
        self.continuity = object()
        self._pace = Pace()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other programs away; see :meth:`jpki.transport.base.CardConnection.transaction`."""
        try:
            with self.connection.transaction():
                yield
        except (CardRemovedError, CardResetError):
            self.continuity = object()
            raise

    def _transmit(self, command: bytes | bytearray) -> bytes:
        try:
            return self.connection.transmit(command)
        except (CardRemovedError, CardResetError):
            self.continuity = object()
            raise

    # Exchanges

    def exchange(self, command: CommandApdu) -> ResponseApdu:
        """Send a command without secrets and collect its whole answer (61xx and 6Cxx), whatever the status word.

        Raises:
            TransportError: the way to the card failed.
            ApduError: the answer has no status word, or comes forever or in too many pieces.
        """
        with self._pace:
            return self._whole(command)

    def _whole(self, command: CommandApdu) -> ResponseApdu:
        response = self._once(command)
        if response.sw.sw1 == _WRONG_LE and command.le is not None and command.ins not in SECRET_INSTRUCTIONS:
            exact = response.sw.sw2 or BLOCK
            response = self._once(CommandApdu(command.cla, command.ins, command.p1, command.p2, command.data, exact))
        if response.sw.sw1 == _MORE_DATA:
            response = self._collect(response, command.le)
        return response

    def _once(self, command: CommandApdu) -> ResponseApdu:
        response = ResponseApdu.from_bytes(self._transmit(bytes(command)))
        self._pace.note(command.le or BLOCK, len(response.data))
        return response

    def _collect(self, response: ResponseApdu, le: int | None) -> ResponseApdu:
        """Fetch the rest of an answer, which is no longer than was asked for."""
        data = bytearray(response.data)
        while len(data) < min(le or MAX_EF, MAX_EF):
            response = self._once(CommandApdu(0x00, 0xC0, 0x00, 0x00, le=response.sw.sw2 or BLOCK))
            data += response.data
            if response.sw.sw1 != _MORE_DATA:
                return ResponseApdu(bytes(data), response.sw)
            if not response.data:
                raise ApduError("the card announces more data and sends none")
        raise ApduError("the card sends data without end")

    def send(self, command: CommandApdu) -> bytes:
        """Send a command and return its data.

        Raises:
            CardError: any status word but 9000.
        """
        response = self.exchange(command)
        if response.sw != 0x9000:
            raise card_error(command.name, response.sw)
        return response.data

    def send_secret(self, cla: int, ins: int, p1: int, p2: int, secret: bytearray) -> StatusWord:
        """Send a command whose data field is a secret, once, and return the status word.

        The APDU is built in a buffer that is overwritten afterwards; it never becomes a :class:`CommandApdu`.

        Raises:
            ApduError: the answer is not a status word, or more than one, so it is unknown what the card did.
            ValueError: the secret is empty (that would be a status query, OpenSC CVE-2023-40660) or too long.
        """
        if not 1 <= len(secret) <= 0xFF:
            raise ValueError("a secret has 1 to 255 bytes")
        raw = bytearray((cla, ins, p1, p2, len(secret)))
        raw += secret
        try:
            response = ResponseApdu.from_bytes(self._transmit(raw))
            if response.data or response.sw.sw1 >> 4 not in _SW1_HIGH:
                raise ApduError("the card answered a secret with something else than a status word")
            return response.sw
        finally:
            for i in range(len(raw)):
                raw[i] = 0

    # Selection

    def select_df(self, df_name: bytes) -> None:
        """Select an application by its whole name, without FCI and without Le (docs/card.md, 3.1).

        One card answers 6F00 to the first command after power-up (docs/card.md, section 8), so that is asked again.

        Raises:
            FileNotFoundOnCardError: no such application.
        """
        command = CommandApdu(0x00, 0xA4, 0x04, 0x0C, df_name)
        response = self.exchange(command)
        if response.sw == _NO_DIAGNOSIS:
            response = self.exchange(command)
        if response.sw != 0x9000:
            raise card_error(command.name, response.sw)

    def select_ef(self, ef_id: int) -> None:
        """Select an EF or IEF of the current application.

        Raises:
            FileNotFoundOnCardError: no such file.
        """
        self.send(CommandApdu(0x00, 0xA4, 0x02, 0x0C, ef_id.to_bytes(2)))

    # Reading

    def read_ef(self, ef_id: int, *, limit: int = MAX_EF, is_enough: Callable[[bytes], bool] | None = None) -> bytes:
        """Read the one data object that an EF holds: R256(N) reads for N bytes, filler behind it left alone.

        With an extended Le, where that was asked for and is taken, it is one read, and the only way to a byte beyond
        the first 32 KiB. ``is_enough`` is asked after each read whether what was read so far will do; then no more is
        read, and no more than that is returned.

        Raises:
            DataError: the file holds no data object, one above ``limit`` bytes, or less than its length says.
        """
        with self._pace:
            return self._read_paced(ef_id, limit, is_enough)

    def _read_paced(self, ef_id: int, limit: int, is_enough: Callable[[bytes], bool] | None) -> bytes:
        wanted = BLOCK if self.takes_extended_le is False or is_enough is not None else WHOLE
        data = self._first_block(ef_id, wanted)
        try:
            total = read_header(data[:MAX_HEADER]).total
        except TlvError as exc:
            raise DataError("the file does not begin with a data object") from exc
        if total > limit or len(data) < total > _MAX_OFFSET:
            raise DataError(f"the file claims a length of {total} bytes")
        if wanted == WHOLE and len(data) <= BLOCK < total:
            self.takes_extended_le = False  # it gave a short answer to an extended Le
        return self._rest(bytearray(data), total, is_enough)

    def _rest(self, data: bytearray, total: int, is_enough: Callable[[bytes], bool] | None) -> bytes:
        while len(data) < total and not (is_enough is not None and is_enough(bytes(data))):
            data += self.read_current_ef(len(data), min(BLOCK, total - len(data)))
        return bytes(data[:total])

    def read_current_ef(self, offset: int, length: int) -> bytes:
        """Read up to ``length`` (at most 256) bytes at an offset of the EF that was read last; at least one.

        Raises:
            DataError: the file ends before the offset.
        """
        if not 0 <= offset <= _MAX_OFFSET:
            raise DataError(f"the file claims a length of more than {offset} bytes")
        command = CommandApdu(0x00, 0xB0, offset >> 8, offset & 0xFF, le=length)
        response = self.exchange(command)
        if response.sw == _END_OF_FILE or (response.sw in _READ and not response.data):
            raise DataError("the file ends before its data object does")
        return _read_data(command, response)[:length]

    def read_start(self, ef_id: int, length: int) -> bytes:
        """Read up to the first ``length`` (at most 256) bytes of an EF; fewer when it is shorter."""
        return self._first_block(ef_id, length)[:length]

    def _first_block(self, ef_id: int, length: int) -> bytes:
        if self._may_use_short_id(ef_id):
            command = CommandApdu(0x00, 0xB0, 0x80 | ef_id, 0x00, le=length)
            response = self._read_first(command)
            if response.sw in _READ:
                self.takes_short_ef_ids = True
                return response.data
            # 6982 is about the file that was named, so the card understood the name. 6981 need not be: a card that
            # takes P1 for an offset says it when the current EF is a PIN.
            if self.takes_short_ef_ids or response.sw == _SECURITY_STATUS:
                raise card_error(command.name, response.sw)
            self.takes_short_ef_ids = False
        self.select_ef(ef_id)
        command = CommandApdu(0x00, 0xB0, 0x00, 0x00, le=length)
        return _read_data(command, self._read_first(command))

    def _read_first(self, command: CommandApdu) -> ResponseApdu:
        """Send the first READ BINARY of an EF; a card that answers no extended one is asked a short one after it."""
        if command.le != WHOLE or self.takes_extended_le is False:
            return self.exchange(replace(command, le=min(command.le or BLOCK, BLOCK)))
        try:
            response = self._once(command)
        except TransportError as exc:
            # Reading again changes nothing, and a card that was reset meanwhile has an error of its own.
            if type(exc) not in _READER_CANNOT:
                raise
            self.takes_extended_le = False
            return self.exchange(replace(command, le=BLOCK))
        if response.sw in _READ:
            self.takes_extended_le = True
            return response
        if response.sw.sw1 == _MORE_DATA:
            self.takes_extended_le = False  # in pieces of 256 bytes there is nothing to gain
            return self._collect(response, command.le)
        return self._read_again(command, response)

    def _read_again(self, command: CommandApdu, refused: ResponseApdu) -> ResponseApdu:
        sw = refused.sw
        is_first_short_id = self.takes_short_ef_ids is None and command.p1 != 0
        if sw == _SECURITY_STATUS or (is_first_short_id and sw in _NOT_ABOUT_LE):
            return refused
        response = self.exchange(replace(command, le=sw.sw2 or BLOCK if sw.sw1 == _WRONG_LE else BLOCK))
        if response.sw in _READ or sw.sw1 in (_WRONG_LENGTH, _WRONG_LE):
            self.takes_extended_le = False
        return response

    def _may_use_short_id(self, ef_id: int) -> bool:
        return self.takes_short_ef_ids is not False and 1 <= ef_id <= _SHORT_EF_ID_MAX

    def read_record(self, ef_id: int, number: int) -> bytes:
        """Read one record of a record EF by its short identifier (docs/card.md, 3.3).

        Raises:
            FileNotFoundOnCardError: no such file or record.
        """
        command = CommandApdu(0x00, 0xB2, number, ef_id << 3 | 4, le=BLOCK)
        return _read_data(command, self.exchange(command))

    # Reference data

    def retry_status(self, ef_id: int) -> RetryStatus:
        """Ask for the retry counter by an empty VERIFY of four bytes, which uses no try (docs/card.md, 2.3).

        The IEF is current afterwards.

        Raises:
            FileNotFoundOnCardError: no such IEF.
            UnexpectedStatusError: an answer that carries no counter.
        """
        if self._may_use_short_id(ef_id):
            sw, status = self._empty_verify(0x80 | ef_id)
            if status is not None:
                self.takes_short_ef_ids = True
                return status
            if self.takes_short_ef_ids:
                raise card_error(command_name(0x00, 0x20), sw)
            self.takes_short_ef_ids = False
        self.select_ef(ef_id)
        return self.current_retry_status()

    def current_retry_status(self) -> RetryStatus:
        """Ask for the retry counter of the current IEF.

        Raises:
            UnexpectedStatusError: an answer that carries no counter.
        """
        sw, status = self._empty_verify(0x80)
        if status is None:
            raise card_error(command_name(0x00, 0x20), sw)
        return status

    def _empty_verify(self, p2: int) -> tuple[StatusWord, RetryStatus | None]:
        sw = self._once(CommandApdu(0x00, 0x20, 0x00, p2)).sw
        return sw, parse_retry_status(sw)

    def verify(self, secret: bytearray) -> StatusWord:
        """Present a secret to the current IEF: VERIFY, once."""
        return self.send_secret(*VERIFY, secret)

    def change_reference_data(self, new: bytearray) -> StatusWord:
        """Replace the verified secret of the current IEF: CHANGE REFERENCE DATA with the new value only, once."""
        return self.send_secret(*CHANGE_REFERENCE_DATA, new)

    def change_key(self, new: bytearray) -> StatusWord:
        """Replace the verified secret of the current IEF with JICSAP's CHANGE KEY, once (docs/card.md, 2.5)."""
        return self.send_secret(*CHANGE_KEY, new)

    def compute_digital_signature(self, data: bytes, *, scheme: int = PKCS1_V15) -> bytes:
        """Sign with the current key IEF; the card pads ``data`` by the scheme that P1 names (docs/card.md, 3.4).

        With :data:`PKCS1_V15` it is a DigestInfo, with :data:`PSS_SHA256` a SHA-256 hash.

        Raises:
            SecurityStatusError: the key's PIN has not been verified.
        """
        return self.send(CommandApdu(0x80, 0x2A, scheme, 0x80, data, le=BLOCK))
