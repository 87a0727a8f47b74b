"""Notices of the door and the climb, and verdicts, by their codes."""

NOTICES: dict[str, str] = {
    # ── data/: the door ──
    "numbers-as-text": (
        "Column {column!r} holds numbers written as text, such as {example!r}: read as "
        "{value}."
    ),
    "clock-as-hours": (
        "Column {column!r} holds times such as {example!r}: read as hours, {value}."
    ),
    "values-unreadable": (
        "Column {column!r} is read as {expected}; {count} value(s) cannot be, such as "
        "{example!r} in row {row}, and count as missing."
    ),
    "infinities": (
        "Column {column!r} holds {count} value(s) that are infinite or beyond 1e50, "
        "the first in row {row}: counted as missing."
    ),
    "dates-ambiguous": (
        "Column {column!r} holds dates such as {example!r} that do not tell day from "
        "month: read as {order}. Write them as 2020-12-31 to be sure."
    ),
    "dates-as-numbers": (
        "Column {column!r} holds dates written as numbers, such as {example}: read as "
        "{value}."
    ),
    "codes-as-category": (
        "Column {column!r} holds codes such as {example}: read as names, not as "
        'quantities. kinds={{{column!r}: "number"}} says otherwise.'
    ),
    "identifier-aside": (
        "Set aside as names of the rows, which tell nothing about rows to come: "
        "{columns}."
    ),
    "constant-aside": "Set aside, because the same in every row: {columns}.",
    "empty-aside": "Set aside, because empty: {columns}.",
    "classes-as-integers": (
        "The target {target!r} holds {classes} different whole numbers: taken as "
        'classes. task="regression" takes them as quantities.'
    ),
    "integers-as-quantity": (
        "The target {target!r} holds whole numbers: taken as quantities. "
        'task="classification" takes them as classes.'
    ),
    "rows-drawn": (
        "The table has {total:,} rows; {rows:,} of them, drawn at random, are learned "
        "from."
    ),
    # ── pictures ──
    "pictures-skipped": ("{count} pictures cannot be read and are left out: {listed}."),
    "pictures-skipped-one": "One picture cannot be read and is left out: {listed}.",
    "pictures-missing": (
        "{count} rows name no picture in column {column!r}: left out."
    ),
    "pictures-missing-one": "One row names no picture in column {column!r}: left out.",
    "pictures-loose": (
        "{count} pictures lie in {path!r} itself, beside the folders of the classes: "
        "their class is not known, and nothing is learned from them."
    ),
    "pictures-loose-one": (
        "One picture lies in {path!r} itself, beside the folders of the classes: its "
        "class is not known, and nothing is learned from it."
    ),
    "folders-empty": (
        "There are no pictures in the folders {folders}: they are no classes."
    ),
    "pictures-drawn": (
        "There are {total:,} pictures; {rows:,} of them, drawn at random, are learned "
        "from."
    ),
    "pictures-held-out": (
        "Learning from so many pixels takes long, so every function is learned once "
        "and judged on rows it has not seen: {how}. Asked for more folds, it judges on "
        "all rows, and takes as many times as long."
    ),
    "pictures-twins": (
        "{count} pictures are nearly the same as another, such as {pairs}: they are "
        "kept on one side of every split."
    ),
    "pictures-twins-one": (
        "One picture is nearly the same as another, {pairs}: they are kept on one side "
        "of every split."
    ),
    "backbone": (
        "The pictures are seen through {file}: {features} features of {height} × "
        "{width} pixels each (pixels: {pixels})."
    ),
    "pictures-torn": (
        "{count} of these groups of near-duplicates hold pictures of different "
        "classes. Look at them: at least one must be wrong."
    ),
    "pictures-torn-one": (
        "One of these groups of near-duplicates holds pictures of different classes. "
        "Look at it: at least one must be wrong."
    ),
    "image-sees-first": (
        "The image network looks at the pictures of column {column!r} alone; the other "
        "rungs look at all."
    ),
    # ── estimators: the scikit-learn face ──
    "classes-of-few-rows": (
        "A class needs {least} rows to be judged; the probability of these is their "
        "share of the rows, whatever the columns say: {classes}."
    ),
    # ── structures of named parts ──
    "columns-in-no-part": (
        "The composition uses no part of: {columns}. The other rungs learn from them."
    ),
    # ── groups ──
    "groups-sampled": (
        "Groups are learned from {rows} rows drawn at random; the function that was "
        "learned then tells all {total}."
    ),
    "groups-labels-hidden": (
        "Groups are looked for in the pictures alone: the names of their folders or "
        "classes are not looked at."
    ),
    "groups-one-unit": (
        "The numbers have the same reach, so they are taken to be of one unit: a "
        "column that varies more counts more."
    ),
    "groups-not-found": "It finds no {groups} groups of some size here.",
    # ── the climb ──
    "rung-stopped": "Stopped before it was finished: the rungs below are kept.",
    "rungs-no-pictures": (
        "Left out, since they do not look at pictures, and there is no other column: "
        "{rungs}."
    ),
    "rungs-behind-backbone": (
        "Left out, since {file} looks at the pictures in their place, or since its "
        "features mean nothing one by one: {rungs}."
    ),
    "rung-not-monotone": (
        "Left out: it cannot be held to rise or fall with a column (monotone)."
    ),
    "composition-not-monotone": (
        "Left out, since it cannot be held to rise or fall with a column (monotone): "
        "{reason}."
    ),
    "unheld-itself": (
        "the structure calculates with {column!r} in the other direction; make it an "
        "input of a part, which can be held"
    ),
    "unheld-bends": "{what} neither rises nor falls throughout",
    "unheld-sign": (
        "which way it goes depends on the sign of {what}, which nothing holds; "
        "abs({what}) and exp({what}) are never negative"
    ),
    "unheld-both": (
        "the part {part!r} would have to rise with it in one place and fall in another"
    ),
    "stopping": "Stopping: what is finished is kept. Ctrl-C again aborts.",
}

VERDICTS: dict[str, tuple[str, str, str]] = {
    "nothing-learned": (
        "Nothing was learned",
        "The best rung, {rung}, scores {score} on fresh rows; the constant "
        "{constant}. The difference is within chance.",
        "The columns may not tell the target, or there are too few rows. Look for "
        "columns that should matter.",
    ),
    "line-is-all": (
        "The line is all there is",
        "The line scores {line} on fresh rows; the best bent function, {rung}, "
        "{score}. The difference is within one standard error.",
        "Use the line: it is simpler and as good.",
    ),
    "underfitting": (
        "The function is too simple",
        "At least {percent} % of the variance of what the {rung} gets wrong on fresh "
        "rows is not chance: the columns still tell it.",
        "Climb higher: more rungs, or more effort.",
    ),
    "fits-past-better": (
        "The best function knows the past better than the future",
        "{rung} scores {train} on rows it was trained on and {score} on fresh "
        "rows: {percent} % of the error appears only on fresh rows.",
        "Trust the fresh score and the intervals, not the fit. More rows would help.",
    ),
    "overfitting": (
        "A larger function overfits",
        "{rung} scores {train} on its training rows and {score} on fresh ones; "
        "{best}, below it, {best_train} and {best_score}.",
        "Stay with {best}; for {rung}, more rows or a stiffer setting.",
    ),
    "parts-share": (
        "Parts that share inputs",
        "The data do not tell for certain what belongs to which of these parts: "
        "{pairs}.",
        "The prediction is not in doubt, the parts are. Give each of the columns to "
        "one part.",
    ),
    "parts-bent": (
        "Parts seen through another part",
        "Only the order of their values is told by the data, for how they are bent can "
        "be part of either: {pairs}.",
        "Read them as ranks, or make the outer part a line.",
    ),
    "few-rows": (
        "Few rows",
        "{rows} rows for a line of {parameters} parameters.",
        "Expect wide intervals and a ladder that may turn with the seed; about "
        "{least} rows would settle it.",
    ),
    # ── groups ──
    "groups-none": (
        "There are no groups here",
        "No number of groups both came back on other halves of the rows (strength at "
        "best {strength}; 0.8 is asked for) and was parted better than one heap cut "
        "into as many pieces.",
        "Rows differ by degrees: a map or a ranking may serve better than groups. "
        "--groups 3 cuts them all the same.",
    ),
    "groups-one-column": (
        "The groups are the levels of one column",
        "{column} alone tells {percent} % of which group a row is in.",
        "If that is no news, leave the column out and look again.",
    ),
    "groups-unstable": (
        "Some groups do not come back",
        "On other rows, groups are found that share less than 0.6 of their rows with "
        "group {groups} (the least: {least}).",
        "Do not build on them; fewer groups, or more rows, may settle it.",
    ),
    "groups-given": (
        "So many groups were asked for, not found",
        "The border between two of the {groups} groups is {percent} % as long as if "
        "one heap had been cut there.",
        "Take them as sections of something that has no gaps, or let the data tell how "
        "many groups there are.",
    ),
}
"""code → (title, evidence, what to do)."""
