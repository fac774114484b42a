from .asking import (
    conversion_texts as conversion_texts,
    counter_text as counter_text,
    enter as enter,
    form_of_another as form_of_another,
    hints as hints,
    weakness_text as weakness_text,
)
from .changing import JUKI_NOTES as JUKI_NOTES, ChangeOptions as ChangeOptions, PinChange as PinChange
from .commands import ChangeReport as ChangeReport, presented as presented
from .hidden_counter import unhide as unhide
from .options import PinOptions as PinOptions, Reopen as Reopen, Shield as Shield, unshielded as unshielded
from .pad import PinPad as PinPad
from .person import (
    CardWanted as CardWanted,
    Decision as Decision,
    Notice as Notice,
    NoticeKind as NoticeKind,
    Person as Person,
    Question as Question,
    SecretQuestion as SecretQuestion,
)
from .presenting import TryPolicy as TryPolicy, check_tries as check_tries
from .record import (
    PinOutcome as PinOutcome,
    PinReport as PinReport,
    TryUse as TryUse,
    attach as attach,
    pin_report as pin_report,
)
from .request import PinRequest as PinRequest
from .rules import (
    Conversion as Conversion,
    FormFault as FormFault,
    Weakness as Weakness,
    form_fault as form_fault,
    normalise as normalise,
    require_form as require_form,
    require_strong as require_strong,
    weaknesses as weaknesses,
)
from .secret import Secret as Secret
from .seen_card import SeenCard as SeenCard, require_same as require_same, see as see
