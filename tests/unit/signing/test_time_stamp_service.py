"""Time stamps asked for at ``openssl ts`` and at services with which something is wrong."""

from __future__ import annotations

import socket
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from timestamping import Server, Service, answer_by_hand, imprint_of, running, service

from jpki.certificate.checks import Verdict
from jpki.crypto import Digest
from jpki.errors import TimeStampError
from jpki.iso7816 import encode
from jpki.signing import TimeStampService
from jpki.signing.cms import SignatureReason, TimeStampRequest, judge_time_stamp

if TYPE_CHECKING:
    from pathlib import Path

DATA = b"a signature"


def _judge(made: bytes, ca: bytes) -> Any:
    return judge_time_stamp(made, lambda digest: digest.of(DATA), (ca,), now=datetime.now(UTC))


@pytest.mark.parametrize("digest", Digest)
def test_openssl_stamps_and_verifies(stamps: Service, digest: Digest) -> None:
    """What goes out is the hash alone; the stamp holds here and for OpenSSL, by the CA that is named."""
    made = TimeStampService(stamps.url).stamp(digest, DATA)
    result, stamp = _judge(made, stamps.ca)

    assert (result.verdict, result.reason) == (Verdict.PASS, SignatureReason.OK)
    assert stamp.is_confirmed
    assert stamp.service == "CN=TEST time stamps"
    assert abs(stamp.time - datetime.now(UTC)) < timedelta(minutes=5)
    assert digest.of(DATA) in stamps.asked[0]
    assert DATA not in stamps.asked[0]
    (stamps.folder / "token").write_bytes(made)
    (stamps.folder / "data").write_bytes(DATA)
    command = ["openssl", "ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", "ca.pem"]
    done = subprocess.run(command, cwd=stamps.folder, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout


def test_each_request_has_a_number_of_its_own(stamps: Service) -> None:
    """So that an old answer is seen."""
    asked = TimeStampService(stamps.url)
    asked.stamp(Digest.SHA256, DATA)
    asked.stamp(Digest.SHA256, DATA)
    assert len(set(stamps.asked)) == 2


def _old_answer(stamps: Service) -> bytes:
    return stamps.answer(TimeStampRequest.of(Digest.SHA256, DATA).encode())


def _other_answer(stamps: Service) -> bytes:
    number = TimeStampRequest.of(Digest.SHA256, b"something else")
    return stamps.answer(number.encode())


@pytest.mark.parametrize(
    ("prepare", "fault", "detail"),
    [
        (lambda s: setattr(s, "status", 503), "declined", "HTTP 503"),
        (lambda s: setattr(s, "status", 302), "redirected", ""),
        (lambda s: setattr(s, "kind", "text/html"), "not_an_answer", ""),
        (lambda s: s.instead.append(b"<html>"), "not_an_answer", ""),
        (lambda s: s.instead.append(b""), "not_an_answer", ""),
        (lambda s: s.instead.append(bytes(300_000)), "not_an_answer", ""),
        (lambda s: s.instead.append(encode(0x30, encode(0x30, b"\x02\x01\x02"))), "declined", "PKIStatus 2"),
        (lambda s: s.instead.append(encode(0x30, encode(0x30, b"\x02\x01\x00"))), "not_an_answer", ""),
        (lambda s: s.instead.append(_old_answer(s)), "other_answer", ""),
        (lambda s: s.instead.append(_other_answer(s)), "other_answer", ""),
        (lambda s: setattr(s, "is_cut", True), "unreachable", None),
    ],
    ids=["503", "302", "html", "text", "empty", "huge", "declined", "no token", "old", "other", "cut"],
)
def test_whatever_goes_wrong_is_told(stamps: Service, prepare: Any, fault: str, detail: str | None) -> None:
    """No stamp, and why; a redirection is not followed."""
    prepare(stamps)
    asked = len(stamps.asked)
    with pytest.raises(TimeStampError) as caught:
        TimeStampService(stamps.url).stamp(Digest.SHA256, DATA)

    assert caught.value.fault == fault
    assert detail is None or caught.value.detail == detail
    assert len(stamps.asked) == asked + 1


def test_a_service_that_is_not_there_is_told() -> None:
    """Nobody listens at the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(TimeStampError) as caught:
        TimeStampService(address).stamp(Digest.SHA256, DATA)
    assert (caught.value.fault, bool(caught.value.detail)) == ("unreachable", True)


def test_a_service_that_does_not_answer_is_not_waited_for_long() -> None:
    """It takes the connection and is silent."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(TimeStampError) as caught:
            TimeStampService(address, seconds=0.2).stamp(Digest.SHA256, DATA)
    assert (caught.value.fault, caught.value.detail) == ("slow", "0.2")


def test_a_service_that_drips_is_not_waited_for_without_end(stamps: Service) -> None:
    """A byte comes again and again, in time for the socket; the whole answer is what is waited for."""
    stamps.drips = True
    with pytest.raises(TimeStampError) as caught:
        TimeStampService(stamps.url, seconds=0.5).stamp(Digest.SHA256, DATA)
    assert caught.value.fault == "slow"


def test_https_by_a_ca_that_the_system_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE names CA certificates to OpenSSL; the proxies of the environment are not asked."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with running(tmp_path, https=Server()) as stamps:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server-ca.pem"))
        made = TimeStampService(stamps.url).stamp(Digest.SHA256, DATA)
    assert _judge(made, stamps.ca)[1].is_confirmed


@pytest.mark.parametrize(
    ("server", "is_known", "fault"),
    [
        (Server(), False, "server_unknown"),
        (Server(ends=timedelta(days=-1)), True, "server_expired"),
        (Server(begins=timedelta(days=1)), True, "server_expired"),
        (Server(address="127.0.0.2"), True, "server_other"),
    ],
    ids=["unknown", "expired", "not yet", "other"],
)
def test_https_by_another_certificate_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, server: Server, is_known: bool, fault: str
) -> None:
    """What is wrong is told, and no request goes out."""
    with running(tmp_path, https=server) as stamps:
        if is_known:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server-ca.pem"))
        with pytest.raises(TimeStampError) as caught:
            TimeStampService(stamps.url).stamp(Digest.SHA256, DATA)
    assert caught.value.fault == fault
    assert stamps.asked == []


@pytest.mark.parametrize(
    ("by", "parts", "fault"),
    [
        ({"purpose": "none"}, {}, "no_certificate_for_it"),
        ({"purpose": "more"}, {}, "no_certificate_for_it"),
        ({"is_critical": False}, {}, "no_certificate_for_it"),
        ({"ends": timedelta(days=-1)}, {}, "not_good"),
        ({}, {"rest": b"\x02\x01\x05"}, "other_answer"),
        ({}, {"rest": b""}, "other_answer"),
        ({}, {"imprint": imprint_of(b"something else")}, "other_answer"),
        ({}, {"encloses": ()}, "not_good"),
    ],
    ids=[
        "no purpose",
        "two purposes",
        "not critical",
        "expired",
        "other nonce",
        "no nonce",
        "other hash",
        "no certificate",
    ],
)
def test_a_stamp_that_no_verifier_would_accept_is_not_taken(
    stamps: Service, by: dict[str, Any], parts: dict[str, Any], fault: str
) -> None:
    """It is told while there is still time to ask another service."""
    stamps.answer = lambda request: answer_by_hand(request, service(**by), **parts)  # type: ignore[method-assign]
    with pytest.raises(TimeStampError) as caught:
        TimeStampService(stamps.url).stamp(Digest.SHA256, DATA)
    assert caught.value.fault == fault


def test_a_stamp_with_another_signature_is_not_taken(stamps: Service) -> None:
    """The last byte is one of the signature."""

    def changed(request: bytes) -> bytes:
        made = answer_by_hand(request, service())
        return made[:-1] + bytes((made[-1] ^ 1,))

    stamps.answer = changed  # type: ignore[method-assign]
    with pytest.raises(TimeStampError) as caught:
        TimeStampService(stamps.url).stamp(Digest.SHA256, DATA)
    assert caught.value.fault == "not_good"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "stamps.invalid",
        "ftp://stamps.invalid/",
        "file:///etc/passwd",
        "http:///a",
        "http://name:word@stamps.invalid/",
        "http://stamps.invalid:99999/",
        "http://stamps.invalid:x/",
        "http://stamps.invalid/a b",
        "http://stamps.invalid/\n",
        "http://スタンプ.invalid/",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    """Before anything is asked of a card."""
    with pytest.raises(TimeStampError) as caught:
        TimeStampService(address)
    assert caught.value.fault == "address"
