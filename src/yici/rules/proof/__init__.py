"""Proves that nobody has to come more than once, or shows somebody who must, and says what else is wrong.

``prove`` takes one item or life event, ``prove_all`` a catalogue; ``verdicts_document`` writes the answer as JSON.
"""

from yici.rules.lint import Finding
from yici.rules.proof.documents import verdict_document, verdicts_document
from yici.rules.proof.proving import prove, prove_all
from yici.rules.proof.verdicts import CounterExample, PersonalAct, Verdict, VerdictKind

__all__ = [
    "CounterExample",
    "Finding",
    "PersonalAct",
    "Verdict",
    "VerdictKind",
    "prove",
    "prove_all",
    "verdict_document",
    "verdicts_document",
]
