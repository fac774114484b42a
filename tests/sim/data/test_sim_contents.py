"""The files of a card that are not certificates, read as strictly as a reader may read them (docs/card.md, 1 and 6)."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from jpki.iso7816 import Iso7816Card, expect, read_all, read_one
from jpki_sim.card import SimulatedConnection
from jpki_sim.contents import files as contents, images
from jpki_sim.files import open_card
from jpki_sim.pki import keys
from jpki_sim.shipped import shipped_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from jpki_sim.card import RsaPrivateKey
    from jpki_sim.model import CardFile
    from jpki_sim.model.model import AttributesLength

    Read = Callable[[CardFile, str, int], bytes]
    CardOf = Callable[[str], CardFile]

SHA256_DIGEST_INFO_96 = bytes.fromhex("3071300D060960864801650304020105000460")


def fields_of(data: bytes, tag: int) -> dict[int, bytes]:
    """Data objects inside the one of this tag; nothing but FF may follow it."""
    value, end = expect(data, tag)
    assert set(data[end:]) <= {0xFF}
    return {part.tag: part.value for part in read_all(value)}


def public_key(value: bytes) -> rsa.RSAPublicKey:
    """The key in the card's own encoding: exponent 90, modulus 91."""
    exponent, modulus = read_all(value)
    assert (exponent.tag, exponent.value.hex(), modulus.tag, len(modulus.value)) == (0x90, "010001", 0x91, 256)
    return rsa.RSAPublicNumbers(65537, int.from_bytes(modulus.value)).public_key()


def check_signature(key: rsa.RSAPublicKey, signature: bytes, signed: bytes) -> None:
    """PKCS #1 v1.5 with SHA-256; raises unless it is good."""
    key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())


def municipality_key(card: CardFile, read_ef: Read, application: str) -> rsa.RSAPublicKey:
    """The key certified by EF 0004 of an application, after its certificate was checked."""
    raw = read_ef(card, application, 0x0004)
    assert len(raw) == 568
    parts = fields_of(raw, 0x7F21)
    return checked_cv_key(parts, keys.shipped_key("cv-root"))


def checked_cv_key(parts: dict[int, bytes], issuer: RsaPrivateKey) -> rsa.RSAPublicKey:
    """The subject's key of a CV certificate that this issuer signed."""
    body = parts[0x5F4E]
    assert len(body) == 297
    check_signature(rsa.RSAPublicNumbers(issuer.e, issuer.n).public_key(), parts[0x5F37], body)
    return public_key(body[32:])


def offsets_of(data: bytes, table: bytes) -> list[int]:
    """Tags found at the offsets of a table, each counted from the start of the file."""
    return [read_one(data, offset)[0].tag for (offset,) in struct.iter_unpack(">H", table)]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("adult", "JPKIAPICCTOKEN2"),
        ("phone", "JPKIAPGPSETOKEN"),
        ("iphone", "JPKIAPIOSTOKEN"),
        ("old-juki-card", "JPKIAPICCTOKEN"),
    ],
)
def test_token_information(card_of: CardOf, read_ef: Read, name: str, label: str) -> None:
    """EF 0006 has 160 bytes: a label padded with spaces, numbers in 32 bits, versions in ASCII."""
    raw = read_ef(card_of(name), "JPKI", 0x0006)
    assert len(raw) == 160
    assert raw[:32].decode() == label.ljust(32)
    assert raw[32:64] == b"00000000000000000000000000000001"
    assert raw[64:80] == b"TESTSIM1        "
    assert raw[80:96].isdigit()
    assert struct.unpack(">11I", raw[96:140]) == (0x40D, 1, 0, 1, 0, 16, 6, *[0xFFFFFFFF] * 4)
    assert raw[140:] == b"0301" + b"9" * 16


@pytest.mark.parametrize(
    ("name", "flags"),
    [("adult", "8F8F00"), ("child", "008F00"), ("adult-ward", "008F00"), ("declined", "000000"), ("pinless", "008F00")],
)
def test_certificate_flags(card_of: CardOf, read_ef: Read, name: str, flags: str) -> None:
    """EF 0008 tells which certificates are there: signature first, then user certificate."""
    assert read_ef(card_of(name), "JPKI", 0x0008).hex().upper() == flags


def test_my_number_file(card_of: CardOf, read_ef: Read) -> None:
    """EF 0001 of the text application has 15 bytes of data and two of filler."""
    assert read_ef(card_of("adult"), "text", 0x0001) == b"\xff\x10\x0c" + b"000000000019" + b"\xff\xff"


def test_attributes(card_of: CardOf, read_ef: Read) -> None:
    """EF 0002 holds name, address, birth date and sex in UTF-8, found by the offset table, with filler to its end."""
    raw = read_ef(card_of("adult"), "text", 0x0002)
    parts = fields_of(raw, 0xFF20)
    assert offsets_of(raw, parts[0xDF21]) == [0xDF22, 0xDF23, 0xDF24, 0xDF25]
    assert [parts[tag].decode() for tag in (0xDF22, 0xDF23, 0xDF24, 0xDF25)] == [
        "テスト　太郎",
        "東京都架空市試験町１丁目２番３号",
        "19900421",
        "1",
    ]
    assert len(raw) == 512
    assert raw.endswith(b"\xff\xff")


@pytest.mark.parametrize(
    ("address", "form", "header"),
    [("テスト", "shortest", 3), ("テ" * 40, "shortest", 4), ("テ" * 200, "shortest", 5), ("テスト", "long", 5)],
)
def test_attribute_length_forms(
    card_of: CardOf, read_ef: Read, address: str, form: AttributesLength, header: int
) -> None:
    """The outer length takes one, two or three bytes; offsets are right with each, 000E with the shortest."""
    card = card_of("adult")
    card.holder.address = address
    card.layout.attributes_length = form
    raw = read_ef(card, "text", 0x0002)
    parts = fields_of(raw, 0xFF20)
    assert parts[0xDF23].decode() == address
    assert struct.unpack(">H", parts[0xDF21][:2])[0] == header + 11
    assert offsets_of(raw, parts[0xDF21]) == [0xDF22, 0xDF23, 0xDF24, 0xDF25]
    assert raw[2] == {3: len(raw.rstrip(b"\xff")) - 3, 4: 0x81, 5: 0x82}[header]


def test_integrity_record(card_of: CardOf, read_ef: Read) -> None:
    """EF 0003 has the hash of the 17 bytes of EF 0001, that of the fields of EF 0002, and a signature that verifies."""
    card = card_of("adult")
    raw = read_ef(card, "text", 0x0003)
    assert len(raw) == 336
    parts = fields_of(raw, 0xFF30)
    assert parts[0xDF31] == hashlib.sha256(read_ef(card, "text", 0x0001)).digest()
    attributes = read_ef(card, "text", 0x0002)
    outer, _ = expect(attributes, 0xFF20)
    _, after_table = expect(outer, 0xDF21)
    assert parts[0xDF32] == hashlib.sha256(outer[after_table:]).digest()
    key = municipality_key(card, read_ef, "text")
    check_signature(key, parts[0xDF33], raw[5 : 5 + 2 * 35])


def test_text_key_is_signed_and_answers_challenges(card_of: CardOf, read_ef: Read) -> None:
    """EF 0007 has the public half of the application's key, signed with the key that EF 0004 certifies."""
    card = card_of("adult")
    raw = read_ef(card, "text", 0x0007)
    parts = fields_of(raw, 0xFF50)
    assert public_key(parts[0xDF51]).public_numbers().n == keys.shipped_key("text").n
    check_signature(municipality_key(card, read_ef, "text"), parts[0xDF52], raw[5 : 5 + 5 + 265])


def test_other_files_of_the_text_application(card_of: CardOf, read_ef: Read) -> None:
    """EF 0005 has the layout seen, EF 0006 a public key under A1, EF 0008 sixteen FF."""
    card = card_of("adult")
    parts = fields_of(read_ef(card, "text", 0x0005), 0xFF40)
    assert parts[0xDF41].hex() == "01030e01"
    assert len(parts[0xDF42]) == 16
    assert len(parts[0xDF43]) == 128
    assert parts[0xDF43][32:] == b"\xff" * 96
    session, end = expect(raw := read_ef(card, "text", 0x0006), 0xA1)
    assert end == len(raw)
    assert public_key(session).public_numbers().n == keys.shipped_key("text-session").n
    assert read_ef(card, "text", 0x0008) == b"\xff" * 16


def test_age_record(card_of: CardOf, read_ef: Read) -> None:
    """EF 0001 of the visual application has 547 bytes: birth date, key, and a signature over both."""
    card = card_of("adult")
    raw = read_ef(card, "visual", 0x0001)
    assert len(raw) == 547
    parts = fields_of(raw, 0xFF10)
    assert parts[0xDF11] == b"19900421"
    assert public_key(parts[0xDF12]).public_numbers().n == keys.shipped_key("visual").n
    signed = raw[5 : raw.index(parts[0xDF13]) - 5]
    check_signature(municipality_key(card, read_ef, "visual"), parts[0xDF13], signed)


def test_card_face(card_of: CardOf, read_ef: Read) -> None:
    """EF 0002 of the visual application: offsets, three digests signed in one DigestInfo, expiry and code after it."""
    card = card_of("adult")
    raw = read_ef(card, "visual", 0x0002)
    assert raw[:3].hex() == "ff2082"
    value, _ = expect(raw, 0xFF20)
    parts = fields_of(raw, 0xFF20)
    tags = [part.tag for part in read_all(value)]
    assert tags == [0xDF21, *range(0xDF22, 0xDF2B)]
    assert offsets_of(raw, parts[0xDF21]) == tags[1:]
    begins = [offset for (offset,) in struct.iter_unpack(">H", parts[0xDF21])]
    groups = [raw[begins[0] : begins[3]], raw[begins[3] : begins[5]], raw[begins[5] : begins[6]]]
    digests = b"".join(hashlib.sha256(group).digest() for group in groups)
    key = municipality_key(card, read_ef, "visual").public_numbers()
    block = pow(int.from_bytes(parts[0xDF28]), key.e, key.n).to_bytes(256)
    payload = SHA256_DIGEST_INFO_96 + digests
    assert block == b"\0\1" + b"\xff" * (253 - len(payload)) + b"\0" + payload
    assert parts[0xDF29] == b"20340421"


def test_visual_basic_information(card_of: CardOf, read_ef: Read) -> None:
    """EF 0003 of the visual application names layout, version and municipality; EF 0006 is sixteen FF."""
    parts = fields_of(read_ef(card_of("adult"), "visual", 0x0003), 0xFF30)
    assert parts[0xDF31].hex() == "06030e01"
    assert [len(parts[tag]) for tag in (0xDF32, 0xDF33, 0xDF35)] == [16, 1, 272]
    assert parts[0xDF34] == b"99999"
    assert read_ef(card_of("adult"), "visual", 0x0006) == b"\xff" * 16


def png_pixels(data: bytes) -> tuple[int, int, list[str]]:
    """Width, height and rows (1 is white) of a 1-bit greyscale PNG whose check sums are right."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    found: dict[bytes, bytes] = {}
    position = 8
    while position < len(data):
        (size,) = struct.unpack_from(">I", data, position)
        kind, body = data[position + 4 : position + 8], data[position + 8 : position + 8 + size]
        assert struct.unpack_from(">I", data, position + 8 + size)[0] == zlib.crc32(kind + body)
        found[kind] = body
        position += 12 + size
    width, height, *form = struct.unpack(">IIBBBBB", found[b"IHDR"])
    assert form == [1, 0, 0, 0, 0]
    rows = zlib.decompress(found[b"IDAT"])
    stride = 1 + (width + 7) // 8
    assert len(rows) == height * stride
    assert set(rows[::stride]) == {0}
    lines = [rows[start + 1 : start + stride] for start in range(0, len(rows), stride)]
    return width, height, [f"{int.from_bytes(line):0{8 * len(line)}b}"[:width] for line in lines]


def test_pictures_of_text(card_of: CardOf, read_ef: Read) -> None:
    """Pictures are 1-bit PNGs; the security code has 24 x 12 pixels and the My Number 72 x 12, signed."""
    card = card_of("adult")
    face = fields_of(read_ef(card, "visual", 0x0002), 0xFF20)
    assert png_pixels(face[0xDF2A])[:2] == (24, 12)
    for tag in (0xDF25, 0xDF26):
        assert "0" in "".join(png_pixels(face[tag])[2])
    raw = read_ef(card, "visual", 0x0005)
    parts = fields_of(raw, 0xFF40)
    assert png_pixels(parts[0xDF41])[:2] == (72, 12)
    signed = raw[raw.index(b"\xdf\x41") : raw.index(parts[0xDF43]) - 5]
    check_signature(municipality_key(card, read_ef, "visual"), parts[0xDF43], signed)


def test_digits_are_drawn_as_digits() -> None:
    """Every digit looks different, and a 1 has ink in its middle column from top to bottom."""
    drawn = {digit: png_pixels(images.png(digit))[2] for digit in "0123456789"}
    assert len({"".join(rows) for rows in drawn.values()}) == 10
    assert [row[2] for row in drawn["1"]] == list("110000000111")


def jp2_boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """Boxes of a JP2 file or of a super box, one after another."""
    found = []
    while data:
        size, kind = struct.unpack_from(">I4s", data)
        found.append((kind, data[8:size]))
        data = data[size:]
    return found


def test_photograph(card_of: CardOf, read_ef: Read) -> None:
    """The photograph is a greyscale JPEG 2000 in a JP2 container, 120 x 154 samples of eight bits."""
    photo = fields_of(read_ef(card_of("adult"), "visual", 0x0002), 0xFF20)[0xDF27]
    boxes = jp2_boxes(photo)
    assert [kind for kind, _ in boxes] == [b"jP  ", b"ftyp", b"jp2h", b"jp2c"]
    header = dict(jp2_boxes(boxes[2][1]))
    assert struct.unpack(">IIHBBBB", header[b"ihdr"]) == (154, 120, 1, 7, 7, 0, 0)
    assert struct.unpack(">BBBI", header[b"colr"]) == (1, 0, 0, 17)
    stream = boxes[3][1]
    assert stream[:4] == b"\xff\x4f\xff\x51"
    assert struct.unpack_from(">II", stream, 8) == (120, 154)
    assert stream[-2:] == b"\xff\xd9"
    tile = stream.index(b"\xff\x90")
    assert struct.unpack_from(">I", stream, tile + 6)[0] == len(stream) - 2 - tile


def test_files_are_as_long_as_clients_expect(card_of: CardOf, read_ef: Read) -> None:
    """Text EF 0005 has the 256 bytes that old clients read of it; the photograph is as long as one of a face."""
    card = card_of("adult")
    assert len(read_ef(card, "text", 0x0005)) == 256
    face = read_ef(card, "visual", 0x0002)
    assert len(fields_of(face, 0xFF20)[0xDF27]) > 15_000
    assert len(face) < 0x8000  # READ BINARY reaches no further


def test_a_long_file_is_read_whole() -> None:
    """Past the first 59 reads, with short and with extended length: the same bytes."""
    found = []
    for extended in (False, True):
        with open_card("adult") as loaded:
            card = Iso7816Card(SimulatedConnection(loaded.card), extended_le=extended)
            with card.transaction():
                card.select_df(bytes.fromhex("D3921000310001010402"))
                card.select_ef(0x0013)
                assert card.verify(bytearray(loaded.card_file.holder.my_number.encode())) == 0x9000
                found.append(card.read_ef(0x0002, limit=0x8000))
    assert found[0] == found[1]
    assert len(found[0]) > 15_000


def test_common_record(card_of: CardOf, read_ef: Read) -> None:
    """Record 1 of the common application has 28 digits: serial, municipality, expiry."""
    assert read_ef(card_of("adult"), "common", 0x0001) == b"\x01\x1c" + b"900000000000001" + b"99999" + b"20340421"


def test_key_references_agree(card_of: CardOf, read_ef: Read) -> None:
    """The key reference of the common application is that of the Juki application, 16 bytes."""
    reference = read_ef(card_of("adult"), "common", 0x0002)
    assert len(reference) == 16
    assert read_ef(card_of("adult"), "juki", 0x0002) == reference


def test_cv_chain_of_the_card_itself() -> None:
    """GET DATA's two CV certificates are a chain, without 7F21 around them, and ship as this code makes them."""
    upper = {part.tag: part.value for part in read_all(shipped_file("cv/00F8.bin"))}
    lower = {part.tag: part.value for part in read_all(shipped_file("cv/7F21.bin"))}
    checked_cv_key(upper, keys.shipped_key("cv-root"))
    checked_cv_key(lower, keys.shipped_key("cv-intermediate"))
    assert upper[0x5F4E][16:32] == lower[0x5F4E][:16]
    assert contents.cv_chain() == {path: shipped_file(path) for path in ("cv/00F8.bin", "cv/7F21.bin")}


def test_key_identifiers_are_of_no_real_hierarchy() -> None:
    """Key identifiers have the form of real ones and begin with 9, where cards have 5 and test cards 6."""
    for identifier in (contents.MUNICIPALITY_KEY_ID, contents.TEXT_CV_ISSUER, contents.VISUAL_CV_ISSUER):
        assert len(identifier) == 16
        assert identifier[:7].isdigit()
        assert identifier[:1] == b"9"
