"""What whoever surveys a card has to know before."""

from __future__ import annotations

from typing import Final

from jpki.words import M

#: What a survey asks the card, said before consent.
WHAT_IS_ASKED: Final = M(
    "A survey asks the card some 200 questions that change nothing on it: which applications and files it "
    "has, how long the files of fixed length are, and how it answers. It takes about 15 seconds. Without a PIN "
    "it uses no try, and it never writes to the card."
)
#: What the result of a survey holds, said before consent.
WHAT_IT_HOLDS: Final = M(
    "The result contains status words, lengths and times. It contains no name, number, date, certificate or PIN, "
    "nor anything derived from them. Nothing is sent anywhere."
)
