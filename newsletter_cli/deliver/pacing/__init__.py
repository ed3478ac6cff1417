"""How fast: overall, for each provider's domains, and slower where a server asks for it."""
