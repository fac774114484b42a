"""Hashes, algorithms and signatures as the card and its certificates use them."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "algorithms": ("PublicKey", "SignatureAlgorithm"),
        "digest_info": ("Digest",),
        "rsa_signature": ("check_pss_signature", "check_signature"),
        "schemes": ("Padding", "Scheme"),
    },
)
