"""What became of issues: gathered from ledger and list as numbers, told on a terminal, drawn on a page."""
