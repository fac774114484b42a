"""What topics, parts, sources, dates and towns of the guide are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki_cli.words.i18n import M, Message

if TYPE_CHECKING:
    from jpki.advice.model import GuideRule

TITLES: Final = {
    "pins": M("The four PINs"),
    "safety": M("Keeping the card and its PINs safe"),
    "certificates": M("The two certificates: what they are for"),
    "locked": M("A locked PIN"),
    "forgot": M("A forgotten PIN"),
    "change": M("Changing a PIN that you know"),
    "convenience-store": M("Resetting a PIN at a convenience store"),
    "renew": M("Renewal of the certificates, renewal of the card"),
    "expired": M("An expired certificate, an expired card"),
    "moved": M("A move"),
    "name-change": M("A change of name"),
    "lost": M("A lost or stolen card"),
    "found": M("A suspended card that was found again"),
    "reissue": M("A new card after loss or damage"),
    "cancel": M("Giving up the certificates or the card"),
    "child": M("The card of a child under 15"),
    "adult-ward": M("The card of an adult ward"),
    "foreign-resident": M("The card of a foreign resident"),
    "abroad": M("Moving abroad"),
    "phone": M("Certificates on a phone"),
    "reader": M("Card reader and software"),
    "id-documents": M("What counts as an identity document"),
    "hotlines": M("Whom to call"),
}
PARTS: Final = {
    "meaning": M("What it means"),
    "do": M("What to do"),
    "where": M("Where"),
    "bring": M("What to bring"),
    "futile": M("What does not help"),
    "call": M("Telephone"),
    "know": M("Good to know"),
}
SOURCES: Final = {
    "leaflet": M("leaflet handed out with the card"),
    "kawasaki": M("page of Kawasaki city"),
    "yokohama": M("page of Yokohama city"),
    "faq": M("questions and answers of the Digital Agency"),
    "digital_agency": M("pages of the Digital Agency"),
    "jlis_site": M("English site of J-LIS"),
    "jlis_english": M("newest English page of J-LIS that was seen"),
    "jpki_portal": M("JPKI portal site of J-LIS"),
    "municipalities": M("pages of several municipalities"),
    "chip": M("what the chip gives out"),
    "program": M("this program"),
}
TOWNS: Final = {"kawasaki": M("Kawasaki city"), "yokohama": M("Yokohama city")}


def date_words(date: str | None) -> Message:
    """Say the date of a source: a day, month or year, a span of years, "or earlier", or that it has none."""
    if date is None:
        return M("no date")
    first, _, last = date.partition("/")
    if not last:
        return M("{text}", text=first)
    if first == "..":
        return M("{year} or earlier", year=last)
    return M("{first} to {last}", first=first, last=last)


def origin(rule: GuideRule) -> Message:
    """Say where a rule was read, and of which date that is."""
    return M("{source}, {date}", source=SOURCES[rule.source.value], date=date_words(rule.date))
