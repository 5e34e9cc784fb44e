# SPDX-License-Identifier: Apache-2.0
"""The report's figures, as `bandscope export` draws them."""
from .data import StudyError

LARGEST = 60_000  # bytes of an SVG; a larger one is drawn as a PNG


def pictures(results):
    """[(file's stem, figure, runs, title)] of what there are runs for; those of the first seed."""
    found = []
    for tuning, words in (("lora", "LoRA"), ("full", "all parameters")):
        group = f"objectives-{tuning}"
        runs = [run for run in results.runs if group in run.groups]
        first = min((run.seed for run in results.runs), default=None)
        for name in ("dpo", "cpo", "dil-bce"):
            pair = [run for run in runs if run.objective == name and run.seed == first]
            if len(pair) == 2:
                found.append((f"{tuning}-{name}", "dynamics", pair, f"{name} without and with RC, {words}, seed {first}"))
        for run in results.of(f"scope-{tuning}", scope="all"):
            other = [one for one in results.of(f"scope-{tuning}", scope="output", objective=run.objective)
                     if one.seed == run.seed == first]
            if other and run.objective == "dpo":
                found.append((f"{tuning}-scope", "scope-comparison", [*other, run],
                              f"The band from the output side and from all parameters: {run.objective}, {words}, seed {run.seed}"))
    return found


def draw(programs, results, records, folder, say):
    """[(path beside the report, title)]; a figure that cannot be drawn is told and left out."""
    place = folder / "figures"
    place.mkdir(parents=True, exist_ok=True)
    drawn = []
    for stem, figure, runs, title in pictures(results):
        files = [records / run.name / "run.h5" for run in runs]
        try:
            file = place / f"{stem}.svg"
            programs.figure(figure, files, file)
            if file.stat().st_size > LARGEST:
                file.unlink()
                file = file.with_suffix(".png")
                programs.figure(figure, files, file, "--dpi", "100")
            drawn.append((f"figures/{file.name}", title))
        except StudyError as error:
            say(f"no figure {stem}: {error}")
    return drawn
