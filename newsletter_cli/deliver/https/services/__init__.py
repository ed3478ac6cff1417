"""One module a service: a message becomes a request, an answer what became of the message. Pure."""
