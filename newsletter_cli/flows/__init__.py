"""One module per job: reads through the workspace, calls the pure rooms, writes the result."""
