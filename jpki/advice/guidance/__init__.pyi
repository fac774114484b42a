from . import (
    applications as applications,
    certificates as certificates,
    contacts as contacts,
    events as events,
    examples as examples,
    pins as pins,
    reset as reset,
    store as store,
)
