"""`menhu serve`: everything an install needs, in one command."""
