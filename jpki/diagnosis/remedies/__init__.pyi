from .all_remedies import ALL_REMEDIES as ALL_REMEDIES
from .card import CardRemedy as CardRemedy
from .programs import ProgramsRemedy as ProgramsRemedy
from .reader import ReaderRemedy as ReaderRemedy
from .record import AS_ROOT as AS_ROOT, Remedy as Remedy
from .setup import RESTART_AND_LOG as RESTART_AND_LOG, SetupRemedy as SetupRemedy
