from . import errors as errors
from .agent import Agent as Agent, Faces as Faces
from .card_access import CardAccess as CardAccess
from .cards import CardView as CardView
from .folders import (
    UnsafeFolderError as UnsafeFolderError,
    home_folder as home_folder,
    login_folder as login_folder,
    runtime_folder as runtime_folder,
)
from .learned import LearnedCertificates as LearnedCertificates
from .peers import describe as describe
from .relaying import relay as relay
from .signing import Client as Client, Signer as Signer
from .sockets import (
    Socket as Socket,
    SocketInUseError as SocketInUseError,
    connect_to_agent as connect_to_agent,
)
