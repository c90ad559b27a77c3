"""Reads the text of a condition into a tree, or says where it goes wrong."""

import importlib.util
from functools import lru_cache
from typing import Any, cast

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from yici.rules.conditions.misreadings import CannotParse, explain_error, refuse_at_sight
from yici.rules.conditions.planting import TreePlanter, whole
from yici.rules.conditions.tree import Tree


@lru_cache(maxsize=4096)
def parse(text: str) -> Tree:
    """Return the tree of a condition in CEL syntax; the types are not yet checked.

    Raises CannotParse, also for the parts of CEL that conditions do not have (division, text functions, ``has``).

    >>> parse("!married")
    Not(inner=FactRef(key='married', kind=None))
    """
    refuse_at_sight(text)
    try:
        return whole(cast(Tree, _grammar().parse(text)))
    except UnexpectedInput as error:
        raise explain_error(text, error) from error


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    # Only celpy's grammar is wanted; importing celpy itself takes longer than building this parser.
    spec = importlib.util.find_spec("celpy")
    loader = cast(Any, spec.loader if spec else None)
    text = (loader.get_resource_reader("celpy").files() / "cel.lark").read_text(encoding="utf-8")
    return Lark(
        text,
        parser="lalr",
        start="expr",
        keep_all_tokens=True,
        maybe_placeholders=False,
        lexer_callbacks={"IDENT": _literal_words},
        transformer=TreePlanter(),
    )


def _literal_words(token: Token) -> Token:
    kind = {"true": "BOOL_LIT", "false": "BOOL_LIT", "null": "NULL_LIT"}.get(str(token))
    return Token.new_borrow_pos(kind, str(token), token) if kind else token


__all__ = ["CannotParse", "parse"]
