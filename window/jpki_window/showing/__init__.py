"""What pages and dialogs are laid out of: sentences, results, failures, and what is saved or printed."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "failing": (
            "failure_code",
            "failure_parts",
            "failure_words",
            "why_no_card",
        ),
        "guidance": ("rule_words", "way_buttons"),
        "laying": (
            "Page",
            "Results",
            "add_row",
            "banner",
            "heading",
            "verdict_grid",
        ),
        "printing": ("SMALL", "print_html"),
        "saving": ("save", "saved_words"),
        "sentences": (
            "GOOD_SIGN",
            "WARNING_SIGN",
            "Say",
            "Sentences",
            "for_window",
            "paragraph",
        ),
    },
)
