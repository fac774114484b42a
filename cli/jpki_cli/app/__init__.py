"""What all commands share: the global options, the result, the way to the card, and output."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("clock",),
        "click_classes": ("Command", "Group", "Option"),
        "completion": ("complete", "names"),
        "context": ("AppContext", "GlobalOptions", "app_of", "open_trace", "pass_app"),
        "failure_output": ("report",),
        "formats": ("Format", "choose_format", "format_option"),
        "input_files": ("refusal", "require_file"),
        "instants": ("at_option", "parse_at"),
        "json_output": ("json_text",),
        "output": ("OutputTarget",),
        "progress_bar": ("following", "stoppable"),
        "readers": ("open_system",),
        "simulated": ("open_loaded", "open_simulated", "sim_errors"),
        "watching": ("watch",),
    },
)
