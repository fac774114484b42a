"""``jpki status`` and ``jpki pin status`` on simulated cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jpki.card import Pin
from jpki.words import PIN_PURPOSES
from jpki_sim.personas import personas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import RunCli


def _pins(value: dict[str, Any]) -> dict[str, tuple[str, int | None]]:
    return {pin["pin"]: (pin["state"], pin["retries_remaining"]) for pin in value["pins"]}


def test_status_of_an_adult_says_the_whole_truth(run_cli: RunCli, validate: Callable[[dict[str, Any]], None]) -> None:
    """Four full counters, the user certificate in its period, the signature certificate there but unread."""
    result = run_cli("--sim", "adult", "status", "--json")

    assert result.code == 0
    validate(result.json)
    assert _pins(result.json) == {"auth": ("full", 3), "sign": ("full", 5), "input": ("full", 3), "juki": ("full", 3)}
    auth, sign = result.json["certificates"]
    assert (auth["state"], auth["issuer"], auth["revocation"]) == ("in_period", "test", "not_checked")
    assert (sign["present"], sign["state"], sign["reason"]) == (True, "unknown", "needs_signature_password")
    assert result.json["card"] == {"kind": "card", "token": "JPKIAPICCTOKEN2"}
    assert result.json["advice"] == []


@pytest.mark.parametrize("persona", [p.name for p in personas() if not p.unavailable and p.name != "other-card"])
def test_status_reads_every_persona(run_cli: RunCli, validate: Callable[[dict[str, Any]], None], persona: str) -> None:
    """Whatever the card: a valid JSON object and no traceback; exit 6 only where the card holds nonsense."""
    result = run_cli("--sim", persona, "status", "--json")

    validate(result.json)
    assert result.stderr == ""
    assert (result.code == 6) == ("code" in result.json)
    assert result.code == (6 if persona in ("truncated-der", "wrong-length") else 0)


@pytest.mark.parametrize("persona", [p.name for p in personas() if not p.unavailable])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_status_never_calls_a_certificate_valid(run_cli: RunCli, persona: str, language: str) -> None:
    """Nothing was asked about revocation, so the word is never said."""
    result = run_cli("--sim", persona, "--lang", language, "status")
    text = (result.stdout + result.stderr).lower()

    assert not any(word in text for word in (" valid", "有効です", "有効な"))


def test_locked_pins_are_named_with_the_way_out(run_cli: RunCli) -> None:
    """The kiosk is offered for the signature password only while the user PIN can be entered."""
    alone = run_cli("--sim", "locked-sign", "status", "--json").json
    both = run_cli("--sim", "locked-auth-and-sign", "status", "--json").json

    assert _pins(alone)["sign"] == ("blocked", 0)
    assert [a["code"] for a in alone["advice"] if a["pin"] == "sign"] == ["pin_blocked_kiosk_possible"]
    assert [(a["code"], a["pins"]) for a in both["advice"]] == [("pins_blocked", ["auth", "sign"])]
    assert "Locked" in both["verdict"]["en"]


def test_a_store_is_not_offered_for_a_certificate_that_is_over(run_cli: RunCli, card_file: Any) -> None:
    """The terminal needs both certificates in their period and the other PIN: else the office alone is named."""
    assert run_cli("sim", "new", str(card_file), "--shared-keys", "--force", "--persona", "expired").code == 0
    assert run_cli("sim", "set", str(card_file), "pins.sign.retries_remaining=0").code == 0
    value = run_cli("--sim", str(card_file), "status", "--json").json

    assert [a["code"] for a in value["advice"]] == ["pin_blocked", "certificate_expired"]


def test_a_card_without_pins_is_not_called_faulty(run_cli: RunCli) -> None:
    """A locked user PIN without a signature certificate may be a card for face authentication; no store is offered."""
    value = run_cli("--sim", "pinless", "status", "--json").json

    codes = ["pin_blocked_one_certificate", "certificate_absent"]
    assert [a["code"] for a in value["advice"]] == codes
    assert "for face authentication, nothing is wrong" in value["advice"][0]["text"]["en"]


def test_a_card_that_needs_nothing_is_said_to_need_nothing(run_cli: RunCli) -> None:
    """As far as can be seen, since the signature certificate was not read; where there is advice, that is all."""
    calm = "Nothing to do now, as far as can be seen without a PIN."

    assert run_cli("--sim", "adult", "status").stdout.startswith(f"{calm}\n\n")
    assert calm not in run_cli("--sim", "last-try", "status").stdout


def test_phones_and_old_cards_have_advice_of_their_own(run_cli: RunCli) -> None:
    """No PIN of a phone is absent by fault, and an old card is told by its name."""
    assert run_cli("--sim", "phone", "status", "--json").json["advice"] == []
    old = run_cli("--sim", "old-juki-card", "status", "--json").json["advice"]
    assert [a["code"] for a in old] == ["old_juki_card"]


def test_a_child_has_no_signature_certificate_and_is_not_locked(run_cli: RunCli) -> None:
    """EF 0008 decides between absent and locked; the card's own answer stays in JSON, with its status word."""
    value = run_cli("--sim", "child", "status", "--json").json
    text = run_cli("--sim", "child", "status").stdout
    table = [line.split("  ")[-1] for line in text.splitlines() if line.startswith("  sign ")]

    assert (value["pins"][1]["state"], value["pins"][1]["status_word"]) == ("blocked", "63C0")
    assert table == ["not in use"]
    assert "○" not in text
    assert value["certificates"][1] == {"kind": "sign", "present": False}
    assert [a["code"] for a in value["advice"]] == ["certificate_absent"]
    assert "not on this card" in text


def test_a_phone_has_the_jpki_application_only(run_cli: RunCli) -> None:
    """The PINs of the other applications are absent, and the user certificate needs its PIN."""
    value = run_cli("--sim", "phone", "status", "--json").json

    assert value["card"]["kind"] == "android"
    assert _pins(value)["input"] == ("absent", None)
    assert _pins(value)["juki"] == ("absent", None)
    assert value["certificates"][0]["reason"] == "needs_auth_pin"
    assert run_cli("--sim", "phone", "status").stdout.count("not on a phone") == 2


def test_an_expired_certificate_is_expired(run_cli: RunCli) -> None:
    """State and advice both say it."""
    value = run_cli("--sim", "expired", "status", "--json").json

    assert value["certificates"][0]["state"] == "expired"
    assert "certificate_expired" in [a["code"] for a in value["advice"]]


def test_another_card_is_no_my_number_card(run_cli: RunCli) -> None:
    """Exit 6 and a sentence."""
    result = run_cli("--sim", "other-card", "status")

    assert result.code == 6
    assert "not a My Number Card" in result.stderr
    assert result.stdout == ""


def test_status_uses_as_few_commands_as_the_card_allows(run_cli: RunCli, apdus: list[bytes]) -> None:
    """11 commands and the reads of the user certificate: 3 for its period, all for its issuer, which JSON names."""
    for options, reads in (((), 3), (("--json",), 7)):
        apdus.clear()
        result = run_cli("--sim", "adult", "status", *options)
        of_certificate = [a for a in apdus if a[1] == 0xB0 and (a[2] == 0x8A or a[2] < 0x80)]

        assert result.code == 0
        assert len(of_certificate) == reads
        assert len(apdus) - len(of_certificate) <= 11
        assert not [a for a in apdus if a[1] == 0x20 and len(a) > 4]


def test_pin_status_of_all_four_takes_at_most_seven_commands(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Three SELECTs and four empty VERIFYs."""
    assert run_cli("--sim", "adult", "pin", "status").code == 0

    assert len(apdus) <= 7


def test_pin_status_without_short_identifiers_takes_at_most_twelve(
    run_cli: RunCli, apdus: list[bytes], card_file: Any
) -> None:
    """The fallback costs one command for the connection, and a SELECT for each IEF."""
    assert run_cli("sim", "set", str(card_file), "settings.short_ef_identifiers=false").code == 0
    assert run_cli("--sim", str(card_file), "pin", "status").code == 0

    assert len(apdus) <= 12


def test_pin_status_tells_the_numbers_of_the_card_file(
    run_cli: RunCli, card_file: Any, validate: Callable[[dict[str, Any]], None]
) -> None:
    """What the file says is what is shown; the lower copy of the Basic Resident Register PIN decides."""
    changes = ("pins.auth.retries_remaining=2", "pins.sign.retries_remaining=0", "pins.common-juki.retries_remaining=1")
    assert run_cli("sim", "set", str(card_file), *changes).code == 0

    four = run_cli("--sim", str(card_file), "pin", "status", "--json")
    juki = run_cli("--sim", str(card_file), "pin", "status", "juki", "--json")
    everything = run_cli("--sim", str(card_file), "pin", "status", "--all", "--json")

    for result in (four, juki, everything):
        assert result.code == 0
        validate(result.json)
    assert _pins(four.json) == {"auth": ("used", 2), "sign": ("blocked", 0), "input": ("full", 3), "juki": ("full", 3)}
    assert _pins(juki.json) == {"juki": ("last_try", 1)}
    assert juki.json["pins"][0]["copies"] == [3, 1]
    assert set(_pins(everything.json)) >= {"text-a", "text-b", "visual-a", "visual-b"}


def test_pin_status_in_words(run_cli: RunCli) -> None:
    """Words and numbers stand beside the dots."""
    result = run_cli("--sim", "partly-used", "pin", "status")

    assert "●●○" in result.stdout
    assert "2 of 3 tries left" in result.stdout


def test_the_calendar_of_the_readable_certificate(run_cli: RunCli, tmp_path: Path, apdus: list[bytes]) -> None:
    """status --ics writes the days of renewal; an existing file is found before the card is touched."""
    calendar = tmp_path / "renew.ics"
    written = run_cli("--sim", "adult", "status", "--ics", str(calendar))
    del apdus[:]
    again = run_cli("--sim", "adult", "status", "--ics", str(calendar))

    assert (written.code, again.code, apdus) == (0, 2, [])
    assert calendar.read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")
    assert run_cli("--sim", "phone", "status", "--ics", str(tmp_path / "none.ics")).code == 6
    # There the screen or the JSON object stands already.
    for form in ((), ("--json",)):
        on_stdout = run_cli("--sim", "adult", "status", "--ics", "-", *form)
        assert (on_stdout.code, "VCALENDAR" in on_stdout.stdout) == (2, False)


@pytest.mark.parametrize("persona", ["truncated-der", "wrong-length"])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_certificate_that_is_cut_or_lies_is_found_out(
    run_cli: RunCli, persona: str, options: tuple[str, ...]
) -> None:
    """Exit 6 with the rest shown, whether all of it was read or its outline."""
    result = run_cli("--sim", persona, "status", *options)

    assert result.code == 6
    assert "auth" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("pin", list(Pin))
def test_a_pin_that_is_named_is_told_with_what_it_is_for(run_cli: RunCli, pin: Pin) -> None:
    """Few holders know what the third and the fourth are asked for."""
    said = run_cli("--sim", "adult", "pin", "status", pin.value).stdout
    assert said.splitlines()[-1] == f"  {PIN_PURPOSES[pin.value].text('en')}"
    assert PIN_PURPOSES[pin.value].text("en") not in run_cli("--sim", "adult", "pin", "status").stdout
