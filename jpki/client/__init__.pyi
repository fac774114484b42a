from .card import Attributes as Attributes, Card as Card, connect as connect
from .diagnosing import Diagnosis as Diagnosis, diagnose as diagnose, support_report as support_report
from .files import (
    FilesToSign as FilesToSign,
    SignedFile as SignedFile,
    SignedKind as SignedKind,
    default_target as default_target,
    kind_of as kind_of,
    sign_file as sign_file,
    signing_job as signing_job,
    verify_file as verify_file,
)
from .service import CardService as CardService, use_service as use_service
from .watching import (
    ReaderChange as ReaderChange,
    ReaderEvent as ReaderEvent,
    Watch as Watch,
    readers as readers,
    watch as watch,
)
