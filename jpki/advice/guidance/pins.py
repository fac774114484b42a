"""PINs, keeping them and the card safe, and changing a PIN."""

from __future__ import annotations

from typing import Final

from jpki.advice.model import GuideRule, Part
from jpki.advice.sources import Source
from jpki.words import M

RULES: Final = (
    GuideRule(
        "pins.four",
        M(
            "The card has four PINs: for the user certificate (4 digits), for the signature certificate (the signature "
            "password, 6 to 16 characters), for card-info input support (4 digits), and for the Basic Resident "
            "Register (4 digits)."
        ),
        Part.KNOW,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "pins.signature-form",
        M(
            "The signature password has 6 to 16 characters: capital letters A to Z and digits 0 to 9, at least one of "
            "each. Lower-case letters are not used."
        ),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "pins.may-be-equal",
        M("The three 4-digit PINs may be the same. Then whoever learns one knows all three."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "pins.hard-to-guess",
        M(
            "Do not choose anything that is easy to guess: no sequence of digits, no birth date, and nothing from "
            "your address such as a house number or post code."
        ),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "pins.limits",
        M("A 4-digit PIN locks after 3 wrong entries in a row, the signature password after 5."),
        Part.KNOW,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "pins.in-a-row",
        M("Only consecutive mistakes count; one correct entry restores all tries. Each PIN has its own counter."),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "pins.shared-counter",
        M(
            "Waiting does not restore tries. All programs and terminals share one counter, so another program, "
            "another reader or a restart does not help either."
        ),
        Part.FUTILE,
        Source.MUNICIPALITIES,
        "2025/2026",
        cities=(
            M("Yamato"),
            M("Omihachiman"),
        ),
    ),
    GuideRule(
        "pins.set-at-counter",
        M(
            "You set the PINs yourself at the counter, after your identity has been checked: when you receive the "
            "card, and again at a reset. Choose your new PIN before you go."
        ),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "pins.without-certificates",
        M("A card without certificates still has the Basic Resident Register PIN and the card-info input PIN."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "pins.pinless",
        M(
            "Since 15 December 2023 there are also cards for face authentication, issued without PINs to set. On such "
            "a card locked PINs are not a fault."
        ),
        Part.KNOW,
        Source.DIGITAL_AGENCY,
        "2023-12-15",
    ),
    GuideRule(
        "pins.chip-asks",
        M(
            "Most uses of the chip need a PIN, and after too many mistakes the chip accepts no more. Some data are "
            "not protected: the user certificate and the CA certificates can be read without a PIN."
        ),
        Part.KNOW,
        Source.FAQ,
        "2015-12",
    ),
    GuideRule(
        "pins.see-tries",
        M("To see how many tries are left (this needs no PIN and uses no try):\n  jpki status"),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule("safety.nobody", M("Do not let anybody learn your PINs."), Part.DO, Source.LEAFLET, "../2021"),
    GuideRule(
        "safety.note-form",
        M("If you write them down, do it on the form given to you at the counter, and keep that in a safe place."),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule("safety.never-on-card", M("Never write a PIN on the card."), Part.DO, Source.FAQ, "2015-12"),
    GuideRule(
        "safety.change-on-suspicion",
        M(
            "Change a PIN when you think that somebody may know it. A leaflet from before 2022 also advises "
            "changing PINs from time to time with the client software; nothing happens if you do not."
        ),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "safety.type-yourself",
        M("At the counter you type the PIN yourself; the staff do not normally learn it."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "safety.staff-for-proxy",
        M("For a proxy who is neither a parent nor a guardian, the staff enter the PIN. They are bound to secrecy."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "safety.useless-without-card",
        M(
            "A PIN that somebody else knows is of no use to them without the card. The same is true of your My "
            "Number: by itself it gives no access to the card."
        ),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "safety.not-on-chip", M("The chip holds no tax, pension or medical data."), Part.KNOW, Source.FAQ, "2023-08"
    ),
    GuideRule(
        "safety.chip-defends",
        M("The chip protects itself: it is destroyed when somebody tries to read it by force."),
        Part.KNOW,
        Source.FAQ,
        "2015-12",
    ),
    GuideRule(
        "safety.hard-to-abuse",
        M(
            "A card is hard to misuse in the wrong hands: at a counter it shows your photo, and online the PIN is "
            "needed."
        ),
        Part.KNOW,
        Source.FAQ,
        "2023-08",
    ),
    GuideRule(
        "safety.guard-card",
        M("Protect the card against loss and theft. The case that came with it covers your My Number."),
        Part.DO,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "safety.copies",
        M(
            "The front of the card may be copied as photo ID if you agree. The back, with your My Number, may be "
            "copied only for purposes laid down by law, such as tax and social security; shops may not copy it."
        ),
        Part.KNOW,
        Source.FAQ,
        "2024-02",
    ),
    GuideRule(
        "safety.no-number-in-questions",
        M("When you ask a call centre about the card, you need not tell your My Number."),
        Part.KNOW,
        Source.JLIS_SITE,
        "2018/2019",
    ),
    GuideRule(
        "change.known",
        M("A PIN can be changed only if you know the current one. Otherwise it is reset:\n  jpki guide forgot"),
        Part.MEANING,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "change.home",
        M(
            "At home: with Mynaportal on a phone or computer, with the authorities' user client software, or with "
            "this program. The Basic Resident Register PIN is not in Mynaportal.\n  jpki pin change auth"
        ),
        Part.WHERE,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "change.counter",
        M("You can also change it at your municipal office."),
        Part.WHERE,
        Source.YOKOHAMA,
        "2024-04-11",
    ),
    GuideRule(
        "change.check-new",
        M("To check a new PIN, without a card:\n  jpki pin check-new auth"),
        Part.DO,
        Source.PROGRAM,
        "2026-11-22",
    ),
    GuideRule(
        "pins.what-for",
        M(
            "What for: the signature password to sign (e-Tax, for example), the user certificate PIN to log in. The "
            "card-info input PIN lets a program read name and address from the chip. The Basic Resident Register PIN "
            "is for the office, after a move."
        ),
        Part.KNOW,
        Source.LEAFLET,
        "../2021",
    ),
    GuideRule(
        "pins.called",
        M(
            "Japanese services call two of them passwords: 署名用パスワード is the signature password, and "
            "利用者証明用パスワード is the user certificate PIN."
        ),
        Part.KNOW,
        Source.DIGITAL_AGENCY,
        "2026-11",
    ),
)
