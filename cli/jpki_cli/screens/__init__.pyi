from . import attributes as attributes, certificate as certificate, check as check, signature as signature
from .certificate_object import note_certificate as note_certificate
from .check import VERDICT_COLOURS as VERDICT_COLOURS
from .guide import (
    line_facts as line_facts,
    list_lines as list_lines,
    observed_lines as observed_lines,
    title_facts as title_facts,
    topic_lines as topic_lines,
)
from .json_facts import certificate_facts as certificate_facts, day as day
from .report import document_text as document_text
from .sheet import render_sheet as render_sheet
from .status import pin_lines as pin_lines, render_status as render_status
from .status_words import status_word_text as status_word_text
from .survey import note_comparison as note_comparison, render_survey as render_survey
