from .service import MAX_SSH_CLIENTS as MAX_SSH_CLIENTS, Journal as Journal, SshService as SshService
