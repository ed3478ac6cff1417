"""SMTP: replies and dialogue apart from sockets, opening a connection, and one thread that drives them all."""
