from .about_page import AboutPage as AboutPage
from .counter_start import run_counter as run_counter, run_counter_card as run_counter_card
from .doctor_page import DoctorPage as DoctorPage
from .failing import failure_parts as failure_parts, failure_words as failure_words
from .flowing import line as line
from .guide_page import GuidePage as GuidePage
from .laying import (
    Page as Page,
    Results as Results,
    add_row as add_row,
    banner as banner,
    breakable as breakable,
    heading as heading,
    verdict_grid as verdict_grid,
)
from .papers_page import PapersPage as PapersPage
from .saving import save as save, saved_words as saved_words
