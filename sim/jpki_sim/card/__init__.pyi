from . import aids as aids, ecdsa as ecdsa, sw as sw
from .atr import CONTACT_ATR as CONTACT_ATR, CONTACTLESS_ATR as CONTACTLESS_ATR
from .card import SimulatedCard as SimulatedCard
from .connection import SimulatedConnection as SimulatedConnection
from .filesystem import (
    FREE as FREE,
    NEVER as NEVER,
    CardImage as CardImage,
    ChangeCommand as ChangeCommand,
    DedicatedFile as DedicatedFile,
    EcPrivateKey as EcPrivateKey,
    ElementaryFile as ElementaryFile,
    KeyFile as KeyFile,
    OpaqueKeyFile as OpaqueKeyFile,
    PrivateKey as PrivateKey,
    ReadCondition as ReadCondition,
    RecordFile as RecordFile,
    ReferenceData as ReferenceData,
    RsaPrivateKey as RsaPrivateKey,
    TransparentFile as TransparentFile,
    any_of as any_of,
)
from .port import CardPort as CardPort, CardWrapper as CardWrapper
from .rsa import pad_v15 as pad_v15, private_operation as private_operation
from .settings import Interface as Interface, Settings as Settings
