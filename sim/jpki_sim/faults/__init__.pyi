from .injector import FaultyCard as FaultyCard
from .plan import FaultPlanError as FaultPlanError, parse_faults as parse_faults
