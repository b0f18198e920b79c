"""The app's PostgreSQL: pulling its tables, pushing events back, and the DDL of the event's table.

``dsn`` reads connection strings, ``session`` runs SQL and turns errors into sentences,
``catalog`` tells what the database has, ``ddl`` how it is made; ``pull`` and ``push`` do the work.
"""
