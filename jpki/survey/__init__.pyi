from .facts import Comparison as Comparison, Verdict as Verdict, compare as compare
from .presenting import PINS as PINS
from .result import MAX_BYTES as MAX_BYTES, SurveyResult as SurveyResult, parse_result as parse_result
from .run import Survey as Survey, is_full as is_full
