"""The CA certificates that come along with the library."""

from __future__ import annotations

import hashlib
import pkgutil
from typing import TYPE_CHECKING

import pytest
from cmsforge import ca_certificate, holder

from jpki.certificate import Issuers, issuers, known_issuer, matching
from jpki.certificate.issuers import shipped_certificates
from jpki.certificate.trust import KNOWN_ISSUERS
from jpki.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fresh() -> Iterator[None]:
    """What was read before is forgotten, before and after."""
    shipped_certificates.cache_clear()
    yield
    shipped_certificates.cache_clear()


def test_five_of_six_come_along_as_they_are_pinned() -> None:
    """Each file has the SHA-256 of docs/certificates.md; of auth-2019 there is none."""
    labels = [known_issuer(certificate) for certificate in shipped_certificates()]

    assert [pin.label for pin in labels if pin] == [p.label for p in KNOWN_ISSUERS if p.label != "auth-2019"]


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("data", [b"", b"\x30\x00", None])
def test_a_file_that_is_another_one_is_not_used(monkeypatch: pytest.MonkeyPatch, data: bytes | None) -> None:
    """An installation that was changed is noticed, and nothing of it counts."""
    monkeypatch.setattr(pkgutil, "get_data", lambda *_: data)
    with pytest.raises(CertificateError, match="sign-2015"):
        shipped_certificates()


def test_an_issuer_is_found_by_its_key_and_never_by_its_name() -> None:
    """All generations of a CA have one name."""
    found = Issuers(test=(ca_certificate("sign-2015"), ca_certificate("sign-2019"), ca_certificate("sign-2023")))

    assert found.find(holder(issuer="sign-2019").certificate) == ca_certificate("sign-2019")


def test_one_that_counts_comes_before_any_other() -> None:
    """A signature may enclose whatever it likes, with the same key identifier."""
    wanted = holder(issuer="foreign").certificate
    impostor = holder(issuer="foreign", ca=ca_certificate("foreign")).certificate
    accepted = frozenset({hashlib.sha256(ca_certificate("foreign")).digest()})

    assert Issuers().find(wanted, (ca_certificate("foreign"),)) == ca_certificate("foreign")
    assert Issuers(accepted=accepted).find(wanted, (impostor, ca_certificate("foreign"))) == ca_certificate("foreign")
    assert Issuers().find(wanted, (impostor,)) is None


def test_what_cannot_be_read_is_no_issuer() -> None:
    """Nor is a certificate its own."""
    wanted = holder().certificate

    assert matching(wanted, (b"nothing", wanted, ca_certificate("sign-2019"))) == ()
    assert matching(wanted, (ca_certificate("sign-2023"),)) == (ca_certificate("sign-2023"),)


def test_the_date_of_the_list_is_that_of_the_document() -> None:
    """docs/certificates.md says when the list was looked through."""
    from pathlib import Path

    text = (Path(__file__).parents[3] / "docs" / "certificates.md").read_text(encoding="utf-8")

    assert issuers.LIST_DATE.isoformat() in text
