"""The smallest network within a tolerance of a known function, and its proof."""

import numpy as np

import mapsto

made = mapsto.approximate("exp(-x)*cos(6*x)", on=(0, 2), tol=1e-3)
print(made)

x = np.linspace(0, 2, 5)
print(made.predict(x) - np.exp(-x) * np.cos(6 * x))

made.save("wave.mapsto")
print(mapsto.load("wave.mapsto").formula(digits=4))
print(made.python().splitlines()[3])

try:
    print(mapsto.verify("wave.mapsto"))
except ImportError as error:  # the proof is checked by an optional package
    print(error)
