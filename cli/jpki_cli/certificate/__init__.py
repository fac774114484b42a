"""Certificates from the card and from files."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "ca_options": ("issuer_options", "read_expected_signer", "read_issuers", "simulated_issuers"),
        "reading": ("script_secret", "read_certificate"),
    },
)
