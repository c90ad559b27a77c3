"""Our own database server: comes up, keeps what it promised, and stands every way of being killed."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from yici.config import database_programs
from yici.config.database import CannotStart, Database, joined_or_started, run_alone
from yici.config.database_check import check_server
from yici.config.database_cluster import LONGEST_SOCKET_PATH_BYTES
from yici.config.database_folder import SOCKET_NAME, Folder
from yici.config.processes import is_locked

AS_ROOT = os.geteuid() == 0
SITE_PACKAGES = Path(psycopg.__file__).parent.parent
SOURCE = Path(__file__).parents[2] / "src"
# A command of its own process: says the address, then stays until its stdin closes.
# Whoever starts the tests in the background has Ctrl-C ignored, and children inherit that.
COMMAND = """
import signal, sys
from pathlib import Path
from yici.config.database import joined_or_started
signal.signal(signal.SIGINT, signal.default_int_handler)
with joined_or_started(Path(sys.argv[1])) as database:
    print(database.url("owner"), flush=True)
    sys.stdin.read()
"""


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM kept").fetchone() or (0,)
        return int(count)


def write(url: str, count: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, %s)", (count,))


def until(happened: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "database" / "cluster" / "postmaster.pid").read_text().split()[0])


def keeper_pid(data_dir: Path) -> int:
    status = Path(f"/proc/{server_pid(data_dir)}/status").read_text()
    return int(status.partition("PPid:")[2].split()[0])


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@contextlib.contextmanager
def command(data_dir: Path, python: str = sys.executable, **options: object) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(  # type: ignore[call-overload]
        [python, "-c", COMMAND, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("made") / "data"
    with joined_or_started(data_dir):
        pass
    return data_dir


@pytest.fixture
def data_dir(made_once: Path, tmp_path: Path) -> Iterator[Path]:
    """A database of its own for each test, copied because making one takes a second."""
    copy = tmp_path / "data"
    subprocess.run(["cp", "-a", made_once, copy], check=True)
    yield copy
    # A test that failed half-way leaves nothing behind: without users the keeper goes by itself.
    until(lambda: not is_locked(Folder(copy / "database").server_lock))


class TestFirstStart:
    def test_makes_a_database_the_platform_can_trust(self, data_dir: Path) -> None:
        with (
            joined_or_started(data_dir) as database,
            psycopg.connect(database.url()) as as_app,
            psycopg.connect(database.url("owner")) as as_owner,
        ):
            assert check_server(as_app) == []
            assert ["yici_owner" in problem.en for problem in check_server(as_owner)] == [True]
            made = as_owner.execute(
                "SELECT current_setting('data_checksums'), datdba::regrole::text FROM pg_database"
                " WHERE datname = 'yici'"
            ).fetchone()
            assert made == ("on", "yici_owner")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                as_app.execute("CREATE TABLE mine (n int)")

    def test_listens_on_no_network(self, data_dir: Path) -> None:
        with joined_or_started(data_dir) as database, psycopg.connect(database.url("owner")) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)

            folder = Folder(data_dir / "database").socket
            assert folder.stat().st_mode & 0o777 == 0o700

    def test_begins_anew_when_the_making_was_interrupted(self, tmp_path: Path) -> None:
        unfinished = tmp_path / "data" / "database" / "cluster.new"
        (unfinished / "base").mkdir(parents=True)

        with joined_or_started(tmp_path / "data") as database:
            assert answers(database.url())
        assert not unfinished.exists()


class TestRestart:
    def test_keeps_the_data_and_is_quick(self, data_dir: Path) -> None:
        with joined_or_started(data_dir) as database:
            write(database.url("owner"), 10)
        assert not is_locked(Folder(data_dir / "database").server_lock), "stopped means: nothing of it lives"

        begun = time.monotonic()
        with joined_or_started(data_dir) as database:
            assert rows(database.url("owner")) == 10
        assert time.monotonic() - begun < 5

    def test_follows_a_data_folder_that_was_moved(self, data_dir: Path) -> None:
        with joined_or_started(data_dir) as database:
            write(database.url("owner"), 10)

        moved = data_dir.rename(data_dir.with_name("moved"))
        try:
            with joined_or_started(moved) as database:
                assert rows(database.url("owner")) == 10
        finally:
            moved.rename(data_dir)


class TestKilled:
    def test_the_server_comes_back_with_every_acknowledged_row(self, data_dir: Path) -> None:
        with joined_or_started(data_dir) as database:
            write(database.url("owner"), 50_000)
            killed = server_pid(data_dir)
            os.kill(killed, signal.SIGKILL)

            until(lambda: answers(database.url()))
            assert rows(database.url("owner")) == 50_000
            assert server_pid(data_dir) != killed

    def test_the_server_comes_back_while_an_orphan_still_counts(self, data_dir: Path) -> None:
        with joined_or_started(data_dir) as database:
            busy = psycopg.connect(database.url("owner"), autocommit=True)
            # Ends in hours only: this backend does not look whether its server lives.
            busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1e11) a WHERE a % 7 = 3.5")
            time.sleep(0.3)
            os.kill(server_pid(data_dir), signal.SIGKILL)

            until(lambda: answers(database.url()))
            busy.close()

    def test_without_its_command_the_server_stops_and_starts_again(self, data_dir: Path) -> None:
        with command(data_dir) as first:
            assert first.stdout is not None
            write(first.stdout.readline().strip(), 10)
            orphan = server_pid(data_dir)
            first.kill()
        until(lambda: not lives(orphan))

        with joined_or_started(data_dir) as database:
            assert rows(database.url("owner")) == 10

    def test_the_server_dies_with_its_keeper_and_a_watcher_calls_a_new_one(self, data_dir: Path) -> None:
        with joined_or_started(data_dir) as database:
            write(database.url("owner"), 10)
            killed, orphan = keeper_pid(data_dir), server_pid(data_dir)
            os.kill(killed, signal.SIGKILL)
            until(lambda: not lives(orphan))

            database.watch(every_seconds=0.1)

            until(lambda: answers(database.url()))
            assert rows(database.url("owner")) == 10
            assert keeper_pid(data_dir) != killed

    def test_everything_killed_at_once(self, data_dir: Path) -> None:
        with command(data_dir) as first:
            assert first.stdout is not None
            write(first.stdout.readline().strip(), 10)
            for pid in (keeper_pid(data_dir), server_pid(data_dir), first.pid):
                os.kill(pid, signal.SIGKILL)

        with joined_or_started(data_dir) as database:
            assert rows(database.url("owner")) == 10

    def test_believes_no_pid_file_whose_number_belongs_to_somebody_else(self, data_dir: Path) -> None:
        foreign = str(os.getpid())
        lines = [foreign, str(data_dir), "1", "5432", str(data_dir / "database/socket"), "", "  5432001    1", "ready"]
        (data_dir / "database" / "cluster" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        socket = data_dir / "database" / "socket"
        socket.mkdir(exist_ok=True)
        (socket / f"{SOCKET_NAME}.lock").write_text("\n".join(lines[:5]) + "\n")
        (socket / SOCKET_NAME).touch()

        with joined_or_started(data_dir) as database:
            assert answers(database.url())

    def test_ctrl_c_does_not_reach_the_server(self, data_dir: Path) -> None:
        with command(data_dir, start_new_session=True) as first:
            assert first.stdout is not None
            url = first.stdout.readline().strip()
            with joined_or_started(data_dir):
                server = server_pid(data_dir)
                os.killpg(first.pid, signal.SIGINT)
                first.wait(10)

                assert answers(url)
                assert server_pid(data_dir) == server


class TestTogether:
    def test_commands_of_the_same_moment_share_one_server(self, data_dir: Path) -> None:
        with contextlib.ExitStack() as stack:
            commands = [stack.enter_context(command(data_dir)) for _ in range(4)]
            urls = {child.stdout.readline().strip() for child in commands if child.stdout}
            server = server_pid(data_dir)

            for child in commands[:3]:
                child.communicate(timeout=20)
                assert child.returncode == 0
            assert len(urls) == 1
            assert answers(urls.pop()), "the last one still uses it"
            assert server_pid(data_dir) == server

            commands[3].communicate(timeout=20)
            until(lambda: not lives(server))

    def test_a_second_run_is_told_where_the_first_is(self, tmp_path: Path) -> None:
        with (
            run_alone(tmp_path, address="http://localhost:8000"),
            pytest.raises(CannotStart) as refusal,
            run_alone(tmp_path, address="http://localhost:8001"),
        ):
            pytest.fail("two at once")
        for language in ("zh", "en"):
            sentence = refusal.value.text(language)
            assert f"{os.getpid()}" in sentence
            assert "http://localhost:8000" in sentence

        with run_alone(tmp_path, address="http://localhost:8001"):
            written = json.loads((tmp_path / "run.lock").read_text())
            assert written["address"] == "http://localhost:8001"


class TestPlaces:
    def test_a_folder_too_deep_for_a_socket_address(self, data_dir: Path) -> None:
        deep = data_dir.parent.joinpath(*["很深的目录"] * 12)
        deep.mkdir(parents=True)
        moved = data_dir.rename(deep / "da,ta")
        assert len(os.fsencode(moved)) > LONGEST_SOCKET_PATH_BYTES
        try:
            with joined_or_started(moved) as database:
                assert answers(database.url())
                outside = Folder(moved / "database").socket
                assert outside.stat().st_mode & 0o777 == 0o700
            assert not outside.exists(), "nothing is left outside the data folder"
        finally:
            moved.rename(data_dir)

    def test_spaces_and_signs_in_the_path(self, data_dir: Path) -> None:
        moved = data_dir.rename(data_dir.with_name("my data 100%&?#'"))
        try:
            with joined_or_started(moved) as database:
                assert answers(database.url())
        finally:
            moved.rename(data_dir)

    @pytest.mark.skipif(not AS_ROOT, reason="only root can close a folder to the server's user")
    def test_a_folder_that_only_root_may_enter(self, data_dir: Path) -> None:
        closed = data_dir.parent
        closed.chmod(0o700)

        with joined_or_started(data_dir) as database, psycopg.connect(database.url("owner")) as connection:
            status = Path(f"/proc/{server_pid(data_dir)}/status").read_text()
            assert status.partition("\nUid:")[2].split()[0] != "0"
            connection.execute("CREATE TABLE here AS SELECT generate_series(1, 1000) n")
            # Parallel workers and checkpoints reach the files as well.
            connection.execute("SET debug_parallel_query = on")
            assert connection.execute("SELECT count(*) FROM here").fetchone() == (1000,)
            connection.commit()
            connection.autocommit = True
            connection.execute("CHECKPOINT")

        assert closed.stat().st_mode & 0o777 == 0o700
        assert closed.stat().st_uid == 0

    @pytest.mark.skipif(not AS_ROOT, reason="only root can lose the owner of files")
    def test_a_database_that_root_copied_without_its_owner(self, data_dir: Path) -> None:
        subprocess.run(["chown", "-R", "root:root", data_dir], check=True)

        with joined_or_started(data_dir) as database:
            assert answers(database.url())

    @pytest.mark.skipif(not AS_ROOT, reason="only root lends copies")
    def test_programs_are_lent_from_the_first_place_that_serves(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken, closed, open_place = tmp_path / "taken", tmp_path / "closed" / "place", Path(f"/tmp/yici-t{os.getpid()}")
        taken.write_text("")
        closed.parent.mkdir(mode=0o700)
        monkeypatch.setattr(database_programs, "PLACES_FOR_COPIES", (taken, closed, open_place))
        account = database_programs.server_account(tmp_path / "none")
        try:
            lent = database_programs.reachable_programs(account)
            assert lent.parent == open_place
            postgres = Path(database_programs.program("postgres", under=lent))
            whole = postgres.stat().st_size
            postgres.write_bytes(b"")  # as a power cut may leave it

            assert database_programs.reachable_programs(account) == lent
            assert postgres.stat().st_size == whole
        finally:
            shutil.rmtree(open_place)

        monkeypatch.setattr(database_programs, "PLACES_FOR_COPIES", (taken, closed))
        with pytest.raises(CannotStart, match="no place"):
            database_programs.reachable_programs(account)

    @pytest.mark.slow
    @pytest.mark.skipif(not AS_ROOT, reason="the other tests are this one for an ordinary user")
    def test_an_ordinary_user(self, tmp_path: Path) -> None:
        python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
        home = Path("/tmp") / f"yici-test-{os.getpid()}"
        home.mkdir()
        shutil.chown(home, "nobody")
        path = os.pathsep.join((str(SOURCE), str(SITE_PACKAGES)))
        as_nobody = {"user": "nobody", "group": 65534, "extra_groups": [], "cwd": "/", "env": {"PYTHONPATH": path}}
        if python is None or not _runs(python, as_nobody):
            pytest.skip("no interpreter here that an ordinary user may run")
        try:
            for expected in (10, 20):
                with command(home / "data", python, **as_nobody) as child:
                    assert child.stdout is not None
                    url = child.stdout.readline().strip()
                    write(url, 10)
                    assert rows(url) == expected
                    assert Path(f"/proc/{server_pid(home / 'data')}").stat().st_uid == home.stat().st_uid
                    child.communicate(timeout=20)
            # Root passing by runs it as its owner, and takes nothing away from him.
            with joined_or_started(home / "data") as database:
                assert rows(database.url("owner")) == 20
            with command(home / "data", python, **as_nobody) as child:
                assert child.stdout is not None
                assert rows(child.stdout.readline().strip()) == 20
                child.communicate(timeout=20)
        finally:
            shutil.rmtree(home)


def _runs(python: str, options: dict[str, object]) -> bool:
    question = "import yici.config.database, sys; sys.exit(sys.version_info < (3, 11))"
    done = subprocess.run([python, "-c", question], check=False, **options)  # type: ignore[call-overload]
    return bool(done.returncode == 0)


class TestRefusals:
    def test_a_cluster_of_another_major_version(self, data_dir: Path) -> None:
        (data_dir / "database" / "cluster" / "PG_VERSION").write_text("12\n")

        with pytest.raises(CannotStart, match=r"PostgreSQL 12.* backup") as refusal:
            Database(data_dir).start()
        assert "PostgreSQL 12" in refusal.value.text("zh")

    def test_a_server_that_cannot_start(self, data_dir: Path) -> None:
        with (data_dir / "database" / "cluster" / "postgresql.conf").open("a") as settings:
            settings.write("work_mem = plenty\n")

        with pytest.raises(CannotStart, match="work_mem"):
            Database(data_dir).start()

    def test_a_data_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("")

        with pytest.raises(CannotStart, match="cannot be used"):
            Database(tmp_path / "data").start()


class TestCheckServer:
    @pytest.fixture
    def owner_url(self, data_dir: Path) -> Iterator[str]:
        with joined_or_started(data_dir) as database:
            yield database.url("owner")

    @pytest.mark.parametrize(
        ("made_with", "sentence"),
        [
            ("ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc", "encoding is LATIN1"),
            ("ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER libc", "find nothing"),
        ],
    )
    def test_names_a_database_that_cannot_search_chinese(self, owner_url: str, made_with: str, sentence: str) -> None:
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE odd TEMPLATE template0 " + made_with))

        with psycopg.connect(owner_url, dbname="odd", autocommit=True) as connection:
            assert any(sentence in problem.en for problem in check_server(connection))
            if "UTF8" in made_with:
                connection.execute("CREATE EXTENSION pg_trgm")
                assert any(sentence in problem.en for problem in check_server(connection))
