from .facts import Agreement as Agreement, Comparison as Comparison, compare as compare
from .presenting import PINS as PINS
from .result import MAX_BYTES as MAX_BYTES, SCHEMA as SCHEMA, SurveyResult as SurveyResult, parse_result as parse_result
from .result_types import (
    ComparisonFacts as ComparisonFacts,
    SurveyMembers as SurveyMembers,
    VerdictCounts as VerdictCounts,
)
from .run import Survey as Survey, is_full as is_full
from .wording import WHAT_IS_ASKED as WHAT_IS_ASKED, WHAT_IT_HOLDS as WHAT_IT_HOLDS
