"""The chip: commands, files, security status and keys."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("aids", "ecdsa", "sw"),
        "atr": ("CONTACTLESS_ATR", "CONTACT_ATR"),
        "card": ("SimulatedCard",),
        "connection": ("SimulatedConnection",),
        "filesystem": (
            "CardImage",
            "ChangeCommand",
            "DedicatedFile",
            "EcPrivateKey",
            "ElementaryFile",
            "FREE",
            "KeyFile",
            "NEVER",
            "OpaqueKeyFile",
            "PrivateKey",
            "ReadCondition",
            "RecordFile",
            "ReferenceData",
            "RsaPrivateKey",
            "TransparentFile",
            "any_of",
        ),
        "port": ("CardPort", "CardWrapper"),
        "rsa": ("pad_v15", "private_operation"),
        "settings": ("Interface", "Settings"),
    },
)
