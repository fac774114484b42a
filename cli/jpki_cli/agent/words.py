"""The words of the agent's dialogs, and the names of its tokens, in the chosen language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jpki.agent.dialogs import ChoiceText, Grant, SecretText, Use
from jpki.card import Pin, tries
from jpki.identifiers import CertificateKind
from jpki.words import CERTIFICATES, FORM_FAULTS, pin_name
from jpki_cli.pin import REFUSED_KEY
from jpki_cli.words import MN, M, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jpki.agent.dialogs import DialogQuestion

_TITLES: Final = {
    Pin.AUTH: M("My Number Card: login"),
    Pin.SIGN: M("My Number Card: signature"),
}
_TOKENS: Final = {
    CertificateKind.AUTH: M("JPKI user certificate"),
    CertificateKind.SIGN: M("JPKI signature certificate"),
}
_PROMPTS: Final = {
    Pin.AUTH: M("user certificate PIN (4 digits):"),
    Pin.SIGN: M("signature password (6 to 16 letters and digits):"),
}
_BY_SSH: Final = frozenset({Use.SSH_LOGIN, Use.SSH_HOST_LOGIN, Use.SSH_SIGNATURE})
_FORWARDED: Final = M(
    "The request comes from another computer, to which the SSH agent was forwarded (ssh -A): somebody there wants "
    "this signature."
)


class DialogWords:
    """Makes the words of every dialog; see :class:`jpki.agent.dialogs.questions.Words`."""

    def secret(self, question: DialogQuestion, grant: Grant) -> SecretText:
        """Say who wants what, what the PIN is good for and how many tries are left, and ask for it."""
        return SecretText(
            str(_TITLES[question.pin]),
            _paragraphs(*_mistakes(question), *_request(question), _validity(question, grant), _tries(question)),
            str(_PROMPTS[question.pin]),
            str(M("OK")),
            str(M("Cancel")),
            str(REFUSED_KEY),
        )

    def grants(self, question: DialogQuestion, grants: Sequence[Grant]) -> ChoiceText:
        """Ask what the PIN that will be asked for next is to be good for."""
        return ChoiceText(
            str(_TITLES[question.pin]),
            _paragraphs(*_request(question), M("What may it do with the PIN that you type next?")),
            tuple(str(_choice(question, grant)) for grant in grants),
            str(M("Cancel")),
        )

    def confirm(self, question: DialogQuestion) -> ChoiceText:
        """Ask whether a PIN that is kept may be used."""
        return ChoiceText(
            str(_TITLES[question.pin]),
            _paragraphs(*_request(question), M("The PIN is still kept. May it be used?")),
            (str(M("Allow")),),
            str(M("Cancel")),
        )

    def last_try(self, question: DialogQuestion) -> ChoiceText:
        """Ask whether the last try may be used."""
        pin = pin_name(question.pin.value)
        if question.status.is_hidden:
            left = M("{pin}: the card does not show how many tries are left. This may be the last one.", pin=pin)
        else:
            left = M("{pin}: only one try is left. If your entry is wrong, it will be locked.", pin=pin)
        return ChoiceText(
            str(_TITLES[question.pin]),
            _paragraphs(
                *_request(question),
                left,
                M("If you are not sure, choose Cancel: nothing has been sent to the card."),
            ),
            (str(M("Use the last try")),),
            str(M("Cancel")),
        )


class TokenLabels:
    """Names of tokens and of the objects in them; see :class:`jpki.agent.pkcs11.tokens.Labels`."""

    def token(self, key: CertificateKind) -> str:
        """Name of a token."""
        return str(_TOKENS[key])

    def certificate(self, kind: CertificateKind) -> str:
        """Name of a certificate."""
        return str(CERTIFICATES[kind.value])


def _paragraphs(*messages: Message) -> str:
    return "\n\n".join(map(str, messages))


def _mistakes(question: DialogQuestion) -> list[Message]:
    if question.fault is not None:
        likeness = [] if question.likeness is None else [question.likeness]
        return [FORM_FAULTS[question.fault], *likeness, M("Nothing was sent to the card.")]
    return [M("The entry before was wrong.")] if question.is_wrong_before else []


def _request(question: DialogQuestion) -> list[Message]:
    who = {"program": question.program or str(M("a program that the system does not name")), "pid": question.pid}
    details = question.purpose.details
    requests = {
        Use.LOGIN_KEY: lambda: M(
            "“{program}” (process {pid}) wants to log in with the user certificate of your My Number Card. "
            "What the card signs for that cannot be shown.",
            **who,
        ),
        Use.SIGNATURE_KEY: lambda: M(
            "“{program}” (process {pid}) wants to sign with the signature certificate of your My Number Card, which is "
            "as good as your registered seal. What the card signs cannot be shown.",
            **who,
        ),
        Use.SSH_LOGIN: lambda: M(
            "SSH login as “{user}”, asked for by “{program}” (process {pid}). The request does not name the server.",
            user=details[0],
            **who,
        ),
        Use.SSH_HOST_LOGIN: lambda: M(
            "SSH login as “{user}”, asked for by “{program}” (process {pid}), at the server with the host key "
            "{host_key}.",
            user=details[0],
            host_key=details[1],
            **who,
        ),
        Use.SSH_SIGNATURE: lambda: M(
            "SSH signature of data (SSHSIG) for “{namespace}”, asked for by “{program}” (process {pid}).",
            namespace=details[0],
            **who,
        ),
        Use.CERTIFICATE: lambda: M(
            "“{program}” (process {pid}) wants to read the user certificate, which can be read from this phone only "
            "with its PIN.",
            **who,
        ),
    }
    warning = [_FORWARDED] if question.purpose.is_forwarded else []
    return [requests[question.purpose.use](), *warning, M("If you did not start this, choose Cancel.")]


def _validity(question: DialogQuestion, grant: Grant) -> Message:
    if grant is Grant.TWICE:
        return M("The password is used for this signature and for one more by the same program within 10 seconds.")
    if question.purpose.use is Use.CERTIFICATE:
        return M("The PIN is used once, to read the certificate.")
    if grant is Grant.MINUTES:
        return _keeping(question)
    if question.pin is Pin.SIGN:
        return M("The password is used once, for this signature.")
    return M("The PIN is used once, for this signature.")


def _keeping(question: DialogQuestion) -> Message:
    """For how long, and for whom: by SSH it is the socket that a kept PIN belongs to."""
    if question.purpose.use in _BY_SSH:
        if question.seconds:
            return MN(
                "The PIN is kept for every program that uses this SSH agent, for {n} second; you are not asked again "
                "until then.",
                "The PIN is kept for every program that uses this SSH agent, for {n} seconds; you are not asked again "
                "until then.",
                question.seconds,
            )
        return MN(
            "The PIN is kept for every program that uses this SSH agent, for {n} minute; you are not asked again "
            "until then.",
            "The PIN is kept for every program that uses this SSH agent, for {n} minutes; you are not asked again "
            "until then.",
            question.minutes,
        )
    if question.seconds:
        return MN(
            "The PIN is kept for this program for {n} second; you are not asked again until then.",
            "The PIN is kept for this program for {n} seconds; you are not asked again until then.",
            question.seconds,
        )
    return MN(
        "The PIN is kept for this program for {n} minute; you are not asked again until then.",
        "The PIN is kept for this program for {n} minutes; you are not asked again until then.",
        question.minutes,
    )


def _choice(question: DialogQuestion, grant: Grant) -> Message:
    if grant is Grant.ONCE:
        return M("Sign once")
    if grant is Grant.TWICE:
        return M("Sign twice (programs that sign twice)")
    return MN("Keep for {n} minute", "Keep for {n} minutes", question.minutes)


def _tries(question: DialogQuestion) -> Message:
    return M("{pin}: {tries}", pin=pin_name(question.pin.value), tries=tries(question.status))
