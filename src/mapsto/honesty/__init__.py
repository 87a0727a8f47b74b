"""How far a function may be trusted: pure functions of arrays."""
