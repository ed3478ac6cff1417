"""Announcements for chats and networks, from templates. The plain one of the build is in `renditions.py`."""
