"""``jpki cert check``: each defect is named by itself, and no verdict is one word for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli


def _failed(result: CliResult) -> dict[str, str]:
    return {r["item"]: r["reason"] for r in result.json["results"] if r["verdict"] == "fail"}


def _check(run_cli: RunCli, persona: str, kind: str, *more: str) -> CliResult:
    if kind == "sign":
        return run_cli("--sim", persona, "cert", "check", kind, "--pin-stdin", "--json", *more, stdin="SIMCARD1\n")
    return run_cli("--sim", persona, "cert", "check", kind, "--json", *more)


@pytest.mark.parametrize("kind", ["auth", "sign", "auth-ca", "sign-ca"])
@pytest.mark.parametrize("persona", ["adult", "root-2019"])
def test_an_ordinary_certificate_passes_item_by_item(
    run_cli: RunCli, validate: Callable[[dict[str, Any]], None], persona: str, kind: str
) -> None:
    """Everything passes but revocation, which nobody asked about."""
    result = _check(run_cli, persona, kind)

    assert result.code == 0
    validate(result.json)
    verdicts = {r["item"]: r["verdict"] for r in result.json["results"]}
    assert verdicts.pop("revocation") == "not_checked"
    assert set(verdicts.values()) == {"pass"}


@pytest.mark.parametrize(
    ("persona", "kind", "failed"),
    [
        ("expired", "auth", {"period": "expired"}),
        ("not-yet-valid", "auth", {"period": "not_yet_valid"}),
        ("bad-signature", "auth", {"signature": "bad_signature"}),
        ("bad-signature", "sign", {"signature": "bad_signature"}),
        ("unknown-critical-extension", "auth", {"critical_extensions": "unknown_critical_extension"}),
        ("no-policy", "auth", {"policy": "no_policy"}),
        ("no-key-usage", "auth", {"key_usage": "no_key_usage"}),
        ("foreign-root", "auth", {"issuer_pin": "unknown_issuer"}),
    ],
)
def test_each_defect_is_named(
    run_cli: RunCli, validate: Callable[[dict[str, Any]], None], persona: str, kind: str, failed: dict[str, str]
) -> None:
    """Exit 7, and exactly that item failed."""
    result = _check(run_cli, persona, kind)

    assert result.code == 7
    validate(result.json)
    assert _failed(result) == failed


def test_a_test_issuer_is_nothing_real_outside_the_simulator(run_cli: RunCli, tmp_path: Path) -> None:
    """Given as --ca to a card of another issuer, a TEST root neither matches nor is called J-LIS."""
    ca = tmp_path / "ca.pem"
    assert run_cli("--sim", "adult", "cert", "show", "sign-ca", "--format", "pem", "-o", str(ca)).code == 0
    result = _check(run_cli, "adult", "auth", "--ca", str(ca))

    assert result.code == 7
    assert "signature" in _failed(result)


def test_the_day_itself_still_counts(run_cli: RunCli) -> None:
    """In its period on the last day, expired on the day after."""
    last_day = _check(run_cli, "adult", "auth").json and run_cli("--sim", "adult", "status", "--json").json
    day = last_day["certificates"][0]["not_after"][:10]

    on_the_day = _check(run_cli, "adult", "auth", "--at", f"{day}T23:59:59+09:00")
    a_second_later = _check(
        run_cli, "adult", "auth", "--at", f"{day}T23:59:60+09:00".replace("23:59:60", "23:59:59.999")
    )
    next_day = _check(run_cli, "adult", "auth", "--at", f"{day}T15:00:00+00:00")

    assert (on_the_day.code, a_second_later.code, next_day.code) == (0, 0, 7)


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "2026-01-01T00:00:00"])
def test_a_day_has_one_form(run_cli: RunCli, apdus: list[bytes], text: str) -> None:
    """Exit 2 before the card is touched."""
    assert run_cli("--sim", "adult", "cert", "check", "auth", "--at", text).code == 2
    assert apdus == []


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_ca_file_is_looked_at_first(
    run_cli: RunCli, tmp_path: Path, apdus: list[bytes], content: bytes | None
) -> None:
    """Exit 2 before the card is touched."""
    path = tmp_path / "ca.der"
    if content is not None:
        path.write_bytes(content)

    assert run_cli("--sim", "adult", "cert", "check", "auth", "--ca", str(path)).code == 2
    assert apdus == []


def test_the_rule_behind_the_last_day_is_told(run_cli: RunCli) -> None:
    """The signature certificate knows the birthday; the user certificate of a short card ends with the card."""
    sign = _check(run_cli, "adult", "sign").json
    short = _check(run_cli, "card-ends-first", "auth").json

    assert sign["ends_with"][0] == "fifth_birthday"
    assert short["ends_with"] == ["card_expiry"]
