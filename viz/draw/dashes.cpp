// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/draw/dashes.h"

#include <algorithm>
#include <cmath>

namespace bandscope::viz {
namespace {

/// Cuts the curve where `along`, which grows from point to point, leaves a dash of the ruler.
std::vector<std::vector<QPointF>> cut(std::span<const QPointF> points, std::span<const double> along, double on,
                                      double off) {
  std::vector<std::vector<QPointF>> pieces;
  const double period = on + off;
  bool open = false;
  const auto put = [&](const QPointF& point) {
    if (!open) pieces.emplace_back();
    open = true;
    pieces.back().push_back(point);
  };
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double from = along[i], to = along[i + 1];
    const auto between = [&](double at) {
      const double share = to > from ? (at - from) / (to - from) : 0;
      return points[i] + share * (points[i + 1] - points[i]);
    };
    if (!(to > from)) {  // upright: in the dash that x is in
      const bool inside = from - period * std::floor(from / period) < on;
      if (inside) put(points[i]), put(points[i + 1]);
      continue;
    }
    for (double start = std::floor(from / period) * period; start < to; start += period) {
      const double first = std::max(from, start), last = std::min(to, start + on);
      if (last <= first) continue;
      if (first > from || !open) put(between(first));
      put(between(last));
      if (last < to) open = false;
    }
    if (to - period * std::floor(to / period) >= on) open = false;
  }
  return pieces;
}

}  // namespace

std::vector<std::vector<QPointF>> dashes_along_x(std::span<const QPointF> points, double origin, double on,
                                                 double off) {
  std::vector<double> along;
  along.reserve(points.size());
  for (const QPointF& point : points) along.push_back(point.x() - origin);
  return cut(points, along, on, off);
}

std::vector<std::vector<QPointF>> dashes_along_path(std::span<const QPointF> points, double on, double off) {
  std::vector<double> along;
  along.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    along.push_back(
        i == 0 ? 0 : along.back() + std::hypot(points[i].x() - points[i - 1].x(), points[i].y() - points[i - 1].y()));
  }
  return cut(points, along, on, off);
}

bool in_dash(double x, double origin, double on, double off) {
  const double along = x - origin;
  return along - (on + off) * std::floor(along / (on + off)) < on;
}

}  // namespace bandscope::viz
