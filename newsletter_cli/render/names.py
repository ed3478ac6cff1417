"""The names of an issue's renditions: of the files in `build/N/`, and of what is said about each."""

from __future__ import annotations

POST, EMAIL, TEXT, CALENDAR, ANNOUNCEMENT = "post.md", "email.html", "email.txt", "agenda.ics", "announce.txt"
