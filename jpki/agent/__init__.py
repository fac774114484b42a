"""The agent: one process of one user that other programs ask to use the card.

Its doors are sockets; what comes in through them is another program's and is checked before anything is done with it.
Nothing here prints, draws or reads the environment: whoever starts the agent passes in the ways to ask a person and the
words for the questions.
"""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("errors",),
        "agent": ("Agent", "Faces"),
        "card_access": ("CardAccess",),
        "cards": ("CardView",),
        "folders": ("UnsafeFolderError", "home_folder", "login_folder", "runtime_folder"),
        "learned": ("LearnedCertificates",),
        "peers": ("describe",),
        "relaying": ("relay",),
        "signing": ("Client", "Signer"),
        "sockets": ("Socket", "SocketInUseError", "connect_to_agent"),
    },
)
