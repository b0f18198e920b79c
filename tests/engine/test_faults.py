"""What goes wrong on an engine: a sentence, an exit code, and the previous output stands."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from tests.bad_input.tool import cases
from tests.engine.servers import sail
from tests.faults.test_disks import SmallDisk, small_disk
from timingctl.engine import inputs, session
from timingctl.engine.session import Engine
from timingctl.errors import DatabaseError, InputError, SettingsError, TimingctlError
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.progress import Silence

BEFORE = b"an earlier output"


class At(Silence):
    """Does something when a step begins."""

    def __init__(self, step: str, do: Callable[[], object]) -> None:
        self._step, self._do = step, do

    def step(self, doing: str) -> None:
        """A step begins."""
        if doing.startswith(self._step):
            self._do()


class Run:
    """A build on an engine that is to fail, beside an output of before."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.output = folder / "out" / "events.parquet"
        self.scratch = folder / "scratch"
        self.output.parent.mkdir()
        self.scratch.mkdir()
        self.output.write_bytes(BEFORE)
        self._source = source

    def fails(self, engine: str, progress: Silence | None = None, **more: Any) -> TimingctlError:
        """What it raises; nothing is left but the output of before."""
        given = {"source": self._source, "scratch": str(self.scratch), **more}
        options = BuildOptions(output=self.output, engine=engine, allow_rejects=True, **given)
        with pytest.raises(TimingctlError) as caught:
            build(options, progress)
        assert list(self.output.parent.iterdir()) == [self.output]
        assert self.output.read_bytes() == BEFORE
        assert list(self.scratch.iterdir()) == []
        return caught.value


@pytest.fixture
def run(inbox: Path, tmp_path: Path) -> Run:
    return Run(inbox, tmp_path)


def told(error: TimingctlError, kind: type[TimingctlError], says: str) -> None:
    assert (type(error), str(error)) == (kind, says)


def place(engine: str) -> str:
    return engine.removeprefix("sc://")


def test_an_engine_that_goes_away(run: Run) -> None:
    with ExitStack() as running:
        engine = running.enter_context(sail("local"))
        error = run.fails(engine, At("Reading AIDraft", running.close))
    told(
        error,
        DatabaseError,
        f"The engine at {place(engine)} went away while reading AIDraft. See whether it runs, "
        "and run this again.",
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder) as found:
        yield found


def test_a_scratch_that_is_full(run: Run, disk: SmallDisk, local_sail: str) -> None:
    error = run.fails(local_sail, scratch=str(disk.folder))
    assert isinstance(error, SettingsError)
    first, second = str(error).split(" while ")
    assert first.startswith(
        f"Scratch is full: the engine found no room in {disk.folder}/.timingctl"
    )
    assert second.endswith(" Message. Give a roomier place by --scratch.")
    assert list(disk.folder.iterdir()) == []


def test_a_scratch_that_cannot_be_written(
    run: Run, disk: SmallDisk, local_sail: str, caplog: pytest.LogCaptureFixture
) -> None:
    disk.resize(1 << 26)
    stop_writing = At("Reading AIDraft", lambda: disk.let_write(may=False))
    error = run.fails(local_sail, stop_writing, scratch=str(disk.folder))
    [left] = disk.folder.iterdir()
    told(
        error,
        SettingsError,
        f"The engine may not write to scratch, {left}/room. Give a place by --scratch that its "
        "workers may write to.",
    )
    assert caplog.messages == [f"Scratch could not be removed: {left}/room; remove it by hand."]


def test_exports_that_the_engine_does_not_see(
    run: Run, local_sail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "_called", lambda _, export: f"/mnt{export.path.absolute()}")
    error = run.fails(local_sail)
    assert isinstance(error, SettingsError)
    assert str(error).startswith("The engine sees no rows of Message, where this machine sees 1,")
    assert str(error).endswith(") under the same paths as this machine.")


def test_an_export_that_changes_meanwhile(run: Run, inbox: Path, local_sail: str) -> None:
    source = run.output.parent.parent / "exports"
    shutil.copytree(inbox, source)
    changed = source / "AIDraft.parquet"
    error = run.fails(
        local_sail,
        At("Reading AIDraft", lambda: changed.write_bytes(changed.read_bytes())),
        source=source,
    )
    told(
        error,
        InputError,
        "AIDraft.parquet changed while it was read; run this again when nothing writes to it.",
    )


def test_a_file_that_a_repeated_task_left_twice(
    run: Run, local_sail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the exports; test_relations.py has the others."""
    keep = Engine.keep

    def twice(engine: Engine, name: str, *given: Any, **more: Any) -> None:
        keep(engine, name, *given, **more)
        leave_twice(engine, name)

    monkeypatch.setattr(Engine, "keep", twice)
    error = run.fails(local_sail)
    assert str(error).startswith("The engine read ")
    assert str(error).endswith("or a task that was repeated left its rows twice. Run this again.")


def leave_twice(engine: Engine, relation: str) -> list[Path]:
    """Copy the files of a relation, as a task that is repeated may; returns the copies."""
    files = Path(engine.scratch.place(relation)).rglob("*.parquet")
    return [Path(shutil.copy(file, file.with_name(f"again-{file.name}"))) for file in list(files)]


def test_an_engine_that_is_too_old(
    run: Run, local_sail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "OLDEST", {"Spark": (4, 0), "Sail": (99, 1)})
    error = run.fails(local_sail)
    assert isinstance(error, DatabaseError)
    assert str(error).startswith(f"The engine at {place(local_sail)} is Sail 0.")
    assert str(error).endswith("; timingctl needs Sail 99.1 or newer.")


class _Refusing(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answers every call with a status, and quotes the token that it was shown."""

    def __init__(self, code: grpc.StatusCode) -> None:
        self._code = code

    def service(self, _: object) -> grpc.RpcMethodHandler:
        def refuse(_: bytes, context: grpc.ServicerContext) -> None:
            context.abort(self._code, f"refused {dict(context.invocation_metadata())}")

        return grpc.unary_unary_rpc_method_handler(refuse)


@contextmanager
def refusing(code: grpc.StatusCode) -> Iterator[int]:
    """The port of a server that answers every call with a status."""
    server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[_Refusing(code)])
    port = server.add_secure_port("localhost:0", grpc.local_server_credentials())
    server.start()
    try:
        yield port
    finally:
        server.stop(0).wait()


@pytest.mark.parametrize(
    ("code", "says"),
    cases(
        ("no such token", grpc.StatusCode.UNAUTHENTICATED,
         "The engine at {} refused the token in --engine; give another."),
        ("no right", grpc.StatusCode.PERMISSION_DENIED,
         "The engine at {} refused the token in --engine; give another."),
        ("another service", grpc.StatusCode.UNIMPLEMENTED,
         "What listens at {} does not know what a Spark Connect engine has to know; it is "
         "something else, or older than Spark 4.0 or Sail 0.7."),
        ("an error that quotes", grpc.StatusCode.INTERNAL, None),
    ),
)  # fmt: skip
def test_a_token_is_shown_to_nobody(run: Run, code: grpc.StatusCode, says: str | None) -> None:
    with refusing(code) as port:
        error = run.fails(f"sc://localhost:{port}/;token=sekret-token")
    assert isinstance(error, DatabaseError)
    assert "sekret" not in str(error)
    if says:
        assert str(error) == says.format(f"localhost:{port}")


def test_something_that_is_no_engine(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_hang_up, args=(listening,), daemon=True).start()
        where = f"127.0.0.1:{listening.getsockname()[1]}"
        told(
            run.fails(f"sc://{where}"),
            DatabaseError,
            f"What listens at {where} does not answer as a Spark Connect engine. Give the address "
            "of one; where it wants TLS, with ;use_ssl=true behind it.",
        )


def _hang_up(listening: socket.socket) -> None:
    while True:
        try:
            listening.accept()[0].close()
        except OSError:
            return


def test_a_build_that_is_interrupted(run: Run, inbox: Path, local_sail: str) -> None:
    with subprocess.Popen(
        [
            sys.executable, "-m", "timingctl", "build", inbox, "-o", run.output, "-v",
            "--allow-rejects", "--engine", local_sail, "--scratch", run.scratch,
        ],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        for line in process.stderr:
            if line == "Reading AIDraft (Sail)\n":
                process.send_signal(signal.SIGINT)
                break
        said = process.stderr.read()
        assert process.wait() == 130
    assert said.endswith("Interrupted; no partial file was left.\n")
    goes_on, scratch = "Sail cannot be interrupted: the engine at ", f"{run.scratch}/.timingctl-"
    assert goes_on in said
    assert scratch in said
    assert run.output.read_bytes() == BEFORE
    assert list(run.output.parent.iterdir()) == [run.output]
