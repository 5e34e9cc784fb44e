# SPDX-License-Identifier: Apache-2.0
"""What the report computes from a record's columns: means with spread, overlaps, correlations. NaN is unknown."""
import collections
import math
import statistics

Spread = collections.namedtuple("Spread", "mean deviation count")


def known(values):
    return [float(value) for value in values if value is not None and not math.isnan(value)]


def spread(values):
    """Mean and sample deviation; the deviation of one value is NaN, and so is the mean of none."""
    values = known(values)
    if not values:
        return Spread(math.nan, math.nan, 0)
    return Spread(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else math.nan, len(values))


def overlap(first, second):
    """Length that two intervals share over the length that they cover together; NaN where one is none."""
    (a, b), (c, d) = first, second
    if any(math.isnan(x) for x in (a, b, c, d)):
        return math.nan
    covered = max(b, d) - min(a, c)
    if covered <= 0:
        return math.nan
    return max(0.0, min(b, d) - max(a, c)) / covered


def mean_overlap(first, second):
    """Of two runs' bands, over their common steps; each a record's columns."""
    pairs = zip(zip(first["band_lower"], first["band_upper"]), zip(second["band_lower"], second["band_upper"]))
    return spread([overlap(a, b) for a, b in pairs]).mean


def correlation(first, second):
    """Pearson's, over the places where both are known; NaN of fewer than three or of a constant."""
    both = [(a, b) for a, b in zip(first, second) if not (math.isnan(a) or math.isnan(b))]
    if len(both) < 3:
        return math.nan
    xs, ys = zip(*both)
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        return math.nan
    return statistics.correlation(xs, ys)


def seconds_per_step(columns):
    """The median: a step during which the machine did something else does not count. The first warms up."""
    seconds = known(columns["seconds"])[1:]
    return statistics.median(seconds) if seconds else math.nan
