"""The root of the tree of errors."""


class JpkiError(Exception):
    """Base of all errors of this library."""

    #: What :func:`jpki.words.failure_text` has the words for; the word that JSON output uses.
    code = "unexpected"
