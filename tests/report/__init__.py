"""`timingctl report` and `timingctl lead`, held to the spec."""
