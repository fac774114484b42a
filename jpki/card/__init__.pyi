from . import pin as pin
from .counter_words import (
    ACCEPTED as ACCEPTED,
    CHANGE_WARNINGS as CHANGE_WARNINGS,
    RIGHT_AFTER_ALL as RIGHT_AFTER_ALL,
    changed as changed,
    correct as correct,
    dots as dots,
    not_in_use as not_in_use,
    tries as tries,
    tries_in_short as tries_in_short,
)
from .extended_length import ExtendedLength as ExtendedLength, try_extended_length as try_extended_length
from .file_names import FileNamer as FileNamer
from .my_number_card import CardKind as CardKind, MyNumberCard as MyNumberCard, is_my_number_card as is_my_number_card
from .outline import read_validity as read_validity
from .pin import (
    VERIFICATION_NUMBERS as VERIFICATION_NUMBERS,
    Pin as Pin,
    PinState as PinState,
    PinStatus as PinStatus,
    Reference as Reference,
    interpret as interpret,
)
from .pin_use import read_pins as read_pins, recognise_unused as recognise_unused
from .raw_commands import RawExchange as RawExchange, is_risky as is_risky, send_raw as send_raw
from .status import (
    CardStatus as CardStatus,
    CertificateState as CertificateState,
    CertificateStatus as CertificateStatus,
    read_four_pins as read_four_pins,
    read_status as read_status,
)
from .wording import certificate_words as certificate_words, pin_words as pin_words, unused_words as unused_words
