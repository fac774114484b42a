from .encodings import (
    can_encode as can_encode,
    lacks_japanese as lacks_japanese,
    make_streams_lenient as make_streams_lenient,
)
from .hygiene import (
    CommandLineError as CommandLineError,
    CommandLineFault as CommandLineFault,
    SecretCommand as SecretCommand,
    SecretGroup as SecretGroup,
    describe_unexpected as describe_unexpected,
    install_excepthook as install_excepthook,
)
from .interrupts import (
    TURN_SECONDS as TURN_SECONDS,
    Terminated as Terminated,
    finish as finish,
    heard as heard,
    insistent as insistent,
    raise_on_termination as raise_on_termination,
    shielded as shielded,
)
from .script_secrets import (
    BatchFault as BatchFault,
    ScriptSecretError as ScriptSecretError,
    read_secrets as read_secrets,
)
from .streams import (
    can_flush as can_flush,
    discard as discard,
    named_columns as named_columns,
    send_out as send_out,
)
