"""Back-office pages of cases."""
