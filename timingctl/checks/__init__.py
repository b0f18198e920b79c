"""Rules that an inbox must hold, for cron and CI: what is measured, and what may be."""
