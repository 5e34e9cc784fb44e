# SPDX-License-Identifier: Apache-2.0
"""The report: one object, as JSON and as text."""
import json
import os

FORMAT = 1


def make(about, results, names):
    """Of the results so far of the parts `names`."""
    done = [part["name"] for part in results]
    return {"format": FORMAT, **about,
            "passed": bool(names) and done == list(names) and all(part["status"] == "passed" for part in results),
            "seconds": round(sum(part["seconds"] for part in results), 1),
            "not_run": [name for name in names if name not in done], "parts": results}


def write(report, folder):
    """Each file is whole at any moment."""
    for name, text in (("report.json", json.dumps(report, indent=1, allow_nan=False)), ("report.txt", as_text(report))):
        fresh = folder / f".{name}.new"
        fresh.write_text(text + "\n", encoding="utf-8")
        os.replace(fresh, folder / name)


def as_text(report):
    lines = [f"Bandscope gpu-check, {report['date']}", ""]
    for key in ("device", "card", "driver", "processor", "system", "python", "libtorch", "version", "commit"):
        lines.append(f"  {key:<10}{report[key]}")
    lines.append("")
    for part in report["parts"]:
        reason = f" ({part['reason']})" if part["reason"] else ""
        lines.append(f"{part['status'].upper():<8}{part['name']}: {part['answers']}, {part['seconds']:.1f} s{reason}")
        for check in part["checks"]:
            figures = ", ".join(f"{name} {shown(value)}" for name, value in check["figures"].items())
            tail = "; ".join(text for text in (figures, check["reason"]) if text)
            lines.append(f"  {check['status']:<8}{check['what']}" + (f": {tail}" if tail else ""))
        if part["status"] == "failed" and part["tail"]:
            lines += ["  the log's end:"] + ["  | " + line for line in part["tail"]]
    if report["not_run"]:
        lines.append(f"NOT RUN {', '.join(report['not_run'])}")
    lines += ["", f"{'All parts passed' if report['passed'] else 'NOT all parts passed'}, {report['seconds']:.0f} s."]
    return "\n".join(lines)


def shown(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)
