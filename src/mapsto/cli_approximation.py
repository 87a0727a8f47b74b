"""`mapsto approximate` and `mapsto verify`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from mapsto.arguments import pair, seconds
from mapsto.errors import OptionError

NOT_WITHIN, REFUSED = 1, 1


class MinusCommand(TyperCommand):
    """A command whose argument may begin with a minus: "-x**2" is no option."""

    def parse_args(self, context: Any, args: list[str]) -> list[str]:
        options, arguments = self._apart(list(args))
        return TyperCommand.parse_args(self, context, [*options, "--", *arguments])

    def _apart(self, args: list[str]) -> tuple[list[str], list[str]]:
        """Options with their values, and the rest."""
        flags = {
            name: getattr(option, "is_flag", False) or option.name == "help"
            for option in self.params
            for name in option.opts
        }
        flags |= dict.fromkeys(("-h", "--help"), True)
        options: list[str] = []
        arguments: list[str] = []
        while args:
            word = args.pop(0)
            if word == "--":
                return options, [*arguments, *args]
            if word in flags or word.startswith("--"):
                options.append(word)
                if not flags.get(word, True) and args:
                    options.append(args.pop(0))
            else:
                arguments.append(word)
        return options, arguments


def approximate(
    f: Annotated[
        str,
        typer.Argument(
            metavar="F",
            help='an expression such as "exp(-x**2)*sin(20*x)", or a file of samples '
            "whose last column is y",
        ),
    ],
    on: Annotated[
        list[str] | None,
        typer.Option(
            help="the domain: -1,1; for several inputs x=-1,1 (repeatable)",
            metavar="LOW,HIGH",
        ),
    ] = None,
    tol: Annotated[float, typer.Option(help="the largest error allowed")] = 1e-6,
    relative: Annotated[
        bool, typer.Option("--relative", help="the tolerance is times |f|")
    ] = False,
    activation: Annotated[
        str, typer.Option(help="auto, tanh, sigmoid, relu, sin or gelu")
    ] = "auto",
    neurons: Annotated[
        int | None,
        typer.Option(help="a fixed size, as accurate as can be (tol is not used)"),
    ] = None,
    layers: Annotated[int, typer.Option(help="hidden layers: 1 or 2")] = 1,
    precision: Annotated[str, typer.Option(help="float64 or float32")] = "float64",
    budget: Annotated[
        str,
        typer.Option(help="stop after, such as 60s or 5min, keeping the best so far"),
    ] = "",
    seed: Annotated[int, typer.Option(help="same seed, same network")] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="where to save it")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="print JSON for machines")
    ] = False,
) -> None:
    """Find the smallest network within a tolerance of a known function, with a proof.

    Exit status: 0 within the tolerance, 1 the closest found is not.
    """
    from mapsto.approximation.approximating import approximate as search
    from mapsto.graph.archive import check_writable
    from mapsto.terminal import Display

    if output is not None:
        check_writable(output)
    with Display() as display:
        found = search(
            _samples(f) if Path(f).is_file() else f,
            _domain(on or []),
            tol=tol,
            relative=relative,
            activation=activation,
            neurons=neurons,
            layers=layers,
            precision=precision,
            budget=seconds("--budget", budget),
            seed=seed,
            on_event=display.show,
        )
    if output is not None:
        found.save(output)
    print(json.dumps(found.to_dict()) if as_json else f"\n{found}\n")
    if output is not None:
        print(f"Saved {output}", file=sys.stderr)
    if not found.met:
        raise typer.Exit(NOT_WITHIN)


def verify(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="a .mapsto file of an approximation")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="print JSON for machines")
    ] = False,
) -> None:
    """Check the certificate of an approximation again, without trusting the search.

    Exit status: 0 it holds, 1 it is refused or there is none.
    """
    from mapsto.approximation.filing import load, told
    from mapsto.approximation.filing import verify as check

    made = load(file)
    found = check(made)
    sentence = told(made, found)
    if as_json:
        print(json.dumps({**found.to_dict(), "sentence": sentence}))
    else:
        print(sentence)
    if not found.holds:
        raise typer.Exit(REFUSED)


def _domain(texts: list[str]) -> Any:
    """["-1,1"] → (-1, 1); ["x=-1,1", "y=0,2"] → {"x": (-1, 1), "y": (0, 2)}."""
    if not texts:
        return None
    if len(texts) == 1 and "=" not in texts[0]:
        return _ends(texts[0])
    pairs = [pair("--on", text) for text in texts]
    return {name: _ends(ends) for name, ends in pairs}


def _ends(text: str) -> tuple[float, float]:
    try:
        low, high = (float(number) for number in text.split(","))
    except ValueError:
        raise OptionError(
            "option-bad",
            option="--on",
            value=text,
            problem="write it as -1,1, or x=-1,1 for each of several inputs",
        ) from None
    return low, high


def _samples(path: str) -> Any:
    """The columns of a file of samples, as numbers."""
    from mapsto.data import read

    return read.read(path).columns
