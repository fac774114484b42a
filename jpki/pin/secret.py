"""The one holder of a PIN or password on its way from the holder of the card to the command APDU.

What overwriting is worth in CPython: :meth:`Secret.wipe` overwrites the one buffer that this object owns, and
nothing else. Copies that it cannot reach stay in freed memory until something else is put there: the ``str`` or
``bytes`` that a secret was made from, the ``bytes`` of the command APDU, the list of integers and the C buffer that
pyscard makes of it, the buffers of the terminal, of pcscd and of the reader's driver, and pages that were swapped
out. It shortens the time in which a memory dump shows the PIN; it is not a guarantee.

No way of showing, copying or storing a secret gives its value or its length: its text form is fixed, it has no
length and no truth value of its own, it cannot be copied, pickled, hashed or serialised. The value leaves through
:meth:`Secret.reveal` alone.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn, Self, final

if TYPE_CHECKING:
    from types import TracebackType

_HIDDEN: Final = "[secret]"


class _HiddenBytes(bytearray):
    """A bytearray that a debugger, a log line or a traceback with local variables shows as nothing.

    It overwrites itself when nothing refers to it any more. The secret that it belongs to must not do that: in
    ``verify(ask().reveal())`` the secret is gone before the buffer is sent.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return _HIDDEN

    __str__ = __repr__

    def __del__(self) -> None:
        _overwrite(self)

    def __reduce_ex__(self, protocol: object, /) -> NoReturn:
        raise TypeError("a secret cannot be copied or pickled")


@final
class Secret:
    """A PIN or password as it goes to the card: bytes that are shown nowhere and overwritten after use.

    ``value`` is the secret as text (kept as UTF-8) or as bytes. A ``bytearray`` is emptied: its content moves here
    and the caller's buffer is overwritten with zeros. Whether the value can be this or that PIN is decided elsewhere.
    """

    __slots__ = ("_value",)
    _value: _HiddenBytes | None

    def __init__(self, value: bytearray | bytes | str) -> None:
        self._value = None
        self._value = _HiddenBytes(_octets(value))
        if isinstance(value, bytearray):
            _overwrite(value)

    def reveal(self) -> bytearray:
        """Give the buffer itself, not a copy, for the place that builds the command APDU.

        Raises:
            ValueError: The secret has been wiped.
        """
        if self._value is None:
            raise ValueError("the secret has been wiped")
        return self._value

    def wipe(self) -> None:
        """Overwrite the value with zeros and empty the buffer; a second call does nothing.

        Whoever still holds the revealed buffer finds it empty, which no command that carries a secret accepts.
        """
        if self._value is not None:
            _overwrite(self._value)
            with suppress(BufferError):  # a memoryview holds it; zeros are in it
                self._value.clear()
            self._value = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

    def __eq__(self, other: object) -> bool:
        """Compare two secrets in a time that does not depend on where they differ.

        Raises:
            ValueError: One of the two has been wiped.
        """
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest  # costs 15 ms to import, and is needed for new PINs only

        return compare_digest(self.reveal(), other.reveal())

    # Equal secrets would have equal hashes, and a hash in a log gives a four-digit PIN away.
    __hash__ = None  # type: ignore[assignment]  # how Python spells "not hashable"

    def __repr__(self) -> str:
        return _HIDDEN

    def __format__(self, spec: str) -> str:
        return _HIDDEN

    def __reduce_ex__(self, protocol: object, /) -> NoReturn:
        raise TypeError("a secret cannot be copied or pickled")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a secret cannot be copied or pickled")


def _octets(value: object) -> bytes | bytearray:
    if isinstance(value, str):
        # A lone surrogate passes here, since the exception would quote the text; no PIN's form allows it.
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, (bytes, bytearray)):
        return value
    raise TypeError("a secret is made from str, bytes or bytearray")  # bytearray(2846) would be 2846 zeros


def _overwrite(buffer: bytearray) -> None:
    # One by one and in place: an assignment of another length would move the buffer and leave the old one as it was.
    for index in range(len(buffer)):
        buffer[index] = 0
