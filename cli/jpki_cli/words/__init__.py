"""Sentences in two languages, and the words that several commands share."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "guide_words": ("origin",),
        "i18n": ("M", "MN", "Message", "current_language", "detect_language", "set_language"),
        "near_misses": ("PIN_WORDS", "TOPIC_WORDS", "meant"),
        "sentences": (
            "RENEWAL",
            "RENEWAL_OF_CARD",
            "RENEWAL_OF_TEN_YEARS",
            "REVOCATION",
            "UNKNOWN_ISSUER",
            "absent",
            "unread_sentence",
        ),
    },
)
