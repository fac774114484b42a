"""What one card answers where docs/card.md is not sure, found out without harm and without personal data."""

from jpki.doors import door

__getattr__, __all__ = door(
    __name__,
    {
        "facts": ("Comparison", "Agreement", "compare"),
        "presenting": ("PINS",),
        "result": ("MAX_BYTES", "SCHEMA", "SurveyResult", "parse_result"),
        "result_types": ("ComparisonFacts", "SurveyMembers", "VerdictCounts"),
        "run": ("Survey", "is_full"),
        "wording": ("WHAT_IS_ASKED", "WHAT_IT_HOLDS"),
    },
)
