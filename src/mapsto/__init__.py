"""mapsto (x ↦ y): learn a function from examples.

    import mapsto

    model = mapsto.fit("houses.csv", target="price")
    print(model)                      # the ladder, from a line to a network
    model.predict_interval("new.csv") # lower, upper, outside
    model.save("houses.mapsto")
    mapsto.report(model, "houses.html")

The public names are loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mapsto import errors, events
    from mapsto.approximation.approximating import approximate
    from mapsto.approximation.filing import verify
    from mapsto.clusterer import Clusterer
    from mapsto.clustering import cluster
    from mapsto.data import examples
    from mapsto.data.split import Validation
    from mapsto.estimators import (
        CurveClassifier,
        CurveRegressor,
        FormulaClassifier,
        FormulaRegressor,
        LadderClassifier,
        LadderRegressor,
        LineClassifier,
        LineRegressor,
        NetworkClassifier,
        NetworkRegressor,
        SpaceClassifier,
        SpaceRegressor,
        StepsClassifier,
        StepsRegressor,
    )
    from mapsto.fitting import fit
    from mapsto.graph.backbone import Backbone
    from mapsto.groups import Groups
    from mapsto.loading import load
    from mapsto.model import Model
    from mapsto.views.pictures import view
    from mapsto.views.plots import plot
    from mapsto.views.reporting import report

__version__ = "0.1.0"

_HOMES = {
    "Backbone": "mapsto.graph.backbone",
    "CurveClassifier": "mapsto.estimators",
    "CurveRegressor": "mapsto.estimators",
    "FormulaClassifier": "mapsto.estimators",
    "FormulaRegressor": "mapsto.estimators",
    "LadderClassifier": "mapsto.estimators",
    "LadderRegressor": "mapsto.estimators",
    "LineClassifier": "mapsto.estimators",
    "LineRegressor": "mapsto.estimators",
    "Clusterer": "mapsto.clusterer",
    "Groups": "mapsto.groups",
    "Model": "mapsto.model",
    "NetworkClassifier": "mapsto.estimators",
    "NetworkRegressor": "mapsto.estimators",
    "SpaceClassifier": "mapsto.estimators",
    "SpaceRegressor": "mapsto.estimators",
    "StepsClassifier": "mapsto.estimators",
    "StepsRegressor": "mapsto.estimators",
    "Validation": "mapsto.data.split",
    "cluster": "mapsto.clustering",
    "approximate": "mapsto.approximation.approximating",
    "errors": "mapsto.errors",
    "events": "mapsto.events",
    "examples": "mapsto.data.examples",
    "fit": "mapsto.fitting",
    "load": "mapsto.loading",
    "plot": "mapsto.views.plots",
    "report": "mapsto.views.reporting",
    "verify": "mapsto.approximation.filing",
    "view": "mapsto.views.pictures",
}

__all__ = [
    "Backbone",
    "Clusterer",
    "CurveClassifier",
    "CurveRegressor",
    "FormulaClassifier",
    "FormulaRegressor",
    "Groups",
    "LadderClassifier",
    "LadderRegressor",
    "LineClassifier",
    "LineRegressor",
    "Model",
    "NetworkClassifier",
    "NetworkRegressor",
    "SpaceClassifier",
    "SpaceRegressor",
    "StepsClassifier",
    "StepsRegressor",
    "Validation",
    "approximate",
    "cluster",
    "errors",
    "events",
    "examples",
    "fit",
    "load",
    "plot",
    "report",
    "verify",
    "view",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mapsto' has no attribute {name!r}")
    resting = import_module("mapsto.garbage").collector_resting
    with resting():
        home = import_module(_HOMES[name])
    value = home if home.__name__.endswith(f".{name}") else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
