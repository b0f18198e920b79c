"""Reports on a file of events: what is asked (options), read (sources), computed, shown.

A section is a module of `sections`: its relations, figures, words and charts. `figures` asks each
for its figures and never prints; `formats`, `grids` and `page` lay them out.
"""
