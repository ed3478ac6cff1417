"""The laptop's half of the endpoint: its key, and what happened there since the last time."""
