"""Against a real PostgreSQL, never a mock: pull, push, and what may go wrong between."""
