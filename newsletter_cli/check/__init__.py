"""Rules, by topic: pure functions that yield findings. The link checker and the browser are adapters.

`catalogue.py` has all rules. It is not imported here: who asks for a link or a place need not load them.
"""
