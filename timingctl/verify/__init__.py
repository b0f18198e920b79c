"""Determinism as a check: cases are built under a matrix of ways, which must all agree.

``cases`` reads cases, ``layouts`` writes exports anew in other formats and orders, ``matrix``
builds and compares.
"""
