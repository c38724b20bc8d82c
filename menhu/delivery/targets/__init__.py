"""Other places that get the public tree, driven by its signed manifest."""
