# SPDX-License-Identifier: Apache-2.0
"""The report: claims, tables of the runs, what was left out, settings and machine, as Markdown and JSON."""
import json
import math

from . import claims
from .arithmetic import Spread

FORMAT = 1


def make(about, results, left_out, figures, cores):
    """One object. `about`: machine, version, date, settings by name; `left_out`: {name: reason}; figures: [(file, title)]."""
    found = claims.all_claims(results, cores)
    return {"format": FORMAT, "about": about, "claims": {heading: [claim._asdict() for claim in part] for heading, part in found.items()},
            "tables": {group: table(results, group) for group in ("objectives-lora", "objectives-full")},
            "runs": [{"name": run.name, "groups": run.groups, "settings": run.settings, "in_band_share": run.inside(),
                      "predicted": run.summary["predicted"], "realised": run.summary["realised"], "agreement": run.agreement(),
                      "held_out": {key: run.held_out(key) for key in ("z_w", "z_l", "margin", "accuracy")},
                      "seconds_per_step": run.seconds_per_step(), "load": run.load} for run in results.runs],
            "left_out": left_out, "figures": figures}


FIGURES = {"inside": lambda run: run.inside(), "(iii) predicted": lambda run: run.predicted("disentangled"),
           "(iii) realised": lambda run: run.realised("disentangled"), "Δz_w": lambda run: run.held_out("z_w"),
           "Δz_l": lambda run: run.held_out("z_l"), "Δm": lambda run: run.held_out("margin")}
NATS = {"Δz_w", "Δz_l", "Δm"}


def table(results, group):
    """A row per objective and calibration: {objective, rc, seeds, each of FIGURES as a spread}."""
    rows = []
    for name in results.objectives(group):
        for on in (False, True):
            runs = results.of(group, objective=name, enabled=on)
            if runs:
                rows.append({"objective": name, "rc": on, "seeds": len(runs),
                             **{figure: results.spread(function, group, objective=name, enabled=on)._asdict()
                                for figure, function in FIGURES.items()}})
    return rows


def finite(value):
    """Without NaN, which JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(report, folder):
    (folder / "report.json").write_text(json.dumps(finite(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
                                        encoding="utf-8")
    (folder / "REPORT.md").write_text(as_markdown(report) + "\n", encoding="utf-8")


def cell(text):
    return str(text).replace("|", "\\|")


def as_markdown(report):
    about = report["about"]
    counted = [claim["verdict"] for part in report["claims"].values() for claim in part]
    lines = ["<!-- SPDX-License-Identifier: Apache-2.0 -->", "# The paper's claims, measured again", "",
             "Written by `packaging/study`; figures are means ± sample deviation over seeds where there are several. The last column "
             "says by which rule a claim holds here, by the means: the paper rarely gives one. Where the spread exceeds the mean, "
             "or a single objective decides, that says little.", "",
             f"**{counted.count(claims.HOLDS)} hold, {counted.count(claims.FAILS)} do not, "
             f"{counted.count(claims.UNMEASURED)} were not measured.**", "", "| what | value |", "| --- | --- |"]
    lines += [f"| {cell(key)} | {cell(value)} |" for key, value in about.items()]
    for heading, part in report["claims"].items():
        lines += ["", f"## {heading}", "", "| claim | here | | the paper | holds when |", "| --- | --- | --- | --- | --- |"]
        lines += [f"| {cell(claim['title'])} | {cell(claim['ours'])} | **{claim['verdict']}** | {cell(claim['statement'])} "
                  f"({cell(claim['source'])}) | {cell(claim['rule'])} |" for claim in part]
    for group, rows in report["tables"].items():
        if rows:
            lines += ["", f"## Runs of {group}", "", "Shares of the steps; changes on the held-out pairs, in nats per token.", "",
                      "| objective | RC | seeds | " + " | ".join(FIGURES) + " |", "| --- | --- | ---: |" + " ---: |" * len(FIGURES)]
            lines += [table_line(row) for row in rows]
    if report["figures"]:
        lines += ["", "## Figures"]
        for file, title in report["figures"]:
            lines += ["", title, "", f"![{title}]({file})"]
    lines += ["", "## Left out", ""]
    lines += [f"- {reason}: {', '.join(names)}" for reason, names in by_reason(report["left_out"]).items()] or ["Nothing."]
    return "\n".join(lines)


def table_line(row):
    cells = []
    for figure in FIGURES:
        value = Spread(**row[figure])
        cells.append(claims.number(value) if figure in NATS else claims.percent(value))
    return f"| {row['objective']} | {'w/' if row['rc'] else 'w/o'} | {row['seeds']} | " + " | ".join(cells) + " |"


def by_reason(left_out):
    found = {}
    for name, reason in left_out.items():
        found.setdefault(reason, []).append(name)
    return found
