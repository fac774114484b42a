"""`sim personas`: every simulated card with its line in both languages, and what a program must say of it, said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jpki_sim.personas import fault_presets, personas

if TYPE_CHECKING:
    from collections.abc import Callable

    from clitest import RunCli

PASSWORD = "SIMCARD1\n"
SHOW_SIGN = ("cert", "show", "sign", "--pin-stdin")
CHECK_AUTH = ("cert", "check", "auth")
NOT_CHECKED = "is not checked: only the authorities' services can check this"
CALM = "Nothing to do now"
#: Persona, command, and a part of what is said; where it is said of several cards alike, one line stands for each.
SAID: list[tuple[str, tuple[str, ...], str]] = [
    ("adult", ("status",), NOT_CHECKED),
    ("adult", ("status",), CALM),
    ("root-2019", ("status",), CALM),
    ("root-2015", ("status",), "expired"),
    ("foreign-root", CHECK_AUTH, "not issued by a J-LIS root known to this program"),
    ("test-root", CHECK_AUTH, "TEST issuer"),
    ("child", ("status",), "no signature password to reset"),
    ("adult-ward", ("status",), "adult wards"),
    ("youth", ("cert", "check", "auth"), "Its last day is the end of the card."),
    ("foreign-resident", CHECK_AUTH, "Its last day is the end of the card."),
    ("foreign-resident-extended", ("status",), "expired"),
    ("permanent-resident", ("attributes", "--pin-stdin"), "ＭＡＸＩＭＩＬＩＡＮＡ"),
    ("moved", ("status",), NOT_CHECKED),
    ("revoked", ("status",), NOT_CHECKED),
    ("suspended", ("status",), NOT_CHECKED),
    ("moved-reissued", ("status",), CALM),
    ("expired", ("status",), "expired"),
    ("sign-expired", SHOW_SIGN, "expired"),
    ("sign-expired", ("status",), CALM),
    ("both-expired", SHOW_SIGN, "expired"),
    ("renewal-window", ("status",), "can be renewed now"),
    ("before-window", ("status",), "can be renewed from"),
    ("renewed-early", ("status",), CALM),
    ("card-ends-first", CHECK_AUTH, "Its last day is the end of the card."),
    ("not-yet-valid", ("status",), "Check the date of this computer"),
    ("partly-used", ("status",), "2 of 3 tries left"),
    ("overseas", ("attributes", "--pin-stdin"), "国外転出"),
    ("replaced-characters", ("attributes", "--pin-stdin"), "〓"),
    ("former-surname", ("attributes", "--pin-stdin"), "旧姓試験"),
    ("unknown-birth-date", ("attributes", "--pin-stdin"), "00000000"),
    ("old-juki-card", ("status",), "Basic Resident Register"),
    ("other-card", ("status",), "not a My Number Card"),
    ("unknown-critical-extension", CHECK_AUTH, "2.999.42"),
    ("truncated-der", ("status",), "reply could not be understood"),
    ("swapped-san-order", SHOW_SIGN, "テスト"),
    ("furigana", SHOW_SIGN, "1.2.392.200149.8.5.5.7"),
    ("bad-signature", CHECK_AUTH, "the signature does not match"),
    ("key-mismatch", ("auth", "test", "--pin-stdin"), "the key does not belong to the certificate"),
    ("no-policy", CHECK_AUTH, "FAILED       Policy"),
    ("no-key-usage", CHECK_AUTH, "FAILED       Key usage"),
    ("filler-after-certificate", CHECK_AUTH, "passed       Signature of the issuer"),
    ("next-generation", ("cert", "show", "auth"), "secp384r1"),
    ("card-expired", ("status",), "apply for a new one."),
    ("card-expired-locked", ("status",), "comes with new certificates and new PINs"),
    ("card-ends-soon", ("status",), "cannot be renewed beyond it"),
    ("card-ends-today", ("status",), "This card expires today: apply for a new one."),
    ("child-renewal", ("status",), "apply for a new one now."),
    ("child-locked", ("status",), "has only one certificate"),
    ("stay-ends-soon", ("status",), "If the card expires with your period of stay"),
    ("certificate-ends-today", ("status",), "expires today: renew it"),
    ("phone-locked", ("status",), "reset it in the Mynaportal app"),
    ("phone-last-try", ("status",), "the Mynaportal app to reset it"),
    *((name, ("status",), "locked") for name in ("locked-auth", "locked-sign", "locked-input", "locked-juki")),
    *((name, ("status",), "1 of ") for name in ("last-try", "last-try-auth", "last-try-sign", "last-try-juki")),
]
SECRETS = {"cert": PASSWORD, "attributes": "3957\n", "auth": "2846\n"}


def test_every_persona_has_its_line_in_both_languages(
    run_cli: RunCli, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Name and title of each, then the faults; with -v also what must be said; all of it in the JSON form."""
    for language in ("en", "ja"):
        short = run_cli("--lang", language, "sim", "personas").stdout
        long = run_cli("--lang", language, "-v", "sim", "personas").stdout
        lines = short.splitlines()
        for persona in personas():
            assert any(line.split()[0] == persona.name for line in lines if line.strip()), persona.name
            assert persona.title[language] in short
            assert persona.says[language] in long
        assert all(preset.title[language] in short for preset in fault_presets())
    result = run_cli("sim", "personas", "--json").json
    validate(result)
    assert [entry["name"] for entry in result["personas"]] == [persona.name for persona in personas()]
    assert [entry["says"] for entry in result["personas"]] == [persona.says for persona in personas()]


@pytest.mark.parametrize(("persona", "command", "words"), SAID)
def test_what_must_be_said_is_said(run_cli: RunCli, persona: str, command: tuple[str, ...], words: str) -> None:
    """The command that a person would use says it, on the screen or as its error."""
    result = run_cli("--sim", persona, "--lang", "en", *command, stdin=SECRETS.get(command[0]))
    assert words in " ".join((result.stdout + result.stderr).split()) or words in result.stdout
