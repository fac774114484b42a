"""Asking a time stamp service over the network: the one exception to invariant 6, and only by its address.

Nothing but the hash of a signature goes there, by HTTP or HTTPS (RFC 3161, 3.4). Redirections are not followed.
"""

from __future__ import annotations

import contextlib
import http.client
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from jpki.errors import TimeStampError
from jpki.signing.cms import TimeStampFault, TimeStampRequest

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from jpki.crypto import Digest

_SECONDS: Final = 30.0
#: A token with a chain of certificates takes some 10 KB.
_MAX_ANSWER: Final = 256 * 1024
_OK: Final = 200
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
_ANSWER_TYPE: Final = "application/timestamp-reply"


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
        parts = self._parts()
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with contextlib.closing(kind(parts.hostname or "", parts.port, timeout=self.seconds)) as connection:
                connection.request("POST", path, body, _HEADERS)
                with connection.getresponse() as response:
                    answer = response.read(_MAX_ANSWER + 1)
        except (OSError, http.client.HTTPException) as exc:
            raise TimeStampError(TimeStampFault.UNREACHABLE.value, _words(exc)) from exc
        if response.status != _OK:
            raise TimeStampError(TimeStampFault.DECLINED.value, f"HTTP {response.status}")
        kind_of_answer = response.headers.get_content_type()
        if len(answer) > _MAX_ANSWER or kind_of_answer != _ANSWER_TYPE:
            raise TimeStampError(TimeStampFault.NOT_AN_ANSWER.value)
        return answer


def _words(exc: BaseException) -> str:
    """What the system says of a connection that failed."""
    if isinstance(exc, ssl.SSLCertVerificationError):
        return exc.verify_message
    return getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
