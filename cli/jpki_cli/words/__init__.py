"""Sentences in two languages, and the words that several commands share."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "i18n": ("M", "MN", "Message", "current_language", "detect_language", "set_language"),
    },
)
