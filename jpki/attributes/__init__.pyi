from .integrity import (
    NOT_ASKED as NOT_ASKED,
    IntegrityReason as IntegrityReason,
    IntegrityReport as IntegrityReport,
    IntegrityResult as IntegrityResult,
    IntegrityVerdict as IntegrityVerdict,
    check_integrity as check_integrity,
)
from .parsing import (
    FourAttributes as FourAttributes,
    MyNumber as MyNumber,
    read_four_attributes as read_four_attributes,
    read_my_number as read_my_number,
    text_of as text_of,
)
from .reading import TextFiles as TextFiles, read_text_files as read_text_files
from .wording import LIMIT as LIMIT, UNCHECKED as UNCHECKED, attribute_rows as attribute_rows, check_rows as check_rows
