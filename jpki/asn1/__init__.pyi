from . import der as der
from .der import DerReader as DerReader, check_nesting as check_nesting
from .strict import MAX_NESTING as MAX_NESTING, parse as parse
