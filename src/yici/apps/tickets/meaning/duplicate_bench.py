"""Measures the near-duplicate search on made texts: how long, how much memory, and how many planted pairs it finds."""

import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator

from yici.apps.tickets.meaning.near_duplicates import NearDuplicates, jaccard, shingles

QUERIES = 500
LEAST = 0.5
# Invented places, matters and sentences: enough of each that a million texts differ, as real complaints do.
FRONT = "东西南北中新老长大小金银青红白云月春秋龙凤桂梅松竹兰荷江河湖海"
BACK = "山水桥湾塘岭坡园林泉洲港门关溪渡井峰谷城"
KINDS = ("小区", "路", "大道", "村", "社区", "广场", "花园", "菜场", "小学", "公园")
MATTERS = (
    "夜里施工到{hour}点，噪音吵得人睡不着",
    "路灯坏了{days}天，晚上走路看不见",
    "自来水停了{days}天，没有人通知",
    "垃圾堆在{number}号楼门口{days}天没有清运",
    "井盖松动，{hour}点左右有电动车摔倒",
    "物业费涨到每月{number}元，没有征求业主意见",
    "{number}路公交车等了{days}十分钟还没来",
    "电梯{days}天里坏了{number}次，老人被困",
    "雨水倒灌车库，{number}辆车被泡",
    "油烟从{number}号铺面直接排到楼道里",
    "工地渣土车{hour}点后仍然超速行驶",
    "违章搭建的棚子占了{number}个车位",
)
STORIES = (
    "打过{number}次电话给{other}都说在处理",
    "孩子明天还要去{other}上学",
    "家里有{days}十岁的老人，去{other}看病不便",
    "希望{other}尽快派人来看看",
    "上个月也向{other}反映过，编号{number}",
    "{other}有{number}户都有同样的问题",
    "现场照片已经交给{other}",
    "从{other}到{third}一路都是这样",
    "离{other}不到{number}米，离{third}更近",
    "去年{hour}月{other}修过一次又坏了",
    "{other}说不归他们管，要找{third}",
    "{other}说要等{third}批复",
)


def made_texts(count: int, *, seed: int = 1) -> Iterator[str]:
    """Yield ``count`` invented complaints; each from its own numbers, so that any of them can be made again."""
    chance = random.Random(seed)
    for _ in range(count):
        parts = [chance.choice(MATTERS), *chance.sample(STORIES, 3)]
        slots = {
            "hour": chance.randint(1, 12),
            "days": chance.choice("一二三四五六七八九"),
            "number": chance.randint(2, 9999),
            "other": _name(chance),
            "third": _name(chance),
        }
        yield f"{_name(chance)}{_name(chance)}旁，" + "，".join(parts).format(**slots) + "。"


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(letters) for letters in (FRONT, BACK, FRONT)) + chance.choice(KINDS)


def retold(text: str, chance: random.Random) -> str:
    """Return the text as another person might send it on: one part dropped, a greeting before it."""
    parts = text.rstrip("。").split("，")
    parts.pop(chance.randrange(2, len(parts)))
    return "您好，" + "，".join(parts) + "。"


def measure(count: int, *, say: Callable[[str], None] = lambda sentence: None) -> dict[str, object]:
    """Build an index of ``count`` texts and ask it for retold ones; times are of this machine, in this run."""
    say(f"making and indexing {count} texts")
    kept: dict[int, str] = {}
    step = max(count // QUERIES, 1)
    begun = time.perf_counter()
    index = NearDuplicates(_watched(count, step, kept))
    built = time.perf_counter() - begun
    say("searching")
    chance = random.Random(2)
    times, found, wanted = [], 0, 0
    for place, original in kept.items():
        asked = retold(original, chance)
        begun = time.perf_counter()
        answers = index.search(asked, least=LEAST - 0.1)
        times.append((time.perf_counter() - begun) * 1000)
        if jaccard(shingles(asked), shingles(original)) >= LEAST:
            wanted += 1
            found += any(one.place == place for one in answers)
    return {
        "texts": len(index),
        "build_seconds_with_making_the_texts": round(built, 1),
        "index_megabytes": round(index.bytes / 1e6, 1),
        "peak_megabytes_of_the_process": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "searches": len(times),
        "search_ms_median": round(statistics.median(times), 2) if times else None,
        "search_ms_p95": round(sorted(times)[int(len(times) * 0.95)], 2) if times else None,
        "planted_pairs": wanted,
        "planted_pairs_found": found,
    }


def _watched(count: int, step: int, kept: dict[int, str]) -> Iterator[str]:
    for place, text in enumerate(made_texts(count)):
        if place % step == 0:
            kept[place] = text
        yield text
