"""The price of a flat, made of what people who know flats would name.

Run it: python examples/06_town.py
"""

import numpy as np

import mapsto

town = mapsto.examples.houses(1000, seed=0)
model = mapsto.fit(
    town,
    "price",
    families=("line", "curve"),
    compose="size(area, floor) * wear(age) + place(district, school_district)"
    " + setting(environment) + care(management)",
    hyperparameters={
        "composition": {
            "setting": {"family": "line"},
            "care": {"family": "line"},
            "wear": {"family": "curve"},
        }
    },
    effort="quick",
)

print(model)
print()
print(model.parts)

print("\nHow alike are the learned parts and the true ones on new flats? (R²)")
fresh = mapsto.examples.houses(1000, seed=1)
for name, truth in mapsto.examples.houses_parts(fresh).items():
    value = np.asarray(model.parts[name].predict(fresh))
    print(f"  {name:8} {np.corrcoef(value, truth)[0, 1] ** 2:.3f}")

print("\nWhat is left of a flat's price as it ages, by the part alone:")
wear = model.parts["wear"]
new, *older = wear.predict({"age": [0.0, 10.0, 30.0, 50.0]})
for years, share in zip((10, 30, 50), older, strict=True):
    print(f"  after {years} years  {100 * share / new:.0f} %")
