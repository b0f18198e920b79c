"""The inbox file: its tables held to small readable cases, and to a slow obvious model."""
