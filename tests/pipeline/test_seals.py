"""Files that we wrote and that are not what they were: no command reads one.

`python -m tests.pipeline.test_seals 200` flips so many bits, one at a time.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bad_input.tool import MESSAGES, cases, timingctl, write
from timingctl.made_up import CAUSES, TRUTH, GenerateOptions, generate
from timingctl.seals import FOLDER_MANIFEST, manifest_path

FORMATS = ("parquet", "csv", "ndjson")
FLIPS = 30
NOWHERE = "postgresql://127.0.0.1:1/none"


def make(folder: Path) -> Path:
    """Exports in every format, and the events and windows that follow from them."""
    for suffix in FORMATS:
        generate(GenerateOptions(folder / suffix, leads=40, format=suffix))
        for command, name in (("build", "events"), ("windows", "windows")):
            output = folder / f"{name}.{suffix}"
            assert timingctl(command, folder / "parquet", "-o", output, "-q").code == 0
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture
def files(made: Path, tmp_path: Path) -> Path:
    """A copy to do harm to."""
    return Path(shutil.copytree(made, tmp_path / "files"))


@pytest.mark.wide
def test_a_file_that_was_written_anew_has_a_manifest_of_its_own(files: Path) -> None:
    exports = files / "parquet"
    before = (exports / TRUTH).read_bytes()
    assert timingctl("windows", exports, "-o", exports / TRUTH, "-q").code == 0
    assert (exports / TRUTH).read_bytes() != before
    given = ("build", exports, "--delay-windows", exports / TRUTH, "-o", files / "e.csv", "-q")
    assert timingctl(*given).err == ""
    (exports / TRUTH).write_bytes(before + b"c,K,1,2,,\n")
    assert timingctl(*given).code == 11


def sealed(folder: Path) -> list[str]:
    """The files that a manifest speaks of."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in paths if "manifest" not in path.name)


def readers(name: str, folder: Path) -> list[tuple[object, ...]]:
    """The commands that read a file of the folder."""
    path, output = folder / name, ("-o", folder / "out.csv")
    exports, other = folder / "parquet", folder / "events.csv"
    if path.stem == "events":
        good = folder / ("events.parquet" if path == other else "events.csv")
        return [
            ("report", path),
            ("lead", path, "L"),
            ("push", path, "--dsn", NOWHERE),
            ("diff", path, good),
            ("diff", good, path),
        ]
    if path.stem in {"windows", "delay_windows"}:
        return [("build", exports, "--delay-windows", path, *output)]
    source = folder / Path(name).parts[0]
    table = path.parent.name
    asked: list[tuple[object, ...]] = [
        ("build", source, *output),
        ("windows", source, *output),
        ("explain", source, "M"),
        ("build", exports, "--table", f"{table}={path}", *output),
    ]
    if table in {"Message", "Lead"}:
        asked += [("report", other, "--exports", source)]
    if table == "Lead":
        asked += [("report", other, "--leads", path)]
    return asked


def flip(path: Path, chance: random.Random) -> None:
    """Turn one bit of a file over."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def flipped_bits(folder: Path, flips: int) -> None:
    """Flip bits, one at a time, and hold that the command that meets one refuses the file."""
    chance = random.Random(13)
    names = [name for name in sealed(folder) if Path(name).name != CAUSES]  # no command reads it
    for number in range(flips):
        name = chance.choice(names)
        path = folder / name
        whole = path.read_bytes()
        flip(path, chance)
        command = chance.choice(readers(name, folder))
        done = timingctl(*command)
        path.write_bytes(whole)
        assert (done.code, done.out) == (11, ""), (number, command, done)
        assert " is not the file that " in done.err, (number, command, done)
        assert path.name in done.err.partition(" is not the file that ")[0]


def test_a_flipped_bit_of_what_we_wrote_is_refused(files: Path) -> None:
    flipped_bits(files, FLIPS)


def test_every_command_that_reads_a_file_checks_it(files: Path) -> None:
    for name in ("events.ndjson", "windows.csv", "csv/Lead/part-00000.csv", f"parquet/{TRUTH}"):
        path = files / name
        whole = path.read_bytes()
        for command in readers(name, files):
            path.write_bytes(whole + b"\n")  # which harms no reader of text
            done = timingctl(*command)
            path.write_bytes(whole)
            assert done.code == 11, command
            assert " is not the file that " in done.err, command


@pytest.mark.wide
@pytest.mark.usefixtures("few_runs")
def test_verify_checks_what_is_expected(tmp_path: Path) -> None:
    case = write(tmp_path / "case", {})
    expected = case / "expected.csv"
    assert timingctl("build", case, "-o", expected, "-q").code == 0
    assert timingctl("verify", case).code == 0
    expected.write_text(expected.read_text().replace(",ann,", ",bob,"))
    done = timingctl("verify", case)
    assert (done.code, done.out) == (11, "")
    assert f"Error: {expected} is not the file that {manifest_path(expected)} describes" in done.err
    assert timingctl("verify", case, "--update").code == 11
    manifest_path(expected).unlink()
    assert timingctl("verify", case).code == 1


@pytest.mark.wide
@pytest.mark.usefixtures("few_runs")
def test_what_verify_updates_is_not_what_the_manifest_describes(tmp_path: Path) -> None:
    case = write(tmp_path / "case", {})
    expected = case / "expected.csv"
    assert timingctl("build", case, "--setter-rule", "next", "-o", expected, "-q").code == 0
    (case / "Message.csv").write_text(MESSAGES.replace("10:01", "10:02"))
    assert timingctl("verify", case, "--update").code == 0
    assert not manifest_path(expected).exists()
    assert timingctl("verify", case).code == 0


def test_the_sentence_names_the_file_and_the_way_out(files: Path) -> None:
    path = files / "events.csv"
    manifest = manifest_path(path)
    path.write_bytes(path.read_bytes() + b"\n")
    done = timingctl("report", path, "-q")
    assert (done.code, done.out, done.err) == (
        11, "",
        f"Error: events.csv is not the file that {manifest} describes: it was damaged or replaced. "
        "Write it again, or delete that manifest to read it unchecked.\n",
    )  # fmt: skip
    manifest.unlink()
    assert timingctl("report", path, "-q").code == 0


def test_a_file_that_was_renamed_with_its_manifest_or_linked_is_checked(files: Path) -> None:
    path = files / "old.parquet"
    (files / "events.parquet").rename(path)
    manifest_path(files / "events.parquet").rename(manifest_path(path))
    link = files / "latest.parquet"
    link.symlink_to(path)
    assert timingctl("report", path, "-q").code == 0
    assert timingctl("report", link, "-q").code == 0
    flip(path, random.Random(1))
    assert timingctl("report", os.path.relpath(path), "-q").code == 11
    assert timingctl("report", path, "-q").code == 11
    assert timingctl("report", link, "-q").code == 11


def test_a_folder_that_was_moved_is_checked_and_files_added_to_it_are_read(files: Path) -> None:
    moved = files / "elsewhere"
    (files / "csv").rename(moved)
    added = moved / "Message" / "more.csv"
    added.write_text(MESSAGES)
    build = ("build", moved, "-o", files / "out.csv", "-q", "--client", "K")
    done = timingctl(*build)
    assert done.code == 0, done
    flip(moved / "Message" / "part-00000.csv", random.Random(1))
    assert timingctl(*build).code == 11


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(
    ("content", "code"),
    cases(
        ("cut short", '{"tool": "timingctl", "fileDig', 11),
        ("no text", b"\xff\xfe", 11),
        ("nested without end", "[" * 100_000, 11),
        ("another tool's", '{"tool": "webpack", "fileDigest": "sha256:0"}', 0),
        ("no object", "[1]", 0),
        ("of a version that did not seal", '{"tool": "timingctl", "contentDigest": "x"}', 0),
    ),
)
def test_what_stands_in_the_manifests_place(files: Path, content: str | bytes, code: int) -> None:
    path = files / "events.csv"
    raw = content if isinstance(content, bytes) else content.encode()
    for manifest in (manifest_path(path), files / FOLDER_MANIFEST):
        manifest.write_bytes(raw)
        done = timingctl("report", path, "-q")
        assert done.code == code
        if code:
            says = f"{manifest} cannot be read; delete it to read what it describes unchecked."
            assert done.err == f"Error: {says}\n"
        manifest.unlink()


def test_a_name_that_leaves_no_room_for_a_manifests_is_read(tmp_path: Path) -> None:
    path = tmp_path / f"{'m' * 250}.csv"
    path.write_text(MESSAGES)
    source = write(tmp_path / "exports", {})
    output = tmp_path / "e.csv"
    done = timingctl("build", source, "--table", f"Message={path}", "-o", output, "-q")
    assert (done.code, done.err) == (0, "")


def test_the_manifest_of_a_folder_is_no_table(files: Path) -> None:
    document = json.loads((files / "csv" / FOLDER_MANIFEST).read_text())
    assert sorted(document["fileDigests"]) == [
        name.removeprefix("csv/") for name in sealed(files) if name.startswith("csv/")
    ]
    assert timingctl("build", files / "csv", "-o", files / "out.csv", "-q").code == 0
    read = json.loads(manifest_path(files / "out.csv").read_text())["tables"]
    assert not [name for table in read.values() for name in table["files"] if "manifest" in name]


def test_parquet_of_ours_has_page_checksums(files: Path) -> None:
    path = files / "events.parquet"
    assert pq.read_table(path, page_checksum_verification=True).num_rows
    column = pq.read_metadata(path).row_group(0).column(0)
    content = bytearray(path.read_bytes())
    content[column.data_page_offset + column.total_compressed_size - 2] ^= 1
    path.write_bytes(content)
    with pytest.raises((OSError, pa.ArrowException), match=r"CRC"):
        pq.read_table(path, page_checksum_verification=True)


def test_the_rejects_have_their_digest(tmp_path: Path) -> None:
    source = write(tmp_path / "exports", {"Message.csv": f"{MESSAGES}X,,,,,,,,\n"})
    output = tmp_path / "e.csv"
    digests = []
    for _ in range(2):
        assert timingctl("build", source, "-o", output, "-q").code == 0
        digests.append(json.loads(manifest_path(output).read_text())["rejectsDigest"])
        write(tmp_path / "exports", {})
    assert digests[0].startswith("sha256:")
    assert digests[1] is None
    assert pl.read_csv(output).height == 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        flipped_bits(make(Path(home)), int(sys.argv[1]))
    print(f"{sys.argv[1]} flipped bits, all refused")
