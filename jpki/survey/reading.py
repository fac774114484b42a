"""The part of a survey that needs no PIN: applications, files, counters and data objects (docs/card.md, 1 to 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki.card import VERIFICATION_NUMBERS, Pin
from jpki.errors import TlvError, TransportError
from jpki.identifiers import Application, CommonEf, JpkiEf
from jpki.iso7816 import BLOCK, MAX_EF, MAX_HEADER, WHOLE, CommandApdu, read_all, read_header

from .answers import NO_DATA_OBJECT, READ, ask, counter_text, size_class, tags_text, word
from .token import differing_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki.iso7816 import Iso7816Card, ResponseApdu

    Answers = dict[str, str]

_OK: Final = 0x9000
#: No card has an application of this name, or an EF of this identifier under one.
_NO_APPLICATION: Final = bytes.fromhex("F04A504B495445535400")
_NO_FILE: Final = 0x00FE
_PREFIX_BYTES: Final = 3
#: The longest file whose length the card fixes has 568 bytes (docs/card.md, 1.3).
_FIXED_MAX: Final = 1024
_BLOCKED: Final = frozenset({0x63C0, 0x6983, 0x6984})
_BLOCKED_AS_ISSUED: Final = 0x12
_CERTIFICATE_TAG: Final = 0x30
_MUNICIPALITY: Final = 0xDF34
_DIGITS_MAX: Final = 6
_CARD_RECORD: Final = (0x01, 28)
#: GET DATA without an application (docs/card.md, 1.6).
DATA_OBJECTS: Final = (0x0042, 0x0045, 0x0066, 0x00F0, 0x00F2, 0x00F7, 0x00F8, 0x5F51, 0x7F21)


class _Files(NamedTuple):
    """Files of an application by what is asked of them; each id from docs/card.md, 1.2 to 1.5."""

    #: Free, and as long on every card.
    fixed: tuple[int, ...] = ()
    certificates: tuple[int, ...] = ()
    #: One byte is asked for; most need a PIN and refuse it.
    guarded: tuple[int, ...] = ()
    #: PINs and keys whose counter is asked for, with the limit where a source states it.
    references: tuple[tuple[int, int | None], ...] = ()
    #: Keys and files of unknown use: whether they are there, and whether READ BINARY fits them.
    others: tuple[int, ...] = ()
    records: tuple[int, ...] = ()


def _limit(application: Application, ef_id: int) -> int | None:
    return next((pin.retry_limit for pin in Pin if (application, ef_id) in pin.copies), None)


def _references(application: Application, *more: int) -> tuple[tuple[int, int | None], ...]:
    known = [place.ef_id for pin in Pin for place in pin.copies if place.application is application]
    known += [place.ef_id for place in VERIFICATION_NUMBERS.values() if place.application is application]
    return tuple((ef_id, _limit(application, ef_id)) for ef_id in sorted({*known, *more}))


FILES: Final = {
    Application.JPKI: _Files(
        fixed=(JpkiEf.TOKEN, JpkiEf.CERTIFICATE_FLAGS),
        certificates=(0x01, 0x02, 0x0A, 0x0B),
        guarded=(0x05, 0x09),
        references=_references(Application.JPKI, 0x10),
        others=(0x16, 0x17, 0x19, 0x1A, 0x1C, 0x1E),
    ),
    Application.TEXT: _Files(
        fixed=(0x04, 0x05),
        guarded=(0x01, 0x02, 0x03, 0x06, 0x07, 0x08),
        references=_references(Application.TEXT),
        others=(0x10, 0x13, 0x1C, 0x1E),
    ),
    Application.VISUAL: _Files(
        fixed=(0x03, 0x04),
        guarded=(0x01, 0x02, 0x05, 0x06),
        references=_references(Application.VISUAL, 0x11, 0x14, 0x15),
        others=(0x1A, 0x1C, 0x1E),
    ),
    Application.JUKI: _Files(references=_references(Application.JUKI), records=(0x02,)),
    Application.COMMON: _Files(references=_references(Application.COMMON), others=(0x19, 0x1E), records=(0x01, 0x02)),
}
NAMES: Final = {application: application.name.lower() for application in Application}


class Reader:
    """Asks what can be asked without a PIN, one application after another; each is a transaction of its own."""

    def __init__(self, card: Iso7816Card, answers: Answers) -> None:
        """Write down what ``card`` answers in ``answers``."""
        self._card = card
        self._answers = answers

    def read_all(self) -> None:
        """Ask everything.

        Raises:
            TransportError: the way to the card failed.
        """
        for application in Application:
            with self._card.transaction():
                self._read_application(application)
        for part in (self._read_ways, self._read_numbers, self._read_data_objects):
            with self._card.transaction():
                part()

    # Commands

    def _ask(self, header: tuple[int, int, int, int], data: bytes = b"", le: int | None = None) -> ResponseApdu | None:
        return ask(self._card, CommandApdu(*header, data, le))

    def _select_df(self, name: bytes) -> str:
        return word(self._ask((0x00, 0xA4, 0x04, 0x0C), data=name))

    def _select_ef(self, ef_id: int) -> ResponseApdu | None:
        return self._ask((0x00, 0xA4, 0x02, 0x0C), data=ef_id.to_bytes(2))

    def _read(self, offset: int, length: int) -> ResponseApdu | None:
        return self._ask((0x00, 0xB0, offset >> 8, offset & 0xFF), le=length)

    # Applications and files

    def _read_application(self, application: Application) -> None:
        name = NAMES[application]
        selected = self._answers[f"application.{name}"] = self._select_df(application.df_name)
        if selected != f"{_OK:04X}":
            return
        files = FILES[application]
        for ids, look in (
            (files.fixed, self._look_at_fixed),
            (files.certificates, self._look_at_certificate),
            (files.guarded, self._look_at_byte),
            (files.others, self._look_at_byte),
            (files.records, self._look_at_record),
        ):
            for ef_id in ids:
                self._look(f"{name}.{ef_id:04X}", ef_id, look)
        for ef_id, limit in files.references:
            self._read_counter(f"counter.{name}.{ef_id:04X}", ef_id, limit)

    def _look(self, place: str, ef_id: int, look: Callable[[str], str]) -> None:
        selected = self._select_ef(ef_id)
        is_there = selected is not None and selected.sw == _OK
        self._answers[f"file.{place}"] = look(place) if is_there else f"SELECT {word(selected)}"

    def _look_at_byte(self, _place: str) -> str:
        """One byte, which is not looked at."""
        return word(self._read(0, 1))

    def _look_at_fixed(self, place: str) -> str:
        data = bytearray()
        response = None
        while len(data) <= _FIXED_MAX:
            response = self._read(len(data), BLOCK)
            if response is None or response.sw not in READ or not response.data:
                break
            data += response.data[:BLOCK]
            if len(response.data) < BLOCK:
                break
        if not data:
            return word(response)
        if place == "jpki.0006":
            self._answers["token"] = differing_fields(bytes(data))
        elif place != "jpki.0008":
            self._look_into(place, bytes(data))
        return f"{len(data)} bytes" if len(data) <= _FIXED_MAX else f"more than {_FIXED_MAX} bytes"

    def _look_into(self, place: str, data: bytes) -> None:
        self._answers[f"tags.{place}"] = tags_text(data)
        if place == "visual.0003":
            self._answers["municipality"] = _municipality(data)

    def _look_at_certificate(self, place: str) -> str:
        """The header; and one byte behind the end, which shows whether the file continues there."""
        response = self._read(0, MAX_HEADER)
        if response is None or response.sw not in READ:
            return word(response)
        try:
            header = read_header(response.data)
        except TlvError:
            return NO_DATA_OBJECT
        if header.tag != _CERTIFICATE_TAG or header.total > MAX_EF:
            return NO_DATA_OBJECT
        behind = self._read(header.total, 1)
        has_more = behind is not None and behind.sw in READ and behind.data
        self._answers[f"behind.{place}"] = "more bytes" if has_more else word(behind)
        return size_class(header.total)

    def _look_at_record(self, place: str) -> str:
        response = self._ask((0x00, 0xB2, 0x01, 0x04), le=BLOCK)
        if response is None or response.sw not in READ:
            return word(response)
        if place != "common.0001":
            return f"{len(response.data)} bytes" if len(response.data) <= BLOCK else "more than 256 bytes"
        is_as_described = tuple(response.data[:2]) == _CARD_RECORD and response.data[2:].isdigit()
        is_whole = len(response.data) == _CARD_RECORD[1] + 2
        return "01 1C and 28 digits" if is_as_described and is_whole else "another form"

    def _read_counter(self, key: str, ef_id: int, limit: int | None) -> None:
        selected = self._select_ef(ef_id)
        if selected is None or selected.sw != _OK:
            self._answers[key] = f"SELECT {word(selected)}"
            return
        self._answers[key] = counter_text(self._ask((0x00, 0x20, 0x00, 0x80)), limit)

    # Commands by themselves

    def _read_ways(self) -> None:
        """How SELECT and READ BINARY answer in cases on which sources differ or are alone (docs/card.md, 3.1, 3.2)."""
        answers = self._answers
        name = Application.JPKI.df_name
        answers["select.unknown_application"] = self._select_df(_NO_APPLICATION)
        answers["select.prefix"] = self._select_df(name[:_PREFIX_BYTES])
        information = self._ask((0x00, 0xA4, 0x04, 0x00), data=name, le=BLOCK)
        answers["select.information"] = word(information)
        if information is not None and information.sw == _OK:
            answers["select.information"] = tags_text(information.data) if information.data else "no data"
        self._select_df(name)
        answers["read.no_current_file"] = word(self._read(0, 1))
        answers["select.master_file"] = word(self._ask((0x00, 0xA4, 0x00, 0x00)))
        answers["select.unknown_file"] = word(self._select_ef(_NO_FILE))
        answers["read.short_identifier"] = word(self._ask((0x00, 0xB0, 0x80 | JpkiEf.TOKEN, 0x00), le=1))
        self._select_ef(JpkiEf.TOKEN)
        answers["read.more_than_is_left"] = word(self._read(0, BLOCK))
        answers["read.behind_the_end"] = word(self._read(_FIXED_MAX, 1))
        self._select_ef(JpkiEf.AUTH_PIN)
        answers["read.internal_file"] = word(self._read(0, 1))
        self._select_df(Application.COMMON.df_name)
        self._select_ef(CommonEf.CARD_RECORDS)
        answers["read.record_file"] = word(self._read(0, 1))
        answers["read.missing_record"] = word(self._ask((0x00, 0xB2, 0xF0, 0x04), le=BLOCK))

    def _read_numbers(self) -> None:
        """How a locked secret answers, by the one that is locked on every card as issued (docs/card.md, 1.3).

        The form of VERIFY with Le is asked of this one only: it has no try to lose, whatever a card makes of that form.
        """
        if self._select_df(Application.TEXT.df_name) != f"{_OK:04X}":
            return
        selected = self._select_ef(_BLOCKED_AS_ISSUED)
        if selected is None or selected.sw != _OK:
            self._answers["locked.status"] = f"SELECT {word(selected)}"
            return
        status = self._ask((0x00, 0x20, 0x00, 0x80))
        self._answers["locked.status"] = word(status)
        if status is not None and status.sw in _BLOCKED:
            with_le = self._ask((0x00, 0x20, 0x00, 0x80), le=BLOCK)
            is_status = with_le is not None and with_le.sw == status.sw
            self._answers["locked.status_with_le"] = "as without Le" if is_status else word(with_le)

    def _read_data_objects(self) -> None:
        self._answers["select.issuer_domain"] = word(self._ask((0x00, 0xA4, 0x04, 0x00), le=BLOCK))
        for tag in DATA_OBJECTS:
            response = self._ask((0x00, 0xCA, tag >> 8, tag & 0xFF), le=BLOCK)
            is_there = response is not None and response.sw == _OK
            self._answers[f"data.{tag:04X}"] = (
                size_class(len(response.data)) if is_there and response else word(response)
            )

    # What may end the connection

    def read_extended(self) -> None:
        """Read the token with an extended Le; a reader that does not let that through may end the connection."""
        with self._card.transaction():
            self._select_df(Application.JPKI.df_name)
            self._select_ef(JpkiEf.TOKEN)
            try:
                response = self._read(0, WHOLE)
            except TransportError:
                response = None
            is_taken = response is not None and response.sw in READ and response.data
            self._answers["read.extended"] = "taken" if is_taken else word(response)


def _municipality(data: bytes) -> str:
    """The form of the municipality's field, which one source calls a city and another a code (section 10, #19)."""
    try:
        fields = read_all(data[read_header(data).size : read_header(data).total])
    except TlvError:
        return NO_DATA_OBJECT
    value = next((field.value for field in fields if field.tag == _MUNICIPALITY), None)
    if value is None:
        return "missing"
    return f"{len(value)} digits" if value.isdigit() and len(value) <= _DIGITS_MAX else "no digits"
