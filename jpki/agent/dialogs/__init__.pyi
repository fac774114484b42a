from .askpass import AskpassDialog as AskpassDialog
from .desk import Answer as Answer, Desk as Desk
from .pinentry import PinentryDialog as PinentryDialog
from .process import find_program as find_program
from .program import ProgramDialog as ProgramDialog
from .questions import (
    ChoiceText as ChoiceText,
    Dialog as Dialog,
    DialogQuestion as DialogQuestion,
    Grant as Grant,
    Purpose as Purpose,
    SecretText as SecretText,
    Use as Use,
    Words as Words,
)
