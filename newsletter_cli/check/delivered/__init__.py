"""What arrived beside what was handed over: each difference named, what only travels otherwise is none."""
