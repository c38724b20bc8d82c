"""A small source over rows of an ordinary table, so that it also works across processes."""
