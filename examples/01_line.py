"""From points around a line back to the line: y = 2x + 1, with noise.

Run it: python examples/01_line.py
"""

import numpy as np

import mapsto

rng = np.random.default_rng(0)
x = rng.uniform(0, 10, 200)
y = 2 * x + 1 + rng.normal(0, 0.5, 200)

model = mapsto.fit({"x": x, "y": y}, "y", families=("line", "curve"), effort="quick")

print(model)
print()
print(model.rungs["line"].formula())  # y = 1.0 + 2.0 · x, with standard errors
print()
print("At x = 4, where y is 9 ± 0.5:", model.predict({"x": 4.0}))
print("Nine of ten times between:   ", model.predict_interval({"x": 4.0}))
