"""Names of the card applications (docs/card.md, 1.1), written from the document and shared with no other module."""

from __future__ import annotations

from typing import Final

#: GlobalPlatform issuer security domain, selected at power-up.
ISD_AID: Final = bytes.fromhex("A000000151000000")
#: 公的個人認証.
JPKI_AID: Final = bytes.fromhex("D392F000260100000001")
#: 券面事項入力補助.
TEXT_AID: Final = bytes.fromhex("D3921000310001010408")
#: 券面事項確認.
VISUAL_AID: Final = bytes.fromhex("D3921000310001010402")
#: 住民基本台帳.
JUKI_AID: Final = bytes.fromhex("D3921000310001010401")
#: 共通カード.
COMMON_AID: Final = bytes.fromhex("D3921000310001010100")
