"""`Issue` → post, e-mail, text, calendar, announcement. Pure: whatever varies comes as an argument."""
