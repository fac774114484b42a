"""Every command that takes a secret, through good and bad ways: its canaries come out nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from canaries import AGENT, HELD, MISSHAPEN, NEW, WRONG, canaries_in, leaves
from commandtable import can_come_by_a_secret, every_command, makers_of_secrets

from jpki_sim.files import load, save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from canaries import Aviary, Leaf
    from clidesk import Desk

_PLANS = [
    *(f"{kind}:verify" for kind in ("remove", "remove-after", "mute", "sw=", "truncate", "empty", "garbage")),
    *(f"{kind}:change" for kind in ("remove", "remove-after", "mute-after", "sw=", "truncate", "garbage")),
    "sw-before:verify=6985",
    "sw-before:change=6A80",
    "remove:1",
    "reset:2",
    "garbage:any+",
]
_WAYS: list[tuple[str, ...]] = [
    ("--json",),
    ("--debug", "--trace", "-", "--trace-data"),
    ("-v", "--trace", "{folder}/trace"),
    ("--trace", "{folder}/trace", "--trace-data"),
    ("--lang", "ja", "--debug"),
]


def _plan(text: str) -> str:
    return text.replace("sw=:", "sw:") + "=6F00" if text.startswith("sw=:") else text


def _secrets(leaf: Leaf, pin: str, current: dict[str, str], new: dict[str, str]) -> str:
    return "\n".join([current[pin], new[pin]] if leaf.is_change else [current[pin]]) + "\n"


def _run_all(aviary: Aviary, desk: Desk, line: tuple[str, ...], stdin: str) -> Iterator[str]:
    for way in _WAYS:
        options = [word.format(folder=aviary.folder) for word in way]
        yield from aviary.run(desk, *options, *line, "--pin-stdin", stdin=stdin)


def test_no_command_is_forgotten() -> None:
    """Every command that can come by a secret, by the table of commands and their sources, is driven here."""
    able = {words for words, command in every_command() if can_come_by_a_secret(command)}
    assert able == {leaf.words for leaf in leaves()}  # the agent asks through dialogs, and is driven by itself below
    assert able >= {("pin", "verify"), ("pin", "change"), ("pin", "check-new"), ("cert", "show"), ("sign",)}


def test_there_is_no_other_way_in() -> None:
    """Secrets are made where a script's and a terminal's are read."""
    assert makers_of_secrets() == {
        "script_secrets._split",
        "secret_line.take",
    }


def test_right_and_wrong(aviary: Aviary) -> None:
    """Right and wrong secrets on full and on last tries, on blocked PINs, and on a phone."""
    found = []
    for leaf in leaves():
        for pin, line in leaf.lines(aviary.file):
            for current in (HELD, WRONG):
                stdin = _secrets(leaf, pin, current, NEW)
                for persona, tries in (("adult", None), ("adult", 1), ("adult", 0), ("phone", None)):
                    desk = aviary.desk(persona, tries=tries)
                    found += list(_run_all(aviary, desk, line, stdin))
                found += aviary.run(aviary.desk(tries=1), *line, "--pin-stdin", "--use-last-try", stdin=stdin)
    assert not found, "\n".join(found)
    assert aviary.codes >= {0, 2, 4, 5}


def test_every_trouble(aviary: Aviary) -> None:
    """Cards that go away, say nothing, or talk nonsense at the commands with a secret."""
    found = []
    for leaf in leaves():
        for pin, line in leaf.lines(aviary.file):
            stdin = _secrets(leaf, pin, HELD, NEW)
            for plan in _PLANS:
                for way in _WAYS[:2]:
                    desk = aviary.desk(faults=_plan(plan))
                    found += aviary.run(desk, *way, *line, "--pin-stdin", stdin=stdin)
    assert not found, "\n".join(found)
    assert aviary.codes >= {3, 6, 8}


def test_secrets_that_cannot_be_used(aviary: Aviary) -> None:
    """Wrong forms, lines too many and too few, control characters, what is no UTF-8: refused, and not shown."""
    found = []
    for leaf in leaves():
        for pin, line in leaf.lines(aviary.file):
            right = _secrets(leaf, pin, HELD, NEW)
            bad = [right + WRONG[pin], right.replace("\n", "\x07\n"), HELD[pin].center(5000)]
            bad += ["\n".join([word] * (1 + leaf.is_change)) for word in MISSHAPEN]
            for stdin in bad:
                found += list(_run_all(aviary, aviary.desk(), line, stdin))
    assert not found, "\n".join(found)
    assert aviary.codes <= {0, 2}


def test_weak_new_pins(aviary: Aviary) -> None:
    """A new PIN that is the old one is named weak, and neither is shown."""
    desk = aviary.desk()
    for pin, held in HELD.items():
        stdin = f"{held}\n{held}\n"
        assert not aviary.run(desk, "pin", "change", pin, "--yes", "--pin-stdin", stdin=stdin)
        assert not aviary.run(desk, "pin", "change", pin, "--yes", "--allow-weak", "--pin-stdin", stdin=stdin)
    assert aviary.codes == {0, 2}


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("source", ["terminal", "askpass"])
def test_the_ssh_agent(aviary: Aviary, way: tuple[str, ...], source: str) -> None:
    """Two requests on its socket: right, kept, wrong, of a wrong form, with one try left, blocked, and no answer."""
    options = [word.format(folder=aviary.folder) for word in way]
    found, answers = [], []
    for first, tries, keep in (
        (HELD["auth"], None, ()),
        (HELD["auth"], None, ("--cache", "600")),
        (WRONG["auth"], None, ("--cache", "600")),
        (MISSHAPEN[0], None, ()),
        (HELD["auth"], 1, ()),
        (HELD["auth"], 0, ()),
    ):
        desk = aviary.desk(tries=tries)
        desk.secrets, desk.answers = [first, HELD["auth"], HELD["auth"]], ["use the last try", ""]
        if source == "askpass":
            aviary.answer_with(first)
        found += aviary.run_agent(desk, *options, requests=2, agent_options=keep)
        answers.append(len(desk.presented))
    assert not found, "\n".join(found)
    # Each is asked again after a wrong form, and the last try takes a yes, which this program gives; the person gives
    # one, and none to the second request's "once".
    assert answers == ([2, 2, 2, 2, 1, 0] if source == "terminal" else [2, 2, 2, 0, 2, 0])


@pytest.mark.parametrize("plan", [plan for plan in _PLANS if "change" not in plan])
@pytest.mark.parametrize("source", ["terminal", "askpass"])
def test_trouble_at_the_ssh_agent(aviary: Aviary, plan: str, source: str) -> None:
    """A card that goes away, says nothing, or talks nonsense while the agent uses its PIN."""
    found = []
    for way in _WAYS[:2]:
        desk = aviary.desk(faults=_plan(plan))
        desk.secrets = [HELD["auth"]]
        if source == "askpass":
            aviary.answer_with(HELD["auth"])
        found += aviary.run_agent(desk, *way)
        assert len(desk.presented) <= 1
    assert not found, "\n".join(found)


def test_commands_that_take_no_secret(aviary: Aviary) -> None:
    """They have none to show, whatever happens, of a card that holds canaries."""
    found = []
    for words, command in every_command():
        if can_come_by_a_secret(command) or words[0] in ("sim", "ssh", "verify", "agent", "pkcs11", "window"):
            # Card files are shown as they are, a signed file has nothing to do with a PIN; the agent and the window,
            # which go on until they are ended, have tests of their own in tests/agent and tests/window.
            continue
        line = (*words, "00A4040C0AD392F000260100000001") if words == ("apdu",) else words
        for faults in ("", "remove:2", "sw-before:2=6F00", "truncate:3=1", "garbage:any+"):
            for way in _WAYS:
                options = [word.format(folder=aviary.folder) for word in way]
                found += aviary.run(aviary.desk(faults=faults), *options, *line)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("options", [(), ("--i-know",)])
def test_an_expert_s_commands_with_a_secret(aviary: Aviary, options: tuple[str, ...]) -> None:
    """VERIFY and CHANGE in hex: refused or sent, and shown in neither case, whatever is wrong about them."""
    found = []
    for wrong in (WRONG["auth"], WRONG["sign"]):
        raw = wrong.encode()
        for apdu in (
            f"00200080{len(raw):02X}{raw.hex()}",
            f"00240180{len(raw):02X}{raw.hex()}",
            f"80320080{len(raw):02X}{raw.hex()}",
            f"00200080{len(raw) + 3:02X}{raw.hex()}",
            f"00200080{raw.hex()}",
            f"00 20 00 80 {len(raw):02X} {raw.hex(' ')} ZZ",
            wrong,
        ):
            for way in _WAYS:
                words = [word.format(folder=aviary.folder) for word in way]
                found += aviary.run(aviary.desk(), *words, "apdu", *options, apdu, is_on_command_line=True)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("way", _WAYS)
def test_typed_secrets(aviary: Aviary, way: tuple[str, ...]) -> None:
    """A person types them: right, wrong, in a wrong form first, two that differ, and stops amid it."""
    held, wrong, new = HELD, WRONG, NEW
    options = [word.format(folder=aviary.folder) for word in way]
    found = []
    for pin in held:
        for typed, answers in (
            ([held[pin], new[pin], new[pin]], []),
            ([wrong[pin], new[pin], new[pin]], []),
            ([held[pin] + "!", held[pin], new[pin], wrong[pin], new[pin], new[pin]], []),
            ([held[pin], held[pin], held[pin]], ["y"]),
            ([held[pin], new[pin]], []),  # and then nothing more
        ):
            desk = aviary.desk()
            desk.secrets, desk.answers = list(typed), list(answers)
            found += aviary.run(desk, *options, "pin", "change", pin, "--yes")
        for secret in (held[pin], wrong[pin]):
            desk = aviary.desk(faults="" if secret == held[pin] else "truncate:verify=1")
            desk.secrets, desk.answers = [secret], ["n"]
            found += aviary.run(desk, *options, "pin", "verify", pin)
    assert not found, "\n".join(found)


def test_on_the_command_line(aviary: Aviary) -> None:
    """Arguments too many, and options that would carry a secret: exit 2, unquoted, and the card is not touched."""
    found = []
    for leaf in leaves():
        for pin, line in leaf.lines(aviary.file):
            secret = HELD[pin]
            shapes = [("--pin", secret), (f"--pin={secret}",), ("-p", secret), (f"--password={secret}",)]
            shapes += [(f"--pin-stdin={secret}",), (f"--pin-fd=x{secret}",), ("--passwd", secret)]
            shapes += [(secret,)]
            for shape in shapes:
                for way in _WAYS[:2]:
                    desk = aviary.desk()
                    found += aviary.run(desk, *way, *line, *shape, is_on_command_line=True)
                    assert desk.reached == []
    assert not found, "\n".join(found)
    assert aviary.codes == {2}


@pytest.mark.parametrize("secret", [*HELD.values(), *WRONG.values(), *MISSHAPEN])
def test_in_the_place_of_a_file(aviary: Aviary, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """Among the names of files to sign or to verify, as a CA certificate, as an output: exit 2, told by its place."""
    file = str(aviary.file)
    monkeypatch.chdir(aviary.folder)
    lines = [
        ("sign", secret),
        ("sign", file, secret),
        ("sign", secret, file, "--yes"),
        ("verify", secret),
        ("verify", file, secret),
        ("verify", secret, file),
        ("verify", file, file, "--ca", secret),
        ("cert", "check", "auth", "--ca", secret),
        ("auth", "sign", "--challenge", secret),
    ]
    found = []
    for line in lines:
        for way in _WAYS:
            desk = aviary.desk()
            options = [word.format(folder=aviary.folder) for word in way]
            found += aviary.run(desk, *options, *line, is_on_command_line=True)
            assert desk.reached == []
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    for line in (("attributes",), ("auth", "sign", "--challenge", "00" * 8), ("sign", file), ("cert", "show", "auth")):
        for way in _WAYS:
            options = [word.format(folder=aviary.folder) for word in way]
            found += aviary.run(aviary.desk(), *options, *line, "-o", secret, is_on_command_line=True)
    assert not found, "\n".join(found)
    assert aviary.codes == {2}


@pytest.mark.parametrize("secret", [HELD["auth"], WRONG["sign"]])
def test_on_the_command_line_of_the_ssh_agent(aviary: Aviary, secret: str) -> None:
    """Options that would carry a secret are refused unquoted, before the card is touched; a command is not quoted."""
    found = []
    shapes = [("--pin", secret), (f"--pin={secret}",), ("-p", secret), (f"--password={secret}",), ("--passwd", secret)]
    shapes += [("--cache", f"x{secret}"), (f"--cache=x{secret}",), (f"--pin-stdin={secret}",)]
    for shape in shapes:
        for way in _WAYS[:2]:
            desk = aviary.desk()
            found += aviary.run(desk, *way, *AGENT, *shape, is_on_command_line=True)
            assert desk.reached == []
    found += aviary.run(aviary.desk(), *AGENT, secret, is_on_command_line=True)
    assert not found, "\n".join(found)
    assert aviary.codes == {2}


def test_a_card_file_is_read_without_showing_its_pins(aviary: Aviary, card_file: Path) -> None:
    """The card file holds the TEST secrets in clear; a command that uses the card shows none of them."""
    card = load(card_file)
    for name, value in (("auth", "7391"), ("sign", "KANARI73")):
        card.pins[name].value = value
    save(card, card_file)
    desk = aviary.desk()
    for line in (
        ("status",),
        ("report", "--json"),
        ("doctor", "--json"),
        ("pin", "status", "--all"),
        ("cert", "show", "auth"),
        ("pin", "verify", "auth", "--json"),
    ):
        assert not aviary.run(desk, "--sim", str(card_file), *line, stdin="")


def test_the_canaries_would_be_found(aviary: Aviary) -> None:
    """In clear, in hex, as a list of numbers, in base64; and in what an exception carries."""
    for text in (
        "PIN 7391!",
        "37333931",
        "37 33 39 31",
        "[55, 51, 57, 49]",
        "NzM5MQ==",
        "kanari73",
        "4B414E4152493733",
    ):
        assert canaries_in(text), text
    for text in ("173910", "0x7391a", "(73.91 ms)"):
        assert not canaries_in(text), text
