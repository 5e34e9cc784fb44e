#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Print what two runs did, side by side, from `bandscope inspect --json`, and say what the figures show.

    demo_table.py WITHOUT.json WITH.json
"""
import json
import sys

COLUMN = 26


def line(label, left, right):
    print(f"  {label:<34}{left:>{COLUMN}}{right:>{COLUMN}}")


def change(run, key, first="first_probe", last="last_probe"):
    """Start, end and difference of a figure on the held-out pairs."""
    start, end = run[first][key], run[last][key]
    return f"{start:.2f} -> {end:.2f} ({end - start:+.2f})"


def benchmark(run, row):
    """Start and end of a benchmark's number, in per cent."""
    key = (row["task"], row["metric"], row["filter"])
    start = [first["value"] for first in run["first_evaluation"] if (first["task"], first["metric"], first["filter"]) == key]
    return (f"{100 * start[0]:.1f} -> " if start else "") + f"{100 * row['value']:.1f} %"


def percent(share):
    return "undefined" if share is None else f"{100 * share:.0f} %"


def verdict(without, calibrated):
    """One honest sentence about the paper's effect, whichever way it went."""
    fall = without["last_probe"]["z_w"] - without["first_probe"]["z_w"]
    fall_rc = calibrated["last_probe"]["z_w"] - calibrated["first_probe"]["z_w"]
    if fall < 0 and fall_rc >= 0:
        return (f"Without calibration the chosen responses became less likely on held-out pairs (z_w {fall:+.2f}); "
                f"with it they did not ({fall_rc:+.2f}).")
    if fall < 0 and fall_rc > fall:
        return (f"Without calibration the chosen responses became less likely on held-out pairs (z_w {fall:+.2f}); "
                f"with it they fell less ({fall_rc:+.2f}).")
    if fall < 0:
        return (f"The chosen responses became less likely on held-out pairs in both runs (z_w {fall:+.2f} without, "
                f"{fall_rc:+.2f} with calibration): here calibration did not prevent displacement.")
    return (f"The chosen responses did not become less likely on held-out pairs without calibration (z_w {fall:+.2f}; "
            f"with it {fall_rc:+.2f}): these settings show no displacement.")


def table(without, calibrated):
    runs = (without, calibrated)
    line("", "w/o RC", "w/ RC")
    line("steps", *(str(run["steps"]) for run in runs))
    line("time", *(f"{run['seconds'] / 60:.1f} min" for run in runs))
    print("  on the held-out probe pairs, first -> last")
    for key, label in (("z_w", "z_w (log-likelihood of chosen)"), ("z_l", "z_l (of rejected)"), ("margin", "margin")):
        line(f"  {label}", *(change(run, key) for run in runs))
    for without_row, calibrated_row in zip(without["last_evaluation"], calibrated["last_evaluation"]):
        line(f"  {without_row['task']}, {without_row['metric']}",
             *(benchmark(run, row) for run, row in zip(runs, (without_row, calibrated_row))))
    line("steps inside the band", *(percent(run["in_band_share"]) for run in runs))
    print("  pathways, share of steps predicted / realised")
    for key, label in (("both_rise", "both rise"), ("both_fall", "both fall"),
                       ("disentangled", "disentangled (w up, l down)"), ("other", "other"),
                       ("undefined", "undefined")):
        shares = [f"{percent(run['predicted'][key])} / {percent(run['realised'][key])}" for run in runs]
        line(f"  {label}", *shares)


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    runs = []
    for path in arguments:
        with open(path, encoding="utf-8") as file:
            runs.append(json.load(file))
    for run, path in zip(runs, arguments):
        if not run.get("first_probe") or not run.get("last_probe"):
            print(f"demo_table.py: error: {path}: the run has no probe evaluations", file=sys.stderr)
            return 1
    table(*runs)
    print()
    print("  " + verdict(*runs))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
