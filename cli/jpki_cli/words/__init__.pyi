from .i18n import (
    MN as MN,
    M as M,
    Message as Message,
    current_language as current_language,
    detect_language as detect_language,
    set_language as set_language,
)
