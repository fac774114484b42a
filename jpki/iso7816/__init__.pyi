from . import tlv as tlv
from .apdu import CommandApdu as CommandApdu, ResponseApdu as ResponseApdu
from .card import (
    BLOCK as BLOCK,
    CHANGE_KEY as CHANGE_KEY,
    CHANGE_REFERENCE_DATA as CHANGE_REFERENCE_DATA,
    MAX_EF as MAX_EF,
    PKCS1_V15 as PKCS1_V15,
    PSS_SHA256 as PSS_SHA256,
    VERIFY as VERIFY,
    WHOLE as WHOLE,
    Iso7816Card as Iso7816Card,
)
from .redact import command_name as command_name, describe_raw as describe_raw, describe_response as describe_response
from .status import (
    RetryState as RetryState,
    RetryStatus as RetryStatus,
    StatusWord as StatusWord,
    parse_retry_status as parse_retry_status,
)
from .tlv import (
    MAX_HEADER as MAX_HEADER,
    Tlv as Tlv,
    TlvHeader as TlvHeader,
    encode as encode,
    expect as expect,
    read_all as read_all,
    read_header as read_header,
    read_one as read_one,
)
from .trace import TraceWriter as TraceWriter, TracingConnection as TracingConnection
