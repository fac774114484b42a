from .calendar import CalendarTexts as CalendarTexts, renewal_calendar as renewal_calendar
from .certificate import Certificate as Certificate, write_pem as write_pem
from .check_results import (
    CheckItem as CheckItem,
    CheckReport as CheckReport,
    CheckResult as CheckResult,
    Reason as Reason,
    Verdict as Verdict,
)
from .checking import POLICIES as POLICIES, check as check
from .details import (
    CertificateDetails as CertificateDetails,
    read_details as read_details,
    read_public_key as read_public_key,
)
from .extensions import NON_REPUDIATION as NON_REPUDIATION
from .issuers import LIST_DATE as LIST_DATE, Issuers as Issuers, matching as matching
from .names import DistinguishedName as DistinguishedName, GeneralName as GeneralName
from .openssh import openssh_public_key as openssh_public_key
from .period import (
    JST as JST,
    RENEWAL_MONTHS as RENEWAL_MONTHS,
    Period as Period,
    PeriodState as PeriodState,
    end_rules as end_rules,
    in_japan as in_japan,
    period_of as period_of,
    renewal_days as renewal_days,
)
from .personal_attributes import (
    PersonalAttributes as PersonalAttributes,
    RegisteredText as RegisteredText,
    SexCode as SexCode,
    read_sex as read_sex,
)
from .summary import (
    MAX_CERTIFICATE as MAX_CERTIFICATE,
    CertificateSummary as CertificateSummary,
    Validity as Validity,
    begin_signed_part as begin_signed_part,
    read_summary as read_summary,
    split as split,
)
from .trust import (
    TEST_LABEL as TEST_LABEL,
    is_test_issuer as is_test_issuer,
    issuer_label as issuer_label,
    pin_of_certificate as pin_of_certificate,
)
