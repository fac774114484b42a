"""The SSH agent's side of its protocol."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "service": ("Journal", "MAX_SSH_CLIENTS", "SshService"),
    },
)
