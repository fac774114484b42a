from .about_page import AboutPage as AboutPage
from .counter_start import run_counter as run_counter, run_counter_card as run_counter_card
from .doctor_page import DoctorPage as DoctorPage
from .guide_page import GuidePage as GuidePage
from .papers_page import PapersPage as PapersPage
