from .newcard import new_card as new_card
from .people import with_check_digit as with_check_digit
from .shipped import (
    Persona as Persona,
    fault_presets as fault_presets,
    find_persona as find_persona,
    persona_names as persona_names,
    personas as personas,
)
