"""The servers that the IMAP tests talk to."""

from tests.servers.fixtures import authority, dovecot, plain_dovecot, pymap

__all__ = ["authority", "dovecot", "plain_dovecot", "pymap"]
