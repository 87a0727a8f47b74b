"""Errors, by their codes: what was expected, what came, what to try."""

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
