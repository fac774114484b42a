"""What people type when they mean a topic or a PIN: other forms of the word, and the Japanese ones."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Words that are no name, by what they mean; matched as a part of what was typed, so the longer ones come first.
TOPIC_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "convenience-store": ("convenience", "kiosk", "konbini", "コンビニ", "セブン"),
    "foreign-resident": ("foreign", "visa", "在留", "外国"),
    "id-documents": ("identity", "documents", "本人確認", "書類"),
    "adult-ward": ("ward", "guardian", "後見"),
    "name-change": ("marriage", "surname", "氏名", "名前", "旧姓", "旧氏", "結婚", "婚姻"),
    "hotlines": ("hotline", "phone-number", "telephone", "call", "電話", "問い合わせ"),
    "certificates": ("certificate", "電子証明書", "証明書"),
    "locked": ("block", "unlock", "reset", "ロック", "初期化", "再設定", "解除"),
    "forgot": ("forget", "forgotten", "忘れ"),
    "change": ("変更",),
    "renew": ("renewal", "更新"),
    "expired": ("expire", "期限", "失効"),
    "moved": ("move", "moving", "address", "引っ越し", "引越", "転居", "転入", "住所"),
    "lost": ("loss", "stolen", "theft", "紛失", "盗難", "なくし"),
    "found": ("find", "見つか"),
    "reissue": ("reissu", "damage", "broken", "再発行", "再交付", "破損"),
    "cancel": ("revoke", "give-up", "返納", "やめ"),
    "child": ("children", "kid", "子ども", "子供", "15歳"),
    "abroad": ("overseas", "海外", "国外"),
    "phone": ("smartphone", "android", "iphone", "スマホ", "スマートフォン"),
    "reader": ("readers", "リーダー", "読み取り"),
    "safety": ("safe", "安全", "保管"),
    "pins": ("pin", "password", "暗証番号", "パスワード"),
}
#: Other words by which people name a PIN.
PIN_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sign": ("signature", "signing", "署名"),
    "auth": ("authentication", "user", "login", "利用者"),
    "input": ("card-info", "cardinfo", "券面"),
    "juki": ("resident", "register", "住民", "住基"),
}


def plain(text: str) -> str:
    """What was typed, in half-width small letters and with hyphens."""
    return unicodedata.normalize("NFKC", text).strip().casefold().replace("_", "-").replace(" ", "-")


def meant(typed: str, names: Sequence[str], words: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one name that is meant; None if that is not clear."""
    wanted = plain(typed)
    if wanted in names:
        return wanted
    if not wanted:
        return None
    begun = [name for name in names if name.startswith(wanted)]
    if len(begun) == 1 and len(wanted) > 1:
        return begun[0]
    by_word = [name for name, known in words.items() if any(word in wanted for word in known)]
    if by_word:
        return by_word[0]
    from difflib import get_close_matches

    close = get_close_matches(wanted, names, n=2, cutoff=0.7)
    return close[0] if len(close) == 1 else None
