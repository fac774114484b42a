"""What the agent needs of the command line: words, dialogs, places, and the cards that the options mean."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("installing", "nss"),
        "cards": ("card_access",),
        "dialog_order": ("DialogKind", "dialogs", "ssh_dialogs"),
        "installing": ("Done", "address"),
        "locations": ("Places", "learned_folder", "own_places", "places"),
        "options": ("use_options",),
        "running": ("not_made", "open_door", "run_until_end", "unsafe_folder"),
        "ssh_journal": ("TerminalJournal",),
        "ssh_key": ("require_ssh_key",),
        "starting": ("connect_or_start",),
        "words": ("DialogWords", "TokenLabels"),
    },
)
