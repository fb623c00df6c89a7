"""The statements of this folder's insights, put together from the catalog's fragments and the bricks of a statement."""
