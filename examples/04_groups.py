"""Groups of wines, found without their growers: how many, and what sets them apart.

Run it: python examples/04_groups.py
"""

from sklearn.datasets import load_wine
from sklearn.metrics import adjusted_mutual_info_score

import mapsto

wines = load_wine(as_frame=True)

groups = mapsto.cluster(
    wines.data, effort="quick", families=("kmeans", "mixture", "spectral")
)

print(groups)
print()
told = groups.predict(wines.data)
alike = adjusted_mutual_info_score(wines.target, told)
print(f"Agreement with the growers, whom nobody asked: {alike:.2f}")
