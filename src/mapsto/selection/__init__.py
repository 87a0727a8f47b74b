"""Hyperparameters and families are chosen on rows that training has not seen."""
