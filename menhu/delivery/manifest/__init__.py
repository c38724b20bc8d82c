"""The signed manifest of the public tree: what every file must be, provable without the database."""
