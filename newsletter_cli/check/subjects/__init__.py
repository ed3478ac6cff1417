"""What the rules are given: an issue as its editors typed it, and as its readers get it."""
