"""The smallest network for a known function, with its certificate."""
