from . import installing as installing
from .cards import card_access as card_access
from .dialog_order import DIALOGS as DIALOGS, dialogs as dialogs
from .installing import Done as Done
from .locations import learned_folder as learned_folder, own_places as own_places, places as places
from .starting import connect_or_start as connect_or_start
from .words import DialogWords as DialogWords, TokenLabels as TokenLabels
