"""The process itself: core dumps, streams, signals, encodings, and secrets that a script hands over."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "script_secrets": ("BatchFault", "ScriptSecretError", "read_secrets"),
        "encodings": ("can_encode", "lacks_japanese", "make_streams_lenient"),
        "hygiene": (
            "CommandLineError",
            "CommandLineFault",
            "SecretCommand",
            "SecretGroup",
            "describe_unexpected",
            "install_excepthook",
        ),
        "interrupts": (
            "TURN_SECONDS",
            "Terminated",
            "finish",
            "heard",
            "insistent",
            "raise_on_termination",
            "shielded",
        ),
        "streams": ("can_flush", "discard", "named_columns", "send_out"),
    },
)
