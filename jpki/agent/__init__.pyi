from .agent import Agent as Agent, Faces as Faces
from .card_access import CardAccess as CardAccess
from .learned import LearnedCertificates as LearnedCertificates
from .relaying import relay as relay
from .sockets import (
    Socket as Socket,
    SocketInUseError as SocketInUseError,
    connect as connect,
    runtime_folder as runtime_folder,
)
