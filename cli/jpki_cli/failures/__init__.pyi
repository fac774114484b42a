from .explaining import explain as explain
from .kinds import (
    ALL_EXIT_CODES as ALL_EXIT_CODES,
    EXIT_BLOCKED as EXIT_BLOCKED,
    EXIT_CARD as EXIT_CARD,
    EXIT_CHECK as EXIT_CHECK,
    EXIT_INTERRUPTED as EXIT_INTERRUPTED,
    EXIT_TRANSPORT as EXIT_TRANSPORT,
    EXIT_UNEXPECTED as EXIT_UNEXPECTED,
    EXIT_USAGE as EXIT_USAGE,
    CliError as CliError,
    Failure as Failure,
    usage_error as usage_error,
)
