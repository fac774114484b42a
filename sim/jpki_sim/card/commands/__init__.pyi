from .answering import answer as answer
from .command import parse as parse
