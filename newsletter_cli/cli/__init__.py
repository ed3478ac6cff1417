"""The commands: each reads its options, calls one flow and shows the result."""
