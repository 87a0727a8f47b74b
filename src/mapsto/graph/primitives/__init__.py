"""JAX's primitives, each as nodes of ONNX: one file per theme."""
