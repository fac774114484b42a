from .certificates import (
    EXPIRED as EXPIRED,
    EXPIRED_WITH_CARD as EXPIRED_WITH_CARD,
    RENEWAL as RENEWAL,
    RENEWAL_OF_CARD as RENEWAL_OF_CARD,
    RENEWAL_OF_TEN_YEARS as RENEWAL_OF_TEN_YEARS,
    REVOCATION as REVOCATION,
    UNKNOWN_ISSUER as UNKNOWN_ISSUER,
    Unread as Unread,
    absent as absent,
    unread_sentence as unread_sentence,
)
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
    PIN_PURPOSES as PIN_PURPOSES,
    pin_label as pin_label,
    pin_name as pin_name,
    pin_short as pin_short,
)
from .near_misses import PIN_WORDS as PIN_WORDS, TOPIC_WORDS as TOPIC_WORDS, meant as meant, plain as plain
from .service_failures import DOCTOR as DOCTOR, TRY_SIMULATED as TRY_SIMULATED
