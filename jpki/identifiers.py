"""Names of the applications and files of a My Number Card, each from docs/card.md (sections in the comments)."""

from __future__ import annotations

import enum
from typing import Final


class Application(enum.Enum):
    """A card application (DF) with its name, the AID (docs/card.md, 1.1)."""

    JPKI = bytes.fromhex("D392F000260100000001")  # 公的個人認証
    TEXT = bytes.fromhex("D3921000310001010408")  # 券面事項入力補助
    VISUAL = bytes.fromhex("D3921000310001010402")  # 券面事項確認
    JUKI = bytes.fromhex("D3921000310001010401")  # 住民基本台帳
    COMMON = bytes.fromhex("D3921000310001010100")  # 共通; sources differ on the label only (section 10, #8)

    @property
    def df_name(self) -> bytes:
        """The AID by which the application is selected."""
        return self.value


class JpkiEf(enum.IntEnum):
    """EFs and IEFs of the JPKI application (docs/card.md, 1.2); every id is also a short EF identifier."""

    SIGN_CERTIFICATE = 0x01
    SIGN_CA_CERTIFICATE = 0x02
    TOKEN = 0x06
    CERTIFICATE_FLAGS = 0x08
    AUTH_CERTIFICATE = 0x0A
    AUTH_CA_CERTIFICATE = 0x0B
    AUTH_KEY = 0x17
    AUTH_PIN = 0x18
    SIGN_KEY = 0x1A
    SIGN_PASSWORD = 0x1B


class TextEf(enum.IntEnum):
    """EFs and IEFs of the application 券面事項入力補助 (docs/card.md, 1.3)."""

    MY_NUMBER = 0x01
    ATTRIBUTES = 0x02
    INTEGRITY = 0x03
    CV_CERTIFICATE = 0x04
    PIN = 0x11
    NUMBER_A = 0x14
    NUMBER_B = 0x15


class VisualEf(enum.IntEnum):
    """IEFs of the application 券面事項確認 (docs/card.md, 1.4; section 10, #10)."""

    NUMBER_B = 0x12
    NUMBER_A = 0x13


class JukiEf(enum.IntEnum):
    """IEFs of the Basic Resident Register application (docs/card.md, 1.5)."""

    PIN = 0x1C


class CommonEf(enum.IntEnum):
    """EFs and IEFs of the common application (docs/card.md, 1.5)."""

    CARD_RECORDS = 0x01
    PIN = 0x1C


class CertificateKind(enum.Enum):
    """The four certificates; the value is the name on the command line."""

    AUTH = "auth"
    SIGN = "sign"
    AUTH_CA = "auth-ca"
    SIGN_CA = "sign-ca"

    @property
    def ef_id(self) -> int:
        """The EF that holds it (docs/card.md, 1.2)."""
        return _CERTIFICATE_EFS[self]

    @property
    def is_ca(self) -> bool:
        """Whether it is the certificate of an issuer."""
        return self not in _ISSUERS

    @property
    def issuer(self) -> CertificateKind:
        """The CA certificate on the card that belongs to it; a CA certificate is its own."""
        return _ISSUERS.get(self, self)


_ISSUERS: Final = {
    CertificateKind.AUTH: CertificateKind.AUTH_CA,
    CertificateKind.SIGN: CertificateKind.SIGN_CA,
}
_CERTIFICATE_EFS: Final = {
    CertificateKind.AUTH: JpkiEf.AUTH_CERTIFICATE,
    CertificateKind.SIGN: JpkiEf.SIGN_CERTIFICATE,
    CertificateKind.AUTH_CA: JpkiEf.AUTH_CA_CERTIFICATE,
    CertificateKind.SIGN_CA: JpkiEf.SIGN_CA_CERTIFICATE,
}
