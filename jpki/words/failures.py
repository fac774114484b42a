"""The words for every error of the library: what happened, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jpki import errors

from .certificates import absent
from .message import MN, M, Message
from .names import CERTIFICATES, FORM_FAULTS, NOT_LOCKED, pin_name
from .service_failures import DOCTOR, SERVICE_FAILURES, TRY_SIMULATED, stopped_amid_use

if TYPE_CHECKING:
    from collections.abc import Callable


class FailureText(NamedTuple):
    """What is said about a failure; ``remedy`` is the next step, empty if there is none."""

    code: str
    message: Message
    remedy: tuple[Message, ...] = ()


_PAD_NOT_SENT = M("None of it was sent to the card.")
#: Of no use to a command that waits anyway.
WAIT_FOR_CARD: Final = M("Use --wait SECONDS to wait for the card.")
_HOLD_STILL = M("Put the card back and hold it still until the command is done.")

#: By code: what holds whatever the values of the error are.
_FIXED: Final[dict[str, tuple[Message, tuple[Message, ...]]]] = {
    "no_reader": (
        M("No card reader is connected."),
        (
            M("Connect the reader. If it is connected, its driver may be missing."),
            DOCTOR,
            TRY_SIMULATED,
        ),
    ),
    "no_card": (
        M("There is no card on the reader."),
        (
            M("Put the card on the reader, one card only; in a slot, with the gold chip first and facing up."),
            WAIT_FOR_CARD,
        ),
    ),
    "card_mute": (
        M("There is a card on the reader, but it does not answer."),
        (
            M(
                "Turn the card over or clean its chip; take it out of its case and keep it away from metal and other "
                "cards."
            ),
            M("If another card works on this reader, the chip may be damaged: ask your municipality for a new card."),
        ),
    ),
    "card_removed": (
        M("The card or the reader was removed while it was in use."),
        (_HOLD_STILL,),
    ),
    "card_reset": (
        M("Another program reset the card."),
        (M("Close other programs that use the card (browser, e-Tax, GnuPG) and try again."),),
    ),
    "reader_busy": (
        M("Another program is using the card."),
        (M("Close other programs that use the card (browser, e-Tax, GnuPG) and try again."),),
    ),
    "timeout": (
        M("The card did not respond in time."),
        (_HOLD_STILL, M("Use --timeout SECONDS to wait longer.")),
    ),
    "transport": (
        M("The connection to the card failed."),
        (_HOLD_STILL, DOCTOR),
    ),
    "not_my_number_card": (
        M("This is not a My Number Card, or its JPKI application does not respond."),
        (M("Place a My Number Card on the reader. Residence cards, driving licences and bank cards do not work."),),
    ),
    "document_data": (
        M("This data is what a document signature signs; the login key does not sign it."),
        (M("Somebody may be trying to get a document signed in your name. jpki sign signs documents."),),
    ),
    "weak_pin": (M("The new PIN is easy to guess."), (M("Nothing was sent to the card."),)),
    "declined": (M("Nothing was changed."), ()),
    "signature_invalid": (M("The signature does not match."), ()),
    "not_on_card": (
        M("This card does not have the requested data."),
        (),
    ),
    "pin_needed": (
        M("This can be read only with the PIN."),
        (),
    ),
    "bad_data": (
        M("The card's reply could not be understood."),
        (_HOLD_STILL, M("If it happens again, the card or the reader may be damaged.")),
    ),
    "pinpad_timeout": (M("The PIN was not typed on the keys of the reader in time."), (_PAD_NOT_SENT,)),
    "pinpad_cancelled": (M("The entry was cancelled on the reader."), (_PAD_NOT_SENT,)),
    "pinpad_mismatch": (M("The two entries of the new PIN on the reader differ."), (_PAD_NOT_SENT,)),
    "pinpad_length": (FORM_FAULTS["not_four_digits"], (_PAD_NOT_SENT,)),
    "pinpad_refused": (
        M("This reader cannot take this PIN on its keys."),
        (_PAD_NOT_SENT, M("Use --no-pinpad to type the PIN on this computer.")),
    ),
}


def _refused(exc: errors.CardError) -> FailureText:
    message = M("The card refused {command} with the status word {sw}.", command=exc.command, sw=f"{exc.sw:04X}")
    return FailureText("card_refused", message)


def _key_not_supported(exc: errors.KeyNotSupportedError) -> FailureText:
    message = M(
        "This card has another kind of key ({kind}); this version signs only with RSA keys of 2048 bits.", kind=exc.kind
    )
    return FailureText("key_not_supported", message)


def _unknown_reader(exc: errors.UnknownReaderError) -> FailureText:
    return FailureText("unknown_reader", M("There is no such reader."), _reader_list(exc.readers))


def _several_cards(exc: errors.SeveralCardsError) -> FailureText:
    message = M("There are My Number Cards on several readers; choose one with --reader.")
    return FailureText("several_cards", message, _reader_list(exc.readers))


def _reader_list(readers: tuple[str, ...]) -> tuple[Message, ...]:
    return tuple(M("{index}: {reader}", index=i, reader=name) for i, name in enumerate(readers))


def _certificate_absent(exc: errors.CertificateAbsentError) -> FailureText:
    message = M("{certificate}: {reason}", certificate=CERTIFICATES[exc.kind], reason=absent(exc.kind))
    return FailureText(exc.code, message)


def _extra_missing(exc: errors.ExtraMissingError) -> FailureText:
    message = M("This needs a library that is not installed.")
    remedy = M('In the folder of the project: pipx install --force ".[{extra}]"', extra=exc.extra)
    return FailureText("extra_missing", message, (remedy,))


#: By fault of a time stamp service (jpki.signing.cms.time_stamp_request).
_TIME_STAMPS: Final = {
    "address": M(
        "The address of the time stamp service cannot be used: it has to start with http:// or https:// and to hold no "
        "user name or password."
    ),
    "unreachable": M("The time stamp service cannot be reached: {detail}"),
    "server_unknown": M(
        "This computer does not know who issued the time stamp service's server certificate, so it was not asked."
    ),
    "server_expired": M(
        "The certificate of the time stamp service's server is outside its period, or this computer's clock is wrong."
    ),
    "server_other": M("The certificate of the time stamp service's server is for another address."),
    "slow": M("The time stamp service did not answer within {detail} seconds."),
    "redirected": M("The time stamp service refers to another address, which is not followed."),
    "declined": M("The time stamp service refused: {detail}"),
    "not_an_answer": M("The answer of the time stamp service is not a time stamp."),
    "other_answer": M("The time stamp service answered with the time stamp of something else."),
    "no_certificate_for_it": M("The certificate of the time stamp service is not one for time stamps."),
    "not_good": M("The time stamp in the service's answer does not hold: its signature or its certificate is wrong."),
}


def _time_stamp(exc: errors.TimeStampError) -> FailureText:
    message = _TIME_STAMPS.get(exc.fault, _TIME_STAMPS["not_an_answer"]).with_values(detail=exc.detail)
    signed = M(
        "The password was correct, so no try was used. The card had signed, but nothing is written without its time "
        "stamp."
    )
    remedy = signed if exc.is_signed else M("Nothing was sent to the card.")
    return FailureText("time_stamp", message, (remedy,))


def _pin_format(exc: errors.PinFormatError) -> FailureText:
    asked = M("Nothing was sent to the card. What is asked for is the {pin}.", pin=pin_name(exc.pin))
    return FailureText("pin_format", FORM_FAULTS[exc.reason], (asked,))


def _wrong_pin(exc: errors.WrongPinError) -> FailureText:
    left = exc.retries_remaining
    if left is None:
        unsaid = M("Wrong {pin}. The card does not show how many tries are left.", pin=pin_name(exc.pin))
        return FailureText("wrong_pin", unsaid)
    message = MN(
        "Wrong {pin}. You have {n} try left.", "Wrong {pin}. You have {n} tries left.", left, pin=pin_name(exc.pin)
    )
    remedy = [M("Entering the PIN correctly once restores all tries. Waiting does not.")]
    if left == 1:
        remedy.append(M("If you are not sure of it, stop here: another mistake locks the PIN."))
    return FailureText("wrong_pin", message, tuple(remedy))


def _blocked(exc: errors.PinBlockedError) -> FailureText:
    if exc.by_this_call:
        message = M("Wrong, and that was the last try. The {pin} is now locked.", pin=pin_name(exc.pin))
    else:
        message = M("The {pin} is locked; nothing was sent to the card.", pin=pin_name(exc.pin))
    return FailureText("pin_blocked", message)


def _not_in_use(exc: errors.PinNotInUseError) -> FailureText:
    unused = M("The {pin} is not in use on this card; nothing was sent to the card.", pin=pin_name(exc.pin))
    return FailureText("pin_not_in_use", unused, (NOT_LOCKED,))


def _last_try(exc: errors.LastTryError) -> FailureText:
    message = M("Only one try is left for the {pin}, so nothing was sent.", pin=pin_name(exc.pin))
    return FailureText("last_try", message, (M("If you are sure of the PIN: --use-last-try"),))


def _hidden_counter(exc: errors.HiddenCounterError) -> FailureText:
    message = M(
        "The card does not show how many tries are left for the {pin}: this may be the last one, so nothing was sent.",
        pin=pin_name(exc.pin),
    )
    remedy = (
        M("Another mistake may lock it, and it would have to be reset."),
        M("If you are sure of the PIN: --hidden-counter"),
    )
    return FailureText("hidden_counter", message, remedy)


def _another_card(exc: errors.AnotherCardError) -> FailureText:
    if exc.is_certain:
        message = M("There is another card on the reader now. Nothing was sent to it.")
    else:
        message = M(
            "The card was removed or reset after its state was shown, and it shows nothing by which it could be "
            "recognised: this may be another card. Nothing was sent to it."
        )
    return FailureText(
        "another_card", message, (M("Leave the card that you want to use on the reader and start again."),)
    )


def _counter_changed(exc: errors.CounterChangedError) -> FailureText:
    if exc.expected == exc.found:
        message = M("Another program used the {pin} in the meantime. Nothing was sent.", pin=pin_name(exc.pin))
        return FailureText("counter_changed", message)
    message = M(
        "Another program used the {pin} in the meantime: there were {expected} tries left, and now there are "
        "{found}. Nothing was sent.",
        pin=pin_name(exc.pin),
        expected=exc.expected,
        found=exc.found,
    )
    return FailureText("counter_changed", message)


def _verify_refused(exc: errors.VerifyRefusedError) -> FailureText:
    message = M("The card refused {command} with the status word {sw}.", command=exc.command, sw=f"{exc.sw:04X}")
    if exc.is_contradiction:
        message = M(
            "The card gives conflicting information: it refused the {pin} with the status word {sw}, which does "
            "not agree with the tries that it showed before.",
            pin=pin_name(exc.pin),
            sw=f"{exc.sw:04X}",
        )
    remedy = [M("This does not show whether the {pin} was correct; nothing is sent again.", pin=pin_name(exc.pin))]
    if exc.retries_remaining is not None:
        remedy.append(MN("{n} try is left.", "{n} tries are left.", exc.retries_remaining))
    return FailureText("card_refused", message, tuple(remedy))


def _counter_filled(exc: errors.OutcomeUnknownError, cause: FailureText | None) -> FailureText:
    message = M(
        "The card's reply was lost. All tries are available again, so the {pin} was correct; nothing else was done.",
        pin=pin_name(exc.pin),
    )
    return FailureText("outcome_unknown", message, (cause.message,) if cause else ())


def _outcome_unknown(exc: errors.OutcomeUnknownError, cause: FailureText | None) -> FailureText:
    if exc.was_right:
        return _counter_filled(exc, cause)
    message = M(
        "The card's reply was lost, so it is not certain whether the {pin} was correct. A try may have been used.",
        pin=pin_name(exc.pin),
    )
    remedy = [cause.message] if cause else []
    if exc.retries_remaining is None:
        remedy.append(M("To see how many tries are left:\n  jpki pin status"))
    else:
        remedy.append(MN("{n} try is left.", "{n} tries are left.", exc.retries_remaining))
    return FailureText("outcome_unknown", message, tuple(remedy))


def _pin_change(exc: errors.PinChangeError, cause: FailureText | None) -> FailureText:
    said = cause or FailureText(exc.code, M("Interrupted."))
    if not exc.is_unknown:
        unchanged = M("The {pin} is unchanged.", pin=pin_name(exc.pin))
        return FailureText(said.code, said.message, (unchanged, *said.remedy))
    message = M(
        "It is not certain whether the {pin} was changed: the card's reply was lost.",
        pin=pin_name(exc.pin),
    )
    remedy = (
        said.message,
        M("Try the new PIN once:\n  jpki pin verify {name}", name=exc.pin),
        M("If it is refused, the old one is still in use."),
    )
    return FailureText("outcome_unknown", message, remedy)


#: By code, and for one class that shares its code with others: what depends on the values of the error.
_BUILDERS: Final[dict[str, Callable[..., FailureText]]] = {
    "card_refused": _refused,
    "key_not_supported": _key_not_supported,
    "unknown_reader": _unknown_reader,
    "several_cards": _several_cards,
    "extra_missing": _extra_missing,
    "certificate_absent": _certificate_absent,
    "pin_format": _pin_format,
    "time_stamp": _time_stamp,
    "wrong_pin": _wrong_pin,
    "pin_blocked": _blocked,
    "pin_not_in_use": _not_in_use,
    "last_try": _last_try,
    "hidden_counter": _hidden_counter,
    "another_card": _another_card,
    "counter_changed": _counter_changed,
}


def failure_text(
    exc: BaseException, *, of_others: Callable[[BaseException], FailureText | None] = lambda _: None
) -> FailureText | None:
    """Say what an error of the library means, and what to do next; None for anything else.

    ``of_others`` has the words for causes that are no errors of the library, such as a signal during a PIN change.
    """

    def cause_text(cause: BaseException | None) -> FailureText | None:
        return None if cause is None else failure_text(cause, of_others=of_others) or of_others(cause)

    if isinstance(exc, KeyboardInterrupt):
        return FailureText("interrupted", M("Interrupted."))
    if isinstance(exc, errors.OutcomeUnknownError):
        return _outcome_unknown(exc, cause_text(exc.__cause__))
    if isinstance(exc, errors.PinChangeError):
        return _pin_change(exc, cause_text(exc.cause))
    return _by_code(exc) if isinstance(exc, errors.JpkiError) else None


def _by_code(exc: errors.JpkiError) -> FailureText | None:
    if isinstance(exc, errors.VerifyRefusedError):  # whose code is that of every status word that is not expected
        return _verify_refused(exc)
    if isinstance(exc, errors.FileError):
        from .file_failures import file_failure

        return FailureText(exc.code, *file_failure(exc))
    if isinstance(exc, errors.ServiceStoppedError) and exc.has_ended:
        return FailureText(exc.code, *stopped_amid_use(is_pin_unsent=exc.is_pin_unsent))
    if exc.code in SERVICE_FAILURES:
        return FailureText(exc.code, *SERVICE_FAILURES[exc.code]())
    if exc.code in _BUILDERS:
        return _BUILDERS[exc.code](exc)
    return FailureText(exc.code, *_FIXED[exc.code]) if exc.code in _FIXED else None
