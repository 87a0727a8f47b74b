"""Every sentence that mapsto says to a person, by its code.

Errors, notices and verdicts carry a code and parameters; the words are here and
nowhere else, so that another language is another table of the same codes.
"""

ERRORS = {
    # ── the data ──
    "target-missing": (
        "There is no column {target!r} to predict.{near} The columns are: {columns}."
    ),
    "target-unnamed": (
        "Which column is to be predicted? Name it: target=... The columns are: "
        "{columns}."
    ),
    "target-empty": "Every value of the target {target!r} is missing.",
    "target-constant": (
        "The target {target!r} has the same value, {value!r}, in every row: there is "
        "nothing to learn. Check the filter that made this table."
    ),
    "target-not-a-number": (
        "The target {target!r} has values such as {value!r} that are not numbers, so "
        'it cannot be a regression. Use task="classification", or clean the column.'
    ),
    "too-few-rows": (
        "{rows} rows with a known target are too few: at least {least} are needed."
    ),
    "class-too-small": (
        "Class {value!r} of {target!r} has {rows} row(s); each class needs at least "
        "{least}. Join it with another class or leave its rows out."
    ),
    "fold-of-one-class": (
        "With {how}, fold {fold} would learn from rows of class {value!r} only. Hold "
        "rows out in another way, or use fewer folds."
    ),
    "too-many-classes": (
        "The target {target!r} has {classes} classes in {rows} rows. If it is a "
        'quantity, use task="regression".'
    ),
    "columns-none": "The table has no column that can be learned from.{why}",
    "weights-bad": (
        "The weights must be finite, not negative and not all zero: {problem}."
    ),
    # ── estimators: the scikit-learn face ──
    "infinite-value": (
        "Column {column!r} holds an infinite value in row {row}. Correct it, or leave "
        "it empty (NaN) if it is not known."
    ),
    "labels-mixed": (
        "The class labels are of several types, or some are missing. Give all of them "
        "one type, and leave rows without a label out."
    ),
    "one-class": (
        "There is only one class to learn, {value!r}: rows of at least two classes are "
        "needed."
    ),
    # ── data/: the door ──
    "data-unknown": (
        "Data of type {type} cannot be read. Give a path, a pandas, polars or pyarrow "
        "frame, a DuckDB relation, a dict of columns, a list of row dicts, or arrays "
        "(X, y)."
    ),
    "array-shape": (
        "An array of shape {shape} is no table: give rows and columns, (n, d), and a "
        "target of shape (n,)."
    ),
    "rows-none": "The table has no rows. Its columns: {columns}.",
    "columns-duplicate": (
        "Several columns have the same name: {names}. Rename them, so that each can "
        "be told from the others."
    ),
    "columns-uneven": "The columns have different numbers of rows: {lengths}.",
    "column-missing": (
        "The column {column!r}, which the function was learned on, is missing.{near} "
        "The columns that came: {columns}."
    ),
    "column-unknown": (
        "{option} names {column!r}, but there is no such column.{near} The columns "
        "are: {columns}."
    ),
    "kind-impossible": (
        "Column {column!r} cannot be of kind {kind}: row {row} holds {value!r}. Try "
        "another kind, or clean the column."
    ),
    "value-unreadable": (
        "Column {column!r} should hold {expected}, but row {row} holds {value!r}. "
        "Correct the value, or leave it empty if it is not known."
    ),
    "csv-row": (
        "{path}: line {line} has {found} cells where {expected} were expected. A cell "
        "that contains the delimiter must stand in double quotes."
    ),
    "files-differ": (
        "{path} and {first} do not have the same columns: only one of them has "
        "{names}. Files read as one table must agree."
    ),
    "data-missing": "There is no file {path!r}.{near}",
    "file-folder": (
        "{path!r} is a folder, and there are no pictures in it. Name a file in it, or "
        "several: '{path}/*.csv'. Pictures lie in a folder for each class, such as "
        "'{path}/cat' and '{path}/dog'."
    ),
    "folder-nested": (
        "{path!r} holds the folders {folders}, and each of them holds {classes}. The "
        "folders of the classes must be the first: give one of them, such as "
        "{example!r}."
    ),
    "picture-shape": (
        "An array of shape {shape} is no picture: give (height, width) for grey or "
        "(height, width, 3) for colour, as numbers from 0 to 255 or from 0.0 to 1.0."
    ),
    "picture-unreadable": (
        "Column {column!r} should hold pictures, but row {row} cannot be read: "
        "{problem}. Correct it, or leave its row out."
    ),
    "pictures-none": "None of the pictures can be read: {listed}.",
    "class-unreadable": (
        "None of the pictures of {classes} can be read. Put some that can be into its "
        "folder, or take the folder away."
    ),
    # ── backbones ──
    "backbone-foreign": (
        "{path!r} is not an ONNX network that can be run: {problem}. A backbone is a "
        "file that ends in .onnx, such as torch.onnx.export writes."
    ),
    "backbone-large": (
        "The backbone {path!r} has {megabytes} MB, and the model keeps it: at most "
        "{most} MB are taken. Choose a smaller one, such as a ResNet-18, a MobileNet "
        "or a small ViT."
    ),
    "backbone-inputs": (
        "The backbone {path!r} has {count} inputs ({inputs}), where one is expected: "
        "the picture. Export the part that looks at pictures alone."
    ),
    "backbone-type": (
        "The backbone {path!r} takes {kind}, where float (32 bits) or uint8 is "
        "expected. Export it so."
    ),
    "backbone-shape": (
        "The backbone {path!r} takes an input of the shape ({shape}), where pictures "
        "are expected: (n, channels, height, width) or (n, height, width, channels), "
        "with 1 or 3 channels."
    ),
    "backbone-sizes": (
        "The backbone {path!r} takes pictures of ({shape}): say how large they are to "
        "be, at most {most} pixels: --side 224, or mapsto.Backbone(file, side=224)."
    ),
    "backbone-operators": (
        "The backbone {path!r} uses what cannot be kept in a model: {operators}. "
        "Operators of standard ONNX are taken, without control flow; export it anew, "
        "or simplify it with onnxsim."
    ),
    "backbone-opset": (
        "The backbone {path!r} is written in version {theirs} of ONNX's operators and "
        "cannot be translated to version {ours}: {problem}. Export it with "
        "opset_version={ours}."
    ),
    "backbone-output": (
        "The backbone {path!r} has no output and no inner value {output!r}.{near} Its "
        "outputs: {outputs}."
    ),
    "backbone-vector": (
        "The output {output!r} of the backbone {path!r} is of the shape {shape}, and "
        "cannot be taken as at most 32,768 numbers for each picture. Another output is "
        "named as {path}::NAME."
    ),
    "backbone-batch": (
        "The backbone {path!r} cannot be run on several pictures at once ({problem}). "
        "Export it with an open number of pictures, such as dynamic_axes={{'x': {{0: "
        "'n'}}}} in torch.onnx.export."
    ),
    "backbone-infinite": (
        "The backbone {path!r} tells infinite numbers of some pictures. It may expect "
        'other pixels than "{pixels}": --pixels 0..1, or mapsto.Backbone(file, '
        'pixels="0..1").'
    ),
    "file-url": ("{path!r} is an address. Download the file first and give its path."),
    "file-empty": "The file {path!r} is empty.",
    "file-part": ("{path!r} holds {found}. Say which one is meant: {path}::NAME."),
    "query-failed": "The query {query!r} failed: {problem}",
    # ── the options ──
    "option-unknown": "{option} does not know {value!r}.{near} Choose from: {choices}.",
    "option-bad": "{option} cannot be {value!r}: {problem}.",
    # ── expressions ──
    "expression-syntax": (
        "The expression cannot be read at character {position}: expected {expected}, "
        "found {found}.{place}"
    ),
    "expression-name": (
        "The expression names {name!r} at character {position}, which is not known."
        "{near} The names are: {names}.{place}"
    ),
    "expression-function": (
        "The expression calls {name!r} at character {position}, which is not a "
        "function of the language.{near} The functions are: {choices}.{place}"
    ),
    "expression-arguments": (
        "{name} takes {least} argument(s), but {count} came, at character "
        "{position}.{place}"
    ),
    "expression-long": (
        "The expression has {characters} characters; at most {most} are read."
    ),
    "expression-deep": (
        "The expression is nested more than {most} deep. Write it in a flatter way."
    ),
    # ── structures of named parts ──
    "compose-empty": (
        "The structure is empty. Write what the target is made of, such as "
        "compose='size(area, floor) + place(district)'."
    ),
    "compose-no-part": (
        "The structure {text!r} has no part to learn. A part is a name with its inputs "
        "in brackets, such as size(area, floor)."
    ),
    "compose-many": "The structure has {parts} parts; at most {most} are learned.",
    "compose-deep": (
        "The part {part!r} has parts inside one another, more than {most} deep: "
        "nothing could be told of the innermost. Write it in a flatter way."
    ),
    "compose-part-empty": (
        "The part {part!r} has no inputs. Name the columns that it depends on, such as "
        "{part}(area, floor)."
    ),
    "compose-part-is-column": (
        "{part!r} is called as a part, but it is the name of a column. Give the part "
        "another name, or write the column without brackets."
    ),
    "compose-part-is-function": (
        "{part!r} cannot be the name of a part: it is a function or a number of the "
        "language. Give the part another name. The functions that a structure may use "
        "are: {choices}."
    ),
    "compose-part-name": (
        "{part!r} cannot be the name of a part: it must be one word of letters, digits "
        "and underscores, such as size or place_2."
    ),
    "compose-part-twice": (
        "The part {part!r} appears with different inputs, {first} and {second}. A part "
        "is one function: give it the same inputs everywhere, or make two parts of it."
    ),
    "compose-circular": (
        "The part {part!r} appears among its own inputs. A part cannot be defined by "
        "itself: give one of the two another name."
    ),
    "compose-argument-twice": (
        "The part {part!r} has the input {name!r} twice. Once is enough."
    ),
    "compose-target": (
        "The structure uses {column!r}, which is the target: it is not known when a "
        "prediction is made."
    ),
    "compose-aside": (
        "The structure uses the column {column!r}, which is set aside, because it is "
        "empty, the same in every row, or the name of a row. "
        "kinds={{{column!r}: ...}} says otherwise."
    ),
    "compose-not-a-number": (
        "The structure calculates with the column {column!r}, which is of kind {kind}. "
        "Only numbers can be calculated with; make it an input of a part, such as "
        "place({column})."
    ),
    "compose-same-inputs": (
        "{later} cannot be told apart from {first}, which is added to it and can be "
        "any function of the same inputs. Name the part with fewer inputs first, or "
        "join the two."
    ),
    "compose-no-structure": (
        "The family 'composition' needs a structure: give it with compose=, such as "
        "compose='size(area) + place(district)'."
    ),
    "compose-same-for-classes": (
        "{term} is the same for every class, and so tells none of them apart. Make it "
        "an input of a part, or leave it out."
    ),
    "compose-inside-and-out": (
        "The part {part!r} is an input of another part, where all classes share its "
        "value, and stands outside as well, where each class has its own. Make two "
        "parts of it."
    ),
    # ── groups ──
    "groups-rows": (
        "{rows} rows are too few to find groups in: at least {least} are needed."
    ),
    "groups-equal": (
        "The rows are all alike: there are {different} different ones in the columns "
        "that can be learned from, and {groups} groups need at least as many."
    ),
    "groups-no-columns": (
        "There is no column to find groups by: {columns} only name the rows, or are "
        'the same in every row. kinds={{"column": "number"}} brings one back.'
    ),
    "groups-nothing-kept": (
        "No family finds {groups} groups in these rows. Ask for fewer, for more "
        "families, or let the data tell how many there are."
    ),
    # ── approximation ──
    "approximate-constant": (
        "{f} has no variable: there is nothing to approximate. Name an input, as in "
        "'sin(x)'."
    ),
    "approximate-kind": (
        "Cannot approximate a {came}. Give an expression such as 'exp(-x**2)', a "
        "Python function of arrays, or samples (x, y)."
    ),
    "approximate-samples": (
        "The samples cannot be used: {problem}. Give (x, y), or a table of numbers "
        "whose last column is y."
    ),
    "approximate-domain": (
        "on={on!r} is not a domain: {problem}. Give a pair such as (-1, 1), or one "
        "for each input: {{'x': (-1, 1), 'y': (0, 2)}}."
    ),
    "approximate-inputs": (
        "The function has {count} inputs ({names}); at most {most} can be approximated."
    ),
    "approximate-not-finite": (
        "{f} is not a finite number at {where}: it is {y}. Choose a domain without "
        "that point, or say with where(…) what it is there."
    ),
    "approximate-pole": (
        "{f} grows without bound near {where}; no network does. Choose a domain "
        "without that point."
    ),
    "approximate-jump": (
        "{f} jumps by {jump:.3g} at {where}; a network is continuous, so its error is "
        "at least {reachable:.3g}. Raise tol above that, or approximate each side "
        "alone."
    ),
    "approximate-relative": (
        "{f} is 0 somewhere, or nearly so, where a relative tolerance leaves no room. "
        "Use an absolute one, or a domain without that point."
    ),
    "approximate-tolerance": (
        "tol={tol:g} is below what {precision} can reach for this function: about "
        "{reachable:.1g}.{hint}"
    ),
    "approximate-relu": (
        "A ReLU network within this tolerance needs more than {most} units. Raise tol, "
        "or take another activation: for smooth functions they need far fewer."
    ),
    # ── stopping ──
    "nothing-kept": (
        "Stopped before the first function was finished, so nothing was kept."
    ),
    # ── graph: the function as a graph, and its file ──
    "no-lowering": (
        "{function} uses {operation}, which cannot be written as an ONNX graph. Write "
        "it with elementary array operations instead."
    ),
    "graph-refused": (
        "A graph in this file is refused: {problem}. A graph may hold only the "
        "operators that mapsto itself writes; get the file again from who made it."
    ),
    "file-missing": "There is no file {path}.",
    "file-unwritable": "{path} cannot be written: {problem}.",
    "file-unreadable": "{path} cannot be read: {problem}.",
    "file-foreign": (
        "{path} is not a .mapsto file: {problem}. Give a file that mapsto has saved."
    ),
    "file-damaged": (
        "{path} is damaged or cut off: {problem}. Copy it again from where it came."
    ),
    "file-too-large": ("{path} is refused: {problem}. No .mapsto file is like that."),
    "file-newer": (
        "{path} was written by mapsto {version} (schema {schema}); this mapsto reads "
        "files up to schema {known}. Upgrade with: pip install -U mapsto"
    ),
    # ── extras ──
    "extra-missing": (
        "{what} needs the package {package}. Install it with: pip install "
        "'mapsto[{extra}]'"
    ),
}

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


def near(word: str, words: list[str]) -> str:
    """' Did you mean ...?' for a misspelt word, or nothing."""
    import difflib

    folded = {other.casefold(): other for other in words}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=3, cutoff=0.6)
    names = [repr(folded[f]) for f in found]
    return f" Did you mean {' or '.join(names)}?" if names else ""


def counted(code: str, count: int) -> str:
    """The code of the sentence about several, or about one."""
    return f"{code}-one" if count == 1 else code


def listed(words: list[str], most: int = 12) -> str:
    """Words joined by commas; a long list is cut and counted."""
    shown = ", ".join(words[:most])
    return shown if len(words) <= most else f"{shown}, and {len(words) - most} more"
