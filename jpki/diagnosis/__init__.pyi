from .causes import Cause as Cause, Details as Details, Obstacle as Obstacle
from .codes import Check as Check, Reason as Reason, Step as Step
from .examining import CHECKS as CHECKS, examine as examine
from .facts import Facts as Facts, Pcsc as Pcsc, ServiceManager as ServiceManager
from .findings import Finding as Finding, Outcome as Outcome
from .reader import target as target
from .remedies import AS_ROOT as AS_ROOT
