"""Families of groups, in the ladder's order: from centres to what a network learns."""

from mapsto.families.clusters.density import Density
from mapsto.families.clusters.family import GroupFamily
from mapsto.families.clusters.kmeans import KMeans
from mapsto.families.clusters.learned import Learned
from mapsto.families.clusters.mixture import Mixture
from mapsto.families.clusters.spectral import Spectral

GROUP_LADDER: tuple[GroupFamily, ...] = (
    KMeans(),
    Mixture(),
    Spectral(),
    Learned(),
    Density(),
)
"""Every family of groups."""
