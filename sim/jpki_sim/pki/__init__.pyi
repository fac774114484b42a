from . import der as der, x509 as x509
from .issuers import (
    ISSUERS as ISSUERS,
    Issuer as Issuer,
    Use as Use,
    anchors as anchors,
    generation_at as generation_at,
    serial_at as serial_at,
)
from .keys import (
    decode_key as decode_key,
    decode_p384_key as decode_p384_key,
    encode_key as encode_key,
    encode_p384_key as encode_p384_key,
    generate_key as generate_key,
    generate_p384_key as generate_p384_key,
    is_p384 as is_p384,
    key_identifier as key_identifier,
    public_key_info as public_key_info,
    shipped_key as shipped_key,
    shipped_key_names as shipped_key_names,
    shipped_p384_key as shipped_p384_key,
    shipped_p384_names as shipped_p384_names,
    sign_digests as sign_digests,
    sign_sha256 as sign_sha256,
)
