"""A made-up inbox: leads, and what was written to and by them. Numbers in, frames out.

What happens in it is described in docs/generate.md; how often, by the weights and percentages in
these modules.
"""
