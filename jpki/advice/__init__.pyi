from .advising import advise as advise
from .age import GUIDANCE_MONTH as GUIDANCE_MONTH, freshness as freshness
from .card_rules import Action as Action, Need as Need, Place as Place
from .card_table import CARD_RULES as CARD_RULES
from .card_table_ends import CARD_EXPIRED as CARD_EXPIRED, CARD_RENEWABLE as CARD_RENEWABLE
from .card_table_pins import PIN_BLOCKED_ONE_CERTIFICATE as PIN_BLOCKED_ONE_CERTIFICATE
from .model import Applicant as Applicant, Expiring as Expiring, GuideRule as GuideRule, Part as Part, Town as Town
from .rules import (
    Advice as Advice,
    advise_status as advise_status,
    unfit_lines as unfit_lines,
    verdict_on as verdict_on,
)
from .sources import Scope as Scope
from .topics import (
    TITLES as TITLES,
    TOPICS as TOPICS,
    first_lines as first_lines,
    lines as lines,
    usual_applicant as usual_applicant,
)
from .trouble import advice_about as advice_about, pin_in_trouble as pin_in_trouble
from .wording import origin as origin
