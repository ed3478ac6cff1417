"""One rule per module: a pure function that yields findings. The link checker and the browser are adapters.

`catalogue.py` has all rules. It is not imported here: who asks for a link or a place need not load them.
"""
