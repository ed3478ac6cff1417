"""`nl preview`: the issue as every reader will see it, live in a local page."""
