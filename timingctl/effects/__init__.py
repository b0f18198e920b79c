"""What can be said of cause, and of inbounds that nobody answered. Numbers in, documents out.

The definitions are in docs/effects.md. The estimators are pure functions over NumPy arrays, which
sum in a fixed order: the same input gives the same bytes, whatever the number of threads.
"""
