"""What a screen reader is told of a card, against what ``jpki status --json`` says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Told(Protocol):
    """One thing on the screen, as a screen reader is told of it."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def description(self) -> str:
        """What more is said of it."""
        ...


#: The names by which people know the PINs and the certificates.
PINS = {
    "auth": {"en": "user certificate PIN", "ja": "利用者証明用の暗証番号"},
    "sign": {"en": "signature password", "ja": "署名用の暗証番号"},
    "input": {"en": "card-info input PIN", "ja": "券面事項入力補助用の暗証番号"},
    "juki": {"en": "Basic Resident Register PIN", "ja": "住民基本台帳用の暗証番号"},
}
CERTIFICATES = {
    "auth": {"en": "user certificate", "ja": "利用者証明用電子証明書"},
    "sign": {"en": "signature certificate", "ja": "署名用電子証明書"},
}
TRIES = {"en": "{n} of {limit} tries left", "ja": "残り{n}回（全{limit}回）"}
UNUSED = {"en": "not in use", "ja": "証明書がなく使いません"}
STATES = {
    "blocked": {"en": "locked", "ja": "ロックされています"},
    "verified": {"en": "verified", "ja": "照合済み"},
    "unlimited": {"en": "no limit", "ja": "回数の制限なし"},
    "unknown": {"en": "unknown", "ja": "不明"},
}
GONE = {
    True: {"en": "not on a phone", "ja": "スマートフォンにはありません"},
    False: {"en": "not on this card", "ja": "このカードにはありません"},
}


def expected_tries(pin: dict[str, Any], facts: dict[str, Any], language: str) -> str:
    """What is to be said of a PIN, from the JSON alone."""
    missing = [c["kind"] for c in facts["certificates"] if c["present"] is False]
    if pin["state"] == "blocked" and pin["pin"] in missing:
        return UNUSED[language]
    if pin["state"] == "absent":
        return GONE[facts["card"]["kind"] in ("android", "iphone")][language]
    if pin["state"] in STATES:
        return STATES[pin["state"]][language]
    return TRIES[language].format(n=pin["retries_remaining"], limit=pin["retry_limit"])


def days(sentence: str) -> set[str]:
    """The numbers in a sentence, as words."""
    return set("".join(c if c.isdigit() or c == "-" else " " for c in sentence).split())


def check_certificate(facts: dict[str, Any], told: str, language: str) -> None:
    """The last day and the days left are told; of what is not there or not read no day is."""
    if facts["present"] is False or facts["state"] == "unknown":
        assert not any(len(number) == len("2029-04-28") for number in days(told)), told
        assert facts["present"] is not False or {"en": "not on this card", "ja": "このカードには"}[language] in told
        return
    assert facts["not_after"][:10] in days(told), told
    if facts["state"] in ("in_period", "renewable") and facts["days_left"] > 1:
        assert str(facts["days_left"]) in days(told), told
    if facts["state"] == "expired":
        assert {"en": "expired on", "ja": "期限切れ"}[language] in told, told


def check_card(found: Sequence[Told], facts: dict[str, Any], language: str) -> None:
    """Everything that the JSON says is in the tree, and each PIN has what belongs to it."""
    said = [one.name for one in found]
    assert facts["verdict"][language] in said
    described = {one.name: one.description for one in found if one.description}
    assert {pin["pin"]: described[PINS[pin["pin"]][language]] for pin in facts["pins"]} == {
        pin["pin"]: expected_tries(pin, facts, language) for pin in facts["pins"]
    }
    for certificate in facts["certificates"]:
        check_certificate(certificate, described[CERTIFICATES[certificate["kind"]][language]], language)
    advised = {without_commands(advice["text"][language]) for advice in facts["advice"]}
    check_end(facts["card_expires"], [words for words in said if words not in advised], language)
    check_advice(facts["advice"], found, language)


def without_commands(words: str) -> str:
    """The words, without the lines that are commands of the terminal."""
    return "\n".join(line for line in words.split("\n") if not line.startswith("  jpki "))


def check_end(expires: str | None, said: list[str], language: str) -> None:
    """The card's own end is told where the card tells it."""
    sentences = [words for words in said if words.startswith({"en": "The card itself", "ja": "カード本体"}[language])]
    if expires is None:
        assert sentences == []
        return
    year, month, day = expires.split("-")
    wanted = {"en": expires, "ja": f"{year}年{int(month)}月{int(day)}日"}[language]
    assert len(sentences) == 1
    assert wanted in sentences[0]


def check_advice(advice: list[dict[str, Any]], found: Sequence[Told], language: str) -> None:
    """The advice is told in its order, without commands of the terminal."""
    wanted = [without_commands(a["text"][language]) for a in advice]
    said = [one.name for one in found if one.name in wanted]
    assert list(dict.fromkeys(said)) == list(dict.fromkeys(wanted))
