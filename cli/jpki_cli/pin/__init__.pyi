from .absent import naming_absence as naming_absence, require_certificate as require_certificate
from .argument import pin_argument as pin_argument
from .auth_key import use_auth_key as use_auth_key
from .options import (
    SecretOptions as SecretOptions,
    note_conversions as note_conversions,
    read_script_secrets as read_script_secrets,
    require_person as require_person,
    secret_options as secret_options,
    take_secret_options as take_secret_options,
)
from .person import TerminalPerson as TerminalPerson, ask_entry as ask_entry
from .sentences import REFUSED_KEY as REFUSED_KEY
from .use import (
    PinUse as PinUse,
    note_outcome as note_outcome,
    note_use as note_use,
    pin_options as pin_options,
)
