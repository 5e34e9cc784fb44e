# SPDX-License-Identifier: Apache-2.0
"""The paper's statements, each with the figure that answers it and the rule by which it holds here."""
import collections
import math

from . import arithmetic
from .arithmetic import Spread

# numbers: what the figure was made of, for report.json.
Claim = collections.namedtuple("Claim", "title source statement rule ours verdict numbers")
HOLDS, FAILS, UNMEASURED = "holds", "does not hold", "not measured"

# Of Table 1 and Sec. 4.1, among those that resources/studies train.
ENTANGLED = ["dpo", "ti-dpo", "ipo", "simpo", "cpo"]
DISENTANGLED = ["kto", "ddro", "dil-bce", "dil-ukl", "dil-lsif"]
FALLING = ["dpo", "ti-dpo", "ipo", "simpo"]  # Sec. C.5: below the band on Pythia-2.8B
OFTEN = 0.25                                 # of the steps: the paper says "frequently" and gives no number


def percent(value):
    """A Spread of shares, or a share."""
    mean, deviation = (value.mean, value.deviation) if isinstance(value, Spread) else (value, math.nan)
    return "–" if math.isnan(mean) else f"{100 * mean:.0f}" + ("" if math.isnan(deviation) else f" ± {100 * deviation:.0f}") + " %"


def number(value, digits=3):
    mean, deviation = (value.mean, value.deviation) if isinstance(value, Spread) else (value, math.nan)
    return "–" if math.isnan(mean) else f"{mean:+.{digits}f}" + ("" if math.isnan(deviation) else f" ± {deviation:.{digits}f}")


def verdict(holds):
    return UNMEASURED if holds is None else HOLDS if holds else FAILS


def most(truths, share=0.5):
    """Whether more than a share of the objectives does; None of none."""
    truths = list(truths)
    return sum(truths) > share * len(truths) if truths else None


def measured(results, group, names, figure, **settings):
    """{objective: Spread} of those that have a number."""
    spreads = {name: results.spread(figure, group, objective=name, **settings) for name in names}
    return {name: value for name, value in spreads.items() if not math.isnan(value.mean)}


def changes(results, group, figure):
    """{objective: Spread of w/ minus w/o} of those that have both."""
    spreads = {name: results.differences(figure, group, objective=name) for name in results.objectives(group)}
    return {name: value for name, value in spreads.items() if not math.isnan(value.mean)}


def listed(values, shown):
    return ", ".join(f"{name} {shown(value)}" for name, value in values.items()) or "–"


def as_numbers(values):
    return {name: value._asdict() if isinstance(value, Spread) else value for name, value in values.items()}


def mean_of(values):
    return arithmetic.spread([value.mean for value in values.values()]).mean


def falls_below(results, group):
    found = measured(results, group, FALLING, lambda run: run.outside(), enabled=False)
    return Claim("The band is left w/o RC", "Sec. 3.2, C.5, Figs. 4, 7, 9",
                 "DPO, TI-DPO, IPO and SimPO frequently leave the band, at its lower side",
                 "more than half of them are outside in a quarter of the steps or more",
                 "outside: " + listed(found, percent), verdict(most(value.mean >= OFTEN for value in found.values())),
                 as_numbers(found))


def cpo_rises(results, group):
    found = measured(results, group, ["cpo"], lambda run: run.predicted("both_rise"), enabled=False)
    return Claim("CPO lies above the band w/o RC", "Sec. 3.2, Figs. 3c, 7c", "CPO is pushed to the upper edge or beyond: pathway (i)",
                 "predicted pathway (i) in a quarter of the steps or more", "pathway (i): " + listed(found, percent),
                 verdict(most(value.mean >= OFTEN for value in found.values())), as_numbers(found))


def families_differ(results, group):
    kinds = {kind: measured(results, group, names, lambda run: run.outside(), enabled=False)
             for kind, names in (("entangled", ENTANGLED), ("disentangled", DISENTANGLED))}
    means = {kind: mean_of(values) for kind, values in kinds.items()}
    if any(math.isnan(value) for value in means.values()):
        holds = None
    else:
        holds = means["disentangled"] < means["entangled"]
    return Claim("Disentangled objectives stay inside more often", "Sec. 3.1, 3.2, Fig. 3d",
                 "KTO, DDRO and DIL keep the ratio inside where margins do not",
                 "outside w/o RC: the mean of the disentangled objectives is below that of the entangled",
                 f"outside: entangled {percent(means['entangled'])}, disentangled {percent(means['disentangled'])}",
                 verdict(holds), {kind: as_numbers(values) for kind, values in kinds.items()})


def displaced(results, group):
    found = measured(results, group, FALLING, lambda run: run.held_out("z_w"), enabled=False)
    return Claim("Likelihood displacement", "Sec. 1, 3.1, Fig. 2a", "margin objectives w/o RC make chosen responses less likely",
                 "z_w of the held-out pairs falls for more than half of them (means over seeds, nats per token)",
                 "Δz_w: " + listed(found, number), verdict(most(value.mean < 0 for value in found.values())), as_numbers(found))


def theorem(results, group):
    shares = {("w/ RC" if on else "w/o RC"): results.spread(lambda run: run.agreement(), group, enabled=on)
              for on in (False, True)}
    known = {name: value for name, value in shares.items() if not math.isnan(value.mean)}
    return Claim("The band tells the pathway", "Theorem 3.1, Tab. 2, Sec. C.5",
                 "the pathway that the band predicts is the one that the likelihoods take",
                 "realised on the step's own pairs as predicted in three quarters of the steps or more",
                 "agreement: " + listed(known, percent),
                 verdict(None if not known else mean_of(known) >= 0.75), as_numbers(known))


def cosine(results, group):
    value = results.spread(lambda run: run.positive_cosine(), group, enabled=False)
    rho = arithmetic.spread([arithmetic.spread(run.columns["rho"]).mean for run in results.of(group, enabled=False)])
    return Claim("Scores are positively correlated", "Sec. 3.2, Fig. 3a", "ρ > 0 is typical in fine-tuning",
                 "ρ > 0, so that there is a band, in nine tenths of the steps or more",
                 f"ρ > 0 in {percent(value)} of the steps, mean ρ {number(rho, 2)}",
                 verdict(None if math.isnan(value.mean) else value.mean >= 0.9), as_numbers({"share": value, "rho": rho}))


def kept_inside(results, group):
    found = both(results, group, lambda run: run.inside())
    # Who is inside all the time has nothing to be restored.
    left = {name: pair for name, pair in found.items() if pair[0].mean < 1}
    holds = most((with_rc.mean > without.mean for without, with_rc in left.values()), 0.75)
    return Claim("RC keeps the ratio inside the band", "Sec. 3.3, 4.3, C.5", "with RC log r stays inside for a larger share of the steps, "
                 "across objectives", "larger for more than three quarters of the objectives that leave the band w/o RC",
                 "inside w/o → w/: " + arrows(found, percent) + ("" if left or not found else "; none leaves it w/o RC"),
                 verdict(holds), {name: as_numbers({"without": a, "with": b}) for name, (a, b) in found.items()})


def arrows(pairs, shown):
    return ", ".join(f"{name} {shown(a)} → {shown(b)}" for name, (a, b) in pairs.items()) or "–"


def both(results, group, figure):
    """{objective: (w/o, w/)} over the seeds that have both."""
    found = {}
    for name in results.objectives(group):
        runs = [{run.seed: run for run in results.of(group, objective=name, enabled=on)} for on in (False, True)]
        found[name] = tuple(arithmetic.spread([figure(of[seed]) for seed in of if seed in runs[0] and seed in runs[1]]) for of in runs)
    return {name: pair for name, pair in found.items() if not any(math.isnan(value.mean) for value in pair)}


def restored(results, group):
    found = both(results, group, lambda run: run.realised("disentangled"))
    left = {name: pair for name, pair in found.items() if pair[0].mean < 1}
    return Claim("RC restores pathway (iii)", "Sec. 3.3, 4.3, C.5", "with RC the likelihoods take pathway (iii) more often",
                 "larger share of steps realised as (iii), on their own pairs, for more than half of the objectives that take others "
                 "w/o RC", "(iii) w/o → w/: " + arrows(found, percent) + ("" if left or not found else "; none takes others w/o RC"),
                 verdict(most(b.mean > a.mean for a, b in left.values())), {name: as_numbers({"without": a, "with": b})
                                                                            for name, (a, b) in found.items()})


def relieved(results, group):
    found = changes(results, group, lambda run: run.held_out("z_w"))
    without = measured(results, group, found, lambda run: run.held_out("z_w"), enabled=False)
    fallen = {name: value for name, value in found.items() if without[name].mean < 0}
    return Claim("RC mitigates displacement", "Sec. 4.3, C.5", "with RC the chosen likelihood is preserved",
                 "held-out Δz_w is higher w/ RC, for more than half of the objectives whose z_w falls w/o RC",
                 "Δz_w w/ − w/o RC: " + listed(fallen, number) + (" (z_w of the others did not fall)" if len(fallen) < len(found) else ""),
                 verdict(most(value.mean > 0 for value in fallen.values())), as_numbers(found))


def grows(results, group):
    found = measured(results, group, results.objectives(group), lambda run: run.held_out("margin"), enabled=True)
    return Claim("The margin still grows with RC", "Sec. 4.3, C.5", "RC maintains steady margin growth",
                 "the held-out margin is larger at the end, for more than three quarters of the objectives",
                 "Δm w/ RC: " + listed(found, number), verdict(most((value.mean > 0 for value in found.values()), 0.75)),
                 as_numbers(found))


def cost(cores):
    def claim(results, group):
        runs = [run for run in results.of(group)]
        found = {}
        for name in results.objectives(group):
            pair = [results.spread(lambda run: run.seconds_per_step(), group, objective=name, enabled=on) for on in (False, True)]
            if not any(math.isnan(value.mean) for value in pair):
                found[name] = pair[1].mean / pair[0].mean - 1
        mean = arithmetic.spread(found.values())
        crowded = arithmetic.spread([run.load for run in runs]).mean > cores + 0.5
        bound = 0.05 if group.endswith("lora") else 0.2
        holds = None if crowded or not found else mean.mean <= bound
        busy = "; the machine was busy with other programs, so times tell nothing" if crowded else ""
        return Claim("RC costs little time", "Tab. 8", "LoRA: +3.3 % and −1.8 % on average; all parameters: +18.4 %",
                     f"seconds per step grow by at most {100 * bound:.0f} % in the mean over objectives",
                     f"{percent(mean)} over {mean.count} objectives{busy}", verdict(holds), found)
    return claim


def benchmarks(results, group):
    found = changes(results, group, lambda run: run.benchmarks())
    return Claim("Benchmarks do not suffer", "Tabs. 4, 5, 9", "RC often improves downstream performance, and is non-disruptive where runs are strong",
                 "change over the run w/ RC is not below that w/o, for more than half of the objectives",
                 "points w/ − w/o RC: " + listed(found, lambda value: number(value, 1)),
                 verdict(most(value.mean >= 0 for value in found.values())), as_numbers(found))


def scopes(tuning):
    def claim(results, _):
        found, steps = {}, 0
        for run in results.of(f"scope-{tuning}", scope="all"):
            for other in results.of(f"scope-{tuning}", scope="output", objective=run.objective):
                if other.seed == run.seed:
                    found[f"{run.objective}, seed {run.seed}"] = {
                        "overlap": arithmetic.mean_overlap(other.columns, run.columns),
                        "correlation": arithmetic.correlation(other.columns["rho"], run.columns["rho"])}
                    steps += len(run.columns["rho"])
        overlaps = arithmetic.spread([value["overlap"] for value in found.values()])
        correlations = arithmetic.spread([value["correlation"] for value in found.values()])
        known = not (math.isnan(overlaps.mean) or math.isnan(correlations.mean))
        return Claim("Output-side scores stand for all", "Sec. 4.2, Figs. 5, 6",
                     "the band from the output side closely matches that of all parameters in width and trend",
                     "bands share half of what they cover or more, and ρ of the two correlates by 0.5 or more",
                     f"overlap {percent(overlaps)}, correlation of ρ {number(correlations, 2)} ({len(found)} runs, {steps} steps)",
                     verdict(overlaps.mean >= 0.5 and correlations.mean >= 0.5 if known else None), found)
    return claim


def momentum(results, group):
    settings = sorted({run.settings["calibration.momentum"] for run in results.of("momentum")})
    found = {f"{value:g}": results.spread(lambda run: run.held_out("z_w"), "momentum", momentum=value) for value in settings}
    found = {name: value for name, value in found.items() if not math.isnan(value.mean)}
    seeds = {run.seed for run in results.of("momentum")}  # others would differ by more than the momentum
    without = arithmetic.spread([run.held_out("z_w") for run in results.of(group, objective="dpo", enabled=False) if run.seed in seeds])
    holds, words = None, "–"
    if len(found) > 1 and not math.isnan(without.mean):
        means = [value.mean for value in found.values()]
        reach, effect = max(means) - min(means), abs(arithmetic.spread(means).mean - without.mean)
        holds, words = reach <= effect, f"{reach:.3f} between momenta, {effect:.3f} from w/o RC"
    return Claim("RC is not sensitive to the momentum", "Tab. 3", "performance is very similar for momenta from 0.5 to 0.999",
                 "held-out Δz_w differs less between momenta than from w/o RC",
                 f"{words}; Δz_w: {listed(found, number)}", verdict(holds), as_numbers({"w/o RC": without, **found}))


def clip(results, _):
    found = {("on" if on else "off"): results.spread(lambda run: run.inside(), "clip", clip=on) for on in (True, False)}
    known = not any(math.isnan(value.mean) for value in found.values())
    moved = {("on" if on else "off"): results.spread(lambda run: run.held_out("z_w"), "clip", clip=on) for on in (True, False)}
    return Claim("The clip keeps the ratio inside", "Eq. (64), Sec. C.3", "the calibrated ratio always lies within the current batch's band",
                 "inside in all steps with the clip. Calibration and clip are by micro-batch, the band is the whole step's",
                 f"inside: {listed(found, percent)}; Δz_w: {listed(moved, number)}",
                 verdict(found["on"].mean >= 1 if known else None), as_numbers(found))


def epochs(results, _):
    found = {}
    for count in sorted({run.settings["training.epochs"] for run in results.of("epochs")}):
        value = results.differences(lambda run: run.held_out("z_w"), "epochs", epochs=count)
        if not math.isnan(value.mean):
            found[f"{count} epoch" + ("s" if count != 1 else "")] = value
    return Claim("RC does no harm in longer training", "Tab. 7, Sec. C.3", "at two epochs RC does not degrade the run",
                 "held-out Δz_w of two epochs w/ RC is not below that w/o", "Δz_w w/ − w/o RC: " + listed(found, number),
                 verdict(found["2 epochs"].mean >= 0 if "2 epochs" in found else None), as_numbers(found))


def all_claims(results, cores):
    """{heading: claims}, in the order of the paper: by tuning, then those of one ablation each."""
    by_tuning = [falls_below, cpo_rises, families_differ, displaced, cosine, theorem, kept_inside, restored, relieved, grows,
                 cost(cores), benchmarks]
    return {"LoRA": [claim(results, "objectives-lora") for claim in by_tuning],
            "All parameters": [claim(results, "objectives-full") for claim in by_tuning],
            "Score scope, LoRA": [scopes("lora")(results, None)],
            "Score scope, all parameters": [scopes("full")(results, None)],
            "Calibration's own settings (DPO, LoRA)": [claim(results, "objectives-lora") for claim in (momentum, clip, epochs)]}
