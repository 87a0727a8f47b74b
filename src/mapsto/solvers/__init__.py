"""How parameters are found. Solvers know arrays and pytrees, never families."""
