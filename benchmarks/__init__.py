"""How fast timingctl is, beside other ways to the same events: `python -m benchmarks --help`."""
