"""What a function says of itself in a terminal: its answer, why, how it was judged."""

GAP, STOP = " ", "."
"""Between two sentences, and after one."""

LEVELS = {"no": "no", "yes": "yes", "missing": "missing"}
"""The values of a column of yes or no, and what a missing one is called."""

DOOR = {
    "numbers": "numbers",
    "dates": "dates",
    "booleans": "booleans",
    "day first": "day first",
    "month first": "month first",
}
"""Words of the door that stand inside its notices."""

HELD_OUT = {
    "folds": "{folds} folds {how}",
    "fifth": "one fifth of the rows held out, {how}",
}
"""Which rows judge."""

DEALT = {
    "forward": "forward in time on {column}",
    "together": "that keep each {column} together",
    "by-column": "stratified by {column}",
    "by-target": "stratified by the target",
    "twins-by-column": "stratified by {column}, with near-duplicates kept together",
    "twins-by-target": "stratified by the target, with near-duplicates kept together",
    "splitter": "by {splitter}",
}
"""How rows were dealt to them."""

PAIRS = {
    "share": "{first} and {second}: {columns}",
    "bent": "{inner} in {outer}",
}
"""Parts of a composition that the data do not tell apart."""

GROUPINGS = {
    "kmeans": "the nearest of {groups} centres",
    "mixture": "{groups} heaps, each of its own spread ({shape})",
    "spectral": (
        "{groups} parts of a graph of neighbours, told by {landmarks} landmarks"
    ),
    "network": "{groups} groups in the {code} numbers that a network makes of a row",
    "density": "{groups} dense regions of at least {smallest} rows ({stray} % stray)",
}
"""What a family of groups is, by its name."""

ANSWERS = {
    "best": (
        "{target} from {columns}, learned from {rows} rows. Most accurate: the "
        "{rung}, {score_name} {score} ± {error} on rows it had not seen ({also}); "
        "the constant's is {constant}."
    ),
    "groups-found": (
        "{groups} groups of rows, from {columns} columns of {rows} rows. Found by "
        "{family}: {words}."
    ),
    "groups-found-pictures": (
        "{groups} groups of pictures, among {rows}. Found by {family}: {words}."
    ),
    "groups-none-pictures": "No groups, among {rows} pictures.",
    "groups-again": (
        "On other halves of the rows they come back with an agreement of {agreement} "
        "(1 is the same groups, 0 is chance)."
    ),
    "groups-none": "No groups, in {columns} columns of {rows} rows.",
    "corrected": (
        "Corrected for its having been chosen by that score, {corrected} is to be "
        "expected."
    ),
    "monotone": (
        "Held for every pair of rows, in every function: {target} {ways}.{left_out}"
    ),
    "rises": "rises with {columns}",
    "falls": "falls with {columns}",
    "and": " and ",
    "the-probability": "the probability of {label}",
    "monotone-left-out": " Left out, as they cannot be held to it: {rungs}.",
    "costs-threshold": (
        "It says {label} where its probability is above {threshold} %, since a missed "
        "{label} costs {miss} and a false one {false}:"
    ),
    "costs-least": "It says the label of least expected cost:",
    "costs-saved": (
        " {cost} per row on rows it had not seen; the most probable label would cost "
        "{other}."
    ),
    "simplest-is-best": "Simplest adequate: the {rung} itself.",
    "simplest-gain": (
        "Simplest adequate: the {rung}, which keeps {share} % of that gain over the "
        "constant."
    ),
    "simplest-error": (
        "Simplest adequate: the {rung}, whose difference from the best is within one "
        "standard error (it keeps {share} % of the gain)."
    ),
    "structure-worse": (
        "The price of the declared structure: the composition's {score_name} is "
        "{percent} % ± {error} % worse than that of the free {rung}."
    ),
    "structure-better": (
        "The declared structure costs nothing: the composition's {score_name} is "
        "{percent} % ± {error} % better than that of the free {rung}."
    ),
    "coverage-interval": (
        "Intervals asked to hold {asked} % of new rows held {measured} % of unseen "
        "ones; their mean width is {size}."
    ),
    "coverage-set": (
        "Prediction sets asked to hold {asked} % of new rows held {measured} % of "
        "unseen ones; they have {size} classes on average."
    ),
    "accuracy": "accuracy {percent} %",
    "one-column": "one column",
    "columns": "{count} columns",
}

ROLES = {
    "summand": "mean 0",
    "factor": "rms 1",
    "argument": "standardised",
    "carrier": "carries unit",
    "trained": "as trained",
}
"""By what convention the level and the unit of a part are told: its mean or its root
mean square is fixed, or it carries the unit of others."""

OUTPUTS = {
    "log-odds": "log-odds of {label}",
    "score": "score of {label}",
}
"""What the terms of a classification add up to."""

APPROXIMATIONS = {
    # ── approximation ──
    "found": (
        "{function} for {domain}: {neurons} {activation} {units}, {parameters} numbers "
        "in {precision}, the largest {largest}. Largest {kind} on a dense grid: "
        "{error}, at {where}."
    ),
    "not-met": (
        "{function} for {domain}: the tolerance {tol} was not met. The closest found: "
        "{neurons} {activation} {units}, {parameters} numbers in {precision}, the "
        "largest {largest}. Largest {kind} on a dense grid: {error}, at {where}."
    ),
    "unit": "neuron",
    "units": "neurons",
    "error": "error",
    "relative-error": "relative error",
    "unknown": "unknown",
    "samples": "{count} samples",
    "within": "{name} in [{low}, {high}]",
    "proved": (
        "Proved: |f - N| <= {bound} for every real {domain}, by enclosures on {cells} "
        "cells, in exact arithmetic on the stored weights; rounding adds at most "
        "{rounding} as run."
    ),
    "proved-relative": (
        "Proved: |f - N| <= {bound} |f| for every real {domain}, by enclosures on "
        "{cells} cells, in exact arithmetic on the stored weights; rounding adds at "
        "most {rounding} as run."
    ),
    "no-proof-callable": (
        "No proof: a Python function can only be sampled. Write it as an expression "
        "to have one."
    ),
    "no-proof-samples": (
        "No proof: nothing is known between the samples; the error is the one at the "
        "samples."
    ),
    "no-proof-inputs": (
        "No proof: there are proofs for one and two inputs only; the error is that on "
        "the grid."
    ),
    "no-proof-extra": (
        "No proof: it needs the package python-flint. Install it with: pip install "
        "'mapsto[proof]'"
    ),
    "no-proof-cells": (
        "No proof was found: f has no enclosure tight enough somewhere; the error is "
        "that on the grid."
    ),
    "no-proof-stopped": "No proof: stopped before one was found.",
    "least": (
        "No polygon within this tolerance has fewer than {least} segments, up to "
        "rounding and to what f may do between the points of a fine mesh."
    ),
    "sizes-tried": "Largest error by size tried:",
    "smallest-found": (
        "Smallest found; that no smaller one exists is not proved. Largest error by "
        "size tried:"
    ),
    "yardsticks": "With as many numbers ({numbers}): {errors}.",
    "proof-holds": (
        "The certificate holds: |f - N| <= {bound}{times} for every real "
        "{domain}, f = {expression}; checked again on {cells} cells."
    ),
    "proof-missing": "There is no certificate to check.",
    "proof-other-network": (
        "The certificate is refused: it names another network than the one in the "
        "file; a weight was changed."
    ),
    "proof-other-claim": (
        "The certificate is refused: its function or its domain is not that of the "
        "file."
    ),
    "proof-refuted": (
        "The certificate is refused: the error is larger than {bound} at {where}."
    ),
    "proof-incomplete": "The certificate is refused: {detail}.",
}
