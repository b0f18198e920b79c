"""The tool from Python."""
