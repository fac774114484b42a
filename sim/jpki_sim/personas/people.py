"""The invented people whose cards are simulated. None exists, and everything about them says TEST.

* Names say テスト (test) or 試験 (trial), addresses lie in 架空市 (fictitious city), which no prefecture has.
* The municipality code is 99999: codes begin with a prefecture from 01 to 47.
* No My Number is set aside for tests. These have nine zeros or more in front of the number of the person, and a right
  check digit: a program that checks it accepts them, and no one takes them for a real one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

MUNICIPALITY_CODE: Final = "99999"
PREFECTURE: Final = "Tokyo-to"
CITY: Final = "Kakuu-shi"
_ADDRESS: Final = "東京都架空市試験町１丁目２番３号"
_MY_NUMBER_DIGITS: Final = 11
_WEIGHT_PERIOD: Final = 6


class Person(NamedTuple):
    """An invented person; ``number`` tells people apart in their My Number and card serial."""

    number: int
    name: str
    sex: str
    address: str = _ADDRESS

    @property
    def my_number(self) -> str:
        """Twelve digits with a right check digit."""
        return with_check_digit(f"{self.number:0{_MY_NUMBER_DIGITS}d}")

    @property
    def card_serial(self) -> str:
        """Fifteen digits of a card's manufacturing number."""
        return f"9{self.number:014d}"


def with_check_digit(digits: str) -> str:
    """Eleven digits of a My Number with their check digit.

    The digit next to the check digit has weight 2, the following ones 3 to 7, then again 2 to 6. The check digit is 11
    minus the weighted sum modulo 11, and 0 where that sum modulo 11 is 0 or 1 (総務省令第85号, 2014, article 5).
    """
    total = sum(int(digit) * (index % _WEIGHT_PERIOD + 2) for index, digit in enumerate(reversed(digits)))
    rest = total % 11
    return digits + str(0 if rest <= 1 else 11 - rest)


PEOPLE: Final[dict[str, Person]] = {
    "taro": Person(1, "テスト　太郎", "1"),
    "hanako": Person(2, "テスト　花子", "2"),
    "jiro": Person(3, "試験　次郎", "1", "東京都架空市試験町２丁目３番４－５０６号　テスト荘"),
    "hikari": Person(4, "テスト　ひかり", "2"),
    "ward": Person(5, "試験　千代", "2"),
    "youth": Person(6, "テスト　三郎", "1"),
    "resident": Person(7, "ＴＥＳＴ　ＡＬＥＸ", "1"),
    "permanent": Person(
        8,
        "ＴＥＳＴＥＲ　ＭＡＸＩＭＩＬＩＡＮＡ　ＡＬＥＸＡＮＤＲＩＮＡ　ＶＯＮ　ＴＥＳＴＩＮＧＥＮ（テスト　マリア）",
        "2",
        "東京都架空市試験町字テスト１２３４５番地の６７８９　シミュレータ・タワーレジデンス試験南館４２１０号室",
    ),
    "replaced": Person(9, "テス〓　〓子", "2", "東京都架空市〓町１丁目２番３号"),
    "surname": Person(10, "テスト（旧姓試験）　良子", "2"),
    "overseas": Person(11, "テスト　海", "2", "国外転出（テスト）　１ＴＥＳＴ　ＳＴＲＥＥＴ，ＮＯＷＨＥＲＥ"),
}
