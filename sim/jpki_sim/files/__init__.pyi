from .cardcheck import check as check
from .cardfile import load as load, save as save, to_bytes as to_bytes
from .cardlock import CardFileLock as CardFileLock
from .loading import LoadedCard as LoadedCard, is_path as is_path, open_card as open_card, require_file as require_file
