from .codes import Check as Check, Reason as Reason, Step as Step
from .examining import CHECKS as CHECKS, examine as examine
from .facts import Facts as Facts, Pcsc as Pcsc
from .findings import Finding as Finding
from .obstacles import first_obstacle as first_obstacle, system_names as system_names
from .searching import Found as Found, search as search
from .wording import check_codes as check_codes, what as what
