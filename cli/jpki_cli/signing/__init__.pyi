from .card_ca import CardCa as CardCa, lacks_ca as lacks_ca
from .files import sign_all as sign_all
from .jobs import Plan as Plan, make_plan as make_plan
from .options import SignOptions as SignOptions
