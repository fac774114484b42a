"""The facts of a diagnosis, as this computer shows them: read-only, without network, each look bounded."""
