import sys

from .signer import CardSigner as CardSigner, OfferedKey as OfferedKey, PinCache as PinCache, card_source as card_source

if sys.platform != "win32":
    from .server import (
        AgentServer as AgentServer,
        Listener as Listener,
        agent_socket as agent_socket,
        child_signals as child_signals,
    )
