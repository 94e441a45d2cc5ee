#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the learning table of docs/algorithms.md: warm start, tuning, three seeds of each method, one of each other preset.

    python3 benchmarks/learning/run.py            runs what is missing, an hour and a half on one core
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
# Learning rate and passes over each round of answers: the same four trials for each method.
TRIALS = [("2e-4", 1), ("4e-4", 1), ("8e-4", 1), ("4e-4", 2)]
TUNING_SEED = 11
SEEDS = [1, 2, 3]
COLUMNS = ["stage", "method", "learning_rate", "passes", "seed", "sampled_before", "sampled", "greedy_before", "greedy", "tokens", "seconds"]


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


def measure(stage, method, trial, seed):
    rate, passes = trial
    settings = [f"seed={seed}", f"phases[0].optimiser.learning-rate={rate}", f"phases[0].epochs={passes}"]
    summary = train(method, RUNS / stage / f"{method}-{rate}-{passes}-{seed}", settings)
    evaluation = [summary[f"eval/accuracy_{how}_{when}"] for how in ("sampled", "greedy") for when in ("before", "after")]
    row = [stage, method, rate, passes, seed, *evaluation, int(summary["tokens_generated"]), round(summary["wall_seconds"])]
    print(*row, flush=True)
    return dict(zip(COLUMNS, row))


def best(rows, method):
    tried = [row for row in rows if row["stage"] == "tuning" and row["method"] == method]
    row = max(tried, key=lambda row: float(row["sampled"]))
    return row["learning_rate"], row["passes"]


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

    for trial in TRIALS:
        for method in METHODS:
            add("tuning", method, trial, TUNING_SEED)
    for seed in SEEDS:
        for method in METHODS:
            add("final", method, best(rows, method), seed)
    for preset, parent in PRESETS.items():
        add("presets", preset, best(rows, parent), SEEDS[0])


def percent(values):
    shown = " / ".join(f"{100 * value:.1f}" for value in values)
    return shown if len(values) == 1 else f"{shown} ({100 * statistics.mean(values):.1f})"


def table():
    rows = list(csv.DictReader(open(HERE / "results.csv")))
    for stage in ("final", "presets"):
        print(f"\n| {stage} | learning rate | passes | sampled | greedy | tokens generated | seconds |\n|---|---|---|---|---|---|---|")
        for method in dict.fromkeys(row["method"] for row in rows if row["stage"] == stage):
            of = [row for row in rows if row["stage"] == stage and row["method"] == method]
            sampled, greedy = ([float(row[key]) for row in of] for key in ("sampled", "greedy"))
            tokens, seconds = (statistics.median(int(row[key]) for row in of) for key in ("tokens", "seconds"))
            rate, passes = of[0]["learning_rate"], of[0]["passes"]
            print(f"| `{method}` | {rate} | {passes} | {percent(sampled)} | {percent(greedy)} | {tokens:,} | {seconds} |")
    print("\n| trial |", " | ".join(f"{rate}, {passes}" for rate, passes in TRIALS), "|\n|---|" + "---|" * len(TRIALS))
    for method in METHODS:
        of = {(row["learning_rate"], int(row["passes"])): row for row in rows if row["stage"] == "tuning" and row["method"] == method}
        cells = [f"{100 * float(of[trial]['sampled']):.1f}" if trial in of else "" for trial in TRIALS]
        print(f"| `{method}` |", " | ".join(cells), "|")


if __name__ == "__main__":
    table() if sys.argv[1:] == ["--table"] else run()
