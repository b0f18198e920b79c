"""Tests of clocks: business time, holidays, and times as people say them."""
