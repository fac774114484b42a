"""The X.509 certificates of this card: what they say, until when they run, and each check of them by itself."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "certificate": ("Certificate", "write_pem"),
        "description": ("notes", "period_calendar", "rows"),
        "details": ("read_details", "read_public_key"),
        "extensions": (
            "DIGITAL_SIGNATURE",
            "EXTENDED_KEY_USAGE",
            "Extensions",
            "KEY_CERT_SIGN",
            "NON_REPUDIATION",
            "read_extensions",
        ),
        "issuers": ("Issuers", "LIST_DATE", "matching"),
        "names": ("DistinguishedName", "GeneralName"),
        "openssh": ("openssh_public_key",),
        "period": (
            "EndRule",
            "JST",
            "Period",
            "PeriodState",
            "RENEWAL_MONTHS",
            "end_rules",
            "in_japan",
            "period_of",
            "renewal_days",
        ),
        "personal_attributes": ("Era", "PersonalAttributes", "RegisteredText", "Sex", "SexCode", "read_sex"),
        "summary": ("CertificateSummary", "MAX_CERTIFICATE", "Validity", "read_tbs_prefix", "read_summary", "split"),
        "trust": ("TEST_LABEL", "is_test_issuer", "issuer_label", "known_issuer"),
        "wording": ("card_end_sentence", "issuer_sentence", "period_sentence", "personal_rows", "sex_text"),
    },
)
