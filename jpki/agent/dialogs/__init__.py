"""Asking a person: one dialog at a time, in a program of its own whose environment no client has a say in."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "askpass": ("AskpassDialog",),
        "desk": ("Answer", "Desk"),
        "pinentry": ("PinentryDialog",),
        "process": ("find_program",),
        "program": ("ProgramDialog",),
        "questions": ("ChoiceText", "Dialog", "Grant", "Purpose", "DialogQuestion", "SecretText", "Use", "Words"),
    },
)
