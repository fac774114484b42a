"""Random and mutated frames, and calls in any order, against the PKCS #11 module; for tests, and by hand for long runs.

Usage: pkcs11fuzz.py FRAMES CALLS [SEED]; it prints counts and the growth of memory, and ends with 1 on a fault.
"""

from __future__ import annotations

import random
import resource
import struct
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from agentdesk import PASSWORD, PIN, Desk
from rpcclient import (
    CLOSE_ALL,
    CLOSE_SESSION,
    FINALIZE,
    HANDSHAKE,
    INITIALIZE,
    OPEN_SESSION,
    SIGN_INIT,
    SIGNATURES,
    WAIT,
    body,
    given,
    mechanism,
    uint32,
    ulong,
)

from jpki.agent.pkcs11.calls import CALLS
from jpki.agent.pkcs11.constants import Rv
from jpki.agent.pkcs11.frames import FrameError, FrameReader, write_frame

if TYPE_CHECKING:
    from jpki.agent.pkcs11.module import Module

#: Handles, slots and flags that there are come oftenest, then the edges of each size.
NUMBERS = (*(1, 1, 1, 1, 2, 3, 0x103) * 3, *range(9), *range(0x100, 0x105), *(1 << n for n in (12, 31, 32)), 2**64 - 1)
KINDS = (0x1, 0xD, 0x40, 0x41, 0x42, 0x43, 0x3, 0x250, 0xFFFFFFFF)
TYPES = (0x0, 0x1, 0x3, 0x11, 0x80, 0x100, 0x102, 0x110, 0x120, 0x123, 0x170, 0x202, 0x40000211, 0x40000600, 0xCE534353)
#: Calls that end everything: seldom made, so that something is going on when others come.
RARE = (FINALIZE, CLOSE_SESSION, CLOSE_ALL)
#: How many bodies are left as they are, and how many frames get wrong lengths.
SOUND, LENGTHS = 0.4, 0.005
#: No answer may take longer; on a busy machine none has come near it.
SECONDS = 5.0


class Fuzzer:
    """Makes bodies, valid ones first, and spoils some of them."""

    def __init__(self, seed: int) -> None:
        """Begin at a seed."""
        self.random = random.Random(seed)  # noqa: S311 - not for secrets
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0

    def some_bytes(self, longest: int = 300) -> bytes:
        """Some bytes."""
        return self.random.randbytes(self.random.choice((0, 1, 4, 32, 51, self.random.randrange(longest))))

    def value(self, part: str, depth: int = 0) -> bytes:
        """A value of a signature's part."""
        pick = self.random.choice
        if part == "u":
            return ulong(pick(NUMBERS))
        if part == "y":
            return bytes((pick((0, 1, 255)),))
        if part == "ay":
            return given(pick((None, self.some_bytes(), PIN.encode(), b"1357", PASSWORD.encode())))
        if part in ("fy", "fu"):
            return uint32(pick((0, 1, 16, 255, 256, 4096, 0xFFFFFFFF)))
        if part == "M":
            pss = pick((None, (0x250, 2, 32), (pick(NUMBERS), pick(NUMBERS), pick(NUMBERS))))
            return mechanism(pick(KINDS), pss, new_coding=pick((False, True)))
        count = self.random.randrange(4)
        item = self.template_item if part == "aA" else self.wanted_item
        return uint32(pick((count, count, count, 0xFFFF))) + b"".join(item(depth) for _ in range(count))

    def template_item(self, depth: int) -> bytes:
        """An attribute of a search."""
        kind = self.random.choice(TYPES)
        contents = self.random.choice((b"\1", ulong(self.random.choice(NUMBERS)), uint32(2) + b"ab", uint32(0)))
        if kind == 0x40000211 and depth < 12:
            contents = self.value("aA", depth + 1)
        return uint32(kind) + bytes((self.random.choice((0, 1)),)) + uint32(self.random.choice((0, 1, 2, 8))) + contents

    def wanted_item(self, depth: int) -> bytes:
        """An attribute that is asked for."""
        kind = self.random.choice(TYPES)
        nested = self.value("fA", depth + 1) if kind == 0x40000211 and depth < 12 else b""
        return uint32(kind) + uint32(self.random.choice((0, 1, 8, 4096, 0xFFFFFFFF))) + nested

    def valid_body(self) -> bytes:
        """A body that is right in form."""
        number = self.random.choice(list(SIGNATURES))
        if number in RARE and self.random.random() < 0.9:
            number = SIGN_INIT
        signature = SIGNATURES[number]
        parts = []
        at = 0
        while at < len(signature):
            size = 2 if signature[at] in "af" else 1
            parts.append(self.value(signature[at : at + size]))
            at += size
        if number == INITIALIZE:
            parts[0] = given(HANDSHAKE)
        return body(number, *parts)

    def spoiled(self, good: bytes) -> bytes:
        """A body with something wrong in it."""
        spoilt = bytearray(good)
        how = self.random.randrange(6)
        if how == 0:
            return bytes(spoilt[: self.random.randrange(len(spoilt) + 1)])
        if how == 1:
            return bytes(spoilt) + self.some_bytes(40)
        if how == 2:
            return self.some_bytes(200)
        if how == 3:
            at = self.random.randrange(0, max(1, len(spoilt) - 4), 4)
            spoilt[at : at + 4] = uint32(self.random.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, len(spoilt))))
            return bytes(spoilt)
        for _ in range(how):
            spoilt[self.random.randrange(len(spoilt))] ^= 1 << self.random.randrange(8)
        return bytes(spoilt)

    def ask(self, module: Module, sent: bytes | None) -> int:
        """Have a body answered, look at the answer's form, and give its CK_RV."""
        started = time.monotonic()
        answer = module.answer(None if sent is None else bytearray(sent))
        self.slowest = max(self.slowest, time.monotonic() - started)
        number, length = struct.unpack_from(">II", answer)
        signature = answer[8 : 8 + length].decode()
        if number:
            assert sent is not None
            assert signature == CALLS[number].answer
            assert number == int.from_bytes(sent[:4])
            rv = 0
        else:
            assert (signature, len(answer)) == ("u", 17)
            rv = int.from_bytes(answer[9:])
            assert rv, "an error with CKR_OK"
        self.counts[hex(rv)] += 1
        return rv

    def begin(self, module: Module) -> None:
        """Initialise a module and open two sessions."""
        self.ask(module, body(INITIALIZE, given(HANDSHAKE), b"\0", given(b"\0")))
        for _ in range(2):
            self.ask(module, body(OPEN_SESSION, ulong(1), ulong(4)))


def fuzz_frames(count: int, seed: int = 0) -> Fuzzer:
    """Send so many frames, most of them spoiled, cut anywhere, to modules whose client has gone."""
    fuzzer = Fuzzer(seed)
    with Desk() as desk:
        desk.cards.await_change = lambda view, seconds: False  # type: ignore[method-assign]
        client = desk.client(is_connected=lambda: False)
        sent = 0
        while sent < count:
            module = desk.module(client, version=fuzzer.random.randrange(3))
            fuzzer.begin(module)
            sent += _fuzz_connection(fuzzer, module, min(1000, count - sent))
            assert desk.tries() >= 2, "a program's wrong PIN may cost one try"
            assert not desk.is_open()
            desk.set_tries(3)
        assert not desk.person.asked
    return fuzzer


def _fuzz_connection(fuzzer: Fuzzer, module: Module, count: int) -> int:
    reader = _new_reader()
    for number in range(count):
        good = fuzzer.valid_body()
        frame = write_frame(number, good if fuzzer.random.random() < SOUND else fuzzer.spoiled(good))
        has_lengths = fuzzer.random.random() < LENGTHS
        if has_lengths:
            lengths = [fuzzer.random.choice((0, 5000, 2**21, 2**31)) for _ in range(2)]
            frame = frame[:4] + b"".join(map(uint32, lengths)) + bytes(min(sum(lengths), 2**22))
        at = fuzzer.random.randrange(len(frame))
        try:
            for part in (frame[:at], frame[at:]):
                for found in reader.feed(part):
                    rv = fuzzer.ask(module, None if found.body is None else bytes(found.body))
                    if rv == Rv.CRYPTOKI_NOT_INITIALIZED:
                        fuzzer.begin(module)
        except FrameError:
            fuzzer.counts["closed"] += 1
            reader = _new_reader()
    return count


def _new_reader() -> FrameReader:
    reader = FrameReader()
    list(reader.feed(b"\0"))
    return reader


def fuzz_calls(count: int, seed: int = 0) -> Fuzzer:
    """Make valid calls in any order, with a person who gives the right PIN, or none."""
    fuzzer = Fuzzer(seed)
    with Desk() as desk:
        desk.cards.await_change = lambda view, seconds: False  # type: ignore[method-assign]
        module = desk.module(desk.client(is_connected=lambda: True), version=2)
        fuzzer.begin(module)
        for number in range(count):
            desk.person.secrets = [PIN] if fuzzer.random.random() < 0.2 else []
            if number % 50 == 0:
                desk.agent.desk._refusals.clear()
            sent = fuzzer.valid_body()
            if sent[:4] == uint32(WAIT):
                sent = body(WAIT, ulong(1))  # without this flag it waits for a card
            if fuzzer.ask(module, sent) == Rv.CRYPTOKI_NOT_INITIALIZED:
                fuzzer.begin(module)
            assert desk.tries() >= 2, "a program's wrong PIN may cost one try"
            assert not desk.is_open(), "the card was left open"
    return fuzzer


def main() -> int:
    """Run as a program."""
    frames, calls = int(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, found in (("frames", fuzz_frames(frames, seed)), ("calls", fuzz_calls(calls, seed))):
        sys.stdout.write(f"{name}: {sum(found.counts.values())} answered, slowest {found.slowest:.3f} s\n")
        for rv, number in sorted(found.counts.items()):
            sys.stdout.write(f"  {rv}: {number}\n")
        if found.slowest > SECONDS:
            return 1
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sys.stdout.write(f"memory: {grown // 1024} MiB more than at the start\n")
    return 0 if grown < 256 * 1024 else 1


if __name__ == "__main__":
    sys.exit(main())
