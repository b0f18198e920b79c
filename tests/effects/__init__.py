"""Effects: worlds worked out by hand, numbers of other programs, and a slow obvious model."""
