"""What a need costs a person, and who pays more when an item or life event changes.

``burden(revision, situation)`` counts one person. ``comparing.compare(old, new)`` and ``needs.compare_catalogues``
search all persons, by meaning and not by text, and answer with somebody for each component that can get worse or
better, or prove that there is nobody; ``documents.comparison_document`` writes that as JSON. They are kept out of this
front door: only they need the solver, and loading it takes half a second.
"""

from yici.rules.burden.bases import least_level, may_rest_on
from yici.rules.burden.components import Component
from yici.rules.burden.vector import Burden, Situation, Value, burden, is_worse

__all__ = ["Burden", "Component", "Situation", "Value", "burden", "is_worse", "least_level", "may_rest_on"]
