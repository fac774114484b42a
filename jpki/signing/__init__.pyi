from .key import (
    MAX_SIGNATURES as MAX_SIGNATURES,
    SigningKey as SigningKey,
    open_key as open_key,
    pin_for_key as pin_for_key,
    require_key as require_key,
    signing_key as signing_key,
)
from .time_stamp_service import TimeStampService as TimeStampService
from .wording import (
    LAW as LAW,
    REASONS as REASONS,
    heading as heading,
    opening_lines as opening_lines,
    ordered as ordered,
)
