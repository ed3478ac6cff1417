"""Announcements of an issue: the plain one of the build, and those for chats and networks, from templates. Pure."""
