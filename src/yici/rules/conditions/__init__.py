"""When something applies: a small typed language, read once, then decided, explained and proved.

Text in CEL syntax becomes a ``Condition`` by ``condition(text, facts)``. ``check_answers`` takes what people send;
``compile_all`` decides for millions, ``evaluate`` says plainly what it must agree with; ``partial`` and
``undecided_facts`` tell what is left to ask; ``explain`` and ``why`` say it in both languages. The solver's side is
``yici.rules.conditions.solver``.
"""

from yici.rules.conditions.checked import ALWAYS, Condition, condition, condition_of
from yici.rules.conditions.checking import CannotTypeCheck, check
from yici.rules.conditions.compilation import Decide, DecideOne, compile_all, compile_one
from yici.rules.conditions.evaluation import Answers, evaluate
from yici.rules.conditions.explanation import Names, ValueNames, explain, reason_for, why
from yici.rules.conditions.facts import Answer, CannotAnswer, CannotDeclare, Fact, check_answer, check_answers
from yici.rules.conditions.parsing import CannotParse, parse
from yici.rules.conditions.simplification import partial, undecided_facts
from yici.rules.conditions.spans import CannotUnderstand, Span
from yici.rules.conditions.tree import Kind, Tree, facts_in
from yici.rules.conditions.writing import text_of

__all__ = [
    "ALWAYS",
    "Answer",
    "Answers",
    "CannotAnswer",
    "CannotDeclare",
    "CannotParse",
    "CannotTypeCheck",
    "CannotUnderstand",
    "Condition",
    "Decide",
    "DecideOne",
    "Fact",
    "Kind",
    "Names",
    "Span",
    "Tree",
    "ValueNames",
    "check",
    "check_answer",
    "check_answers",
    "compile_all",
    "compile_one",
    "condition",
    "condition_of",
    "evaluate",
    "explain",
    "facts_in",
    "parse",
    "partial",
    "reason_for",
    "text_of",
    "undecided_facts",
    "why",
]
