"""The behaviour of the spec: one file a definition, each case a small table."""
