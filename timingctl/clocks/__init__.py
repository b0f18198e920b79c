"""Clocks: opening hours, holidays, and the business time between two instants."""
