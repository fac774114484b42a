from .following import Following as Following, Progress as Progress
from .job import SigningJob as SigningJob
from .judging import VerifyReport as VerifyReport, judge as judge
from .pdf_refusals import (
    PARTS as PARTS,
    looks_like_pdf as looks_like_pdf,
    parts_of as parts_of,
    pdf_faults as pdf_faults,
)
from .resuming import Kept as Kept, keep as keep, require_same_signer as require_same_signer
from .signing import Turns as Turns, require_certificate as require_certificate, sign_in_turns as sign_in_turns
from .sources import UNSIGNED_PARTS as UNSIGNED_PARTS
from .target import FileTarget as FileTarget, check_writable as check_writable
from .wording import (
    HOLDS_PERSONAL_DATA as HOLDS_PERSONAL_DATA,
    PERIOD_PROBABLY_OVER as PERIOD_PROBABLY_OVER,
    period_warning as period_warning,
    turns_words as turns_words,
)
