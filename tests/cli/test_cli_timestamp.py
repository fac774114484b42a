"""``jpki sign --timestamp`` with ``openssl ts`` on loopback, and ``jpki verify --timestamp-ca``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from signdesk import sign, verify
from timestamping import Service, answer_by_hand, imprint_of, service

from jpki.signing import TimeStampService
from jpki_cli.app import clock
from jpki_sim import dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clitest import CliResult, RunCli


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's clock is the one that the service has."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC))
    monkeypatch.setattr(dates, "now", lambda: datetime.now(dates.JST))


def _time_stamp(result: CliResult) -> Any:
    (signature,) = result.json["signatures"]
    (item,) = [r for r in signature["results"] if r["item"] == "time_stamp"]
    return item["verdict"], item["reason"], signature["time_stamp"]


@pytest.mark.parametrize("how", ["pdf", "registry", "beside", "attached", "pem"])
def test_a_time_stamp_is_asked_for_verified_and_shown(
    run_cli: RunCli, contract: Path, stamps: Service, validate: Callable[[dict[str, Any]], None], how: str
) -> None:
    """Once to see that it answers, and once of the signature; whose it is counts only by the CA that is named."""
    arguments, name = {
        "pdf": ((), "contract-signed.pdf"),
        "registry": (("--format", "registry", "--name", "TEST"), "contract-signed.pdf"),
        "beside": (("--cms",), "contract.pdf.p7s"),
        "attached": (("--cms", "--attached"), "contract.pdf.p7m"),
        "pem": (("--cms", "--pem"), "contract.pdf.p7s"),
    }[how]
    assert sign(run_cli, str(contract), "--timestamp", stamps.url, *arguments).code == 0
    assert len(stamps.asked) == 2
    made = contract.with_name(name)

    known = run_cli("verify", str(made), "--allow-test", "--json", "--timestamp-ca", str(stamps.ca_file))
    verdict, reason, stated = _time_stamp(known)
    assert (known.code, verdict, reason, stated["is_confirmed"]) == (0, "pass", "ok", True)
    assert stated["service"] == "CN=TEST time stamps"
    assert abs(datetime.fromisoformat(stated["time"]) - datetime.now(UTC)).total_seconds() < 300
    validate(known.json)

    unknown = verify(run_cli, made)
    assert (unknown.code, *_time_stamp(unknown)[:2]) == (0, "not_checked", "time_stamp_service_unknown")
    validate(unknown.json)
    text = run_cli("verify", str(made), "--allow-test").stdout
    assert "by a service that calls itself “CN=TEST time stamps”" in " ".join(text.split())
    text = run_cli("verify", str(made), "--allow-test", "--timestamp-ca", str(stamps.ca_file)).stdout
    assert "Japan time, by “CN=TEST time stamps”." in " ".join(text.split())


def test_without_the_option_nothing_is_asked(run_cli: RunCli, contract: Path, stamps: Service) -> None:
    """No time stamp, and no connection."""
    assert sign(run_cli, str(contract)).code == 0
    assert stamps.asked == []
    assert verify(run_cli, contract.with_name("contract-signed.pdf")).json["signatures"][0]["time_stamp"] is None


def test_a_service_that_is_down_is_told_before_the_card_is_touched(
    run_cli: RunCli, contract: Path, stamps: Service, apdus: list[bytes]
) -> None:
    """Exit 3, nothing sent, nothing written."""
    stamps.status = 503
    result = sign(run_cli, str(contract), "--timestamp", stamps.url)

    assert (result.code, apdus) == (3, [])
    assert "HTTP 503" in result.stderr
    assert "Nothing was sent to the card." in result.stderr
    assert sorted(path.name for path in contract.parent.iterdir()) == ["contract.pdf", "service"]


@pytest.mark.parametrize("how", [(), ("--cms",)], ids=["pdf", "cms"])
def test_a_service_that_goes_down_meanwhile_uses_no_try(
    run_cli: RunCli, contract: Path, stamps: Service, apdus: list[bytes], how: tuple[str, ...]
) -> None:
    """The password was right and the card signed; that is told, and nothing half is written."""
    answer = stamps.answer

    def once(request: bytes) -> bytes:
        stamps.instead = [] if not stamps.asked else [b"too busy"]
        return answer(request)

    stamps.answer = once  # type: ignore[method-assign]
    result = sign(run_cli, str(contract), "--timestamp", stamps.url, *how)

    assert result.code == 3
    assert "The password was correct, so no try was used." in " ".join(result.stderr.split())
    assert len([apdu for apdu in apdus if apdu[1] == 0x20 and len(apdu) > 5]) == 1
    assert sorted(path.name for path in contract.parent.iterdir()) == ["contract.pdf", "service"]


def test_of_many_files_the_first_failure_ends_it(
    run_cli: RunCli, tmp_path: Path, stamps: Service, apdus: list[bytes]
) -> None:
    """What has its stamp is kept, and the service is not waited for again for each of the others."""
    names = [tmp_path / f"{number}.txt" for number in range(4)]
    for path in names:
        path.write_bytes(path.name.encode())
    answer = stamps.answer

    def twice(request: bytes) -> bytes:
        stamps.status = 200 if len(stamps.asked) < 2 else 500
        return answer(request)

    stamps.answer = twice  # type: ignore[method-assign]
    result = sign(run_cli, *map(str, names), "--timestamp", stamps.url, "--json")

    assert (result.code, result.json["code"], result.json["pin"]) == (3, "time_stamp", "right")
    assert [entry["file"] for entry in result.json["files"]] == [str(names[0])]
    assert len(stamps.asked) == 3
    assert sorted(path.name for path in tmp_path.glob("*.p7s")) == ["0.txt.p7s"]


def _reached(stamps: Service, name: str) -> None:
    stamps.drips, stamps.status = name == "slow", 302 if name == "redirected" else 200


def _by_hand(**by: Any) -> Callable[[Service, bytes], bytes]:
    parts = {name: by.pop(name) for name in ("rest", "imprint") if name in by}
    return lambda _stamps, request: answer_by_hand(request, service(**by), **parts)


#: What is wrong with a service, how it answers then, and what is said of it.
WRONG: dict[str, tuple[Callable[[Service, bytes], bytes] | None, str, str]] = {
    "nonce": (_by_hand(rest=b"\x02\x01\x05"), "time stamp of something else", "別のもののタイムスタンプ"),
    "hash": (_by_hand(imprint=imprint_of(b"else")), "time stamp of something else", "別のもののタイムスタンプ"),
    "purpose": (_by_hand(purpose="none"), "is not one for time stamps", "タイムスタンプ用ではありません"),
    "expired": (_by_hand(ends=timedelta(days=-1)), "its signature or its certificate is wrong", "署名か証明書が"),
    "slow": (None, "did not answer within 0.5 seconds", "0.5秒以内に"),
    "redirected": (None, "another address, which is not followed", "別のアドレスを案内"),
}


@pytest.mark.parametrize("how", [(), ("--cms",)], ids=["pdf", "cms"])
@pytest.mark.parametrize(
    ("name", "from_the"), [(name, place) for name in WRONG for place in (1, 2) if (name, place) != ("slow", 2)]
)
def test_a_service_with_which_something_is_wrong(
    run_cli: RunCli,
    contract: Path,
    stamps: Service,
    apdus: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    from_the: int,
    how: tuple[str, ...],
) -> None:
    """What it is and what became of the PIN is told, and nothing half is written; no PIN before the first answer."""
    monkeypatch.setattr(TimeStampService.__init__, "__defaults__", (0.5 if name == "slow" else 30.0,))
    by_hand, english, japanese = WRONG[name]
    answer = stamps.answer

    def answered(request: bytes) -> bytes:
        is_now = len(stamps.asked) + 1 >= from_the
        _reached(stamps, name if is_now else "")
        good = answer(request)
        return good if by_hand is None or not is_now else by_hand(stamps, request)

    stamps.answer = answered  # type: ignore[method-assign]
    result = sign(run_cli, str(contract), "--timestamp", stamps.url, *how, "--json")

    assert (result.code, result.json["code"]) == (3, "time_stamp")
    assert english in result.json["message"]["en"]
    assert japanese in result.json["message"]["ja"]
    assert result.json["pin"] == ("not_sent" if from_the == 1 else "right")
    assert len([apdu for apdu in apdus if apdu[1] == 0x20 and len(apdu) > 5]) == from_the - 1
    assert sorted(path.name for path in contract.parent.iterdir()) == ["contract.pdf", "service"]


@pytest.mark.parametrize("address", ["stamps.invalid", "file:///etc/passwd", "http://a:b@stamps.invalid/"])
def test_what_is_no_address_is_a_wrong_call(run_cli: RunCli, contract: Path, apdus: list[bytes], address: str) -> None:
    """Exit 2 at once."""
    result = sign(run_cli, str(contract), "--timestamp", address, "--json")
    assert (result.code, result.json["code"], apdus) == (2, "usage", [])
