"""The colours and marks of figures on paper: those of the views' light theme."""

INK, QUIET, FUNCTION, FRESH = "#1d2733", "#5b6673", "#c8442f", "#27766f"
COLOURS = ("#2f5d8a", "#b9751c", FRESH, FUNCTION, QUIET)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""Five colours and seven marks: 35 groups before a pair comes back."""
