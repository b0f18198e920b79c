"""Lists of leads to work on, of an inbox: who waits, who waited, and what was not sent."""
