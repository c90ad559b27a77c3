"""What people are told of a rule that changed because they spoke: made of the facts, never canned."""

from dataclasses import dataclass
from datetime import date

from yici.rules.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a voice: when it was raised, what changed, since when, and the visits before and after.

    ``changed`` names the rule with its article, or the data that are fetched now. ``before`` and ``after`` are None
    where the planner has nothing to count.
    """

    raised_on: date
    subject: str
    changed: Words
    in_force_on: date
    before: int | None
    after: int | None

    @property
    def words(self) -> Words:
        """Return it in one sentence.

        >>> when = {"raised_on": date(2018, 3, 3), "in_force_on": date(2018, 7, 1)}
        >>> Outcome(subject="要跑两趟", changed=Words("第十二条已修改", "Art. 12 was amended"),
        ...         before=2, after=0, **when).words.zh
        '您3月3日反映的“要跑两趟” → 第十二条已修改 → 7月1日起跑0次（此前跑2次）'
        """
        since = self.raised_on if self.raised_on.year != self.in_force_on.year else None
        zh = f"您{_day_zh(self.raised_on, year=since is not None)}反映的“{self.subject}” → {self.changed.zh} → "
        en = f'What you raised on {_day_en(self.raised_on)}, "{self.subject}" → {self.changed.en} → '
        visits = self._visits
        return Words(
            f"{zh}{_day_zh(self.in_force_on, year=since is not None)}起{visits.zh}",
            f"{en}from {_day_en(self.in_force_on)} {visits.en}",
        )

    @property
    def _visits(self) -> Words:
        if self.after is None:
            return Words("施行", "in force")
        after = Words(f"跑{self.after}次", f"{self.after} visit{_s(self.after)}")
        if self.before is None:
            return after
        if self.before == self.after:
            return Words(f"施行（跑次不变，仍{after.zh}）", f"in force (still {after.en})")
        return Words(f"{after.zh}（此前跑{self.before}次）", f"{after.en} ({self.before} before)")


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _day_zh(day: date, *, year: bool) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"


def _day_en(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
