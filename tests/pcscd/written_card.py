"""A card of its own in the virtual reader, written from docs/card.md alone. Usage: written_card.py PORT [otherwise]

It shares nothing with this project: no module of the library, and none of the simulated card, so what both take for
granted by mistake is not in it. ``otherwise`` takes the other side where sources contradict each other. It has no
visual and no juki application, and answers 6D00 to whatever it does not know.

Lines on stdout, at its end: the commands that came with a PIN, and what is open.
"""

import datetime as dt
import socket
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding

JPKI = bytes.fromhex("D392F000260100000001")
TEXT = bytes.fromhex("D3921000310001010408")
COMMON = bytes.fromhex("D3921000310001010100")
OK, BLOCKED = 0x9000, "blocked"
FREE: frozenset[int] = frozenset()
AUTH_PIN, AUTH_KEY, TEXT_PIN = 0x18, 0x17, 0x11


def make_certificate(key: rsa.RSAPrivateKey) -> bytes:
    """Some certificate of the key."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "TEST WRITTEN CARD")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + dt.timedelta(days=900))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


class Card:
    """Applications, files with the PIN that opens them, PINs with their counters, and what is verified."""

    def __init__(self, *, is_otherwise: bool) -> None:
        self.is_otherwise = is_otherwise
        self.key = rsa.generate_private_key(65537, 2048)
        der = make_certificate(self.key)
        token = b"JPKIAPICCTOKEN2".ljust(32) + b"?" * 128
        self.files: dict[bytes, dict[int, tuple[bytes, frozenset[int]]]] = {
            JPKI: {
                0x01: (der, frozenset({0x1B})),
                0x02: (der, FREE),
                0x06: (token, FREE),
                0x08: (b"\x8f\x8f\x00", FREE),
                0x0A: (der, FREE),
                0x0B: (der, FREE),
            },
            TEXT: {
                0x01: (b"\xff\x10\x0c" + b"0" * 12 + b"\xff\xff", frozenset({TEXT_PIN})),
                0x02: (b"\xff\x20\x82\x00\x10\xdf\x21\x08" + b"\0" * 8 + b"\xdf\x25\x0131", frozenset({TEXT_PIN})),
            },
            COMMON: {},
        }
        #: By application and IEF: value, limit, tries left.
        self.pins: dict[tuple[bytes, int], tuple[bytes, int, int]] = {
            (JPKI, AUTH_PIN): (b"2846", 3, 3),
            (JPKI, 0x1B): (b"WRITTEN1", 5, 5),
            (TEXT, TEXT_PIN): (b"3957", 3, 3),
            (TEXT, 0x12): (b"", 3, 0),
            (TEXT, 0x14): (b"0" * 12, 10, 10),
            (TEXT, 0x15): (b"0" * 14, 10, 10),
            (COMMON, 0x1C): (b"4068", 3, 3),
        }
        self.with_data: list[str] = []
        self.application: bytes | None = None
        self.file: int | None = None
        self.open: set[int] = set()
        self.owner: bytes | None = None

    def power(self) -> None:
        """Lose everything."""
        self.application = self.file = self.owner = None
        self.open.clear()

    def reset(self) -> None:
        """Lose the selection; the card of the other side keeps what is open."""
        self.application = self.file = None
        if not self.is_otherwise:
            self.open.clear()

    def answer(self, command: bytes) -> bytes:
        """Carry out a command."""
        data, sw = self.execute(command)
        return data + sw.to_bytes(2)

    def execute(self, command: bytes) -> tuple[bytes, int]:
        """Data and status word."""
        if len(command) < 4:
            return b"", 0x6700
        do = {
            b"\x00\xa4": self.select,
            b"\x00\xb0": self.read,
            b"\x00\xb2": self.record,
            b"\x00\x20": self.verify,
            b"\x80\x2a": self.sign,
        }.get(command[:2])
        return (b"", 0x6D00) if do is None else do(command)

    def select(self, command: bytes) -> tuple[bytes, int]:
        """Applications by name and their files; nothing else."""
        name = command[5 : 5 + command[4]] if len(command) > 5 else b""
        if command[2] == 0x04:
            found = next((df for df in self.files if name and df.startswith(name)), None)
            if found is None:
                return b"", 0x6A82
            if found != self.owner:
                self.open.clear()
            self.owner, self.application, self.file = found, found, None
            return b"", OK
        ef_id = int.from_bytes(name)
        if command[2] != 0x02 or self.application is None or not self.has(ef_id):
            return b"", 0x6A82
        self.file = ef_id
        return b"", OK

    def has(self, ef_id: int) -> bool:
        """Whether the application has a file."""
        if self.application is None:
            return False
        is_key = self.application == JPKI and ef_id in (AUTH_KEY, 0x1A)
        is_record = self.application == COMMON and ef_id == 0x01
        is_pin = (self.application, ef_id) in self.pins
        return is_key or is_record or is_pin or ef_id in self.files[self.application]

    def read(self, command: bytes) -> tuple[bytes, int]:
        """READ BINARY with a short Le; short EF identifiers on the one side only."""
        if len(command) != 5:
            return b"", 0x6700
        offset = int.from_bytes(command[2:4])
        if command[2] & 0x80:
            if self.is_otherwise or self.application is None:
                return b"", 0x6A86
            self.file, offset = command[2] & 0x1F, command[3]
        if self.application is None or self.file is None:
            return b"", 0x6986
        if self.file not in self.files[self.application]:
            return b"", 0x6981
        data, needs = self.files[self.application][self.file]
        if needs and not needs & self.open:
            return b"", 0x6982
        wanted = command[4] or 256
        part = data[offset : offset + wanted]
        if not part:
            return b"", 0x6B00
        return part, 0x6282 if self.is_otherwise and len(part) < wanted else OK

    def record(self, command: bytes) -> tuple[bytes, int]:
        """Record 1 of the common application."""
        if self.application != COMMON or self.file != 0x01:
            return b"", 0x6981
        return (b"\x01\x1c" + b"0" * 28, OK) if command[2] == 1 else (b"", 0x6A83)

    def verify(self, command: bytes) -> tuple[bytes, int]:
        """VERIFY of the current IEF; without data its counter."""
        place = (self.application or b"", self.file or 0)
        if place not in self.pins:
            return b"", 0x6981
        value, limit, left = self.pins[place]
        if len(command) == 5:
            return b"", 0x6700
        if len(command) == 4:
            if not left:
                return b"", 0x6983 if self.is_otherwise else 0x63C0
            return b"", OK if self.is_otherwise and place[1] in self.open else 0x63C0 | left
        self.with_data.append(f"{place[1]:02X}")
        if not left:
            return b"", 0x6984
        is_right = command[5:] == value
        self.pins[place] = (value, limit, limit if is_right else left - 1)
        if not is_right:
            self.open.discard(place[1])
            return b"", 0x63C0 | (left - 1)
        self.open.add(place[1])
        return b"", OK

    def sign(self, command: bytes) -> tuple[bytes, int]:
        """PKCS #1 v1.5 over what comes, and PSS of a hash with a salt of 32 or, on the other side, 20 bytes."""
        pin = {AUTH_KEY: AUTH_PIN, 0x1A: 0x1B}.get(self.file or 0)
        if self.application != JPKI or pin is None:
            return b"", 0x6981
        if pin not in self.open:
            return b"", 0x6982
        data = command[5 : 5 + command[4]]
        numbers = self.key.private_numbers()
        if command[2] == 0x00:
            block = b"\0\x01" + b"\xff" * (253 - len(data)) + b"\0" + data
            size = numbers.public_numbers.n
            return pow(int.from_bytes(block), numbers.d, size).to_bytes(256), OK
        if command[2] == 0x04:
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), 20 if self.is_otherwise else 32)
            return self.key.sign(data, pss, utils.Prehashed(hashes.SHA256())), OK
        return b"", 0x6A86


def main() -> None:
    """Be there until the reader goes away or this process is told to end."""
    card = Card(is_otherwise="otherwise" in sys.argv)
    atr = bytes.fromhex("3B888001000005E0B381A1007F" if card.is_otherwise else "3BE000FF8131FE4514")
    with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as link:
        while len(head := link.recv(2, socket.MSG_WAITALL)) == len(b"\0\0"):
            message = link.recv(int.from_bytes(head), socket.MSG_WAITALL)
            if message == b"\x04":
                answer = atr
            elif message in {b"\x00", b"\x01"}:
                card.power()
                continue
            elif message == b"\x02":
                card.reset()
                continue
            else:
                answer = card.answer(message)
                left = ",".join(str(tries) for _, _, tries in card.pins.values())
                sys.stdout.write(f"{','.join(card.with_data)} {left} {sorted(card.open)}\n")
                sys.stdout.flush()
            link.sendall(len(answer).to_bytes(2) + answer)


if __name__ == "__main__":
    main()
