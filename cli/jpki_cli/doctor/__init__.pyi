from . import screen as screen
from .collecting import collect_facts as collect_facts
