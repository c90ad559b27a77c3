"""What the planner says when a life event cannot be planned, and where the fault stands."""

from yici.rules.refusals import Refusal


class CannotCompile(Refusal):
    """An event or one of its items contradicts itself; ``where`` is the path to the fault, e.g. ``item.steps.key``."""

    def __init__(self, where: str, *, zh: str, en: str) -> None:
        super().__init__(zh=f"{where}：{zh}", en=f"{where}: {en}")
        self.where = where


class CannotPlan(Refusal):
    """What is said about the data at hand cannot be read."""
