from .failures import WAIT_FOR_CARD as WAIT_FOR_CARD, FailureText as FailureText, failure_text as failure_text
from .labels import LabelledEnum as LabelledEnum
from .lists import day_words as day_words, listed as listed, month_words as month_words
from .message import (
    DOMAIN as DOMAIN,
    LANGUAGES as LANGUAGES,
    LOCALE_DIR as LOCALE_DIR,
    MN as MN,
    N_ as N_,
    M as M,
    Message as Message,
    current_language as current_language,
    speak as speak,
)
from .names import (
    CERTIFICATES as CERTIFICATES,
    FORM_FAULTS as FORM_FAULTS,
    KINDS as KINDS,
    NOT_LOCKED as NOT_LOCKED,
    pin_label as pin_label,
    pin_name as pin_name,
    pin_short as pin_short,
)
