from . import looking as looking
from .banner import headline as headline
from .glance import Glance as Glance
from .looking import Looking as Looking
from .marks import Sign as Sign
from .page import CardPage as CardPage
from .simulated import SimulatedDialog as SimulatedDialog, use_simulated as use_simulated
from .watcher import Watcher as Watcher
from .worker import Worker as Worker
