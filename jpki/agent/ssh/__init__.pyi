from .protocol import (
    AgentSession as AgentSession,
    Login as Login,
    SignRequest as SignRequest,
    identity_of as identity_of,
)
