"""A function made of parts that are known by name: how good is a lamb skewer?

Run it: python examples/05_skewers.py
"""

import numpy as np

import mapsto

STRUCTURE = (
    "prepare(lamb, marinade) + season(lamb, cumin, salt)"
    " + fire(lamb, time, temperature)"
)
table = mapsto.examples.skewers(1000, seed=0)
model = mapsto.fit(
    table, "delight", families=("line",), compose=STRUCTURE, effort="quick"
)

print(model)
print()
print(model.parts)

print(
    "\nHow alike are the learned parts and the true ones? (R²; all three see the lamb,"
)
print("and what the lamb does by itself belongs to the first part named, prepare)")
fresh = mapsto.examples.skewers(1000, seed=1)
for name, truth in mapsto.examples.skewers_parts(fresh).items():
    value = np.asarray(model.parts[name].predict(fresh))
    print(f"  {name:8} {np.corrcoef(value, truth)[0, 1] ** 2:.3f}")

print("\nA part can be used alone: what do 2, 6 and 12 hours of marinade bring?")
hours = {"lamb": [100.0] * 3, "marinade": [2.0, 6.0, 12.0]}
band = model.parts["prepare"].band(hours, coverage=0.9)
for k, value in enumerate(model.parts["prepare"].predict(hours)):
    low, high = band["lower"][k], band["upper"][k]
    print(f"  {hours['marinade'][k]:>4} h  {value:6.1f}  ({low:.1f} to {high:.1f})")
