"""Reading for language: spelling, grammar and agreement, by the programs that are installed for it."""
