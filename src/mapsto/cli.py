"""The command line: thin commands over the Python face.

Results on stdout, talk on stderr, `--json` for machines. Exit codes: 0 done, 1 done
and the answer is no (the tolerance is not met, the certificate is refused), 2 the
command or an option is wrong, 3 the data cannot be used, 4 a file cannot be read or
written, 5 stopped before anything was finished, 130 aborted.
"""

import csv
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mapsto import __version__, cli_approximation
from mapsto.arguments import pair, seconds
from mapsto.errors import (
    DataError,
    ExpressionError,
    ExtraMissing,
    FileError,
    MapstoError,
    NothingKept,
    OptionError,
)
from mapsto.interrupt import ABORTED, abort, at_once

app = typer.Typer(
    name="mapsto",
    help="Learn a function from examples: from a line to a neural network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

EXIT_CODES: tuple[tuple[type[MapstoError], int], ...] = (
    (OptionError, 2),
    (ExpressionError, 2),
    (ExtraMissing, 2),
    (DataError, 3),
    (FileError, 4),
    (NothingKept, 5),
)
KEEP_ON_CTRL_C = ("fit", "cluster", "demo", "approximate")
"""Commands that Ctrl-C asks to stop; the others it aborts at once."""


def main() -> None:
    """Run the command line; errors become one message and an exit code."""
    try:
        app()
    except MapstoError as error:
        print(f"mapsto: {error}", file=sys.stderr)
        sys.exit(
            next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
        )
    except SystemExit as end:  # Typer's word for KeyboardInterrupt
        if end.code == ABORTED:
            abort()
        raise


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show it."),
    ] = False,
) -> None:
    if context.invoked_subcommand not in KEEP_ON_CTRL_C:
        at_once()


Groupable = Annotated[
    str,
    typer.Argument(
        help="CSV, TSV, Parquet, JSON lines, Excel, SQLite; - for stdin; or a folder "
        "of pictures"
    ),
]
Examples = Annotated[
    str,
    typer.Argument(
        help="CSV, TSV, Parquet, JSON lines, Excel, SQLite; - for stdin; or a folder "
        "that holds a folder of pictures for each class"
    ),
]
Several = Annotated[
    list[str],
    typer.Argument(help="a table, or pictures: files, folders, globs; - for stdin"),
]
ModelFile = Annotated[str, typer.Argument(help="a .mapsto file")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for machines")]
Pixels = Annotated[
    str,
    typer.Option(
        help="how the backbone wants them: imagenet, clip, 0..1, -1..1 or 0..255"
    ),
]
Side = Annotated[
    int | None,
    typer.Option(help="of the backbone's pictures, where its file leaves it open"),
]
BackboneFile = Annotated[
    str, typer.Option(help="an ONNX network that looks at pictures first")
]
Use = Annotated[
    str, typer.Option(help="which function: best or simplest (default: the model's)")
]


@app.command()
def fit(
    data: Examples,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            "-t",
            help="the column to predict (of pictures: the folder's name, if not given)",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="where to save (default: DATA.mapsto)"),
    ] = None,
    effort: Annotated[str, typer.Option(help="quick, normal or thorough")] = "normal",
    budget: Annotated[
        str,
        typer.Option(help="stop after, such as 60s or 5min, keeping the best so far"),
    ] = "",
    family: Annotated[
        list[str] | None, typer.Option(help="climb only these rungs (repeatable)")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="a hyperparameter, such as network.activation=tanh"),
    ] = None,
    task: Annotated[
        str, typer.Option(help="auto, regression or classification")
    ] = "auto",
    score: Annotated[
        str,
        typer.Option(
            help="rmse, mae, log_loss, brier, error_rate or scikit-learn's (r2, …)"
        ),
    ] = "auto",
    weights: Annotated[str, typer.Option(help="a column of row weights")] = "",
    folds: Annotated[int, typer.Option(help="how many (default: by effort)")] = 0,
    group_on: Annotated[
        str, typer.Option(help="a column whose equal values stay in one fold")
    ] = "",
    time_on: Annotated[
        str, typer.Option(help="a column of time: the past predicts the future")
    ] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="a column's kind, such as zip=category")
    ] = None,
    monotone: Annotated[
        list[str] | None,
        typer.Option(help="rise (+1) or fall (-1) with a column, such as area=+1"),
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option(help="what missing a label costs, such as yes=5 (others: 1)"),
    ] = None,
    compose: Annotated[
        str,
        typer.Option(
            help="what the target is made of, such as 'size(area) + place(district)'"
        ),
    ] = "",
    backbone: BackboneFile = "",
    pixels: Pixels = "auto",
    side: Side = None,
    use: Annotated[
        str, typer.Option(help="which function predicts: best or simplest")
    ] = "best",
    adequate: Annotated[
        float, typer.Option(help="the share of the gain that the simplest may lose")
    ] = 0.05,
    seed: Annotated[int, typer.Option(help="same seed, same model")] = 0,
    as_json: AsJson = False,
) -> None:
    """Learn a function from a table or from pictures, and save it."""
    if target is None and not Path(data).expanduser().is_dir():
        raise typer.BadParameter("name the column to predict", param_hint="--target")
    from mapsto.data.split import Validation
    from mapsto.fitting import fit as learn
    from mapsto.graph.archive import check_writable
    from mapsto.terminal import Display

    path = output or _beside(data)
    check_writable(path)
    with Display() as display:
        model = learn(
            data,
            target,
            task=task,
            families=family or "auto",
            hyperparameters=_settings(setting or []),
            effort=effort,
            budget=seconds("--budget", budget),
            score=score,
            validation=Validation(folds or None, group_on or None, time_on or None),
            weights=weights or None,
            kinds=dict(pair("--kind", k) for k in kind or []),
            monotone=dict(_direction(m) for m in monotone or []),
            costs=dict(_cost(c) for c in cost or []) or None,
            compose=compose or None,
            backbone=_backbone(backbone, pixels, side),
            adequate=adequate,
            use=use,
            seed=seed,
            on_event=display.show,
        )
    model.save(path)
    print(json.dumps(model.to_dict()) if as_json else f"\n{model}\n")
    print(f"Saved {path}", file=sys.stderr)


@app.command()
def predict(
    model_file: ModelFile,
    data: Several,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="CSV, Parquet or JSON lines; stdout otherwise"
        ),
    ] = None,
    coverage: Annotated[float, typer.Option(help="of the intervals or sets")] = 0.9,
    use: Use = "",
    as_json: AsJson = False,
) -> None:
    """Predict each row of a table, or each picture; or tell its group."""
    from mapsto.data.read import of_command_line, ready
    from mapsto.data.write import can_write, write
    from mapsto.groups import Groups
    from mapsto.loading import load

    if output is not None:
        can_write(output)
    found = load(model_file)
    learned_from = getattr(found, "columns", ())  # an approximation: from no table
    table, told = ready(of_command_line(data), learned_from)
    for notice in told:
        print(notice.sentence, file=sys.stderr)
    if isinstance(found, Groups):
        columns = found.predictions(table)
    else:
        columns = found.predictions(table, coverage, use or None)
    if output is not None:
        write(output, columns)
        print(f"Saved {output}", file=sys.stderr)
    elif as_json:
        for row in zip(*(v.tolist() for v in columns.values()), strict=True):
            print(json.dumps(dict(zip(columns, row, strict=True))))
    else:
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow(columns)
        rows.writerows(zip(*(v.tolist() for v in columns.values()), strict=True))


@app.command()
def show(model_file: ModelFile, as_json: AsJson = False) -> None:
    """Show what a file holds: ladder, formula and verdicts; groups; a network."""
    from mapsto.loading import load
    from mapsto.sparks import can_show
    from mapsto.views.text_curves import drawn

    model = load(model_file)
    print(json.dumps(model.to_dict()) if as_json else model.story())
    if not as_json and can_show(sys.stdout) and (curves := drawn(model)):
        print(f"\n{curves}")


app.command(cls=cli_approximation.MinusCommand)(cli_approximation.approximate)
app.command()(cli_approximation.verify)


@app.command()
def cluster(
    data: Groupable,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="where to save (default: DATA-groups.mapsto)"
        ),
    ] = None,
    groups: Annotated[
        int | None, typer.Option(help="how many (default: the data tell)")
    ] = None,
    family: Annotated[
        list[str] | None,
        typer.Option(help="kmeans, mixture, spectral, network, density (repeatable)"),
    ] = None,
    effort: Annotated[str, typer.Option(help="quick, normal or thorough")] = "normal",
    budget: Annotated[
        str,
        typer.Option(help="stop after, such as 60s or 5min, keeping the best so far"),
    ] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="a column's kind, such as zip=category")
    ] = None,
    backbone: BackboneFile = "",
    pixels: Pixels = "auto",
    side: Side = None,
    seed: Annotated[int, typer.Option(help="same seed, same groups")] = 0,
    as_json: AsJson = False,
) -> None:
    """Find groups of rows or of pictures, if there are any, and save them."""
    from mapsto.clustering import cluster as find
    from mapsto.graph.archive import check_writable
    from mapsto.terminal import Display

    path = output or _beside(data, "-groups")
    check_writable(path)
    with Display() as display:
        found = find(
            data,
            groups=groups,
            families=family or "auto",
            effort=effort,
            budget=seconds("--budget", budget),
            kinds=dict(pair("--kind", k) for k in kind or []),
            backbone=_backbone(backbone, pixels, side),
            seed=seed,
            on_event=display.show,
        )
    found.save(path)
    print(json.dumps(found.to_dict()) if as_json else f"\n{found}\n")
    print(f"Saved {path}", file=sys.stderr)


@app.command()
def report(
    model_file: ModelFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="where to (default: MODEL.html)"),
    ] = None,
    language: Annotated[str, typer.Option(help="en or zh")] = "en",
) -> None:
    """Write one HTML page that shows the model: opens from disk, needs no network."""
    from mapsto.graph.archive import check_writable
    from mapsto.loading import load
    from mapsto.views.reporting import report as write

    path = output or Path(f"{Path(model_file).stem}.html")
    check_writable(path)
    write(load(model_file), path, language)
    print(f"Saved {path}", file=sys.stderr)


@app.command()
def demo(
    quick: Annotated[bool, typer.Option(help="less work, for a first look")] = False,
) -> None:
    """Real house prices, from the table to predictions with intervals."""
    from mapsto.demo import run

    run("quick" if quick else "normal")


def _beside(data: str, sort: str = "") -> Path:
    """houses.csv → houses.mapsto in this folder."""
    stem = Path(data.split("::")[0]).absolute().stem if data != "-" else "model"
    return Path(f"{stem.replace('*', '')}{sort}.mapsto")


def _backbone(file: str, pixels: str, side: int | None) -> Any:
    """What --backbone, --pixels and --side name, or nothing."""
    if file:
        from mapsto.graph.backbone import Backbone

        return Backbone(file, pixels, side)
    if pixels != "auto" or side is not None:
        option = "--side" if side is not None else "--pixels"
        problem = "it tells what --backbone FILE.onnx wants, and none is given"
        value = pixels if side is None else side
        raise OptionError("option-bad", option=option, value=value, problem=problem)
    return None


def _direction(text: str) -> tuple[str, int]:
    """ "area=+1" → ("area", 1)."""
    name, way = pair("--monotone", text)
    ways = {"+1": 1, "1": 1, "+": 1, "-1": -1, "-": -1}
    if way not in ways:
        raise OptionError(
            "option-bad",
            option="--monotone",
            value=text,
            problem="write it as column=+1 to rise with it, column=-1 to fall",
        )
    return name, ways[way]


def _cost(text: str) -> tuple[str, float]:
    """ "yes=5" → ("yes", 5.0)."""
    label, cost = pair("--cost", text)
    try:
        return label, float(cost)
    except ValueError:
        raise OptionError(
            "option-bad",
            option="--cost",
            value=text,
            problem="write it as label=number, such as yes=5",
        ) from None


def _settings(texts: list[str]) -> dict[str, dict[str, Any]]:
    """["network.hidden=[64, 64]"] → {"network": {"hidden": [64, 64]}}."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, value = pair("--set", text)
        family, dot, dial = name.partition(".")
        if not dot:
            raise OptionError(
                "option-bad",
                option="--set",
                value=text,
                problem="write it as family.name=value, such as network.dropout=0.1",
            )
        part, dot, of_part = dial.partition(".")
        if dot:  # composition.size.family=curve
            found.setdefault(family, {}).setdefault(part, {})[of_part] = _value(value)
        else:
            found.setdefault(family, {})[dial] = _value(value)
    return found


def _value(text: str) -> Any:
    """A number, list or truth value in JSON's notation; any other text as it is."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
