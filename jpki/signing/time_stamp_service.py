"""Asking a time stamp service over the network: the one exception to invariant 6, and only by its address.

Nothing but the hash of a signature goes there, by HTTP or HTTPS (RFC 3161, 3.4), to the address of the call and to no
other: redirections are not followed, and the proxies that the environment names are not asked.
"""

from __future__ import annotations

import contextlib
import http.client
import queue
import ssl
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from jpki.errors import TimeStampError
from jpki.signing.cms import TimeStampFault, TimeStampRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

    from jpki.crypto import Digest

T = TypeVar("T")

_SECONDS: Final = 30.0
#: A token with a chain of certificates takes some 10 KB.
_MAX_ANSWER: Final = 256 * 1024
_OK: Final = 200
_ELSEWHERE: Final = range(300, 400)
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
_ANSWER_TYPE: Final = "application/timestamp-reply"
#: What is wrong with a server's certificate, by OpenSSL's number (openssl/x509_vfy.h).
_CERTIFICATE_FAULTS: Final = {
    9: TimeStampFault.SERVER_EXPIRED,  # not yet valid
    10: TimeStampFault.SERVER_EXPIRED,
    18: TimeStampFault.SERVER_UNKNOWN,  # self-signed
    19: TimeStampFault.SERVER_UNKNOWN,  # self-signed, in the chain
    20: TimeStampFault.SERVER_UNKNOWN,  # no issuer
    21: TimeStampFault.SERVER_UNKNOWN,  # no issuer, one certificate alone
    62: TimeStampFault.SERVER_OTHER,  # host name
    64: TimeStampFault.SERVER_OTHER,  # IP address
}


@dataclass(frozen=True, slots=True)
class TimeStampService:
    """A service that states times, by its address; ``seconds`` is how long it is waited for."""

    url: str
    seconds: float = _SECONDS

    def __post_init__(self) -> None:
        """Refuse what is not an address of a service.

        Raises:
            TimeStampError: not HTTP or HTTPS, no host, or with a name and password, which everybody could read.
        """
        self._parts()

    def stamp(self, digest_name: Digest, data: bytes) -> bytes:
        """Have something stamped: its hash goes to the service; the token that comes back is of just that.

        Raises:
            TimeStampError: the service cannot be reached, declines, or answers something else.
        """
        request = TimeStampRequest.of(digest_name, data)
        return request.token(self._post(request.encode()))

    def _parts(self) -> SplitResult:
        try:
            parts = urlsplit(self.url)
            is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError as exc:
            raise TimeStampError(TimeStampFault.ADDRESS.value) from exc
        if not is_one or "@" in parts.netloc or not self.url.isascii() or not self.url.isprintable() or " " in self.url:
            raise TimeStampError(TimeStampFault.ADDRESS.value)
        return parts

    def _post(self, body: bytes) -> bytes:
        status, kind, answer = _within(self.seconds, lambda: self._asked(body))
        if status in _ELSEWHERE:
            raise TimeStampError(TimeStampFault.REDIRECTED.value)
        if status != _OK:
            raise TimeStampError(TimeStampFault.DECLINED.value, f"HTTP {status}")
        if len(answer) > _MAX_ANSWER or kind != _ANSWER_TYPE:
            raise TimeStampError(TimeStampFault.NOT_AN_ANSWER.value)
        return answer

    def _asked(self, body: bytes) -> tuple[int, str, bytes]:
        """Status, media type and body of the answer."""
        parts = self._parts()
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with contextlib.closing(kind(parts.hostname or "", parts.port, timeout=self.seconds)) as connection:
                connection.request("POST", path, body, _HEADERS)
                with connection.getresponse() as response:
                    return response.status, response.headers.get_content_type(), response.read(_MAX_ANSWER + 1)
        except ssl.SSLCertVerificationError as exc:
            fault = _CERTIFICATE_FAULTS.get(exc.verify_code, TimeStampFault.UNREACHABLE)
            raise TimeStampError(fault.value, exc.verify_message) from exc
        except TimeoutError as exc:
            raise _slow(self.seconds) from exc
        except (OSError, http.client.HTTPException) as exc:
            words = getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
            raise TimeStampError(TimeStampFault.UNREACHABLE.value, words) from exc


def _slow(seconds: float) -> TimeStampError:
    return TimeStampError(TimeStampFault.SLOW.value, f"{seconds:g}")


def _within(seconds: float, ask: Callable[[], T]) -> T:
    """Wait for an answer so long in all; a socket's own timeout begins anew with each byte that comes.

    Raises:
        TimeStampError: that of the function, or there was no answer in time.
    """
    answers: queue.SimpleQueue[T | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except BaseException as exc:  # noqa: BLE001 - raised again in the thread that waits
            answers.put(exc)

    threading.Thread(target=work, name="time stamp", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise _slow(seconds) from None
    if isinstance(found, BaseException):
        raise found
    return found
