from .documents import (
    encode_document as encode_document,
    naming as naming,
    read_document as read_document,
    replace_file as replace_file,
)
from .edit import put as put, set_value as set_value
from .fields import write_object as write_object
from .model import (
    KEY_NAMES as KEY_NAMES,
    NEXT_GENERATION as NEXT_GENERATION,
    NOTE as NOTE,
    PIN_NAMES as PIN_NAMES,
    SCHEMA as SCHEMA,
    CardFacts as CardFacts,
    CardFile as CardFile,
    CertificateEntry as CertificateEntry,
    Defect as Defect,
    Holder as Holder,
    Kind as Kind,
    Municipality as Municipality,
    PinEntry as PinEntry,
    as_model as as_model,
)
