from .service import Service as Service
from .tokens import (
    KeyCertificates as KeyCertificates,
    Labels as Labels,
    SignatureCertificates as SignatureCertificates,
    Slot as Slot,
)
