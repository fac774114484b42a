"""Signatures by PKCS #11: mechanisms in both codings, sizes, parts, and what a login key refuses."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from agentdesk import PIN, Desk
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from rpcclient import (
    RSA_PKCS,
    RSA_PKCS_PSS,
    SHA256_RSA_PKCS,
    SHA256_RSA_PKCS_PSS,
    SIGN,
    SIGN_FINAL,
    SIGN_INIT,
    SIGN_UPDATE,
    RpcClient,
    RvError,
    given,
    uint32,
    ulong,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SESSION_CANCEL = 68
DATA = b"data to be signed"
DIGEST = hashlib.sha256(DATA).digest()
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420") + DIGEST
PSS_PARAMETERS = (0x250, 2, 32)


def public_key(client: RpcClient, session: int) -> RSAPublicKey:
    """The key of the token's first certificate."""
    certificate = client.find(session, cls=ulong(1))[0]
    found = x509.load_der_x509_certificate(client.bytes_attribute(session, certificate, 0x11)).public_key()
    assert isinstance(found, RSAPublicKey)
    return found


def check_pkcs1(client: RpcClient, session: int, signature: bytes) -> None:
    """The signature is RSASSA-PKCS1-v1_5 of DATA."""
    public_key(client, session).verify(signature, DIGEST, PKCS1v15(), Prehashed(hashes.SHA256()))


def check_pss(client: RpcClient, session: int, signature: bytes) -> None:
    """The signature is RSASSA-PSS of DATA with a salt of 32 bytes."""
    padding = PSS(MGF1(hashes.SHA256()), 32)
    public_key(client, session).verify(signature, DIGEST, padding, Prehashed(hashes.SHA256()))


@pytest.mark.parametrize("new_coding", [False, True])
@pytest.mark.parametrize(
    ("kind", "data", "pss", "check"),
    [
        (RSA_PKCS, DIGEST_INFO, None, check_pkcs1),
        (SHA256_RSA_PKCS, DATA, None, check_pkcs1),
        (RSA_PKCS_PSS, DIGEST, PSS_PARAMETERS, check_pss),
        (SHA256_RSA_PKCS_PSS, DATA, PSS_PARAMETERS, check_pss),
    ],
)
def test_each_mechanism_signs_in_both_codings(
    desk: Desk,
    kind: int,
    data: bytes,
    pss: tuple[int, int, int] | None,
    check: Callable[[RpcClient, int, bytes], None],
    *,
    new_coding: bool,
) -> None:
    """Each signature verifies with the certificate, and the card is left closed."""
    client = RpcClient(desk.module(version=2).answer)
    session = client.open()
    desk.person.secrets = [PIN]

    check(client, session, client.sign(session, data, kind, pss=pss, new_coding=new_coding))
    assert not desk.is_open()


@pytest.mark.parametrize("pss", [(0x250, 2, 222), (0x250, 1, 32), (0x260, 2, 32), None])
def test_other_pss_parameters_are_refused_before_anybody_is_asked(
    desk: Desk, client: RpcClient, pss: tuple[int, int, int] | None
) -> None:
    """CKR_MECHANISM_PARAM_INVALID at C_SignInit: the card does one salt length."""
    session = client.open()
    with pytest.raises(RvError) as caught:
        client.sign_init(session, RSA_PKCS_PSS, pss=pss)
    assert (caught.value.rv, desk.person.asked) == (0x71, [])


@pytest.mark.parametrize(
    ("data", "rv"),
    [
        (DIGEST, 0x20),
        (bytes.fromhex("3021300906052b0e03021a05000414") + bytes(20), 0x20),  # SHA-1
        (b"", 0x20),
        (DIGEST_INFO + b"\0", 0x20),
        (bytes(1024), 0x21),
    ],
)
def test_raw_signatures_take_a_digest_info_of_sha2_only(desk: Desk, client: RpcClient, data: bytes, rv: int) -> None:
    """Anything else is refused before anybody is asked."""
    session = client.open()
    with pytest.raises(RvError) as caught:
        client.sign(session, data, RSA_PKCS)
    assert (caught.value.rv, desk.person.asked) == (rv, [])


def test_pss_with_the_hash_done_here_is_offered_to_newer_clients_only(desk: Desk, client: RpcClient) -> None:
    """Before 0.25 p11-kit does not carry it, and counts it all the same."""
    assert SHA256_RSA_PKCS_PSS not in client.mechanisms(1)
    assert SHA256_RSA_PKCS_PSS in RpcClient(desk.module(version=1).answer).mechanisms(1)


def test_data_in_parts_give_the_same_signature(desk: Desk, client: RpcClient) -> None:
    """C_SignUpdate twice and C_SignFinal."""
    session = client.open()
    desk.person.secrets = [PIN]
    client.sign_init(session)
    client.call(SIGN_UPDATE, ulong(session), given(DATA[:5]))
    client.call(SIGN_UPDATE, ulong(session), given(DATA[5:]))
    answer = client.call(SIGN_FINAL, ulong(session), uint32(256))
    check_pkcs1(client, session, answer[5:])


@pytest.mark.parametrize("room", [0, 255])
def test_asking_for_the_size_asks_nobody_and_ends_nothing(desk: Desk, client: RpcClient, room: int) -> None:
    """Size query and too small a buffer give 256; the signature follows."""
    session = client.open()
    desk.person.secrets = [PIN]
    client.sign_init(session)
    assert client.call(SIGN, ulong(session), given(DATA), uint32(room)) == b"\0" + uint32(256)
    assert desk.person.asked == []
    check_pkcs1(client, session, client.sign_only(session, DATA))


def test_data_that_are_too_long_end_the_signature(desk: Desk, client: RpcClient) -> None:
    """After CKR_DATA_LEN_RANGE to C_SignUpdate the program begins again in the same session."""
    session = client.open()
    client.sign_init(session, RSA_PKCS)
    with pytest.raises(RvError) as caught:
        client.call(SIGN_UPDATE, ulong(session), given(bytes(300)))
    assert caught.value.rv == 0x21
    desk.person.secrets = [PIN]
    check_pkcs1(client, session, client.sign(session, DIGEST_INFO, RSA_PKCS))


def test_each_operation_of_a_session_is_canceled_for_itself(desk: Desk, client: RpcClient) -> None:
    """C_SessionCancel ends what its flags name and nothing else: search, hash, signature."""
    session = client.open()
    desk.person.secrets = [PIN]

    def hash_something() -> None:
        client.call(37, ulong(session), uint32(0x250))

    def search() -> None:
        client.call(26, ulong(session), uint32(0))

    def cancel(flags: int) -> None:
        client.call(SESSION_CANCEL, ulong(session), ulong(flags))

    client.sign_init(session)
    for begin in (hash_something, search):
        begin()
        cancel(0x400 | 0x40)
        begin()
    assert len(client.sign_only(session)) == 256
    cancel(0x400 | 0x40)
    client.sign_init(session)
    cancel(0x800)
    with pytest.raises(RvError) as caught:
        client.sign_only(session)
    assert caught.value.rv == 0x91
    assert desk.presented() == 1


def test_a_key_that_is_a_certificate_does_not_sign(client: RpcClient) -> None:
    """CKR_KEY_FUNCTION_NOT_PERMITTED, and CKR_KEY_HANDLE_INVALID for none."""
    session = client.open()
    certificate = client.find(session, cls=ulong(1))[0]
    for key, rv in ((certificate, 0x68), (99, 0x60)):
        with pytest.raises(RvError) as caught:
            client.call(SIGN_INIT, ulong(session), uint32(SHA256_RSA_PKCS) + uint32(0xFFFFFFFF) + ulong(key))
        assert caught.value.rv == rv


SIGNED_ATTRIBUTES = bytes.fromhex("311a301806092a864886f70d010903310b06092a864886f70d010701")


def in_one_part(client: RpcClient, session: int, data: bytes) -> None:
    """C_Sign."""
    client.sign_only(session, data)


def in_two_parts(client: RpcClient, session: int, data: bytes) -> None:
    """C_SignUpdate twice, C_SignFinal."""
    client.call(SIGN_UPDATE, ulong(session), given(data[:3]))
    client.call(SIGN_UPDATE, ulong(session), given(data[3:]))
    client.call(SIGN_FINAL, ulong(session), uint32(256))


@pytest.mark.parametrize("sign", [in_one_part, in_two_parts])
@pytest.mark.parametrize(
    "data",
    [SIGNED_ATTRIBUTES, b"\x31\x81\x1a" + SIGNED_ATTRIBUTES[2:], b"\x31\x83\x01\x00\x00" + bytes(0x10000)],
    ids=["der", "ber", "made long"],
)
def test_a_login_key_signs_no_documents(
    desk: Desk, client: RpcClient, data: bytes, sign: Callable[[RpcClient, int, bytes], None]
) -> None:
    """Signed attributes of CMS are refused before anybody is asked, whatever form their length has."""
    session = client.open()
    client.sign_init(session)
    with pytest.raises(RvError) as caught:
        sign(client, session, data)
    assert (caught.value.rv, desk.person.asked) == (0x200, [])


def test_what_only_begins_like_signed_attributes_is_signed(desk: Desk, client: RpcClient) -> None:
    """Text may begin with the digit 1, whose byte is that of a SET."""
    session = client.open()
    for data in (SIGNED_ATTRIBUTES + b"!", b"1" + DATA, b"1"):
        desk.person.secrets, desk.person.choices = [PIN], [0]
        assert len(client.sign(session, data)) == 256


def test_a_signature_that_does_not_verify_is_not_handed_out(
    desk: Desk, client: RpcClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CKR_DEVICE_ERROR where the card's answer is not its key's signature, with PKCS#1 and with PSS."""
    session = client.open()
    process = desk.card.process

    def wrong(command: bytes | bytearray) -> bytes:
        answer = process(command)
        return bytes((answer[0] ^ 1,)) + answer[1:] if command[:2] == b"\x80\x2a" else answer

    monkeypatch.setattr(desk.card, "process", wrong)
    for kind, data, pss in ((SHA256_RSA_PKCS, DATA, None), (RSA_PKCS_PSS, DIGEST, PSS_PARAMETERS)):
        desk.person.secrets, desk.person.choices = [PIN], [0]
        with pytest.raises(RvError) as caught:
            client.sign(session, data, kind, pss=pss)
        assert caught.value.rv == 0x30
    assert not desk.is_open()


def test_hashes_are_made_in_one_part_and_in_several(client: RpcClient) -> None:
    """SHA-256 by C_Digest, and by C_DigestUpdate and C_DigestFinal; asking for the size ends nothing."""
    session = client.open()
    for coding in (uint32(0x250), uint32(0x250) + uint32(0xFFFFFFFF)):
        client.call(37, ulong(session), coding)
        assert client.call(38, ulong(session), given(DATA), uint32(0)) == b"\0" + uint32(32)
        assert client.call(38, ulong(session), given(DATA), uint32(32))[5:] == DIGEST
        client.call(37, ulong(session), coding)
        client.call(39, ulong(session), given(DATA[:3]))
        client.call(39, ulong(session), given(DATA[3:]))
        assert client.call(41, ulong(session), uint32(64))[5:] == DIGEST
    with pytest.raises(RvError) as caught:
        client.call(41, ulong(session), uint32(64))
    assert caught.value.rv == 0x91
