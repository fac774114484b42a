"""What people read, in English and Japanese: sentences, names of things, and the words for every error.

A sentence is a :class:`Message`, said by ``message.text("ja")`` or ``message.text("en")``; the catalogue is read when
the first one is said in Japanese. The records of advice, guidance, diagnosis and failures hold theirs.
"""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "certificates": (
            "EXPIRED",
            "EXPIRED_WITH_CARD",
            "RENEWAL",
            "RENEWAL_OF_CARD",
            "RENEWAL_OF_TEN_YEARS",
            "REVOCATION",
            "UNKNOWN_ISSUER",
            "Unread",
            "absent",
            "unread_sentence",
        ),
        "failures": ("FailureText", "WAIT_FOR_CARD", "failure_text"),
        "labels": ("LabelledEnum",),
        "lists": ("day_words", "listed", "month_words"),
        "message": ("DOMAIN", "LANGUAGES", "LOCALE_DIR", "M", "MN", "Message", "N_", "current_language", "speak"),
        "names": (
            "CERTIFICATES",
            "FORM_FAULTS",
            "KINDS",
            "NOT_LOCKED",
            "PIN_PURPOSES",
            "pin_label",
            "pin_name",
            "pin_short",
        ),
        "near_misses": ("PIN_WORDS", "TOPIC_WORDS", "meant", "plain"),
        "service_failures": ("DOCTOR", "TRY_SIMULATED"),
    },
)
