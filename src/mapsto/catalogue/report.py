"""The words of reports and of the pictures in them."""

REPORT: dict[str, str] = {
    # ── the page ──
    "subtitle": "a function of {columns}, learned from {rows} rows",
    "theme": "Light or dark",
    "skip": "Skip to the function",
    "numbers": "Numbers",
    "x": "the data",
    "f": "the function",
    "y": "what it says",
    "ladder": "The ladder",
    "ladder-note": (
        "Each rung's {score} on rows it had not seen, with its standard error; the "
        "open circle is the same on training rows, and the shaded gap what was "
        "memorised.{lower}"
    ),
    "lower": " Lower is better.",
    "columns": "What each column does",
    "columns-note": (
        "The bars: how much the {score} rises when a column is shuffled among rows "
        "that the function had not seen ({rows} of them), with its standard error. Of "
        "two columns that tell the same, each looks dispensable."
    ),
    "effects-note": (
        "The curves: the average prediction when a column is set to a value and the "
        "others stay as they are, over typical rows. The band holds the middle 80 % "
        "of the single rows' own curves; the grey bars at the foot show where the data "
        "lie. Where there are none, the curve is a guess. All have the same scale."
    ),
    "composed": "The parts it is made of",
    "composed-note": (
        "Each part's average along its own columns, over typical rows, with a 90 % "
        "band from the spread of the folds' functions. Importance: how far the "
        "prediction moves when the part is held at its mean, in standard deviations "
        "of the prediction. Range: on the rows it was learned from."
    ),
    "part-part": "part",
    "part-family": "family",
    "part-importance": "importance",
    "part-range": "range",
    "part-convention": "convention",
    "effects-exact": (
        "With one column the curve is the function itself. The band is the 90 % "
        "interval, the dots are rows, the grey bars at the foot show where the data "
        "lie."
    ),
    "lift-note": (
        "The same plane as a surface: lift it from the flat, and turn it by dragging "
        "or with the arrow keys."
    ),
    "surface-exact": "With two columns the picture is the function itself.",
    "surface-note": (
        "The average prediction over typical rows, with {first} and {second} set to "
        "each place of the plane: the two numbers that matter most."
    ),
    "network": "Inside the network",
    "network-note": (
        "One of {members} networks that are averaged, and the neurons with the most "
        "weight. Thick lines are large weights; the two colours are their signs. A "
        "column that enters through several inputs is drawn as one."
    ),
    "training-note": (
        "The loss of the run that was judged on inner rows, epoch by epoch. The "
        "shaded gap is what was memorised."
    ),
    "final-note": "The loss on the training rows, epoch by epoch.",
    "verdicts": "Verdicts",
    "verdicts-none": "Nothing calls for attention.",
    "errors": "What it gets wrong",
    "residuals-note": (
        "Truth minus prediction for {shown} of {rows} rows that the function had not "
        "seen, along the prediction. The line is their mean, the band one standard "
        "deviation; a mean away from zero is what the function still misses."
    ),
    "confusion-note": (
        "Rows that the function had not seen: true classes down, told classes across; "
        "the shade is the share of the true class."
    ),
    "confusion-some": "The {shown} most frequent of {classes} classes.",
    "worst": "The worst misses",
    "closest": "The closest",
    "rows-note": (
        "Counted from 1 among the rows with a known target. The model file keeps no "
        "rows, so look them up in the table."
    ),
    "rows-note-pictures": (
        "Counted from 1 among the rows with a known target. Their pictures stand below."
    ),
    "trust": "How far to trust it",
    "coverage-note": (
        "Intervals were asked to hold so many of the rows; this is how many of the "
        "unseen they held. On the diagonal the promise is kept."
    ),
    "groups-note": "Asked for 90 %, by group:",
    "reliability-note": (
        "Of the rows that were told a probability, how many came true: unseen rows in "
        "groups, with 90 % intervals. On the diagonal a probability means what it says."
    ),
    "typical": (
        "A low, a middle and a high prediction of this model, each with its 90 % "
        "interval:"
    ),
    "parts": "Parameters and hyperparameters",
    "parameters": "Parameters: computed by training",
    "hyperparameters": "Hyperparameters: set, or chosen on rows aside",
    "hyperparameters-note": "Those marked * were given; the rest was chosen.",
    "formula-note": "The {rung}, in the units of the target, its largest terms first.",
    "capacity-note": "More parameters, and what they brought: each rung by its size.",
    "again": "How to have the same again",
    "again-note": (
        "The same data, seed, versions, processor and number of threads give the same "
        "model, bit for bit; weights, kinds, costs and a validation that were given "
        "must be given again. Rows were held out so: {validation}."
    ),
    "fingerprint": "Fingerprint of the table: {fingerprint}",
    "footer": "Written by mapsto {version}. This page needs no network.",
    "aside": "Set aside: {columns}.",
    # ── what flows through a network ──
    "flow-note": (
        "A row that stands in the middle of every column flows through it, or one that "
        "differs in a single column. Filled circles are what a neuron passes on."
    ),
    "flow-middle": "every column at its middle",
    "flow-moved": "{column}: {value}",
    # ── compositions ──
    "part-field": "{part}, as a function of its two inputs.",
    "family": "family",
    # ── groups ──
    "groups-title": "{groups} groups of rows",
    "groups-title-pictures": "{groups} groups of pictures",
    "groups-title-none": "No groups",
    "groups-subtitle": "looked for in {columns} of {rows} rows",
    "big-groups": "groups",
    "big-groups-again": "groups, agreement {agreement} on other halves of the rows",
    "big-none": "one heap: the rows differ by degrees",
    "map-note": (
        "Each mark is a row, on the plane that parts the groups the most: near marks "
        "are alike. {shown} of {rows} rows are drawn."
    ),
    "map-note-none": (
        "Each mark is a row, on the plane along which the rows differ the most. "
        "{shown} of {rows} rows are drawn."
    ),
    "each-group": "What sets each group apart",
    "each-note": (
        "The effect of a number is the difference of means in spreads within (Cohen's "
        "d), that of a level the difference of angles (Cohen's h): 0.2 is small, 0.5 "
        "medium, 0.8 large."
    ),
    "group-name": "Group {group}",
    "group-size": "{rows} rows, {share}.",
    "group-back": "Stability {stability}: so far do its rows come back on other rows.",
    "group-plain": "No column sets it apart by itself.",
    "here": "here",
    "elsewhere": "elsewhere",
    "effect": "effect",
    "against": "{here}, elsewhere {there}",
    "of-level": "{column} = {level}",
    "look-brightness": "brightness of {column}",
    "look-contrast": "contrast of {column}",
    "look-redness": "redness of {column}",
    "look-greenness": "greenness of {column}",
    "look-blueness": "blueness of {column}",
    "some-rows": "Some rows of each group",
    "some-note": (
        "Typical rows lie nearest to the middle of their group, doubtful ones at its "
        "border."
    ),
    "typical-row": "typical",
    "doubtful-row": "doubtful",
    "sure": "sure",
    "values": "values",
    "found-how": "How they were found",
    "families-found": "Which family found them",
    "families-note": (
        "Gain: nats per row on the other half of the rows, against one heap. "
        "Agreement: with the groups of the other families. The score weighs both."
    ),
    "family-score": "score",
    "gain": "gain",
    "agreement": "agreement",
    "strength": "How many there are",
    "strength-note": (
        "How well so many groups come back on another half of the rows (prediction "
        "strength), by family. A number is believed above the line, if its groups are "
        "also parted better than one heap cut into as many pieces."
    ),
    "strength-axis": "prediction strength",
    "groups-axis": "number of groups",
    "asked-for": "asked for: 0.8",
    "groups-again": "The same data, seed and versions give the same groups.",
    # ── approximations ──
    "approximation-subtitle": "a known function, and the smallest network found for it",
    "asked-x": "what is asked for",
    "asked-f": "the network",
    "known": "asked",
    "tolerance": "tolerance",
    "relative": "times |f|",
    "found-network": "network",
    "big-error": "largest error, of {neurons} {activation} {units}",
    "big-relative": "largest relative error, of {neurons} {activation} {units}",
    "beside-note": "The line is the network, the dots are f.",
    "plane-note": "The network over its domain.",
    "histogram-note": "How often each error is, on a grid of the domain.",
    "error-curve": "The error",
    "error-note": (
        "f minus the network. The band is the tolerance: within it every point is near "
        "enough. The error swings back and forth where a size is used to the full."
    ),
    "sizes": "Error against size",
    "sizes-note": (
        "The largest error of the best network that was found of each size tried. The "
        "dashed line is the tolerance; the large dot is the network that is kept."
    ),
    "neurons": "neurons",
    "largest-error": "largest error",
    "yardsticks-title": "Beside classical approximation",
    "yardsticks-note": (
        "The largest errors with as many numbers ({numbers}): a polynomial (Chebyshev "
        "interpolation) and a rational function (AAA)."
    ),
    "this-network": "the network",
    "inside-note": (
        "Every neuron and every weight, with a point that flows through: each neuron "
        "bends a weighted sum of the input, and their weighted sum is the value."
    ),
    "certificate": "What is proved",
    "bound": "bound",
    "rounding": "rounding, as run",
    "cells": "cells of the proof",
    "digest": "digest of the network",
    "verify-note": (
        "mapsto verify FILE checks each cell anew on the stored weights, without "
        "trusting the search."
    ),
    "written-out": "The network written out",
    "written-note": "With rounded numbers; the file and the exports hold all digits.",
    "same-again": (
        "The same function, options, seed and versions give the same network."
    ),
    # ── pictures ──
    "walked-note": (
        "The function itself along each column, with every other one held at the "
        "middle of what was seen or at its first level."
    ),
    "bare-note": (
        "This file was saved by a version that kept nothing of the data: how dense "
        "they are, what each column costs and what goes wrong on unseen rows is not "
        "known. A new fit tells it."
    ),
    "pictures": "Where it looked",
    "pictures-note": (
        "What was said of pictures that the function had not been trained on. Red "
        "speaks for what was said, blue against it: parts of the picture were hidden "
        "one after another, and the answer watched."
    ),
    "pictures-note-quantity": (
        "What was said of pictures that the function had not been trained on. Parts of "
        "the picture were hidden one after another: red raises the prediction, blue "
        "lowers it."
    ),
    "pictures-kept": (
        "Counted from 1 among the pictures with a known target. The model file keeps "
        "these pictures and no others."
    ),
    "seen-grey": "{side} × {side}, grey",
    "seen-colour": "{side} × {side}, in colour",
    "find-image": "Taken for {label}, with a probability of {p}.",
    "find-quantity": "Predicted {told}.",
    "find-truth": "The truth is {truth}.",
    "find-evidence": "Most of the evidence lies in the {place}.",
    "place-0-0": "upper left",
    "place-0-1": "upper middle",
    "place-0-2": "upper right",
    "place-1-0": "middle left",
    "place-1-1": "middle",
    "place-1-2": "middle right",
    "place-2-0": "lower left",
    "place-2-1": "lower middle",
    "place-2-2": "lower right",
    # ── in a terminal ──
    "text-curves": ("What each column does: the mean {what}, on one scale from {ends}"),
    "text-network": "The network",
    "text-error": "Its error, f - N",
    # ── words in tables ──
    "rung": "rung",
    "train": "training rows",
    "count": "parameters",
    "time": "time",
    "column": "column",
    "kind": "kind",
    "seen": "seen",
    "missing": "some missing",
    "rise": "rise of the {score}",
    "error": "standard error",
    "spread": "standard deviation",
    "value": "value",
    "prediction": "prediction",
    "truth": "truth",
    "truth-minus": "truth − prediction",
    "row": "row",
    "told": "told",
    "happened": "happened",
    "asked": "asked",
    "measured": "measured",
    "rows": "rows",
    "group": "group",
    "dial": "dial",
    "best": "best",
    "simplest": "simplest adequate",
    "from-to": "{low} to {high}",
    "probability": "probability of {label}",
    "probability-told": "probability of the told class",
    "epoch": "epoch",
    "training": "training",
    "validation": "validation",
    "low": "low",
    "high": "high",
    "fresh": "rows it had not seen",
    "right": "right, of rows it had not seen",
    "big-score": "{score} ± {error} on rows it had not seen",
    "kind-number": "number",
    "kind-boolean": "yes or no",
    "kind-category": "category",
    "kind-date": "date",
    "kind-short text": "short text",
    "kind-long text": "long text",
    "kind-picture": "picture",
    "kind-identifier": "identifier",
    "kind-constant": "constant",
    # ── findings: what a picture shows, for those who do not see it ──
    "find-ladder": (
        "Of {count} rungs the {best} has the lowest {score}, {value} ± {error}; the "
        "{simplest} is the simplest adequate."
    ),
    "find-curve": (
        "From {column} {low} to {high}, {target} goes from {first} to {last}; it is "
        "least, {least}, at {at_least} and greatest, {most}, at {at_most}."
    ),
    "find-levels": (
        "{target} is greatest, {most}, for {column} {at_most} and least, {least}, for "
        "{at_least}."
    ),
    "find-flat-plane": (
        "{target} is {value} everywhere, whatever {first} and {second} are."
    ),
    "find-flat": "{target} does not change with {column}.",
    "find-field": (
        "{target} is least, {least}, near {first} {x_least} and {second} {y_least}, "
        "and greatest, {most}, near {x_most} and {y_most}."
    ),
    "find-classes": (
        "Over {first} and {second}, {shown} of {classes} classes are the most "
        "probable somewhere."
    ),
    "find-importance": (
        "{column} matters most: shuffling it raises the {score} by {rise} ± {error}."
    ),
    "find-no-importance": "Shuffling a column changes nothing that can be seen.",
    "find-loss": (
        "After {epochs} epochs the loss is {training} on training rows and "
        "{validation} on validation rows, {gap} apart."
    ),
    "find-final": "After {epochs} epochs the loss on training rows is {training}.",
    "find-network": "A network of {sizes} neurons from the columns to the answer.",
    "find-wired": "A network of {sizes} neurons from the input to the value.",
    "find-target": "{target} runs from {low} to {high}, most often near {most}.",
    "find-labels": "The most frequent class is {label}, {count} of {rows} rows.",
    "find-residuals": (
        "Half of the misses lie between {low} and {high}; the mean miss is {mean}."
    ),
    "find-confusion": "{right} of {rows} unseen rows are told their own class.",
    "find-confused": (
        "The most frequent mistake: {truth} taken for {told}, {count} times."
    ),
    "find-coverage": "Asked to hold {asked}, the intervals held {measured}.",
    "find-reliability": (
        "Where {told} was told, {share} came true: the largest gap of {bins} groups."
    ),
    "find-interval": "{value}, between {low} and {high}.",
    "find-capacity": (
        "The smallest error on fresh rows, {score}, is that of the {rung} with "
        "{count} parameters."
    ),
    "find-parts": (
        "{part} moves the prediction most: by {importance} of its standard deviation."
    ),
    "find-map": "{groups} groups: of {sizes} rows.",
    "find-map-none": "One heap of {rows} rows.",
    "find-apart": "{group}: {told}.",
    "find-strength": (
        "{groups} groups come back best, with a strength of {strength} by {family}."
    ),
    "find-families": "Of {count} families {best} has the highest score, {score}.",
    "find-beside": (
        "The network follows f from {low} to {high}; they are at most {error} apart, "
        "at {where}."
    ),
    "find-error": "The error lies between {low} and {high}.",
    "find-sizes": "With {neurons} {activation} {units} the largest error is {error}.",
    "find-yardsticks": "With {numbers} numbers {best} is the closest, {error} off.",
    "find-activation": "The activation {name}, which bends each neuron's weighted sum.",
}
"""The words of the report and of the notebook's pictures."""

VIEWS: dict[str, str] = {
    "view-simplest": "simplest adequate",
    "view-train": "training rows:",
    "view-missing": "(missing)",
    "view-probe": "Read the function along {column}",
    "view-arrows": "Arrow keys move",
    "view-epoch": "epoch",
    "view-training": "training",
    "view-validation": "validation",
    "view-fresh": "fresh rows",
    "view-fewer": "Show fewer",
    "view-all": "Show all {count}",
    "view-of": "{shown} of {all}",
    "view-smaller": "… and {count} smaller terms",
    "view-lift": "lift",
    "view-turn": "turn",
    "view-row": "row {row}",
    "view-flow": "What flows through:",
    "view-open": "Open a neuron:",
    "view-neuron": "layer {layer}, neuron {number}",
    "view-became": "{name}: the weighted sum {sum} becomes {out}.",
    "view-weighted": "weighted sum",
    "view-rest": "the rest",
    "view-bias": "bias",
    "view-sum": "sum z",
    "view-answer": "answers to {column}",
    "view-beside": "Beside it:",
    "view-evidence": "where the evidence lies",
    "view-empty": "There is nothing to draw here yet.",
    "view-failed": "This picture cannot be drawn.",
    "view-unknown": "There is no picture called {name}.",
}
"""The words inside the views (`frontend/`), which get them with their state."""

FAMILIES: dict[str, str] = {}
"""What a rung is called where that is not its name."""

SCORES: dict[str, str] = {}
"""What a score is called where that is not its name."""
