"""Commands, responses and data objects of ISO/IEC 7816-4, without any knowledge of a particular card."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "": ("tlv",),
        "apdu": ("CommandApdu", "ResponseApdu"),
        "card": (
            "BLOCK",
            "CHANGE_KEY",
            "CHANGE_REFERENCE_DATA",
            "Iso7816Card",
            "MAX_EF",
            "PKCS1_V15",
            "PSS_SHA256",
            "VERIFY",
            "WHOLE",
        ),
        "redact": ("command_name", "describe_raw", "describe_response"),
        "status": ("RetryState", "RetryStatus", "StatusWord", "parse_retry_status"),
        "tlv": ("MAX_HEADER", "Tlv", "TlvHeader", "encode", "expect", "read_all", "read_header", "read_one"),
        "trace": ("TraceWriter", "TracingConnection"),
    },
)
