"""`timingctl report` and `timingctl lead`, held to docs/report.md."""
