# SPDX-License-Identifier: Apache-2.0
"""The report: one object, as JSON and as text."""
import json

FORMAT = 1


def make(about, results):
    return {"format": FORMAT, **about, "passed": bool(results) and all(part["status"] == "passed" for part in results),
            "seconds": round(sum(part["seconds"] for part in results), 1), "parts": results}


def write(report, folder):
    (folder / "report.json").write_text(json.dumps(report, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    (folder / "report.txt").write_text(as_text(report) + "\n", encoding="utf-8")


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
    lines += ["", f"{'All parts passed' if report['passed'] else 'NOT all parts passed'}, {report['seconds']:.0f} s."]
    return "\n".join(lines)


def shown(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)
