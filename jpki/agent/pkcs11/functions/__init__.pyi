from .hashing import DigestCalls as DigestCalls
from .objects import ObjectCalls as ObjectCalls
from .sessions import SessionCalls as SessionCalls
from .signing import SignCalls as SignCalls
from .slots import SlotCalls as SlotCalls
