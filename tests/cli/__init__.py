"""The command line by its stdout, stderr and exit code."""
