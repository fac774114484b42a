from .certificates import certificate_key as certificate_key
from .pins import PHONE_PINS as PHONE_PINS, PIN_RULES as PIN_RULES
from .profile import build_image as build_image, card_atr as card_atr
