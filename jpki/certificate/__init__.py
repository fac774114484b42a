"""The X.509 certificates of this card: what they say, until when they run, and each check of them by itself."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "calendar": ("CalendarTexts", "renewal_calendar"),
        "certificate": ("Certificate", "write_pem"),
        "check_results": ("CheckItem", "CheckReport", "CheckResult", "Reason", "Verdict"),
        "checking": ("POLICIES", "check"),
        "details": ("CertificateDetails", "read_details", "read_public_key"),
        "extensions": ("NON_REPUDIATION",),
        "issuers": ("Issuers", "LIST_DATE", "matching"),
        "names": ("DistinguishedName", "GeneralName"),
        "openssh": ("openssh_public_key",),
        "period": (
            "JST",
            "Period",
            "PeriodState",
            "RENEWAL_MONTHS",
            "end_rules",
            "in_japan",
            "period_of",
            "renewal_days",
        ),
        "personal_attributes": ("PersonalAttributes", "RegisteredText", "SexCode", "read_sex"),
        "summary": ("CertificateSummary", "MAX_CERTIFICATE", "Validity", "begin_signed_part", "read_summary", "split"),
        "trust": ("TEST_LABEL", "is_test_issuer", "issuer_label", "pin_of_certificate"),
    },
)
