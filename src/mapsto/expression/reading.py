"""From text to tree, by precedence climbing.

    condition  = comparison, joined by `not`, `and`, `or`
    comparison = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)*
    sum        = product (("+" | "-") product)*
    product    = factor (("*" | "/") factor)*
    factor     = ("-" | "+") factor | atom (("**" | "^") factor)?
    atom       = number | name | name "(" condition ("," condition)* ")"
               | "(" condition ")"

A name is any Unicode identifier, or anything between backquotes.
"""

from collections.abc import Collection
from typing import Any, NoReturn

from mapsto.catalogue import listed, near
from mapsto.errors import ExpressionError
from mapsto.expression.functions import ALIASES, CONSTANTS, FUNCTIONS
from mapsto.expression.tokens import (
    COMPARE,
    NOT,
    PRECEDENCE,
    SIGN,
    Token,
    complain,
    refuse,
    tokens,
)
from mapsto.expression.tree import (
    Binary,
    Call,
    Compare,
    Constant,
    Logic,
    Name,
    Negate,
    Node,
    Not,
    Number,
    is_condition,
    levels,
)

MOST_CHARACTERS = 10_000
MOST_LEVELS = 150  # operations inside one another: Python's own stack is far away
MOST_OPEN = 50  # brackets, signs and powers inside one another


def parse(
    text: str,
    names: Collection[str] | None = None,
    functions: Collection[str] | None = (),
) -> Node:
    """Read an expression.

    `names` are the variables that may appear (None: any). `functions` are names that
    may be called besides `FUNCTIONS` (None: any). Raises ExpressionError, which says
    at which character the reading failed and what was expected there.
    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(
            "expression-long", characters=len(text), most=MOST_CHARACTERS
        )
    node = _Reader(text, names, functions).read()
    if levels(node) > MOST_LEVELS:
        raise ExpressionError("expression-deep", most=MOST_LEVELS)
    return node


class _Reader:
    """The state of reading one text: its tokens, and how far we are."""

    def __init__(
        self,
        text: str,
        names: Collection[str] | None,
        functions: Collection[str] | None,
    ):
        self.text = text
        self.names = names
        self.functions = functions
        self.tokens = list(tokens(text))
        self.at = 0
        self.open = 0

    def read(self) -> Node:
        node = self._binary(1)
        if self._token.kind != "end":
            self._fail("an operator or the end")
        return node

    # the grammar

    def _binary(self, least: int) -> Node:
        """Operators that bind at least as tightly as `least`, from the left."""
        left = self._factor(least)
        while (rank := PRECEDENCE.get(self._symbol, 0)) >= least:
            token = self._take()
            if rank == COMPARE:
                left = self._compared(left, token)
            else:
                left = self._joined(token, left, self._binary(rank + 1))
        return left

    def _compared(self, left: Node, token: Token) -> Node:
        """a < b < c means a < b and b < c."""
        right = self._binary(COMPARE + 1)
        symbol: Any = token.text
        node = Compare(symbol, _number(left), _number(right))
        if PRECEDENCE.get(self._symbol) != COMPARE:
            return node
        return Logic("and", node, self._compared(right, self._take()))

    def _joined(self, token: Token, left: Node, right: Node) -> Node:
        symbol: Any = token.text
        if symbol in ("and", "or"):
            return Logic(
                symbol, self._condition(left, token), self._condition(right, token)
            )
        return Binary(symbol, _number(left), _number(right))

    def _factor(self, least: int) -> Node:
        if self._symbol == "not" and least <= NOT:
            token = self._take()
            return Not(self._condition(self._nested(NOT), token))
        if self._symbol == "-":
            self._take()
            return Negate(_number(self._nested(SIGN)))
        if self._symbol == "+":
            self._take()
            return _number(self._nested(SIGN))
        base = self._atom()
        if self._symbol != "**":
            return base
        self._take()
        return Binary("**", _number(base), _number(self._nested(SIGN)))

    def _atom(self) -> Node:
        token = self._token
        if self._symbol == "(":
            self._take()
            node = self._nested(1)
            self._expect(")")
            return node
        if token.kind not in ("number", "name", "quoted"):
            self._fail("a number, a name or '('")
        self._take()
        if token.kind == "number":
            return Number(token.text)
        return self._call(token) if self._symbol == "(" else self._name(token)

    def _nested(self, least: int) -> Node:
        self.open += 1
        if self.open > MOST_OPEN:
            raise ExpressionError("expression-deep", most=MOST_OPEN)
        node = self._binary(least)
        self.open -= 1
        return node

    # names and calls

    def _name(self, token: Token) -> Node:
        name, known = token.text, self.names
        if known is not None and name in known:
            return Name(name)
        if name in CONSTANTS and token.kind == "name":
            return Constant(name)
        if known is None:
            return Name(name)
        hint = near(name, [*known, *CONSTANTS])
        names = listed([repr(n) for n in known]) or "none"
        self._complain("expression-name", token, name=name, near=hint, names=names)

    def _call(self, token: Token) -> Node:
        called, extra = token.text, self.functions
        if extra is not None and called in extra:
            return Call(called, tuple(map(_number, self._arguments())))
        name = ALIASES.get(called, called)
        if name in FUNCTIONS and token.kind == "name":
            return self._known(name, token)
        if extra is None:
            return Call(called, tuple(map(_number, self._arguments())))
        choices = [*FUNCTIONS, *extra]
        hint, shown = near(called, choices), ", ".join(choices)
        self._complain(
            "expression-function", token, name=called, near=hint, choices=shown
        )

    def _known(self, name: str, token: Token) -> Node:
        arguments, function = self._arguments(), FUNCTIONS[name]
        if not function.least <= len(arguments) <= function.most:
            self._complain(
                "expression-arguments",
                token,
                name=name,
                least=function.least,
                count=len(arguments),
            )
        numbers = tuple(map(_number, arguments))
        if name == "where":
            numbers = (self._condition(arguments[0], token), *numbers[1:])
        return Call(name, numbers)

    def _arguments(self) -> list[Node]:
        self._expect("(")
        arguments = [self._nested(1)]
        while self._symbol == ",":
            self._take()
            arguments.append(self._nested(1))
        self._expect(")")
        return arguments

    def _condition(self, node: Node, token: Token) -> Node:
        if not is_condition(node):
            refuse(self.text, token.position, "a condition such as x < 0", "a number")
        return node

    # tokens

    @property
    def _token(self) -> Token:
        return self.tokens[self.at]

    @property
    def _symbol(self) -> str:
        """The current operator, keyword or bracket, or ""."""
        return self._token.text if self._token.kind == "symbol" else ""

    def _take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _expect(self, symbol: str) -> None:
        if self._symbol != symbol:
            self._fail(repr(symbol))
        self._take()

    def _fail(self, expected: str) -> NoReturn:
        token = self._token
        found = repr(token.text) if token.text else "the end"
        refuse(self.text, token.position, expected, found)

    def _complain(self, code: str, token: Token, **parameters: Any) -> NoReturn:
        complain(code, self.text, token.position, **parameters)


def _number(node: Node) -> Node:
    """A condition used as a number is 1 where it holds and 0 elsewhere."""
    if is_condition(node):
        return Call("where", (node, Number("1"), Number("0")))
    return node
