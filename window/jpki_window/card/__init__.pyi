from .page import CardPage as CardPage
from .simulated import SimulatedDialog as SimulatedDialog, use_simulated as use_simulated
from .verdict import headline as headline
