"""What a program gets when something fails: one table from errors to CK_RV (docs/pkcs11.md has it in words)."""

from __future__ import annotations

from typing import Final

from jpki import errors
from jpki.agent import errors as agent_errors

from .constants import Rv
from .wire import WireError

#: The first class that matches decides, so a class stands before its base.
TABLE: Final[dict[type[Exception], Rv]] = {
    WireError: Rv.ARGUMENTS_BAD,
    errors.AnotherCardError: Rv.DEVICE_REMOVED,
    agent_errors.CardAbsentError: Rv.DEVICE_REMOVED,
    agent_errors.DialogDeclinedError: Rv.FUNCTION_CANCELED,
    agent_errors.NoDialogError: Rv.FUNCTION_CANCELED,
    agent_errors.RequesterGoneError: Rv.FUNCTION_CANCELED,
    agent_errors.CounterNotFullError: Rv.FUNCTION_CANCELED,
    agent_errors.AnotherKeyError: Rv.DEVICE_REMOVED,
    errors.DocumentDataError: Rv.FUNCTION_REJECTED,
    errors.WrongPinError: Rv.PIN_INCORRECT,
    errors.PinFormatError: Rv.PIN_INVALID,
    errors.PinBlockedError: Rv.PIN_LOCKED,
    errors.LastTryError: Rv.FUNCTION_CANCELED,
    errors.HiddenCounterError: Rv.FUNCTION_CANCELED,
    errors.CounterChangedError: Rv.FUNCTION_CANCELED,
    errors.KeyNotSupportedError: Rv.KEY_TYPE_INCONSISTENT,
    errors.NotMyNumberCardError: Rv.DEVICE_REMOVED,
    errors.NoReaderError: Rv.DEVICE_REMOVED,
    errors.NoCardError: Rv.DEVICE_REMOVED,
    errors.CardRemovedError: Rv.DEVICE_REMOVED,
    errors.ServiceMissingError: Rv.DEVICE_REMOVED,
    errors.ServiceStoppedError: Rv.DEVICE_REMOVED,
    errors.PcscLibraryMissingError: Rv.DEVICE_REMOVED,
    errors.ReaderBusyError: Rv.FUNCTION_FAILED,
    errors.ReaderChoiceError: Rv.FUNCTION_FAILED,
    errors.JpkiError: Rv.DEVICE_ERROR,
}


def rv_of(exc: Exception) -> Rv:
    """Return the CK_RV for an error; an error from elsewhere is CKR_GENERAL_ERROR."""
    return next((rv for kind, rv in TABLE.items() if isinstance(exc, kind)), Rv.GENERAL_ERROR)
