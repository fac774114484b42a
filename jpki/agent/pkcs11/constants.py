"""Numbers of PKCS #11 (OASIS PKCS #11 Base Specification 2.40 and 3.0, pkcs11t.h), as far as they are used."""

from __future__ import annotations

import enum


class Rv(enum.IntEnum):
    """CK_RV: how a call ended."""

    OK = 0x000
    HOST_MEMORY = 0x002
    SLOT_ID_INVALID = 0x003
    GENERAL_ERROR = 0x005
    FUNCTION_FAILED = 0x006
    ARGUMENTS_BAD = 0x007
    NO_EVENT = 0x008
    ATTRIBUTE_SENSITIVE = 0x011
    ATTRIBUTE_TYPE_INVALID = 0x012
    DATA_INVALID = 0x020
    DATA_LEN_RANGE = 0x021
    DEVICE_ERROR = 0x030
    DEVICE_MEMORY = 0x031
    DEVICE_REMOVED = 0x032
    FUNCTION_CANCELED = 0x050
    FUNCTION_NOT_SUPPORTED = 0x054
    KEY_HANDLE_INVALID = 0x060
    KEY_TYPE_INCONSISTENT = 0x063
    KEY_FUNCTION_NOT_PERMITTED = 0x068
    MECHANISM_INVALID = 0x070
    MECHANISM_PARAM_INVALID = 0x071
    OBJECT_HANDLE_INVALID = 0x082
    OPERATION_ACTIVE = 0x090
    OPERATION_NOT_INITIALIZED = 0x091
    PIN_INCORRECT = 0x0A0
    PIN_INVALID = 0x0A1
    PIN_LOCKED = 0x0A4
    SESSION_COUNT = 0x0B1
    SESSION_HANDLE_INVALID = 0x0B3
    SESSION_PARALLEL_NOT_SUPPORTED = 0x0B4
    TOKEN_NOT_PRESENT = 0x0E0
    TOKEN_NOT_RECOGNIZED = 0x0E1
    TOKEN_WRITE_PROTECTED = 0x0E2
    USER_ALREADY_LOGGED_IN = 0x100
    USER_NOT_LOGGED_IN = 0x101
    USER_PIN_NOT_INITIALIZED = 0x102
    USER_TYPE_INVALID = 0x103
    RANDOM_NO_RNG = 0x121
    BUFFER_TOO_SMALL = 0x150
    STATE_UNSAVEABLE = 0x180
    CRYPTOKI_NOT_INITIALIZED = 0x190
    FUNCTION_REJECTED = 0x200


class Attribute(enum.IntEnum):
    """CK_ATTRIBUTE_TYPE of what the objects of a card have."""

    CLASS = 0x000
    TOKEN = 0x001
    PRIVATE = 0x002
    LABEL = 0x003
    VALUE = 0x011
    CERTIFICATE_TYPE = 0x080
    ISSUER = 0x081
    SERIAL_NUMBER = 0x082
    TRUSTED = 0x086
    CERTIFICATE_CATEGORY = 0x087
    KEY_TYPE = 0x100
    SUBJECT = 0x101
    ID = 0x102
    SENSITIVE = 0x103
    ENCRYPT = 0x104
    DECRYPT = 0x105
    WRAP = 0x106
    UNWRAP = 0x107
    SIGN = 0x108
    SIGN_RECOVER = 0x109
    VERIFY = 0x10A
    VERIFY_RECOVER = 0x10B
    DERIVE = 0x10C
    START_DATE = 0x110
    END_DATE = 0x111
    MODULUS = 0x120
    MODULUS_BITS = 0x121
    PUBLIC_EXPONENT = 0x122
    PRIVATE_EXPONENT = 0x123
    PRIME_1 = 0x124
    PRIME_2 = 0x125
    EXPONENT_1 = 0x126
    EXPONENT_2 = 0x127
    COEFFICIENT = 0x128
    PUBLIC_KEY_INFO = 0x129
    EXTRACTABLE = 0x162
    LOCAL = 0x163
    NEVER_EXTRACTABLE = 0x164
    ALWAYS_SENSITIVE = 0x165
    MODIFIABLE = 0x170
    COPYABLE = 0x171
    ALWAYS_AUTHENTICATE = 0x202
    WRAP_WITH_TRUSTED = 0x210
    ALLOWED_MECHANISMS = 0x40000600


class ObjectClass(enum.IntEnum):
    """What an object on a token is, a certificate or a key: CK_OBJECT_CLASS."""

    CERTIFICATE = 1
    PUBLIC_KEY = 2
    PRIVATE_KEY = 3


class Mechanism(enum.IntEnum):
    """CK_MECHANISM_TYPE of what the keys of a card do."""

    RSA_PKCS = 0x01
    RSA_PKCS_PSS = 0x0D
    SHA256_RSA_PKCS = 0x40
    SHA384_RSA_PKCS = 0x41
    SHA512_RSA_PKCS = 0x42
    SHA256_RSA_PKCS_PSS = 0x43
    SHA256 = 0x250


class SlotFlag(enum.IntFlag):
    """Flags of CK_SLOT_INFO."""

    TOKEN_PRESENT = 0x1
    REMOVABLE_DEVICE = 0x2
    HW_SLOT = 0x4


class TokenFlag(enum.IntFlag):
    """Flags of CK_TOKEN_INFO."""

    WRITE_PROTECTED = 0x2
    USER_PIN_INITIALIZED = 0x8
    PROTECTED_AUTHENTICATION_PATH = 0x100
    TOKEN_INITIALIZED = 0x400
    USER_PIN_COUNT_LOW = 0x10000
    USER_PIN_FINAL_TRY = 0x20000
    USER_PIN_LOCKED = 0x40000


class SessionFlag(enum.IntFlag):
    """Flags of CK_SESSION_INFO."""

    RW_SESSION = 0x2
    SERIAL_SESSION = 0x4


class CancelFlag(enum.IntFlag):
    """What C_SessionCancel is to end."""

    FIND_OBJECTS = 0x40
    DIGEST = 0x400
    SIGN = 0x800


class SessionState(enum.IntEnum):
    """Whether a session may write and who is logged in: CK_STATE."""

    RO_PUBLIC = 0
    RO_USER = 1
    RW_PUBLIC = 2
    RW_USER = 3


class User(enum.IntEnum):
    """CK_USER_TYPE."""

    SO = 0
    USER = 1
    CONTEXT_SPECIFIC = 2


#: Flags of CK_MECHANISM_INFO: the card does it, and it signs.
SIGNS = 0x1 | 0x800
#: It is not done by the card, and it hashes.
DIGESTS = 0x400
#: C_WaitForSlotEvent does not wait.
DONT_BLOCK = 0x1
KEY_TYPE_RSA = 0
CERTIFICATE_X509 = 0
#: CK_CERTIFICATE_CATEGORY of the holder's certificate, and of a CA's.
CATEGORY_TOKEN_USER = 1
CATEGORY_AUTHORITY = 2
#: The mask generation function among the parameters of RSA-PSS.
MGF1_SHA256 = 2
#: CK_UNAVAILABLE_INFORMATION, here 8 bytes long, and CK_EFFECTIVELY_INFINITE.
UNAVAILABLE = 0xFFFFFFFFFFFFFFFF
EFFECTIVELY_INFINITE = 0
