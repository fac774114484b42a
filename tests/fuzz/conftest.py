"""Changes certificates at random: bytes anywhere, or data objects with the lengths around them put right again.

``JPKI_FUZZ_INPUTS`` is how many inputs a run makes, ``JPKI_FUZZ_SEED`` where they begin; bench/fuzz-certificates sets
both for long runs. The same seed makes the same inputs.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import tables

from jpki.errors import TlvError
from jpki.iso7816 import encode, read_all

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

_CORPUS: Final = Path(__file__).parent / "corpus"
_DEFAULT_INPUTS: Final = 4000
_OCTET_STRING: Final = 0x04
_CONSTRUCTED: Final = 0x20
_MAX_DEPTH: Final = 24
_TAGS: Final = bytes.fromhex("0102030405060C1316171E3031808182868788A0A1A2A3A4A601")
_BYTES: Final = bytes.fromhex("00017F8081820405060C1730FEFFA0")
_TALLY: Final[Counter[str]] = Counter()


@dataclass
class Node:
    """A data object: bytes, or further data objects; ``opaque`` octets may hold DER too."""

    tag: int
    value: bytes = b""
    children: list[Node] = field(default_factory=list)

    def encode(self) -> bytes:
        """The data object in DER, with the lengths that its parts now have."""
        return encode(self.tag, b"".join(child.encode() for child in self.children) if self.children else self.value)

    def walk(self) -> list[Node]:
        """This data object and all inside it."""
        found, pending = [], [self]
        while pending:
            node = pending.pop()
            found.append(node)
            pending.extend(node.children)
        return found


def _parse(data: bytes, depth: int = 0) -> list[Node]:
    return [
        Node(tlv.tag, tlv.value, _inner(tlv.value, depth + 1))
        if tlv.tag & _CONSTRUCTED or tlv.tag == _OCTET_STRING
        else Node(tlv.tag, tlv.value)
        for tlv in read_all(data)
    ]


def _inner(value: bytes, depth: int) -> list[Node]:
    if depth > _MAX_DEPTH:
        return []
    try:
        return _parse(value, depth)
    except TlvError:
        return []


def _change_bytes(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    changed = bytearray(data)
    at = chance.randrange(len(changed) + 1)
    end = min(at + chance.choice((1, 1, 2, 4, 16, 64)), len(changed))
    match chance.randrange(5):
        case 0:
            for _ in range(chance.choice((1, 1, 1, 2, 4))):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        case 1:
            changed[at:end] = bytes(chance.choice(_BYTES) for _ in range(end - at))
        case 2:
            del changed[at:end]
        case 3:
            changed[at:at] = chance.randbytes(chance.choice((1, 2, 8)))
        case _:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            changed[at:end] = other[start : start + chance.choice((4, 32, 256))]
    return bytes(changed)


def _change_structure(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    roots = _inner(data, 0)
    if not roots:
        return _change_bytes(data, others, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        nodes = [node for root in roots for node in root.walk()]
        _change_node(chance.choice(nodes), nodes, chance)
    return b"".join(root.encode() for root in roots)


def _change_node(node: Node, nodes: Sequence[Node], chance: random.Random) -> None:
    change = chance.choice((_retag, _refill, _change_children, _change_children, _wrap, _change_value, _change_value))
    change(node, nodes, chance)


def _retag(node: Node, _: Sequence[Node], chance: random.Random) -> None:
    node.tag = chance.choice(_TAGS)


def _refill(node: Node, nodes: Sequence[Node], chance: random.Random) -> None:
    other = chance.choice(nodes).encode()
    node.value = chance.choice((other, chance.randbytes(chance.choice((0, 1, 2, 9, 40)))))
    node.children = []


def _change_children(node: Node, _: Sequence[Node], chance: random.Random) -> None:
    if not node.children:
        return
    at = chance.randrange(len(node.children))
    match chance.randrange(3):
        case 0:
            del node.children[at]
        case 1:
            node.children.insert(at, node.children[-1])
        case _:
            chance.shuffle(node.children)


def _wrap(node: Node, _: Sequence[Node], chance: random.Random) -> None:
    for _level in range(chance.choice((1, 2, 20, 200))):
        node.value = encode(chance.choice((0x30, 0x31, 0xA0, 0xA4)), node.value)
    node.children = []


def _change_value(node: Node, _: Sequence[Node], chance: random.Random) -> None:
    if node.value and not node.children:
        at = chance.randrange(len(node.value))
        byte = chance.choice((*_BYTES, chance.randrange(256)))
        node.value = node.value[:at] + bytes((byte,)) + node.value[at + 1 :]


@pytest.fixture(scope="session")
def corpus() -> dict[str, bytes]:
    """Files of the corpus: certificates to begin with, and inputs that once gave something else than an answer."""
    return {path.name: path.read_bytes() for path in sorted(_CORPUS.glob("*.der"))}


@pytest.fixture
def mutate() -> Callable[[bytes, Sequence[bytes], random.Random], bytes]:
    """Changes a certificate; a third of the changes are to bytes anywhere, the others keep the lengths right."""

    def change(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
        make = _change_bytes if chance.randrange(3) == 0 else _change_structure
        return make(data, others, chance)

    return change


@pytest.fixture
def inputs() -> int:
    """How many inputs to make."""
    return int(os.environ.get("JPKI_FUZZ_INPUTS", _DEFAULT_INPUTS))


@pytest.fixture
def seed() -> int:
    """Where the inputs begin."""
    return int(os.environ.get("JPKI_FUZZ_SEED", "1"))


@pytest.fixture
def tally() -> Counter[str]:
    """Counts what became of the inputs, for the summary of the run."""
    return _TALLY


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what became of the inputs, with -v."""
    if _TALLY and tables.are_wanted(terminalreporter):
        counts = ", ".join(f"{count} {what}" for what, count in sorted(_TALLY.items()))
        terminalreporter.write_line(f"certificates changed at random: {counts}")
