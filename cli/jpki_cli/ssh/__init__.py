"""The socket and the signer of ``jpki ssh agent``."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "server": ("AgentServer", "Listener", "agent_socket", "child_signals"),
        "signer": ("CardSigner", "OfferedKey", "PinCache", "card_source"),
    },
)
