from . import screen as screen
from .collecting import collect_facts as collect_facts
from .obstacles import first_obstacle as first_obstacle, system_names as system_names
from .screen import check_facts as check_facts
