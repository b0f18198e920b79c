"""Hostile input: every case runs the real command line and gives its exact words and exit code."""
