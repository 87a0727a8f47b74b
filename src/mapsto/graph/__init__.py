"""The function as a graph: written, run, and kept in a file.

A trace of the function becomes an ONNX graph (`lower`, `primitives/`) behind the
door of typed columns (`nodes`); ONNX Runtime runs it (`run`, after `vet`); the
`.mapsto` file keeps it (`archive`). `predict` needs only `run`, `vet` and `archive`,
which import neither JAX nor the writers.
"""
