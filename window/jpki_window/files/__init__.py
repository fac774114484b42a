"""Files in the window: signing and verifying them, and the certificates of the card."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "certificates_page": ("CertificatesPage",),
        "sign_page": ("SignPage",),
        "verify_page": ("VerifyPage",),
    },
)
