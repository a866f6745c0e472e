"""Mail servers for tests, on loopback: pymap embedded, a private Dovecot, a scripted liar, a proxy that cuts."""
