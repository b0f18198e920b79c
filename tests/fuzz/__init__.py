"""Input that nobody thought of: whatever it is, no crash, no hang, and every row accounted for."""
