"""``pin change``, ``pin verify`` and ``cert show sign`` with a person at the terminal: what is asked, sent and told."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from clidesk import Desk

from jpki_sim.card import SimulatedConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clitest import RunCli

    from jpki.transport import CardConnection

PINS = {"auth": ("2846", "7392"), "sign": ("SIMCARD1", "NEWCARD7"), "input": ("3957", "8053"), "juki": ("4068", "9164")}


@pytest.fixture
def sit_down(run_cli: RunCli, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Desk]:
    """Make a desk: ``sit_down(persona, faults)``."""

    def make(persona: str = "adult", faults: str = "") -> Desk:
        return Desk(run_cli, monkeypatch, persona, faults)

    return make


@pytest.fixture
def desk(sit_down: Callable[..., Desk]) -> Desk:
    """A desk with an adult's card."""
    return sit_down()


def _count_transactions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the outermost transactions."""
    depth = [0]
    begun: list[int] = []
    original = SimulatedConnection.transaction

    @contextmanager
    def transaction(self: SimulatedConnection) -> Iterator[None]:
        if not depth[0]:
            begun.append(self.__hash__())
        depth[0] += 1
        try:
            with original(self):
                yield
        finally:
            depth[0] -= 1

    monkeypatch.setattr(SimulatedConnection, "transaction", transaction)
    return begun


# The way of a change


@pytest.mark.parametrize(("pin", "budget"), [("auth", 12), ("input", 12), ("sign", 14), ("juki", 16)])
def test_a_change_with_a_person(desk: Desk, validate: Callable[[dict[str, Any]], None], pin: str, budget: int) -> None:
    """Counter first, then current, new, new again; the whole stays within its budget of commands, with one VERIFY."""
    old, new = PINS[pin]
    desk.secrets = [old, new, new]
    result = desk.run("pin", "change", pin, "--yes", "--json")
    assert (result.code, result.json["outcome"]) == (0, "changed")
    validate(result.json)
    assert [question.split()[0] for question in desk.asked] == ["Current", "New", "New"]
    assert "tries left" in result.stderr
    assert len(desk.reached) <= budget
    assert len(desk.presented) == 1
    assert desk.holds(pin) == new


@pytest.mark.parametrize("pin", PINS)
def test_a_script_takes_one_transaction(desk: Desk, monkeypatch: pytest.MonkeyPatch, pin: str) -> None:
    """Nothing is read before: counter, VERIFY and CHANGE are in one transaction, and so is a verification."""
    begun = _count_transactions(monkeypatch)
    old, new = PINS[pin]
    assert desk.run("pin", "change", pin, "--yes", "--pin-stdin", stdin=f"{old}\n{new}\n").code == 0
    assert len(begun) == 1
    assert desk.run("pin", "verify", pin, "--pin-stdin", stdin=new).code == 0
    assert len(begun) == 2


def test_a_script_reads_the_signature_certificate_in_one_transaction(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the certificate is there is asked in the same transaction."""
    begun = _count_transactions(monkeypatch)
    assert desk.run("cert", "show", "sign", "--pin-stdin", stdin="SIMCARD1").code == 0
    assert len(begun) == 1


def test_a_person_types_outside_any_transaction(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every question the card is free for others."""
    depth = [0]
    original = SimulatedConnection.transaction

    @contextmanager
    def transaction(self: SimulatedConnection) -> Iterator[None]:
        with original(self):
            depth[0] += 1
            try:
                yield
            finally:
                depth[0] -= 1

    monkeypatch.setattr(SimulatedConnection, "transaction", transaction)
    seen: list[int] = []
    desk.on_question = lambda _question: seen.append(depth[0])
    desk.secrets = ["4068", "9164", "9164"]
    desk.answers = ["y"]
    assert desk.run("pin", "change", "juki").code == 0
    desk.secrets = ["SIMCARD1"]
    assert desk.run("cert", "show", "sign").code == 0
    assert seen == [0] * 5


# Another program uses the PIN meanwhile


def test_a_counter_that_changed_is_shown_and_asked_about(desk: Desk) -> None:
    """Nothing is sent; what was typed is used only after a yes."""

    def meanwhile(question: str) -> None:
        if "again" in question:
            desk.set_tries("auth", 2)

    desk.on_question = meanwhile
    desk.secrets = ["2846", "7392", "7392"]
    desk.answers = ["y"]
    result = desk.run("pin", "change", "auth")
    assert result.code == 0
    assert "2 tries are left now" in " ".join(result.stderr.split())
    assert "2 of 3 tries left" in result.stderr
    assert desk.asked[-1].startswith("Continue with what you typed?")
    assert desk.holds("auth") == "7392"


def test_whoever_does_not_go_on_has_changed_nothing(desk: Desk, validate: Callable[[dict[str, Any]], None]) -> None:
    """A no ends it with nothing sent."""
    desk.on_question = lambda question: desk.set_tries("auth", 2) if "again" in question else None
    desk.secrets = ["2846", "7392", "7392"]
    desk.answers = ["n"]
    result = desk.run("pin", "change", "auth", "--json")
    assert (result.code, result.json["outcome"], result.json["retries_remaining"]) == (6, "unchanged", 2)
    assert result.json["code"] == "counter_changed"
    validate(result.json)
    assert desk.presented == []


def _change_meanwhile(desk: Desk, question: str) -> None:
    """Let another program change the PIN while it is typed again, and leave it verified, which the card tells."""
    if "again" in question:
        desk.card._state.settings = replace(desk.card.settings, status_verified="9000")
        other = SimulatedConnection(desk.card)
        for command in ("00A4040C0AD392F000260100000001", "00A4020C020018"):
            assert other.transmit(bytes.fromhex(command)) == b"\x90\x00"
        assert other.transmit(b"\x00\x20\x00\x80\x042846") == b"\x90\x00"
        assert other.transmit(b"\x00\x24\x01\x80\x048517") == b"\x90\x00"
        desk.reached.clear()


@pytest.mark.parametrize("answer", ["n", "y"])
def test_a_pin_that_was_presented_meanwhile_is_asked_about(desk: Desk, answer: str) -> None:
    """The counter is full as before, but the card shows that somebody had the PIN, who may have changed it."""
    desk.on_question = lambda question: _change_meanwhile(desk, question)
    desk.secrets, desk.answers = ["2846", "7392", "7392"], [answer]
    result = desk.run("pin", "change", "auth", "--json")
    assert desk.asked[-1].startswith("Continue with what you typed?")
    assert "another program used this PIN in the meantime" in " ".join(result.stderr.split())
    if answer == "n":
        assert (result.code, result.json["code"], result.json["try_used"]) == (6, "counter_changed", "no")
        assert "tries left, and now" not in result.json["message"]["en"]
    assert (len(desk.presented), desk.tries("auth")) == ((0, 3) if answer == "n" else (1, 2))
    assert desk.holds("auth") == "8517"


@pytest.mark.parametrize("command", ["verify", "test"])
def test_one_that_was_presented_while_it_was_typed_is_typed_again(desk: Desk, command: str) -> None:
    """What was typed first is not sent; the card is looked at and the PIN asked for once more."""
    asked: list[str] = []

    def meanwhile(question: str) -> None:
        asked.append(question)
        if len(asked) == 1:
            _change_meanwhile(desk, "again")

    desk.on_question = meanwhile
    desk.secrets = ["2846", "8517"]
    words = ("auth", "test") if command == "test" else ("pin", "verify", "auth")
    assert desk.run(*words).code == 0
    assert (len(asked), len(desk.presented)) == (2, 1)


@pytest.mark.parametrize(("words", "code", "held"), [("", 5, "2846"), ("use the last try", 0, "7392")])
def test_a_counter_that_fell_to_one_needs_the_words(desk: Desk, words: str, code: int, held: str) -> None:
    """The last try is guarded when it becomes the last one during the prompt, too."""
    desk.on_question = lambda question: desk.set_tries("auth", 1) if "again" in question else None
    desk.secrets = ["2846", "7392", "7392"]
    desk.answers = [words, "y"]
    assert desk.run("pin", "change", "auth").code == code
    assert desk.holds("auth") == held


@pytest.mark.parametrize(("command", "pin"), [(("pin", "verify", "auth"), "auth"), (("cert", "show", "sign"), "sign")])
def test_other_commands_ask_again(desk: Desk, command: tuple[str, ...], pin: str) -> None:
    """The new counter is shown and the PIN asked for once more; one VERIFY in the end."""
    desk.on_question = lambda _question: desk.set_tries(pin, 2)
    desk.secrets = [PINS[pin][0], PINS[pin][0]]
    result = desk.run(*command)
    assert result.code == 0
    assert "2 tries are left now" in " ".join(result.stderr.split())
    assert len(desk.presented) == 1
    assert len(desk.asked) == 2


@pytest.mark.parametrize(("tries", "code"), [(3, 0), (2, 0), (1, 5), (0, 5)])
def test_a_script_goes_on_with_two_or_more(desk: Desk, tries: int, code: int) -> None:
    """Whatever was used before, a script may use a try as long as one is left after it."""
    desk.set_tries("auth", tries)
    assert desk.run("pin", "change", "auth", "--pin-stdin", stdin="2846\n7392\n").code == code
    assert desk.holds("auth") == ("7392" if code == 0 else "2846")


# The Basic Resident Register PIN


def test_juki_is_explained_before_the_prompt(desk: Desk) -> None:
    """What official software does not offer, and what becomes of the other copy; no is no."""
    desk.answers = ["n"]
    result = desk.run("pin", "change", "juki", "--json")
    assert (result.code, result.json["outcome"]) == (2, "unchanged")
    assert "cannot change this PIN" in result.stderr
    assert "other copy keeps its value" in " ".join(result.stderr.split())
    assert len(desk.asked) == 1
    assert desk.presented == []


@pytest.mark.parametrize(("own", "common"), [(3, 2), (2, 3)])
def test_the_lower_copy_is_shown_and_does_not_confuse(desk: Desk, own: int, common: int) -> None:
    """Counters that differ from each other are shown by the lower, and are no change of the counter."""
    desk.set_tries("juki", own)
    desk.set_tries("common-juki", common)
    desk.secrets = ["4068", "9164", "9164"]
    result = desk.run("pin", "change", "juki", "--yes")
    assert result.code == 0
    assert "2 of 3 tries left" in result.stderr
    assert desk.holds("juki") == "9164"
    assert desk.holds("common-juki") == "4068"


def test_the_last_try_of_the_other_copy_counts(desk: Desk) -> None:
    """The lower counter decides, for a person and for a script."""
    desk.set_tries("common-juki", 1)
    desk.answers = [""]
    assert desk.run("pin", "change", "juki", "--yes").code == 5
    assert desk.run("pin", "change", "juki", "--yes", "--pin-stdin", stdin="4068\n9164\n").code == 5
    assert desk.presented == []


def test_both_copies_are_told_where_both_are_asked_for(desk: Desk, validate: Callable[[dict[str, Any]], None]) -> None:
    """By name and with --all both counters are read and the lower one decides; plain status reads its own place."""
    desk.set_tries("common-juki", 1)
    told = {}
    for line in (("pin", "status", "juki"), ("pin", "status", "--all"), ("pin", "status"), ("status",)):
        value = desk.run(*line, "--json").json
        validate(value)
        juki = next(pin for pin in value["pins"] if pin["pin"] == "juki")
        told[line] = (juki["retries_remaining"], juki["state"], juki.get("copies"))
    both, own = (1, "last_try", [3, 1]), (3, "full", None)
    assert list(told.values()) == [both, both, own, own]


# Interruptions are told truly


@pytest.mark.parametrize("at", ["Current", "New", "again", "Continue"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, EOFError])
def test_ctrl_c_at_a_question_leaves_it_unchanged(
    desk: Desk, validate: Callable[[dict[str, Any]], None], at: str, error: type[BaseException]
) -> None:
    """Exit 130, and the PIN is said to be unchanged, in words and in JSON."""

    def stop(question: str) -> None:
        if at in question:
            raise error

    desk.on_question = stop
    desk.secrets, desk.answers = ["4068", "9164", "9164"], ["y"]
    words = desk.run("pin", "change", "juki")
    desk.secrets, desk.answers = ["4068", "9164", "9164"], ["y"]
    result = desk.run("pin", "change", "juki", "--json")
    assert (words.code, result.code) == (130, 130)
    assert "is unchanged" in words.stderr
    validate(result.json)
    assert (result.json["outcome"], result.json["retries_remaining"]) == ("unchanged", 3)
    assert desk.presented == []


def _break_closing(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    """Let Ctrl-C come when the card is being closed, after everything was done."""

    def close(_self: SimulatedConnection) -> None:
        raise error

    def make(inner: CardConnection) -> CardConnection:
        monkeypatch.setattr(SimulatedConnection, "close", close)
        return inner

    desk.lay(make)


@pytest.mark.parametrize("source", ["person", "script"])
@pytest.mark.parametrize(
    ("faults", "code", "outcome"),
    [("", 0, "changed"), ("sw:change=6F00", 8, "unknown"), ("sw-before:change=6982", 6, "unchanged")],
)
def test_ctrl_c_on_the_way_out_hides_nothing(
    sit_down: Callable[..., Desk],
    monkeypatch: pytest.MonkeyPatch,
    faults: str,
    code: int,
    outcome: str,
    source: str,
) -> None:
    """What became of the PIN is told though the program was interrupted while it let go of the card."""
    desk = sit_down("adult", faults)
    _break_closing(desk, monkeypatch, KeyboardInterrupt)
    desk.secrets, desk.answers = ["2846", "7392", "7392"], ["n"]
    batch = ("--pin-stdin",) if source == "script" else ()
    result = desk.run("pin", "change", "auth", "--json", *batch, stdin="2846\n7392\n")
    assert (result.code, result.json["outcome"]) == (code, outcome)


@pytest.mark.parametrize(("secret", "outcome", "left"), [("2846", "right", 3), ("1357", "wrong", 2)])
def test_an_outcome_of_verify_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, secret: str, outcome: str, left: int
) -> None:
    """JSON has the answer of the card, though the program was interrupted after it."""
    _break_closing(desk, monkeypatch, KeyboardInterrupt)
    result = desk.run("pin", "verify", "auth", "--json", "--pin-stdin", stdin=secret)
    assert (result.json["outcome"], result.json["retries_remaining"]) == (outcome, left)


@pytest.mark.parametrize(
    ("command", "pin"), [(("auth", "test"), "auth"), (("attributes",), "input"), (("cert", "show", "sign"), "sign")]
)
def test_a_lost_answer_that_the_counter_makes_up_for(
    sit_down: Callable[..., Desk], validate: Callable[[dict[str, Any]], None], command: tuple[str, ...], pin: str
) -> None:
    """A counter that is full again says that the PIN was right; it is not said that nobody knows."""
    desk = sit_down("adult", "truncate:verify=1")
    desk.set_tries(pin, 2)
    desk.secrets = [PINS[pin][0]]
    result = desk.run(*command, "--json")
    assert (result.code, result.json["code"]) == (8, "outcome_unknown")
    assert "was correct; nothing else was done" in result.json["message"]["en"]
    assert "nobody knows" not in result.json["message"]["en"]
    validate(result.json)
    if command[0] != "cert":
        assert (result.json["pin"], result.json["retries_remaining"]) == ("right", desk.tries(pin))


@pytest.mark.parametrize(
    ("command", "pin"), [(("pin", "verify", "auth"), "auth"), (("auth", "test"), "auth"), (("attributes",), "input")]
)
def test_an_answer_that_tells_nothing_of_the_pin(
    sit_down: Callable[..., Desk], validate: Callable[[dict[str, Any]], None], command: tuple[str, ...], pin: str
) -> None:
    """6985 to VERIFY: it was sent, and it is not said that it was not; the tries left are read again, and told."""
    desk = sit_down("adult", "sw-before:verify=6985")
    result = desk.run(*command, "--json", "--pin-stdin", stdin=PINS[pin][0])
    assert (result.code, result.json["code"]) == (6, "card_refused")
    assert result.json["outcome" if command[0] == "pin" else "pin"] == "unknown"
    assert result.json["retries_remaining"] == 3
    validate(result.json)
    text = sit_down("adult", "sw-before:verify=6985").run(*command, "--pin-stdin", stdin=PINS[pin][0])
    assert "3 tries are left" in text.stderr


def test_a_wrong_pin_without_a_counter(desk: Desk, validate: Callable[[dict[str, Any]], None]) -> None:
    """6300 from a PIN without a limit: wrong, exit 4, and no number is made up."""
    desk.card.image.reference_data()["auth"].retry_limit = None
    result = desk.run("pin", "verify", "auth", "--json", "--pin-stdin", "--hidden-counter", stdin="1357")
    assert (result.code, result.json["outcome"], result.json["retries_remaining"]) == (4, "wrong", None)
    validate(result.json)
    change = desk.run("pin", "change", "auth", "--pin-stdin", "--hidden-counter", stdin="1357\n7392\n")
    assert change.code == 4
    assert "does not show how many tries are left" in change.stderr.replace("\n", " ")
    assert "is unchanged" in change.stderr
