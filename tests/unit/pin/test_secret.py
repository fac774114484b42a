"""A secret shows nothing, leaves no copy of itself and is overwritten."""

import copy
import dataclasses
import gc
import inspect
import json
import logging
import pickle
import pprint
import sys
from collections.abc import Callable

import pytest

from jpki.pin import Secret, secret as secret_module

_VALUE = "SIMCARD1"

_SHOWN: dict[str, Callable[[Secret], str]] = {
    "repr": repr,
    "str": str,
    "ascii": ascii,
    "f-string": lambda secret: f"{secret}",
    "f-string with a width": lambda secret: f"{secret:>40}",
    "f-string with !r": lambda secret: f"{secret!r}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - this way of formatting is what is tested
    "format": "{0} {0!r}".format,
    "in a list": lambda secret: str([secret, (secret,), {"pin": secret}]),
    "pprint": pprint.pformat,
    "members": lambda secret: str(inspect.getmembers(secret)),
    "dir": lambda secret: str(dir(secret)),
    "revealed buffer": lambda secret: f"{secret.reveal()} {secret.reveal()!r}",
    "json with default": lambda secret: json.dumps(secret, default=str),
    "log record": lambda secret: logging.makeLogRecord({"msg": "pin %s", "args": (secret,)}).getMessage(),
}

_REFUSED: dict[str, Callable[[Secret], object]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": pickle.dumps,
    "pickle protocol 0": lambda secret: pickle.dumps(secret, 0),
    "pickle of a container": lambda secret: pickle.dumps({"pin": secret}),
    "pickle of the buffer": lambda secret: pickle.dumps(secret.reveal()),
    "__reduce__": lambda secret: secret.__reduce__(),
    "__reduce_ex__": lambda secret: secret.__reduce_ex__(2),
    "__getstate__": lambda secret: secret.__getstate__(),
    "json": json.dumps,
    "vars": vars,
    "len": len,  # type: ignore[dict-item]  # that there is no length is what is tested
    "hash": hash,
    "bytes": bytes,  # type: ignore[dict-item]  # the same
    "iter": iter,  # type: ignore[dict-item]  # the same
    "memoryview": memoryview,  # type: ignore[dict-item]  # the same
    "asdict": lambda secret: dataclasses.asdict(_Holder(secret)),
}


@dataclasses.dataclass
class _Holder:
    secret: Secret


def _parts(text: str) -> list[str]:
    """What must not be in a text: the value, its characters' codes and its length."""
    return [text, text[:4], text.encode().hex(), str(text.encode()), "83, 73", str(len(text))]


@pytest.mark.parametrize("show", _SHOWN.values(), ids=_SHOWN)
def test_no_text_form_gives_the_value(show: Callable[[Secret], str]) -> None:
    """However a secret is turned into text, neither its value nor a part of it is there."""
    shown = show(Secret(_VALUE))
    assert not [part for part in _parts(_VALUE)[:-1] if part in shown]


@pytest.mark.parametrize("show", _SHOWN.values(), ids=_SHOWN)
def test_text_forms_do_not_depend_on_the_value(show: Callable[[Secret], str]) -> None:
    """The text form is the same for a short and a long secret, but for addresses of objects."""
    short, long = Secret("1"), Secret("1" * 200)
    first, second = show(short), show(long)
    assert abs(len(first) - len(second)) < 8


@pytest.mark.parametrize("take", _REFUSED.values(), ids=_REFUSED)
def test_copying_and_serialising_are_refused(take: Callable[[Secret], object]) -> None:
    """Copies, pickles, JSON, hashes and lengths raise TypeError, and the exception does not hold the value."""
    with pytest.raises(TypeError) as caught:
        take(Secret(_VALUE))
    assert _VALUE not in str(caught.value)


@pytest.mark.parametrize("value", ["", "1", "1" * 200])
def test_truth_and_size_say_nothing(value: str) -> None:
    """An empty, a short and a long secret are all true and of one size."""
    secret = Secret(value)
    assert secret
    assert sys.getsizeof(secret) == sys.getsizeof(Secret("1234"))


@pytest.mark.parametrize("value", ["2846", b"2846", bytearray(b"2846")])
def test_reveal_gives_the_bytes(value: str | bytes | bytearray) -> None:
    """Text, bytes and bytearray all give the bytes that go to the card."""
    assert Secret(value).reveal() == b"2846"


def test_text_is_utf_8() -> None:
    """Characters beyond ASCII are kept as UTF-8, so that the PIN's form can name them."""
    assert Secret("\uff12") == Secret("\uff12".encode())
    assert Secret("\ud800").reveal() == b"\xed\xa0\x80"


def test_reveal_gives_the_buffer_itself() -> None:
    """No copy is made: what is revealed twice is the same object, and wiping empties it."""
    secret = Secret("2846")
    revealed = secret.reveal()
    assert secret.reveal() is revealed
    secret.wipe()
    assert revealed == b""


def test_wiping_overwrites_the_memory() -> None:
    """What looks at the buffer's memory sees zeros after wiping."""
    secret = Secret("2846")
    with memoryview(secret.reveal()) as memory:
        secret.wipe()
        assert memory == bytes(4)


def test_the_buffer_outlives_a_secret_that_nobody_keeps() -> None:
    """What was revealed is whole as long as somebody holds it: zeros in its place would cost a try."""
    assert bytes(Secret("2846").reveal()) == b"2846"


def test_a_bytearray_moves_in() -> None:
    """The buffer that a secret is made from is overwritten and keeps its length."""
    buffer = bytearray(b"2846")
    secret = Secret(buffer)
    assert buffer == bytes(4)
    assert secret.reveal() == b"2846"


def test_a_wiped_secret_gives_nothing() -> None:
    """After wiping, the value can be neither revealed nor compared: zeros must never go to a card as a PIN."""
    secret = Secret("2846")
    secret.wipe()
    secret.wipe()
    with pytest.raises(ValueError, match="wiped"):
        secret.reveal()
    with pytest.raises(ValueError, match="wiped"):
        assert Secret("2846") == secret
    assert repr(secret) == repr(Secret("2846"))


def test_leaving_the_block_wipes() -> None:
    """A secret used as a context manager is overwritten at the end of the block, after an error as well."""
    secret = Secret("2846")
    buffer = secret.reveal()

    def fail() -> None:
        with secret as entered:
            assert entered is secret
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert buffer == b""


def test_losing_the_last_reference_wipes() -> None:
    """A buffer that nobody keeps is overwritten before its memory is given back."""
    secret = Secret("only here")
    overwritten = []

    def note(buffer: bytearray) -> None:
        overwritten.append(bytes(buffer))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret_module, "_overwrite", note)
        del secret
        gc.collect()
    assert b"only here" in overwritten


def test_equality_is_by_value() -> None:
    """Two secrets are equal when their bytes are, and a secret equals nothing that is no secret."""
    assert Secret("2846") == Secret(b"2846")
    assert Secret("2846") != Secret("2847")
    assert Secret("2846") != Secret("28460")
    values: list[object] = ["2846", b"2846", None]
    assert all(Secret("2846") != value for value in values)


def test_other_types_are_refused_without_their_value() -> None:
    """A number is no secret, and the error does not quote it."""
    with pytest.raises(TypeError) as caught:
        Secret(2846)  # type: ignore[arg-type]  # what is tested
    assert "2846" not in str(caught.value)


def test_a_traceback_with_local_variables_shows_nothing() -> None:
    """A frame that holds a secret and its buffer is safe to print with its local variables."""
    secret = Secret(_VALUE)
    buffer = secret.reveal()
    frame = inspect.currentframe()
    assert frame is not None
    shown = str({name: frame.f_locals[name] for name in ("secret", "buffer")})
    assert buffer
    assert _VALUE not in shown
