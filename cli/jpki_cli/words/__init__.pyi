from .guide_words import origin as origin
from .i18n import (
    MN as MN,
    M as M,
    Message as Message,
    current_language as current_language,
    detect_language as detect_language,
    set_language as set_language,
)
from .near_misses import PIN_WORDS as PIN_WORDS, TOPIC_WORDS as TOPIC_WORDS, meant as meant
from .sentences import (
    RENEWAL as RENEWAL,
    RENEWAL_OF_CARD as RENEWAL_OF_CARD,
    RENEWAL_OF_TEN_YEARS as RENEWAL_OF_TEN_YEARS,
    REVOCATION as REVOCATION,
    UNKNOWN_ISSUER as UNKNOWN_ISSUER,
    absent as absent,
    unread_sentence as unread_sentence,
)
