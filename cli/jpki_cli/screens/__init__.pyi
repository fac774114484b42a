from . import attributes as attributes, certificate as certificate, check as check, signature as signature
from .certificate import issuer_sentence as issuer_sentence, period_calendar as period_calendar
from .certificate_object import certificate_json as certificate_json
from .check import VERDICT_COLOURS as VERDICT_COLOURS, VERDICTS as VERDICTS
from .guide import (
    line_facts as line_facts,
    list_lines as list_lines,
    observed_lines as observed_lines,
    title_facts as title_facts,
    topic_lines as topic_lines,
)
from .json_facts import (
    advice_facts as advice_facts,
    certificate_facts as certificate_facts,
    day as day,
    pin_facts as pin_facts,
)
from .periods import period_sentence as period_sentence
from .status import pin_lines as pin_lines, render_status as render_status
from .status_words import status_word_text as status_word_text
from .survey import comparison_facts as comparison_facts, render_survey as render_survey
