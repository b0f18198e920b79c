"""What changes, ends or is stopped in the middle: nothing is half written, and nothing is left."""

from __future__ import annotations

import _thread
import gc
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

import timingctl
from tests.bad_input.tool import INBOUND, MESSAGES, PATIENCE, cases, write
from tests.bad_input.tool import timingctl as timingctl_here
from tests.buckets.bucket import SECRET, Bucket, environment_of, run_at
from tests.buckets.servers import Hook, between, refusing
from timingctl import stop
from timingctl.buckets import putting, sending
from timingctl.buckets.mirror import mirrored
from timingctl.buckets.places import Place, place_of
from timingctl.buckets.store import Store, store_of
from timingctl.errors import InputError
from timingctl.progress import Silence

_UNUSABLE = "C,ann,email,sideways,2026-02-10 11:00:00,,,,\n"
_LATER = "D,ann,email,inbound,2026-02-11 10:00:00,,,,\n"


@pytest.fixture(scope="module")
def shared(address: str, tmp_path_factory: pytest.TempPathFactory) -> Bucket:
    """A bucket with exports, and `out` of which other exports were built, with rejects."""
    bucket = Bucket.made(address, "shared")
    folder = write(
        tmp_path_factory.mktemp("shared") / "exports", {"Message.csv": MESSAGES + _UNUSABLE}
    )
    bucket.fill(folder, "exports")
    assert bucket.run("build", folder, "-o", f"{bucket.url}/out/e.csv", "-q").code == 0
    bucket.put("exports/Message.csv", MESSAGES + _LATER)
    assert len(bucket.keys("out")) == 3
    return bucket


def at(pattern: str, do: Hook) -> Hook:
    """Do it at requests that match: the method, the path, and the key that is copied."""

    def hook(request: BaseHTTPRequestHandler) -> bool:
        copied = request.headers.get("x-amz-copy-source", "")
        return bool(re.fullmatch(pattern, f"{request.command} {request.path} {copied}")) and do(
            request
        )

    return hook


def refuse(request: BaseHTTPRequestHandler) -> bool:
    refusing(403, "AccessDenied")(request)
    return True


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("pattern", "cannot"),
    cases(
        ("on its way", r"POST .*/new/e\.csv\.manifest\.json\?uploads ", "written: PutObject"),
        ("before the last is new", r"PUT .*/out/e\.csv\.man.* .*/new/.*", "written: PutObject"),
        ("at what is obsolete", r"DELETE .*\.rejects\.ndjson ", "removed: DeleteObject"),
    ),
)  # fmt: skip
def test_what_stood_there_stands_there(pattern: str, cannot: str, shared: Bucket) -> None:
    before = shared.keys("out")

    with between(shared.address, at(pattern, refuse)) as address:
        target = f"{shared.url}/out/e.csv"
        done = run_at(address, "build", f"{shared.url}/exports", "-o", target, "-q")

    assert done.code == 10
    asked, right = cannot.split(": ")
    assert f"cannot be {asked}: these credentials do not have the right (s3:{right})" in done.err
    assert shared.keys("out") == before


def test_what_cannot_be_put_back_is_kept_aside(bucket: Bucket, tmp_path: Path) -> None:
    source, target = write(tmp_path / "exports", {}), f"{bucket.url}/out/e.csv"
    assert bucket.run("build", source, "-o", target, "-q").code == 0
    before = {key: bucket.get(f"out/{key}") for key in ("e.csv", "e.csv.manifest.json")}

    (source / "Message.csv").write_text(MESSAGES + _LATER)
    refused = r"PUT .*/out/e\.csv\.man.* .*/new/.*|PUT \S+ .*/old/.*"
    with between(bucket.address, at(refused, refuse)) as address:
        done = run_at(address, "build", source, "-o", target, "-q")

    assert done.code == 10
    [old] = {key.rpartition("/")[0] for key in bucket.keys("out") if "/old/" in key}
    aside = f"{bucket.url}/{old.removesuffix('/old')}"
    assert f"What stood there is in {aside}/old/; remove {aside}/ afterwards." in done.err
    assert {key: bucket.get(f"{old}/{key}") for key in before} == before


def interrupted_after(
    methods: list[str], bucket: Bucket, temp_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """What Python's own Ctrl-C says, which comes after the first of each of these in `out`."""
    for name, value in environment_of(bucket.address).items():
        monkeypatch.setenv(name, value)
    left = list(methods)

    def interrupting(method: str) -> Callable[..., None]:
        asked = getattr(Store, method)

        def done(store: Store, *places: Place) -> None:
            asked(store, *places)
            if left[:1] == [method] and places[-1].parent.key == "out":
                left.pop(0)
                raise KeyboardInterrupt

        return done

    for method in set(methods):
        monkeypatch.setattr(Store, method, interrupting(method))
    with pytest.raises(KeyboardInterrupt) as interrupted:
        _build(bucket, temp_dir)()
    assert not left
    return str(interrupted.value)


@pytest.mark.parametrize("method", ["copy", "remove"])
def test_an_interrupt_leaves_what_stood_there(
    method: str, shared: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own, which comes anywhere: after the events are new, after the rejects are gone."""
    before = shared.keys("out")
    assert interrupted_after([method], shared, tmp_path, monkeypatch) == ""
    assert shared.keys("out") == before


def test_an_interrupt_of_what_puts_back_is_told(
    shared: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shared.keys("out")
    said = interrupted_after(["remove", "copy"], shared, tmp_path, monkeypatch)
    [old] = {key.rpartition("/")[0] for key in shared.keys("out") if "/old/" in key}
    aside = f"{shared.url}/{old.removesuffix('/old')}"
    assert said == (
        f"Some of {shared.url}/out/e.csv and what is beside it may be new, and some old: build it "
        f"again. What stood there is in {aside}/old/; remove {aside}/ afterwards."
    )
    for key, content in before.items():
        assert shared.get(f"{old}/{key.rpartition('/')[2]}") == content
        shared.put(key, content)
    shared.files.delete_dir(f"{shared.name}/{old.removesuffix('/old')}")


@pytest.mark.usefixtures("environment")
def test_an_interrupt_waits_for_what_is_under_way(shared: Bucket) -> None:
    """Else it might be done after it was undone."""
    store = store_of(place_of(shared.url)).to_the_end()
    done = []

    def work() -> None:
        _thread.interrupt_main()
        time.sleep(0.1)
        done.append(True)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            store.ask("written", place_of(shared.url), work)
    finally:
        signal.signal(signal.SIGINT, before)
    assert done


@pytest.mark.wide
def test_what_cannot_be_removed_is_told(shared: Bucket) -> None:
    with between(shared.address, at(r"POST .*\?delete .*", refuse)) as address:
        target = f"{shared.url}/kept/e.csv"
        done = run_at(address, "build", f"{shared.url}/exports", "-o", target, "-q")

    assert done.code == 0
    [aside] = {key.split("/")[1] for key in shared.keys("kept") if "/." in key}
    assert done.err.startswith(
        f"Note: {shared.url}/kept/{aside} cannot be removed: these credentials do not have the "
        "right (s3:DeleteObject)"
    )


def test_who_may_read_a_key_need_not_list(
    shared: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with between(shared.address, at(r"GET .*list-type=2.*", refuse)) as address:
        for name, value in environment_of(address).items():
            monkeypatch.setenv(name, value)
        with mirrored(tmp_path, Silence()) as mirror:
            file = mirror.file(f"{shared.url}/out/e.csv")
            assert Path(file).read_bytes() == shared.get("out/e.csv")
            [lead] = mirror.tables({"Lead": [f"{shared.url}/exports/Lead.csv"]})["Lead"]
            assert Path(lead).read_bytes() == shared.get("exports/Lead.csv")
            with pytest.raises(InputError, match=r"cannot be listed: .*\(s3:ListBucket\)"):
                mirror.tables({"Lead": [f"{shared.url}/exports/Lead*"]})


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("is_new", [False, True], ids=["a file", "a file more"])
def test_what_changes_meanwhile_stops_the_build(
    is_new: bool, tmp_path: Path, bucket: Bucket
) -> None:
    source = bucket.fill(write(tmp_path / "exports", {"Message.csv": None}), "exports")
    bucket.put("exports/Message/part-0.csv", MESSAGES)
    key = f"exports/Message/part-{int(is_new)}.csv"

    def change(_: BaseHTTPRequestHandler) -> bool:
        bucket.put(key, MESSAGES.replace("ann", "bob") + INBOUND)
        return False

    with between(bucket.address, at(r"GET .*/AIDraft\.csv ", change)) as address:
        done = run_at(address, "build", source, "-o", tmp_path / "e.csv", "-q")

    assert (done.code, done.err) == (
        11,
        f"Error: {bucket.url}/{key} changed while it was read; run this again when nothing writes "
        "to it.\n",
    )
    assert not (tmp_path / "e.csv").exists()


def test_a_service_that_ends_in_the_middle(shared: Bucket, tmp_path: Path) -> None:
    def end(request: BaseHTTPRequestHandler) -> bool:
        request.connection.close()
        return True

    source = f"{shared.url}/exports"
    with between(shared.address, at(r"GET .*/Message\.csv ", end)) as address:
        done = run_at(address, "build", source, "-o", tmp_path / "e.csv", "-q")

    assert done.code == 11
    assert f"{source}/Message.csv cannot be read: {address} (AWS_ENDPOINT_URL) " in done.err
    assert not (tmp_path / "e.csv").exists()


def stopped_at(
    pattern: str, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, build: Callable[[], object]
) -> str:
    """What is said when a stop is asked for at a request that is not answered any more."""
    ended = threading.Event()

    def hang(_: BaseHTTPRequestHandler) -> bool:
        monkeypatch.setattr(stop._flag, "signal", signal.SIGINT)
        for wake in list(stop._flag.wakes.values()):
            wake()
        return ended.wait(PATIENCE)

    with between(bucket.address, at(pattern, hang)) as address:
        for name, value in environment_of(address).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(stop.Stopped) as stopped:
            build()
        ended.set()
    return str(stopped.value)


def _build(shared: Bucket, temp_dir: Path) -> Callable[[], object]:
    source, target = f"{shared.url}/exports", f"{shared.url}/out/e.csv"
    return lambda: timingctl.build(source, target, temp_dir=temp_dir)


def test_a_stop_is_heard_while_a_file_is_copied(
    shared: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "HURRY_S", PATIENCE)
    before = shared.keys("out")
    build = _build(shared, tmp_path)
    assert stopped_at(r"GET .*/Message\.csv ", shared, monkeypatch, build) == ""
    assert not list(tmp_path.iterdir())
    assert shared.keys("out") == before


@pytest.mark.wide
def test_a_stop_is_heard_though_nothing_can_be_removed(
    shared: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "HURRY_S", 0.1)
    said = stopped_at(r"GET .*list-type=2.*", shared, monkeypatch, _build(shared, tmp_path))
    [aside] = {key.split("/")[1] for key in shared.keys("out") if "/." in key}
    assert said == f"{shared.url}/out/{aside}/ may be left, which nothing reads; remove it"


@pytest.mark.wide
@pytest.mark.usefixtures("environment")
def test_what_was_stopped_is_not_finished_afterwards(
    shared: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(f"{shared.url}/stopped/e.csv")
    store = store_of(place)
    (tmp_path / "e.csv").write_text(MESSAGES)
    monkeypatch.setattr(putting, "_PIECE", 100)

    def stop_it(_: int) -> None:
        monkeypatch.setattr(stop._flag, "signal", signal.SIGINT)

    with pytest.raises(stop.Stopped) as stopped:
        putting.put(store, tmp_path / "e.csv", place, stop_it)
    store.to_the_end().remove_folder(place.parent)
    del stopped  # and with it the file, which Arrow closes
    gc.collect()

    assert not shared.keys("stopped")


def test_ctrl_c(shared: Bucket, tmp_path: Path) -> None:
    begun, ended = threading.Event(), threading.Event()

    def hang(_: BaseHTTPRequestHandler) -> bool:
        begun.set()
        return ended.wait(PATIENCE)

    with between(shared.address, at(r"PUT .*/mark\.json\?partNumber.*", hang)) as address:
        run = subprocess.Popen(
            [sys.executable, "-m", "timingctl", "build", f"{shared.url}/exports",
             "-o", f"{shared.url}/ended/e.csv", "--temp-dir", str(tmp_path)],
            env={**os.environ, **environment_of(address)},
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        while not begun.wait(0.1):
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=PATIENCE)
        ended.set()

    assert run.returncode == 130
    left = r"s3://shared/ended/\.timingctl-\w+/ may be left, which nothing reads; remove it"
    assert re.fullmatch(rf"Interrupted; (no partial file was left|{left})\.\n", err)
    assert not list(tmp_path.iterdir())
    assert not [key for key in shared.keys("ended") if "/." not in key]


def test_credentials_of_a_profile(tmp_path: Path, shared: Bucket) -> None:
    (tmp_path / "keys").write_text(
        f"[prod]\naws_access_key_id = AKIAOFPROFILE\naws_secret_access_key = {SECRET}\n"
    )
    signed = []

    def look(request: BaseHTTPRequestHandler) -> bool:
        signed.append("AKIAOFPROFILE/" in request.headers.get("Authorization", ""))
        return False

    with between(shared.address, look) as address:
        (tmp_path / "config").write_text(
            f"[profile prod]\nregion = us-east-1\nendpoint_url = {address}\n"
        )
        done = timingctl_here(
            "build", f"{shared.url}/exports", "-o", tmp_path / "e.csv", "-v",
            AWS_PROFILE="prod", AWS_CONFIG_FILE=str(tmp_path / "config"),
            AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "keys"),
        )  # fmt: skip

    assert done.code == 0
    assert signed
    assert all(signed)
    assert SECRET not in done.out + done.err
    assert "Copying\n  0 of 5 files, 0 of " in done.err
    assert "\n  5 of 5 files, " in done.err


def test_a_public_bucket_needs_no_credentials(
    tmp_path: Path, shared: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = []

    def look(request: BaseHTTPRequestHandler) -> bool:
        signed.append("Authorization" in request.headers)
        return False

    with between(shared.address, look) as address:
        monkeypatch.setenv("AWS_NO_SIGN_REQUEST", "YES")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with mirrored(tmp_path, Silence()) as mirror:
            mirror.file(f"{shared.url}/exports/Lead.csv")

    assert signed
    assert not any(signed)
