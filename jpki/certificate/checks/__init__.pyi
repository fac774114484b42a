from .checking import POLICIES as POLICIES, check as check
from .results import (
    CheckItem as CheckItem,
    CheckReason as CheckReason,
    CheckReport as CheckReport,
    CheckResult as CheckResult,
    Verdict as Verdict,
)
from .signature import find_signature_fault as find_signature_fault
from .wording import (
    VERDICTS as VERDICTS,
    end_sentence as end_sentence,
    item_text as item_text,
    reason_text as reason_text,
)
