"""Lists of leads to work on."""
