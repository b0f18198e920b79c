"""The tests: see docs/development.md for which kind lies where."""
