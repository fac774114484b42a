"""Command sequences of existing clients, recorded or read from their source, each answered as a card answers it.

The sequences are those of the project's notes on client traces: myna (Rust), OpenSC 0.23.0,
jpki-rs 0.4.3, pyjpki and pymyna. Both user certificates have 1584 bytes, as in the notes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contract.conftest import CardUnderTest

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
VISUAL = "D3921000310001010402"
SIZE = 1584
ATTRIBUTES_SIZE = 46
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(b"message").digest()
SHA1_INFO = bytes.fromhex("3021300906052b0e03021a05000414") + hashlib.sha256(b"message").digest()[:20]
# pyjpki leaves the NULL parameter out.
PYJPKI_INFO = bytes.fromhex("302f300b06096086480165030402010420") + hashlib.sha256(b"message").digest()
STATUS = {
    "0018": 0x63C3,
    "001B": 0x63C5,
    "0011": 0x63C3,
    "0012": 0x63CA,
    "0013": 0x63CA,
    "0014": 0x63CA,
    "0015": 0x63CA,
}
SECRETS = {"0018": b"2846", "001B": b"SIMCARD1", "0011": b"3957"}
NEW = {"0018": b"1357", "001B": b"NEWPASS1", "0011": b"1357"}


@dataclass(frozen=True)
class Exchange:
    """A command in hex, and the status word and number of data bytes that the client got."""

    apdu: str
    sw: int = 0x9000
    size: int = 0


def df(aid: str) -> Exchange:
    """SELECT an application, as every client does."""
    return Exchange(f"00A4040C0A{aid}")


def ef(name: str) -> Exchange:
    """SELECT a file, as every client does."""
    return Exchange(f"00A4020C02{name}")


def read(offset: int, le: int, size: int | None = None) -> Exchange:
    """READ BINARY."""
    return Exchange(f"00B0{offset:04X}{le & 0xFF:02X}", 0x9000, le if size is None else size)


def stat(name: str) -> list[Exchange]:
    """Ask for a counter."""
    return [ef(name), Exchange("00200080", STATUS[name])]


def verify(name: str) -> list[Exchange]:
    """Present a secret."""
    return [ef(name), Exchange(f"00200080{len(SECRETS[name]):02X}{SECRETS[name].hex()}")]


def change(name: str) -> list[Exchange]:
    """Present a secret and replace it."""
    return [*verify(name), Exchange(f"00240180{len(NEW[name]):02X}{NEW[name].hex()}")]


def sign(data: bytes) -> Exchange:
    """Sign with the selected key."""
    return Exchange(f"802A0080{len(data):02X}{data.hex()}00", 0x9000, 256)


def blocks(begin: int, end: int, chunk: int = 256) -> list[Exchange]:
    """READ block after block, the last one exact."""
    return [read(offset, min(chunk, end - offset)) for offset in range(begin, end, chunk)]


def past_the_end(chunk: int = 255) -> list[Exchange]:
    """READ with one Le until the card says 6B00."""
    inside = [read(offset, chunk, min(chunk, SIZE - offset)) for offset in range(0, SIZE, chunk)]
    return [*inside, Exchange(f"00B0{SIZE:04X}{chunk:02X}", 0x6B00)]


def twice(exchanges: list[Exchange]) -> list[Exchange]:
    """Every command sent two times, as jpki-rs does over PC/SC."""
    return [exchange for exchange in exchanges for _ in range(2)]


PRELUDE = [df(JPKI), ef("0006"), read(0, 0x20)]
MYNA = {
    "(a) pin status": [
        df(TEXT),
        *stat("0011"),
        *stat("0014"),
        *stat("0015"),
        df(VISUAL),
        *stat("0013"),
        *stat("0012"),
        *PRELUDE,
        *stat("0018"),
        *stat("001B"),
    ],
    "(b) auth certificate": [*PRELUDE, ef("000A"), read(0, 7), *blocks(7, SIZE)],
    "(c) sign certificate": [*PRELUDE, *verify("001B"), ef("0001"), read(0, 7), *blocks(7, SIZE)],
    "(d) change auth": [*PRELUDE, *change("0018")],
    "(e) change sign": [*PRELUDE, *change("001B")],
    "change card": [df(TEXT), *change("0011")],
    "(f) sign": [*PRELUDE, *verify("001B"), ef("001A"), sign(SHA256_INFO)],
    "(f) mpa": [*PRELUDE, *verify("001B"), ef("001A"), sign(SHA256_INFO), sign(SHA1_INFO), sign(SHA256_INFO)],
    "(f) cms sign": [
        *[*PRELUDE, *verify("001B"), ef("0001"), read(0, 7), *blocks(7, SIZE)],
        *[ef("001A"), sign(SHA256_INFO)],
    ],
    "attributes": [df(TEXT), *verify("0011"), ef("0002"), read(0, 7), *blocks(7, ATTRIBUTES_SIZE)],
    "my number": [df(TEXT), *verify("0011"), ef("0001"), read(0, 0x11)],
    "manufacture number": [df("D3921000310001010100"), Exchange("00B2010C00", 0x9000, 30)],
}
# Probes of 29 drivers ahead of jpki in OpenSC 0.23.0, with the answer that keeps each from taking the card.
DETECTION = [
    Exchange("00A4040007627601FF000000", 0x6A82),
    Exchange("00A4040006A00000000101", 0x6A82),
    Exchange("00A404000BE82B0601040181C31F020100", 0x6A82),
    Exchange("00A4040C0FD23300000045737445494420763335", 0x6A82),
    Exchange("00CADF3005", 0x6A88),
    Exchange("00CB3FFF035C017E08", 0x6D00),
    Exchange("00A4040009A0000003080000100000", 0x6A82),
    Exchange("00A4040009A0000003080000100000", 0x6A82),
    Exchange("00A4040C07A000000116DB0000", 0x6A82),
    Exchange("00A4040C07A000000079100000", 0x6A82),
    *(Exchange(f"00A4040C07A00000007901{number:02X}00", 0x6A82) for number in range(16)),
    Exchange("00A404000CF276A288BCFBA69D34F3100100", 0x6A82),
    Exchange("00A4040009A0000003974254465900", 0x6A82),
    Exchange("00A4040006D2760001240100", 0x6A82),
]
BIND = [df(JPKI), *stat("0018"), *stat("001B")]
OPENSC_READ = [read(0, 4), *blocks(0, SIZE)]
PKCS11_TOKEN = [
    *[ef("000A"), *OPENSC_READ, ef("0001"), Exchange("00B0000004", 0x6982), ef("000A"), *OPENSC_READ],
    *[ef("000B"), read(0, 4), *blocks(0, 1100), ef("0002"), read(0, 4), *blocks(0, 1100)],
    *[*stat("0018"), *stat("001B")],
]
OPENSC = {
    "name": [*DETECTION, df(JPKI)],
    "(a) list pins": [*DETECTION, df(JPKI), *BIND],
    "(b) read certificate 01": [*DETECTION, df(JPKI), *BIND, ef("000A"), *OPENSC_READ],
    "(c) read certificate 02": [*DETECTION, df(JPKI), *BIND, *verify("001B"), ef("0001"), *OPENSC_READ],
    "(c) without PIN": [*DETECTION, df(JPKI), *BIND, ef("0001"), Exchange("00B0000004", 0x6982)],
    "(d) change pin stops": [*DETECTION, df(JPKI), *BIND, ef("0018")],
    "(f) sign with key 1": [*DETECTION, df(JPKI), *BIND, *verify("0018"), ef("0017"), sign(SHA256_INFO)],
    "(f) sign with key 2": [*DETECTION, df(JPKI), *BIND, *verify("001B"), ef("001A"), sign(SHA256_INFO)],
    "PKCS#11 token": [*BIND, *PKCS11_TOKEN],
    "PKCS#11 auth": [*BIND, *PKCS11_TOKEN, *stat("0018"), *verify("0018"), ef("0017"), sign(SHA256_INFO)],
    "PKCS#11 two signatures": [*BIND, *PKCS11_TOKEN, *stat("001B"), *stat("001B"), *verify("001B")]
    + 2 * [*stat("001B"), *verify("001B"), ef("001A"), sign(SHA256_INFO)],
}
JPKI_RS = {
    "(a) auth status": twice([df(JPKI), *stat("0018")]),
    "(a) visual status": twice([df(VISUAL), *stat("0013")]) + twice([df(VISUAL), *stat("0012")]),
    "(a) text status": twice([df(TEXT), *stat("0011")]),
    "(b) auth certificate": twice([df(JPKI), ef("000A"), read(0, 7), *blocks(0, SIZE)]),
    "(c) sign certificate": twice([df(JPKI), *verify("001B"), ef("0001"), read(0, 7), *blocks(0, SIZE)]),
    "(c) without PIN": [*twice([df(JPKI), ef("0001")]), Exchange("00B0000007", 0x6982)],
    "(f) sign": twice([df(JPKI), *verify("0018"), ef("0017"), sign(SHA1_INFO)]),
    "a wrong PIN burns two tries": [
        *twice([df(JPKI), ef("0018")]),
        Exchange("002000800430303030", 0x63C2),
        Exchange("002000800430303030", 0x63C1),
    ],
}
PYJPKI = {
    "(b) auth certificate": [df(JPKI), ef("000A"), *past_the_end()],
    "(c) sign certificate": [df(JPKI), *verify("001B"), df(JPKI), ef("0001"), *past_the_end()],
    "(f) sign": [df(JPKI), *verify("0018"), df(JPKI), ef("0017"), sign(PYJPKI_INFO)],
    "personal info": [df(TEXT), ef("0002"), Exchange("00B0000000", 0x6982)],
}
PYMYNA = {
    "certificate in one READ": [df(JPKI), ef("000A"), read(0, 4), Exchange(f"00B0000000{SIZE:04X}", 0x9000, SIZE)],
    "both secrets, then both certificates": [
        df(JPKI),
        *verify("0018"),
        *verify("001B"),
        ef("0001"),
        read(0, 4),
        Exchange(f"00B0000000{SIZE:04X}", 0x9000, SIZE),
        ef("000A"),
        read(0, 4),
    ],
}
OTHERS = {
    "JPKIReader over-reads": [df(JPKI), ef("000A"), read(0, 4)]
    + [read(offset, 256, min(256, SIZE - offset)) for offset in range(0, SIZE, 256)],
    "jpki-local-signer": [
        df(JPKI),
        *verify("001B"),
        ef("0001"),
        read(0, 4),
        *blocks(4, SIZE),
        ef("001A"),
        sign(SHA256_INFO),
    ],
    "jpki-signer-android": [df(JPKI), *stat("001B"), *verify("001B"), ef("0001"), read(0, 8), *blocks(8, SIZE, 255)],
    "jpki-signer-android, five bytes": [
        df(JPKI),
        ef("001B"),
        Exchange("0020008000", 0x6700),
        Exchange("00200080", 0x63C5),
    ],
    "WebUSB-MyNumberCard": [df(JPKI), *verify("0018"), ef("0017"), sign(SHA256_INFO)],
    "myna-card": [df(JPKI), *verify("0018"), Exchange(f"802A009733{SHA256_INFO.hex()}00", 0x9000, 256)],
}
TRACES: dict[str, list[Exchange]] = {
    f"{client}: {name}": exchanges
    for client, traces in {
        "myna": MYNA,
        "OpenSC": OPENSC,
        "jpki-rs": JPKI_RS,
        "pyjpki": PYJPKI,
        "pymyna": PYMYNA,
        "others": OTHERS,
    }.items()
    for name, exchanges in traces.items()
}
# Numbers of APDUs that were counted on the wire, for N = S = 1584.
COUNTED = {
    "myna: (a) pin status": 19,
    "myna: (b) auth certificate": 12,
    "myna: (c) sign certificate": 14,
    "myna: (d) change auth": 6,
    "myna: (f) sign": 7,
    "myna: (f) cms sign": 16,
    "myna: attributes": 6,
    "myna: my number": 5,
    "myna: change card": 4,
    "myna: manufacture number": 2,
    "OpenSC: name": 30,
    "OpenSC: (a) list pins": 35,
    "OpenSC: (b) read certificate 01": 44,
    "OpenSC: (c) read certificate 02": 46,
    "OpenSC: (d) change pin stops": 36,
    "OpenSC: (f) sign with key 1": 39,
    "jpki-rs: (a) auth status": 6,
    "jpki-rs: (b) auth certificate": 20,
    "jpki-rs: (c) sign certificate": 24,
    "jpki-rs: (f) sign": 10,
    "pyjpki: (b) auth certificate": 10,
    "pyjpki: (c) sign certificate": 13,
    "pyjpki: (f) sign": 6,
}


@pytest.mark.parametrize("name", TRACES)
def test_trace_is_answered_as_by_a_card(card: CardUnderTest, name: str) -> None:
    """Every command of the client gets the status word and the number of bytes that it got from a card."""
    exchanges = TRACES[name]
    found = [card.send(exchange.apdu) for exchange in exchanges]
    assert [(reply.sw, len(reply.data)) for reply in found] == [(each.sw, each.size) for each in exchanges]


@pytest.mark.parametrize("name", COUNTED)
def test_trace_is_as_long_as_counted(name: str) -> None:
    """A vector has as many commands as were counted on the wire."""
    assert len(TRACES[name]) == COUNTED[name]
