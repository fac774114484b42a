"""The one way in which a PIN is judged, presented once and changed, and what is true of it afterwards."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "asking": ("conversion_texts", "counter_text", "enter", "form_of_another", "hints", "weakness_text"),
        "changing": ("ChangeOptions", "JUKI_NOTES", "PinChange"),
        "commands": ("ChangeReport", "presented"),
        "hidden_counter": ("unhide",),
        "options": ("PinOptions", "Reopen", "Shield", "unshielded"),
        "pad": ("PinPad",),
        "person": ("CardWanted", "Decision", "Notice", "NoticeKind", "Person", "Question", "SecretQuestion"),
        "presenting": ("TryPolicy", "check_tries"),
        "record": ("PinOutcome", "PinReport", "TryUse", "attach", "pin_report"),
        "request": ("PinRequest",),
        "rules": (
            "Conversion",
            "FormFault",
            "Weakness",
            "form_fault",
            "normalise",
            "require_form",
            "require_strong",
            "weaknesses",
        ),
        "secret": ("Secret",),
        "seen_card": ("SeenCard", "require_same", "see"),
    },
)
