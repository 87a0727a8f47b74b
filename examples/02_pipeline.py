"""mapsto inside scikit-learn: a Pipeline, cross-validation and a search.

Run it: python examples/02_pipeline.py
"""

from sklearn.datasets import make_friedman1
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mapsto import CurveRegressor, LineRegressor, StepsRegressor

X, y = make_friedman1(n_samples=400, noise=1.0, random_state=0)

print("R² on held-out rows (0.96 is what the noise allows)")
for estimator in (
    LinearRegression(),
    LineRegressor(),
    CurveRegressor(effort="quick"),
    StepsRegressor(effort="quick"),
):
    scores = cross_val_score(make_pipeline(StandardScaler(), estimator), X, y, cv=4)
    print(f"  {type(estimator).__name__:18} {scores.mean():.3f} ± {scores.std():.3f}")

search = GridSearchCV(
    make_pipeline(StandardScaler(), CurveRegressor(effort="quick")),
    {"curveregressor__surfaces": [0, 1, 2], "curveregressor__segments": [6, 12]},
    cv=4,
).fit(X, y)
curve = search.best_estimator_[-1]

print(f"The best of the search: {search.best_params_}, R² {search.best_score_:.3f}")
print(f"It is {curve.formula_}.")
print("Acting together:", *(" and ".join(p) for p in curve.details_["surfaces"]))
