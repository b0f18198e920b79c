"""`timingctl windows`, and where `build` takes delay windows from, by what a user sees."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from tests.cases import FIXTURES
from tests.cli.test_build import timingctl
from tests.tables import built, says
from tests.windows.histories import Jobs, given_jobs, write
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.seals import manifest_path


@pytest.fixture(scope="module")
def jobs() -> Jobs:
    return given_jobs(campaigns=3, jobs=120, seed=34, moved=0.1, turns=(2, 2))


@pytest.fixture(scope="module")
def exports(jobs: Jobs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    silent = {"campaign-silent": (1, 2), "campaign-0002": (5, 6)}
    return write(jobs, tmp_path_factory.mktemp("exports"), current=silent)


def test_the_table_fits_and_says_what_differs_today(exports: Path, jobs: Jobs) -> None:
    done = timingctl("windows", exports)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    low, high = jobs.histories["campaign-0000"].windows[0]
    assert lines[4].split()[:3] == ["campaign-0000", f"{low}–{high}", "always"]
    assert lines[4].endswith("recovered")
    low, high = jobs.histories["campaign-0002"].windows[-1]
    assert lines[-2:] == [
        f"Periods: {len(lines) - 6} recovered, 1 no jobs.",
        f"Campaign campaign-0002: the jobs say {low}–{high}, EmailCampaign says 5–6.",
    ]


def test_json_has_every_period(exports: Path, jobs: Jobs) -> None:
    done = timingctl("windows", exports, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    windows = [row for row in document["windows"] if row["campaignId"] == "campaign-0001"]
    assert [(w["minSeconds"], w["maxSeconds"]) for w in windows] == jobs.histories[
        "campaign-0001"
    ].windows
    assert windows[0]["effectiveTo"] == windows[1]["effectiveFrom"]
    assert windows[1]["changedAfter"] < windows[1]["effectiveFrom"] <= windows[1]["changedBy"]
    assert [row["campaignId"] for row in document["differing"]] == ["campaign-0002"]
    assert document["windows"][-1]["verdict"] == "no jobs"


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".ndjson"])
def test_the_file_is_what_build_takes_and_infer_does_both(
    exports: Path, tmp_path: Path, suffix: str
) -> None:
    history = tmp_path / f"windows{suffix}"
    done = timingctl("windows", exports, "-o", history)
    assert done.returncode == 0
    assert "recovered" in done.stdout
    given = build(BuildOptions(exports, delay_windows=history, output=tmp_path / "given.parquet"))
    inferred = build(BuildOptions(exports, output=tmp_path / "inferred.parquet"))
    assert given["contentDigest"] == inferred["contentDigest"]
    assert given["events"]["delayWindows"]["history"] == given["events"]["total"] == 360
    assert inferred["events"]["delayWindows"] == {
        "history": 0, "inferred": 360, "current": 0, "none": 0,
    }  # fmt: skip
    assert inferred["options"]["delayWindows"] == "infer"


def test_inferred_delays_are_those_that_the_jobs_had(
    exports: Path, jobs: Jobs, tmp_path: Path
) -> None:
    """But for moved jobs, and those beside a change."""
    output = tmp_path / "e.parquet"
    assert timingctl("build", exports, "-o", output).returncode == 0
    assert json.loads(manifest_path(output).read_text())["options"]["delayWindows"] == "infer"
    delay = pl.col("aiScheduledRunAt") - pl.col("inboundSentAt")
    chosen = pl.read_parquet(output).select(
        "inboundMessageId", agrees=delay == pl.duration(seconds="aiChosenDelaySeconds")
    )
    both = jobs.frame.join(chosen, left_on="messageId", right_on="inboundMessageId")
    assert both.filter(~pl.col("isMoved"))["agrees"].all()


def test_the_settings_of_today_are_used_on_demand_and_contradicted(
    exports: Path, jobs: Jobs, tmp_path: Path
) -> None:
    output = tmp_path / "e.parquet"
    done = timingctl("build", exports, "-o", output, "--delay-windows", "current")
    assert done.returncode == 0
    today = {key: history.windows[-1] for key, history in jobs.histories.items()}
    today["campaign-0002"] = (5, 6)
    proved = json.loads(timingctl("windows", exports, "--json").stdout)["windows"]
    other = [
        row
        for row in proved
        if row["jobs"] and (row["minSeconds"], row["maxSeconds"]) != today[row["campaignId"]]
    ]
    speaking = sum(row["explained"] for row in other)
    campaigns = len({row["campaignId"] for row in other})
    assert (
        f"Note: --delay-windows current: {speaking} jobs of {campaigns} campaigns have delays of "
        "windows that EmailCampaign does not have today, so chosen delays are wrong. Without the "
        "option the jobs say the windows; `timingctl windows` shows them."
    ) in done.stderr.splitlines()
    windows = pl.read_parquet(output)["aiDelayMinSeconds", "aiDelayMaxSeconds"]
    assert set(windows.drop_nulls().rows()) == set(today.values())


def test_settings_that_the_jobs_agree_with_are_not_contradicted(tmp_path: Path) -> None:
    jobs = given_jobs(campaigns=1, jobs=60, seed=5, moved=0, turns=(0, 0))
    today = {"campaign-0000": jobs.histories["campaign-0000"].windows[-1]}
    source = write(jobs, tmp_path / "exports", current=today)
    done = timingctl(
        "build", source, "-o", tmp_path / "e.parquet", "--delay-windows", "current", "-q"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_history_whatever_the_order_of_the_rows(exports: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "exports"
    shuffled.mkdir()
    for seed, path in enumerate(sorted(exports.glob("*.parquet"))):
        rows = pl.read_parquet(path).sample(fraction=1, shuffle=True, seed=seed)
        rows.write_csv(shuffled / f"{path.stem}.csv")
    printed = [timingctl("windows", source, "--json").stdout for source in (exports, shuffled)]
    assert printed[0] == printed[1] != ""


def test_a_client_stands_for_leads_without_a_campaign_only(tmp_path: Path, jobs: Jobs) -> None:
    source = write(jobs, tmp_path / "exports")
    leads = pl.read_parquet(source / "Lead.parquet")
    without = pl.when(pl.col("emailCampaignId") != "campaign-0001").then("emailCampaignId")
    leads.with_columns(emailCampaignId=without).write_parquet(source / "Lead.parquet")
    document = json.loads(timingctl("windows", source, "--json").stdout)
    of_client = [row for row in document["windows"] if row["clientId"] == "client"]
    assert [(row["minSeconds"], row["maxSeconds"]) for row in of_client] == jobs.histories[
        "campaign-0001"
    ].windows
    silent = [row for row in document["windows"] if row["verdict"] == "no jobs"]
    assert [row["campaignId"] for row in silent] == ["campaign-0001"]


def test_exports_without_any_job(tmp_path: Path) -> None:
    source = FIXTURES / "headers_only"
    done = timingctl("windows", source, "-o", tmp_path / "w.csv")
    assert done.returncode == 0
    assert done.stdout == "Periods: none.\n"
    assert (tmp_path / "w.csv").read_text().startswith("campaignId,clientId,minSeconds")


def test_what_cannot_be_read_or_written_is_a_sentence(tmp_path: Path, exports: Path) -> None:
    missing = timingctl("windows", tmp_path / "nowhere")
    assert (missing.returncode, missing.stdout) == (11, "")
    assert missing.stderr.startswith("Error: ")
    unwritable = timingctl("windows", exports, "-o", tmp_path / "no" / "w.csv")
    assert unwritable.returncode == 10
    assert "is no folder that can be written to" in unwritable.stderr


def test_a_period_without_seconds_is_not_known_and_does_not_ask_the_clients(tmp_path: Path) -> None:
    tables = {
        "Message": """
            id | sentAt   | direction | leadId
            A  | 10:00:00 | in        | L
            B  | 10:05:00 | out       | L
            C  | 12:00:00 | in        | L
            D  | 12:05:00 | out       | L
            E  | 12:00:00 | in        | M
            F  | 12:05:00 | out       | M
        """,
        "Lead": "id | emailCampaignId\nL | c1\nM | ",
        "EmailCampaign": (
            "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds\n"
            "c1 | AI_AUTO_SEND | 1 | 1"
        ),
    }
    history = """
        campaignId | clientId | minSeconds | maxSeconds | effectiveFrom | effectiveTo
        c1         |          |            |            |               | 11:00:00
                   | K        | 90         | 90         |               |
    """
    says(
        built(tmp_path, tables, delay_windows=history),
        "id | aiDelayMinSeconds\nA | 1\nC | 90\nE | 90",
    )


def test_how_many_other_windows_fit_is_said_in_words(tmp_path: Path) -> None:
    few = given_jobs(campaigns=1, jobs=2, seed=3, moved=0, turns=(0, 0))
    shown = timingctl("windows", write(few, tmp_path / "exports", current={})).stdout
    assert "2/2  too few jobs (others that fit: " in shown
