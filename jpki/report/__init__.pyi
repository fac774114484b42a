from .checks import check_facts as check_facts, guide_command as guide_command
from .facts import report_facts as report_facts
from .holder_sheet import (
    SIMULATED as SIMULATED,
    TITLE as TITLE,
    Sheet as Sheet,
    render_html as render_html,
    sheet as sheet,
)
from .html import document_html as document_html
from .members import advice_facts as advice_facts, pin_facts as pin_facts
from .page import Document as Document, Problem as Problem, Section as Section, Table as Table, document as document
from .result_types import (
    AdviceFacts as AdviceFacts,
    CheckFacts as CheckFacts,
    HolderPinFacts as HolderPinFacts,
    PinFacts as PinFacts,
    ReportFacts as ReportFacts,
)
