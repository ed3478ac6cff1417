"""Asking at an address of the web: how it is written, whether it may be asked, and the asking itself."""
