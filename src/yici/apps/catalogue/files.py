"""Finds the files of a catalogue in a folder, and refuses what is not an ordinary file of reasonable size."""

import stat
from collections.abc import Iterator
from pathlib import Path

from yici.apps.catalogue.faults import CannotImport, Fault
from yici.apps.catalogue.yaml_reading import MOST_BYTES, Source, read_yaml
from yici.rules.words import Words

SUFFIXES = (".yaml", ".yml")
MOST_FILES = 5_000

_NOTHING = Words(
    "没有这个文件或文件夹。请检查路径。",
    "There is no such file or folder. Check the path.",
)
_EMPTY = Words(
    "文件夹里没有 .yaml 文件。请指向目录文件所在的文件夹。",
    "There is no .yaml file in this folder. Point at the folder of the catalogue.",
)
_LINK = Words(
    "不读取符号链接。请放入文件本身。",
    "Symbolic links are not followed. Put the file itself here.",
)
_ODD = Words("这不是普通文件。请移走。", "This is not an ordinary file. Move it away.")


def read_sources(path: Path) -> tuple[list[Source], list[Fault]]:
    """Read one YAML file, or every YAML file in a folder and below, in the order of their names.

    File names in faults are relative to the folder. Raises CannotImport when there is nothing to read.
    """
    if not path.exists():
        raise CannotImport([Fault(str(path), 0, 0, _NOTHING)])
    root = path if path.is_dir() else path.parent
    found = sorted(_within(path)) if path.is_dir() else [path]
    if not found:
        raise CannotImport([Fault(str(path), 0, 0, _EMPTY)])
    if len(found) > MOST_FILES:
        words = Words(f"超过 {MOST_FILES} 个文件。请分批导入。", f"More than {MOST_FILES} files. Import them in parts.")
        raise CannotImport([Fault(str(path), 0, 0, words)])
    read = [_read(file, str(file.relative_to(root))) for file in found]
    faults = [fault for _, found in read for fault in found]
    return [source for sources, found in read if not found for source in sources], faults


def _within(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            yield from _within(entry)
        elif entry.suffix in SUFFIXES:
            yield entry


def _read(file: Path, name: str) -> tuple[list[Source], list[Fault]]:
    try:
        kept = file.lstat()
        if wrong := _wrong_sort(kept.st_mode):
            return [], [Fault(name, 0, 0, wrong)]
        with file.open("rb") as stream:  # one byte more than allowed: whatever the file grows to meanwhile
            return read_yaml(stream.read(MOST_BYTES + 1), name)
    except OSError as error:
        words = Words(f"无法读取：{error.strerror}。", f"Cannot be read: {error.strerror}.")
        return [], [Fault(name, 0, 0, words)]


def _wrong_sort(mode: int) -> Words | None:
    if stat.S_ISLNK(mode):
        return _LINK
    return None if stat.S_ISREG(mode) else _ODD
