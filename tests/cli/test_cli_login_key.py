"""A login signature is no document signature: neither made nor accepted as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cmsforge import CONTENT, File, Signer, attribute, binding, ca_certificate, holder, oid
from signdesk import failed, verify

from jpki.iso7816 import encode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from clitest import RunCli

ATTRIBUTES = encode(
    0x31,
    b"".join(
        sorted(
            (
                attribute("content_type", oid("data")),
                attribute("message_digest", encode(0x04, bytes(32))),
                attribute("signing_certificate_v2", binding(holder("auth").certificate)),
            )
        )
    ),
)


def test_the_attributes_of_a_document_are_no_challenge(run_cli: RunCli, apdus: list[bytes]) -> None:
    """Exit 2 before the card is touched; one byte more makes it a challenge again."""
    asked = ("--sim", "adult", "auth", "sign", "--pin-stdin", "--json", "--challenge")
    refused = run_cli(*asked, ATTRIBUTES.hex(), stdin="2846\n")
    touched = list(apdus)
    signed = run_cli(*asked, ATTRIBUTES.hex() + "00", stdin="2846\n")

    assert (refused.code, refused.json["code"]) == (2, "document_data")
    assert touched == []
    assert signed.code == 0


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A file with a CMS made with the login key of a user certificate that a TEST issuer signed."""
    path = tmp_path / "contract.bin"
    path.write_bytes(CONTENT)
    signer = holder("auth")
    made = File((Signer(signer),), certificates=(signer.certificate, ca_certificate("auth-2023")))
    path.with_name("contract.bin.p7s").write_bytes(made.build())
    return path


def test_a_document_signed_with_the_login_key_fails(
    run_cli: RunCli, document: Path, validate: Callable[[dict[str, Any]], None]
) -> None:
    """Key usage and policy, and nothing else."""
    result = verify(run_cli, document)
    reasons = {r["item"]: r["reason"] for r in result.json["signatures"][0]["certificate"] if r["verdict"] == "fail"}

    assert (result.code, failed(result)) == (7, [["key_usage", "policy"]])
    assert reasons == {"key_usage": "usage_missing", "policy": "login_policy"}
    validate(result.json)


def test_it_passes_only_where_that_is_asked_for_and_then_says_so(run_cli: RunCli, document: Path) -> None:
    """--allow-auth; the key is named on the screen, and in JSON by the kind of the certificate."""
    result = run_cli("verify", str(document), "--allow-test", "--allow-auth", "--json")
    said = run_cli("verify", str(document), "--allow-test", "--allow-auth").stdout

    assert (result.code, failed(result), result.json["signatures"][0]["kind"]) == (0, [[]], "auth")
    assert "login key" in said
