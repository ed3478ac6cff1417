"""Who may be written to: list sources, validity, consent, suppression, selection."""
