from .failing import (
    failure_code as failure_code,
    failure_parts as failure_parts,
    failure_words as failure_words,
    why_no_card as why_no_card,
)
from .guidance import rule_words as rule_words, way_buttons as way_buttons
from .laying import (
    Page as Page,
    Results as Results,
    add_row as add_row,
    banner as banner,
    heading as heading,
    verdict_grid as verdict_grid,
)
from .printing import SMALL as SMALL, print_html as print_html
from .saving import save as save, saved_words as saved_words
from .sentences import (
    GOOD_SIGN as GOOD_SIGN,
    WARNING_SIGN as WARNING_SIGN,
    Say as Say,
    Sentences as Sentences,
    for_window as for_window,
    paragraph as paragraph,
)
