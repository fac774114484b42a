"""The TEST issuers: three generations of each of the two CAs, as the real ones have, and two unknown ones.

Their structure is that of the real CA certificates (docs/certificates.md, 1.2); their names and keys are not, so that
no program can take one for the other. Generations share one name: an issuer is known by its key, never by its name.
The certificates ship as data (``data/issuers``), made by ``scripts/make-test-issuers`` with :func:`make_certificate`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from jpki_sim import dates
from jpki_sim.shipped import shipped_file

from . import der, x509
from .keys import shipped_key, shipped_p384_key

if TYPE_CHECKING:
    from jpki_sim.card import PrivateKey

Use = Literal["auth", "sign"]

_NEXT: Final = "next"
_NOT_REAL: Final = ("OU", "TEST NOT ISSUED BY J-LIS")
_NOT_REAL_JA: Final = ("OU", "テスト（地方公共団体情報システム機構の発行ではありません）")
_ORGANISATION: Final = (("C", "JP"), ("O", "JPKI-SIM TEST"))
_ORGANISATION_JA: Final = (("C", "JP"), ("O", "テスト公的個人認証シミュレータ"))
_USES: Final = {
    "auth": ("TEST JPKI for user authentication", "テスト利用者証明用"),
    "sign": ("TEST JPKI for digital signature", "テスト署名用"),
}
_KEY_CERT_SIGN_CRL_SIGN: Final = "06"


class Issuer(NamedTuple):
    """A TEST issuer.

    ``name`` is its key in a card file; ``distinguished_name`` and ``japanese_name`` stand in its certificate as subject
    and alternative name. ``is_anchor`` says whether it belongs to the TEST trust store.
    """

    name: str
    distinguished_name: x509.Name
    japanese_name: x509.Name
    serial: int
    not_before: datetime
    not_after: datetime
    is_anchor: bool = True

    @property
    def key(self) -> PrivateKey:
        """The issuer's private TEST key."""
        use, _, generation = self.name.partition("-")
        if generation == _NEXT:
            return shipped_p384_key(f"next-{use}-ca")
        return shipped_key(f"{use}-ca-{generation}" if generation.isdigit() else f"{self.name}-ca")

    @property
    def certificate(self) -> bytes:
        """The issuer's certificate in DER."""
        return shipped_file(f"issuers/{self.name}.cer")


def _generation(use: Use, serial: int, begins: str, last_day: str) -> Issuer:
    english, japanese = _USES[use]
    begun = datetime.fromisoformat(begins)
    return Issuer(
        f"{use}-{begun.year}",
        (*_ORGANISATION, ("OU", english), _NOT_REAL),
        (*_ORGANISATION_JA, ("OU", japanese), _NOT_REAL_JA),
        serial,
        begun,
        dates.end_of_day(date.fromisoformat(last_day)),
    )


def _next(use: Use, serial: int) -> Issuer:
    """An issuer of the next generation; not trusted by anyone, because it does not exist yet."""
    english, japanese = _USES[use]
    begun = datetime(2024, 3, 18, 3, 0, 0, tzinfo=UTC)  # the day of the plan (docs/certificates.md, 3.6)
    return Issuer(
        f"{use}-{_NEXT}",
        (*_ORGANISATION, ("OU", english), ("OU", "TEST EXPERIMENTAL NEXT GENERATION"), _NOT_REAL),
        (*_ORGANISATION_JA, ("OU", japanese), ("OU", "テスト次世代（実験）"), _NOT_REAL_JA),
        serial,
        begun,
        dates.end_of_day(date(2139, 3, 17)),
        is_anchor=False,
    )


def _stranger(name: str, organisation: tuple[x509.Name, x509.Name], serial: int) -> Issuer:
    begun = datetime(2023, 3, 23, 2, 0, 5, tzinfo=UTC)
    return Issuer(name, *organisation, serial, begun, dates.end_of_day(date(2123, 3, 22)), is_anchor=False)


#: Names that are not trusted: an issuer from elsewhere, and one in place of the roots of J-LIS's own test cards.
_FOREIGN: Final = (
    (("C", "XX"), ("O", "FOREIGN TEST CA"), ("OU", "TEST UNKNOWN ISSUER")),
    (("C", "XX"), ("O", "テスト外部認証局"), ("OU", "テスト未知の発行者")),
)
_TEST_ROOT: Final = (
    (("C", "JP"), ("O", "JPKI-SIM TEST CARD ROOT"), ("OU", "TEST JPKI test card"), _NOT_REAL),
    (("C", "JP"), ("O", "テスト用カードの認証局シミュレータ"), ("OU", "テストカード用"), _NOT_REAL_JA),
)

#: All issuers by name. Their beginnings follow docs/certificates.md, 1.3, to the day, as does the end of the oldest;
#: the others end on the day of the year on which the real ones do. Serials in the style of the same place.
ISSUERS: Final[dict[str, Issuer]] = {
    issuer.name: issuer
    for issuer in (
        _generation("sign", 1, "2015-10-20T02:15:15+00:00", "2025-10-19"),
        _generation("sign", 0x01305A19, "2019-09-14T23:40:19+00:00", "2119-09-14"),
        _generation("sign", 0x06715A23, "2023-07-16T00:45:23+00:00", "2123-07-15"),
        _generation("auth", 1, "2015-10-20T03:15:15+00:00", "2025-10-19"),
        _generation("auth", 0x01315B19, "2019-09-14T23:41:19+00:00", "2119-09-14"),
        _generation("auth", 0x06C25B23, "2023-07-16T01:00:23+00:00", "2123-07-15"),
        _stranger("foreign", _FOREIGN, 0x0F0E1601),
        _stranger("test-root", _TEST_ROOT, 0x7E57),
        _next("auth", 0x384A),
        _next("sign", 0x384B),
    )
}
_SERIAL_LIMIT: Final = 0x7FFFFFFF


def generation_at(use: Use, instant: datetime) -> Issuer:
    """The generation that issues at an instant: the youngest that exists then, else the oldest."""
    generations = [issuer for issuer in ISSUERS.values() if issuer.name.startswith(f"{use}-2")]
    return max(
        (issuer for issuer in generations if issuer.not_before <= instant),
        key=lambda issuer: issuer.not_before,
        default=generations[0],
    )


def serial_at(use: Use, instant: datetime) -> int:
    """Serial number that a CA's one running counter has at an instant (docs/certificates.md, 1.3).

    The renewed roots take their numbers from the same counter, so it runs straight from one to the next, and on.
    """
    first, second, third = (ISSUERS[f"{use}-{year}"] for year in (2015, 2019, 2023))
    start, end = (first, second) if instant < second.not_before else (second, third)
    per_second = (end.serial - start.serial) / (end.not_before - start.not_before).total_seconds()
    counted = start.serial + round(per_second * (instant - start.not_before).total_seconds())
    return min(max(counted, 2), _SERIAL_LIMIT)


def anchors() -> tuple[bytes, ...]:
    """Certificates of the TEST trust store, in DER: what a program may pin that wants to trust built-in cards."""
    return tuple(issuer.certificate for issuer in ISSUERS.values() if issuer.is_anchor)


def make_certificate(issuer: Issuer) -> bytes:
    """Sign the issuer's own certificate, with the five extensions of the real ones in their order."""
    name = x509.encode_name(issuer.distinguished_name)
    extensions = (
        x509.key_usage(_KEY_CERT_SIGN_CRL_SIGN, unused=1),
        x509.extension("2.5.29.17", der.sequence(x509.directory_name(issuer.japanese_name))),
        x509.extension("2.5.29.19", der.sequence(der.TRUE), critical=True),
        x509.distribution_point(issuer.distinguished_name),
        x509.subject_key_identifier(issuer.key),
    )
    certificate = x509.Certificate(
        issuer.serial, name, issuer.not_before, issuer.not_after, name, issuer.key, extensions
    )
    return certificate.signed_by(issuer.key)
