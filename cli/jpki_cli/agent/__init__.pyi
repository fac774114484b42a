from . import installing as installing, nss as nss
from .cards import card_access as card_access
from .dialog_order import DialogKind as DialogKind, dialogs as dialogs, ssh_dialogs as ssh_dialogs
from .installing import Done as Done, address as address
from .locations import Places as Places, learned_folder as learned_folder, own_places as own_places, places as places
from .options import use_options as use_options
from .running import (
    not_made as not_made,
    open_door as open_door,
    run_until_end as run_until_end,
    unsafe_folder as unsafe_folder,
)
from .ssh_journal import TerminalJournal as TerminalJournal
from .ssh_key import require_ssh_key as require_ssh_key
from .starting import connect_or_start as connect_or_start
from .words import DialogWords as DialogWords, TokenLabels as TokenLabels
