#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the learning table of docs/algorithms.md: warm start, tuning, three seeds of each method, one of each other preset.

    python3 benchmarks/learning/run.py            runs what is missing, two hours on one core
    python3 benchmarks/learning/run.py --table    prints the tables of what is there

Run it from the root of the repository. Each run is a directory below runs/learning; one that is complete is not run again. The results are in
benchmarks/learning/results.csv.
"""

import csv
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path("benchmarks/learning")
RUNS = pathlib.Path("runs/learning")
METHODS = ["ppo", "grpo", "rloo", "remax", "reinforce-pp", "rft"]
# Each other preset with the method whose settings it takes over.
PRESETS = {
    "dr-grpo": "grpo",
    "dapo": "grpo",
    "gspo": "grpo",
    "cispo": "grpo",
    "rloo-clip": "rloo",
    "remax-authors": "remax",
    "reinforce-pp-baseline": "reinforce-pp",
    "raft": "rft",
}
RATE = "phases[0].optimiser.learning-rate="
PASSES = "phases[0].epochs=2"
SAMPLES = "phases[0].algorithm.samples-per-prompt="
PROMPTS = "phases[0].prompts-per-step="
# The clipped loss over rounds of 1,024 answers, for methods that have none by default.
CLIPPED = ["phases[0].algorithm.surrogate.kind=clip", "phases[0].steps=60", "phases[0].mini-batches=8", PASSES]
# Three learning rates for each method, then three more trials where these pointed: six each. A trial is a label and settings.
RATES = {rate: [RATE + rate] for rate in ("2e-4", "4e-4", "8e-4")}
MORE = {
    "ppo": {"1.6e-3": [RATE + "1.6e-3"], "8e-4, two passes": [RATE + "8e-4", PASSES], "4e-4, two passes": [RATE + "4e-4", PASSES]},
    "grpo": {"1.6e-3": [RATE + "1.6e-3"], "4e-4, two passes": [RATE + "4e-4", PASSES], "8e-4, two passes": [RATE + "8e-4", PASSES]},
    "rloo": {
        "3e-4": [RATE + "3e-4"],
        "4e-4, groups of 8": [RATE + "4e-4", SAMPLES + "8", PROMPTS + "16"],
        "4e-4, clipped, two passes": [RATE + "4e-4", *CLIPPED, PROMPTS + "256"],
    },
    "remax": {
        "1e-4": [RATE + "1e-4"],
        "2e-4, 4 samples": [RATE + "2e-4", SAMPLES + "4", PROMPTS + "26"],
        "4e-4, clipped, two passes, 4 samples": [RATE + "4e-4", *CLIPPED, SAMPLES + "4", PROMPTS + "205"],
    },
    "reinforce-pp": {"1.6e-3": [RATE + "1.6e-3"], "8e-4, two passes": [RATE + "8e-4", PASSES], "4e-4, two passes": [RATE + "4e-4", PASSES]},
    "rft": {"1.6e-3": [RATE + "1.6e-3"], "8e-4, two passes": [RATE + "8e-4", PASSES], "4e-4, two passes": [RATE + "4e-4", PASSES]},
}
HALF = {"8e-4": "4e-4", "4e-4": "2e-4", "2e-4": "1e-4"}
TUNING_SEED = 11
SEEDS = [1, 2, 3]
COLUMNS = ["stage", "method", "trial", "seed", "sampled_before", "sampled", "greedy_before", "greedy", "tokens", "trained"]


def train(conf, folder, settings):
    """The summary of a run, which is made if it is not there."""
    summary = folder / "summary.json"
    if not summary.exists():
        command = ["./rl", "train", str(HERE / f"{conf}.conf"), "--set", f"run.dir={folder}"]
        for setting in settings:
            command += ["--set", setting]
        print(" ".join(command), flush=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return json.loads(summary.read_text())


def trials(method):
    return RATES | MORE[method]


def measure(stage, method, trial, settings, seed):
    folder = RUNS / stage / f"{method}-{trial.replace(', ', '-').replace(' ', '-')}-{seed}"
    summary = train(method, folder, [f"seed={seed}", *settings])
    evaluation = [summary[f"eval/accuracy_{how}_{when}"] for how in ("sampled", "greedy") for when in ("before", "after")]
    # What was done with the answers: tokens, prompts included, that went through the models, forward and backward. Seconds would be the machine's.
    trained = sum(value for key, value in summary.items() if key.startswith(("ledger/forward/", "ledger/backward/")))
    row = [stage, method, trial, seed, *evaluation, int(summary["tokens_generated"]), int(trained)]
    print(*row, flush=True)
    return dict(zip(COLUMNS, row))


def best(rows, method, among):
    tried = [row for row in rows if row["stage"] == "tuning" and row["method"] == method and row["trial"] in among]
    return max(tried, key=lambda row: float(row["sampled"]))["trial"]


def run():
    if not (RUNS / "warm" / "model").exists():
        train("warm", RUNS / "warm", [])
    rows = []

    def add(*measurement):
        rows.append(measure(*measurement))
        with open(HERE / "results.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    for method in METHODS:
        for trial, settings in trials(method).items():
            add("tuning", method, trial, settings, TUNING_SEED)
    for seed in SEEDS:
        for method in METHODS:
            trial = best(rows, method, trials(method))
            add("final", method, trial, trials(method)[trial], seed)
    for preset, parent in PRESETS.items():
        # The learning rate that served its method best, and half of it; groups and passes are its own.
        rate = best(rows, parent, RATES)
        for own in (rate, HALF[rate]):
            add("presets", preset, own, [RATE + own], SEEDS[0])


def percent(values):
    shown = " / ".join(f"{100 * value:.1f}" for value in values)
    return shown if len(values) == 1 else f"{shown} ({100 * statistics.mean(values):.1f})"


def table():
    rows = list(csv.DictReader(open(HERE / "results.csv")))
    for stage in ("final", "presets"):
        print(f"\n| {stage} | trial | sampled | greedy | tokens generated | millions of tokens through models |\n|---|---|---|---|---|---|")
        for method, trial in dict.fromkeys((row["method"], row["trial"]) for row in rows if row["stage"] == stage):
            of = [row for row in rows if (row["stage"], row["method"], row["trial"]) == (stage, method, trial)]
            sampled, greedy = ([float(row[key]) for row in of] for key in ("sampled", "greedy"))
            tokens, trained = (statistics.median(int(row[key]) for row in of) for key in ("tokens", "trained"))
            print(f"| `{method}` | {trial} | {percent(sampled)} | {percent(greedy)} | {tokens:,} | {trained / 1e6:.1f} |")
    print("\n| tuning | trials, sampled / greedy |\n|---|---|")
    for method in METHODS:
        of = [row for row in rows if row["stage"] == "tuning" and row["method"] == method]
        cells = [f"{row['trial']}: {100 * float(row['sampled']):.1f} / {100 * float(row['greedy']):.1f}" for row in of]
        print(f"| `{method}` |", "; ".join(cells), "|")


if __name__ == "__main__":
    table() if sys.argv[1:] == ["--table"] else run()
