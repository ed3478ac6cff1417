"""`nl archive`: which issues readers have had, what is made of them, and the folder it is written to."""
