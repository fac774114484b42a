"""Names on a card and in its certificates with characters that act, hide or reorder: no command prints one as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from commandtable import every_command
from outsidenames import COMMANDS, harmless, words_of

from jpki.outside_text import visible
from jpki_sim.files import loading
from jpki_sim.personas import newcard

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

    from jpki_sim.model import CardFile

#: What a certificate may hold and this program reads: bidi, without width, fillers, tags, separators, private use.
HIDING: Final = "TEST\u202eDROW\u2066x\u200b\u200d\u00ad\ufeff\u115f\u3164\U000e0041\u2028\ue000\U000f0000"
#: Control characters, which make a certificate unreadable.
ACTING: Final = "TEST\x1b]0;owned\x07\x1b[2J\x9b1m\r\nError: false\x7f\x00"

#: Commands beside those that are run on any card (:data:`COMMANDS`), with what a script gives them.
MORE: Final[list[tuple[tuple[str, ...], str | None]]] = [
    (("status", "--verbose"), None),
    (("pin", "check-new", "auth"), "8517"),
    (("cert", "show", "sign", "--format", "ics"), "SIMCARD1"),
    (("cert", "show", "sign", "--format", "json"), "SIMCARD1"),
    (("cert", "check", "auth"), None),
    (("cert", "check", "sign-ca"), None),
    (("sign", "--yes", "--cms", "--attached", "FILE"), "SIMCARD1"),
    (("sign", "--yes", "--visible", "1", "--reason", HIDING, "FILE"), "SIMCARD1"),
    (("doctor",), None),
    (("doctor", "--verbose"), None),
    (("report",), None),
    (("report", "--format", "html"), None),
    (("report", "--for-holder"), None),
    (("survey", "--yes"), None),
    (("readers",), None),
]


@pytest.fixture(params=[HIDING, ACTING], ids=["hiding", "acting"])
def names(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make every simulated card one whose names all are this text."""
    text: str = request.param

    def named(*arguments: Any, **keywords: Any) -> CardFile:
        card = newcard.new_card(*arguments, **keywords)
        card.holder.name = card.holder.address = text
        card.holder.name_flags = card.holder.address_flags = "0" * len(text)
        card.municipality.prefecture = card.municipality.city = text
        for entry in card.certificates.values():
            if entry is not None:
                entry.common_name = text
        return card

    monkeypatch.setattr(loading, "new_card", named)
    return text


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["screen", "json"])
@pytest.mark.parametrize(("command", "secret"), [*COMMANDS, *MORE])
@pytest.mark.usefixtures("names")
def test_every_command(
    run_cli: RunCli, contract: Path, command: tuple[str, ...], secret: str | None, form: tuple[str, ...]
) -> None:
    """Screens, JSON, HTML, calendars; what is refused is refused in words that do not act either."""
    result = run_cli("--sim", "adult", *words_of(command, contract, secret), *form, stdin=secret)
    harmless(result)
    assert result.code != 2 or (form and {"--format", "--for-holder"} & set(command))


@pytest.mark.parametrize("names", [HIDING], indirect=True)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["screen", "json"])
def test_what_a_certificate_hides_is_seen(run_cli: RunCli, names: str, form: tuple[str, ...]) -> None:
    """Subject, issuer's directory names and the name of the holder, each with the numbers of what would not be seen."""
    result = run_cli("--sim", "adult", "cert", "show", "sign", *form, "--pin-stdin", stdin="SIMCARD1")
    assert result.code == 0
    whole = "".join(line.strip() for line in result.stdout.split("\n"))
    assert (whole.replace("\\\\", "\\") if form else whole).count(visible(names)) >= 4


@pytest.mark.parametrize("names", [HIDING], indirect=True)
@pytest.mark.parametrize("how", [(), ("--cms",), ("--cms", "--attached"), ("--visible", "1")])
@pytest.mark.parametrize("form", [(), ("--json",), ("--verbose",)], ids=["screen", "json", "verbose"])
def test_whose_signature_it_is(
    run_cli: RunCli, contract: Path, names: str, how: tuple[str, ...], form: tuple[str, ...]
) -> None:
    """Signed by such a card, a file names its signer in the visible form."""
    made = contract.with_name("made.pdf" if "--cms" not in how else "made.p7m" if "--attached" in how else "made.p7s")
    words = ("sign", "--yes", *how, "-o", str(made), str(contract), "--pin-stdin")
    assert run_cli("--sim", "adult", *words, stdin="SIMCARD1").code == 0
    files = [str(contract), str(made)] if made.suffix == ".p7s" else [str(made)]
    result = run_cli("verify", "--allow-test", *files, *form)
    assert result.code == 0, result
    harmless(result)
    assert visible(names) in "".join(line.strip() for line in result.stdout.replace("\\\\", "\\").split("\n"))


#: Driven above and in test_outside_text, or without a card: they serve other programs until they are ended.
ELSEWHERE: Final = {"verify", "agent", "ssh agent", "window"}


def test_no_command_was_forgotten() -> None:
    """Each command is driven here, or in a test of its own."""
    driven = {" ".join(command) for command, _ in [*COMMANDS, *MORE]}
    forgotten = [
        name
        for name in (" ".join(words) for words, _ in every_command())
        if name not in ELSEWHERE and not name.startswith(("sim ", "pkcs11 ")) and not _is_begun(name, driven)
    ]
    assert forgotten == []


def _is_begun(name: str, driven: set[str]) -> bool:
    return any(f"{words} ".startswith(f"{name} ") for words in driven)
