"""The back-office pages of units, posts and people."""
