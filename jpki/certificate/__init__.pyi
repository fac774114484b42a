from .certificate import Certificate as Certificate, write_pem as write_pem
from .description import notes as notes, period_calendar as period_calendar, rows as rows
from .details import read_details as read_details, read_public_key as read_public_key
from .extensions import (
    DIGITAL_SIGNATURE as DIGITAL_SIGNATURE,
    EXTENDED_KEY_USAGE as EXTENDED_KEY_USAGE,
    KEY_CERT_SIGN as KEY_CERT_SIGN,
    NON_REPUDIATION as NON_REPUDIATION,
    Extensions as Extensions,
    read_extensions as read_extensions,
)
from .issuers import LIST_DATE as LIST_DATE, Issuers as Issuers, matching as matching
from .names import DistinguishedName as DistinguishedName, GeneralName as GeneralName
from .openssh import openssh_public_key as openssh_public_key
from .period import (
    JST as JST,
    RENEWAL_MONTHS as RENEWAL_MONTHS,
    EndRule as EndRule,
    Period as Period,
    PeriodState as PeriodState,
    end_rules as end_rules,
    in_japan as in_japan,
    period_of as period_of,
    renewal_days as renewal_days,
)
from .personal_attributes import (
    Era as Era,
    PersonalAttributes as PersonalAttributes,
    RegisteredText as RegisteredText,
    Sex as Sex,
    SexCode as SexCode,
    read_sex as read_sex,
)
from .summary import (
    MAX_CERTIFICATE as MAX_CERTIFICATE,
    CertificateSummary as CertificateSummary,
    Validity as Validity,
    read_summary as read_summary,
    read_tbs_prefix as read_tbs_prefix,
    split as split,
)
from .trust import (
    TEST_LABEL as TEST_LABEL,
    is_test_issuer as is_test_issuer,
    issuer_label as issuer_label,
    known_issuer as known_issuer,
)
from .wording import (
    card_end_sentence as card_end_sentence,
    issuer_sentence as issuer_sentence,
    period_sentence as period_sentence,
    personal_rows as personal_rows,
    sex_text as sex_text,
)
