"""The two certificates: what they are for, their end, renewal and revocation: the sentences."""

from __future__ import annotations

from typing import Final

from jpki_cli.words.i18n import M

TEXTS: Final = {
    "cert.two": M("The chip can carry two certificates: the signature certificate and the user certificate."),
    "cert.signature": M(
        "The signature certificate signs electronic documents that you make and send, for example a tax return "
        "with e-Tax. It asks for the signature password (6 to 16 characters)."
    ),
    "cert.user": M(
        "The user certificate logs you in to sites and machines, for example Mynaportal and the terminals of "
        "convenience stores. It asks for 4 digits."
    ),
    "cert.shows-sender": M("A signature shows who sent a document and that nothing in it was changed."),
    "cert.private": M("Private services that a minister has approved use the certificates too."),
    "cert.optional": M(
        "Certificates are optional: a card may carry none. They can be applied for at the office of your municipality."
    ),
    "cert.user-no-name": M(
        "The user certificate holds neither name nor address. The signature certificate holds name, address, birth "
        "date and sex."
    ),
    "cert.replaced": M(
        "Kanji that the certificate service cannot hold are replaced by others in the signature certificate. The "
        "face of the card may show the real ones."
    ),
    "cert.use": M(
        "Put the card on the reader and enter the PIN of the certificate: then it can be used. To look at the user "
        "certificate no PIN is needed."
    ),
    "cert.town": M(
        "Municipalities may use the chip for services of their own, such as the library card or seal registration."
    ),
    "cert.not-seen": M(
        "This program cannot see whether a certificate was revoked: for your own certificates, Mynaportal and the "
        "authorities' software can."
    ),
    "renew.certificate-end": M(
        "Certificate: it runs to the 5th birthday after issue, at any age; to the 6th if it was renewed in the "
        "last three months of the one before. The signature certificate does not run longer than the user "
        "certificate."
    ),
    "renew.certificate-with-card": M("Certificate: if the card ends first, the certificates end with it."),
    "renew.certificate-date": M(
        "Certificate: its last day is not printed on the card, but there is a column for it. Find the day of the "
        "user certificate with jpki status and write it there, or ask the office to do it."
    ),
    "renew.certificate-from": M(
        "Certificate: it can be renewed from three months before its last day. Some municipalities begin on the "
        "day after that; jpki status names the day from which all do."
    ),
    "renew.certificate-where": M("Certificate: at the office of the municipality that keeps your resident record."),
    "renew.certificate-free": M(
        "Certificate: renewal costs nothing. A letter comes two to three months before the end. The new "
        "certificate replaces the old one at once; some services know it only after about a day."
    ),
    "renew.card-end": M(
        "Card: if you were 18 or older when you applied, it runs to the 10th birthday after issue; otherwise to "
        "the 5th. The day is printed on the card."
    ),
    "renew.card-age": M(
        "Card: your age on the day of application decides, since 1 April 2022. A card made under the older rule "
        "keeps the date that is printed on it."
    ),
    "renew.card-apply": M("Card: apply for the new one before it ends, from three months before, at the same office."),
    "renew.ask": M("Card and certificate: for the steps, and for fees, ask your municipality."),
    "renew.certificate-bring": M(
        "Certificate: bring the card and know your PINs. A forgotten one can be reset at the same office."
    ),
    "renew.stay": M(
        "Certificate: when a foreign resident's card is extended after a new period of stay, the certificates are "
        "not. Ask for new ones."
    ),
    "expired.which": M(
        "Card and certificate: look which of them has ended. The date printed on the card is the card's; jpki "
        "status shows both."
    ),
    "expired.certificate": M(
        "Certificate: an expired one no longer logs in or signs. The card stays a photo ID until its own last day."
    ),
    "expired.certificate-new": M(
        "Certificate: ask for a new one at the office of the municipality that keeps your resident record. You can "
        "do so after the end, too; it costs nothing."
    ),
    "expired.health": M(
        "Certificate: as a health-insurance card the My Number Card goes on working for three months, in a limited "
        "form."
    ),
    "expired.card": M(
        "Card: after its last day neither the card nor its certificates can be used. Apply for a new card at the "
        "same office."
    ),
    "expired.futile": M(
        "Certificate: another reader, another program or a changed PIN does not bring it back, and a convenience "
        "store cannot renew it."
    ),
    "cancel.certificate": M(
        "To give up a certificate, apply for its revocation at the office of the municipality that keeps your "
        "resident record."
    ),
    "cancel.suspended": M("To make a suspension final, go to the same office."),
    "cancel.links": M(
        "Giving the card back does not undo what is linked to your My Number, and does not repair a wrong link. "
        "With the card you can look at your links in Mynaportal."
    ),
    "cancel.voluntary": M("Having a card is not compulsory."),
}
