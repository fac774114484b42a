from .ask import main as main
from .at_start import tell_unseen as tell_unseen
from .flow import PinFlow as PinFlow, Use as Use
from .pages import Outcome as Outcome, OutcomePage as OutcomePage
from .person import WindowPerson as WindowPerson
from .starting import (
    can_be_used as can_be_used,
    has_usable as has_usable,
    start as start,
    start_attributes as start_attributes,
    start_change as start_change,
    start_check as start_check,
    start_sign_certificate as start_sign_certificate,
)
from .unseen import default_folder as default_folder, left_behind as left_behind
