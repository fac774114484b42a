"""Signed files: CMS SignedData (RFC 5652) with the attributes of CAdES B-B (ETSI EN 319 122-1)."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "attributes": ("CALENDAR_YEARS",),
        "ber": ("first_object", "is_indefinite"),
        "build": ("SignedDataFrame", "frame", "signed_attributes", "signer_info"),
        "content": ("Content", "Located", "file_pieces", "hash_pieces", "hash_stream", "locate"),
        "identity": ("expect_signer",),
        "login_data": ("is_attribute_set", "require_login_data"),
        "pem": ("decode_pem",),
        "results": ("SignatureItem", "SignatureReason", "SignatureResult", "SignerIdentity", "SignerReport"),
        "signers": ("SignedData", "SignerInfo", "read_signers"),
        "smime": ("looks_like_mail", "read_mail"),
        "time_stamp": ("judge_time_stamp",),
        "time_stamp_request": (
            "TimeStampFault",
            "TimeStampRequest",
            "signature_value",
            "unsigned_attributes",
            "with_time_stamp",
        ),
        "verify": ("ContentFacts", "Trust", "verify_signer"),
    },
)
