"""PKCS #11 over p11-kit's remote procedure calls: frames, calls, sessions, objects and signatures."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "service": ("Service",),
        "tokens": ("KeyCertificates", "Labels", "SignatureCertificates", "Slot"),
    },
)
