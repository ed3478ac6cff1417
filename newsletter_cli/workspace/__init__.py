"""What is on disk: the workspace, its section files, templates and images."""
