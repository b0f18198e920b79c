"""Inboxes that are brought up to date."""
