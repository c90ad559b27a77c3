"""What a catalogue document points to: other entries, data, steps before it; every word must lead somewhere."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yici.apps.catalogue.bundles import Bundle, Entry
from yici.apps.catalogue.faults import Fault
from yici.apps.catalogue.schema import closest
from yici.apps.catalogue.yaml_reading import Path
from yici.rules.words import Words

_KIND_WORDS = {
    "elements": Words("数据元", "data element"),
    "datasets": Words("数据资源", "dataset"),
    "organisations": Words("机构", "kind of organisation"),
    "licence_types": Words("证照类型", "licence type"),
    "items": Words("事项", "item"),
}


def check_reference(entry: Entry, path: Path, kind: str, key: str, whole: Bundle) -> Iterator[Fault]:
    """Yield a fault where no entry of a kind has this key, with the nearest one that exists."""
    if not whole.knows(kind, key):
        words, hint = _KIND_WORDS[kind], closest(key, whole.of(kind))
        ask = hint.zh or "请先定义它，或改正名称。"
        yield entry.fault(
            path,
            Words(
                f"没有名为“{key}”的{words.zh}。{ask}",
                f"There is no {words.en} '{key}'. {hint.en or 'Define it first.'}",
            ),
        )


def check_datum(entry: Entry, path: Path, text: str, whole: Bundle) -> Iterator[Fault]:
    """Yield a fault where ``dataset.field`` is none."""
    dataset, _, field = text.partition(".")
    if dataset not in whole.datasets:
        yield from check_reference(entry, path, "datasets", dataset, whole)
    elif field and field not in (fields := whole.datasets[dataset].document["fields"]):
        hint = closest(field, fields)
        zh = f"数据资源“{dataset}”没有字段“{field}”。{hint.zh or '请先在 datasets 中加上。'}"
        yield entry.fault(path, Words(zh, f"Dataset '{dataset}' has no field '{field}'. {hint.en or 'Add it first.'}"))


def check_after(entry: Entry, path: Path, after: Iterable[str], known: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each key in ``after`` that does not stand beside it."""
    for place, key in enumerate(after):
        if key not in known:
            hint = closest(key, known)
            zh, en = f"after 里的“{key}”不在这里。{hint.zh}", f"'{key}' in 'after' is not here. {hint.en}".rstrip()
            yield entry.fault((*path, place), Words(zh, en))


def circle_words(circle: Iterable[str]) -> Words:
    """Return the sentence for entries that wait for each other."""
    shown = " → ".join(circle)
    return Words(
        f"互相等待，形成循环：{shown}。请去掉其中一个 after 或 result_of。", f"They wait for each other: {shown}."
    )
