from .bounded import LocalFiles as LocalFiles
from .cards import LiveCards as LiveCards, Look as Look, SimulatedCards as SimulatedCards
from .collector import CollectedFacts as CollectedFacts, collect as collect
