"""Keys and TEST issuers, and the certificates that they make."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("der", "x509"),
        "issuers": ("ISSUERS", "Issuer", "Use", "anchors", "generation_at", "serial_at"),
        "keys": (
            "decode_key",
            "decode_p384_key",
            "encode_key",
            "encode_p384_key",
            "generate_key",
            "generate_p384_key",
            "is_p384",
            "key_identifier",
            "public_key_info",
            "shipped_key",
            "shipped_key_names",
            "shipped_p384_key",
            "shipped_p384_names",
            "sign_digests",
            "sign_sha256",
        ),
    },
)
