from .checking import POLICIES as POLICIES, check as check
from .results import (
    CheckItem as CheckItem,
    CheckReport as CheckReport,
    CheckResult as CheckResult,
    Reason as Reason,
    Verdict as Verdict,
)
from .signature import find_signature_fault as find_signature_fault
from .wording import (
    VERDICTS as VERDICTS,
    end_sentence as end_sentence,
    item_text as item_text,
    reason_text as reason_text,
)
