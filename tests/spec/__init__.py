"""What docs/definitions.md says: one file a definition, each case a small table."""
