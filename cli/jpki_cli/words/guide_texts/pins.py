"""PINs, keeping them and the card safe, and changing a PIN: the sentences."""

from __future__ import annotations

from typing import Final

from jpki_cli.words.i18n import M

TEXTS: Final = {
    "pins.four": M(
        "The card has four PINs: for the user certificate (4 digits), for the signature certificate (the signature "
        "password, 6 to 16 characters), for card-info input support (4 digits), and for the Basic Resident "
        "Register (4 digits)."
    ),
    "pins.signature-form": M(
        "The signature password has 6 to 16 characters: capital letters A to Z and digits 0 to 9, at least one of "
        "each. Lower-case letters are not used."
    ),
    "pins.may-be-equal": M("The three 4-digit PINs may be the same. Then whoever learns one knows all three."),
    "pins.hard-to-guess": M(
        "Choose nothing that is easily guessed: no plain run of digits, no birth date, nothing from your address "
        "such as house number or post code."
    ),
    "pins.limits": M("A 4-digit PIN locks after 3 wrong entries in a row, the signature password after 5."),
    "pins.in-a-row": M(
        "Only errors in a row count: a right entry makes the counter full again. Each PIN has its own counter."
    ),
    "pins.shared-counter": M(
        "Waiting does not bring tries back. All programs and terminals share one counter, so another program, "
        "another reader or a restart does not help either."
    ),
    "pins.set-at-counter": M(
        "You set the PINs yourself, at the counter, after your identity was checked: when you receive the card, "
        "and again at a reset. Decide on them before you go."
    ),
    "pins.without-certificates": M(
        "A card without certificates still has the Basic Resident Register PIN and the card-info input PIN."
    ),
    "pins.pinless": M(
        "Since 15 December 2023 there are also cards for face authentication, issued without PINs to set. On such "
        "a card locked PINs are not a fault."
    ),
    "pins.chip-asks": M(
        "Before most uses the chip asks for a PIN, and after too many errors it takes none any more. Not all is "
        "closed: the user certificate and the CA certificates can be read without a PIN."
    ),
    "pins.see-tries": M("See the tries left: jpki status. It needs no PIN and uses no try."),
    "safety.nobody": M("Let nobody learn your PINs."),
    "safety.note-form": M(
        "If you write them down, do it on the form given to you at the counter, and keep that in a safe place."
    ),
    "safety.never-on-card": M("Never write a PIN on the card."),
    "safety.change-on-suspicion": M(
        "Change a PIN when you think that somebody may know it. A leaflet from before 2022 also advises to change "
        "PINs now and then, with the client software; nothing happens if you do not."
    ),
    "safety.type-yourself": M("At the counter you type the PIN yourself; the staff do not normally learn it."),
    "safety.staff-for-proxy": M(
        "For a proxy who is neither parent nor guardian, the staff type the PIN. They are bound to secrecy."
    ),
    "safety.useless-without-card": M(
        "A PIN that somebody else knows is of no use without the card. The same is true of your My Number: alone "
        "it opens nothing on the card."
    ),
    "safety.not-on-chip": M("The chip holds no tax, pension or medical data."),
    "safety.chip-defends": M("The chip defends itself: it breaks when somebody tries to read it out by force."),
    "safety.hard-to-abuse": M(
        "A card in the wrong hands is hard to abuse: at a counter there is your photo, online the PIN is needed."
    ),
    "safety.guard-card": M("Guard the card against loss and theft. The case that came with it covers your My Number."),
    "safety.copies": M(
        "The front of the card may be copied as photo ID if you agree. The back, with your My Number, may be "
        "copied only for purposes laid down in law, such as tax and social security; a shop may not."
    ),
    "safety.no-number-in-questions": M("When you ask a call centre about the card, you need not tell your My Number."),
    "change.known": M(
        "A PIN can be changed only if you know the current one. Otherwise it is reset: jpki guide forgot."
    ),
    "change.home": M(
        "At home: with Mynaportal on a phone or computer, with the authorities' user client software, or with this "
        "program: jpki pin change. The Basic Resident Register PIN is not in Mynaportal."
    ),
    "change.counter": M("The office of your municipality changes it too."),
    "change.check-new": M("Is the new one good? jpki pin check-new tells, without a card."),
}
