"""Where one machine ends: Spark folds past situations with the same words as DuckDB, to the same numbers."""

import shutil
from importlib.util import find_spec
from pathlib import Path
from random import Random

import duckdb
import pytest

from yici.apps.cases import situations
from yici.apps.cases.replays import COUNTS, TEXTS, folded, grouped

MISSING = " and ".join(
    name for name, is_there in {"pyspark": find_spec("pyspark"), "java": shutil.which("java")}.items() if not is_there
)


@pytest.mark.slow
@pytest.mark.skipif(bool(MISSING), reason=f"needs {MISSING}: install the extra yici[spark] and a Java runtime")
@pytest.mark.filterwarnings("ignore")  # Spark's own
def test_spark_folds_as_duckdb_does(tmp_path: Path) -> None:
    from pyspark.sql import SparkSession  # noqa: PLC0415 — only where it is installed

    path, chance = tmp_path / "situations.parquet", Random(1)
    rows = [
        situations.row(
            chance.choice(["newborn", "restaurant"]),
            f"3301{chance.randint(1, 9):02d}000000",
            {"married": chance.random() < 0.5, "order": chance.randint(1, 3)},
            {"births.number": chance.choice(["available", "missing"])},
        )
        for _ in range(5_000)
    ]
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE situations ({situations.COLUMNS})")
        situations.put(connection, rows)
        connection.execute(f"COPY situations TO '{path}' (FORMAT parquet)")
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        spark.read.parquet(str(path)).createOrReplaceTempView("situations")
        texts = {number: rest for number, *rest in spark.sql(TEXTS).collect()}
        on_spark = sorted(grouped(map(tuple, spark.sql(COUNTS).collect()), texts))
    finally:
        spark.stop()

    assert on_spark == sorted(folded(path))
    assert sum(group[-1] for group in on_spark) == 5_000
