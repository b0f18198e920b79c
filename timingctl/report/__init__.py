"""Reports on a file of events: what is asked (options), read (sources), computed (figures), shown.

`figures` computes and never prints; `grids` words its figures for people; `formats` and `page`
lay them out.
"""
