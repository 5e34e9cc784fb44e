// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/figure/ticks.h"

#include <cstdio>

namespace bandscope::viz {
namespace {

constexpr const char* kMinus = "\u2212";

std::string superscript(int exponent) {
  static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "⁻" : "";
  for (const char digit : std::to_string(std::abs(exponent))) out += kDigits[digit - '0'];
  return out;
}

/// 1, 2 or 5 times a power of ten, not below `least`.
double nice_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string scientific(double value, int decimals) {
  const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-12));
  const double mantissa = value / std::pow(10.0, exponent);
  if (decimals == 0 && std::abs(mantissa - 1) < 1e-9) return "10" + superscript(exponent);
  return format_fixed(mantissa, decimals) + "×10" + superscript(exponent);
}

std::vector<Tick> log_ticks(const Range& range, int wanted) {
  std::vector<Tick> ticks;
  const int first = static_cast<int>(std::floor(std::log10(range.least))) - 1;
  const int last = static_cast<int>(std::ceil(std::log10(range.greatest))) + 1;
  const double decades = std::log10(range.greatest / range.least);
  const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(2, wanted))));
  for (int exponent = first; exponent <= last; ++exponent) {
    for (int digit = 1; digit <= 9; ++digit) {
      const double value = digit * std::pow(10.0, exponent);
      if (value < range.least * (1 - 1e-12) || value > range.greatest * (1 + 1e-12)) continue;
      if (digit > 1 && decades > 6) continue;
      const bool labelled =
          digit == 1 ? ((exponent % every) + every) % every == 0 : decades < 2.2 && (digit == 2 || digit == 5);
      std::string label;
      if (labelled) {
        label = exponent >= -3 && exponent <= 4 ? format_fixed(value, std::max(0, -exponent)) : scientific(value, 0);
      }
      ticks.push_back({value, label});
    }
  }
  return ticks;
}

}  // namespace

std::string format_fixed(double value, int decimals) {
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, std::abs(value));
  std::string digits = buffer;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t i = point; i > 3; i -= 3) digits.insert(i - 3, ",");
  const bool zero = digits.find_first_of("123456789") == std::string::npos;
  return (std::signbit(value) && !zero ? kMinus : "") + digits;
}

std::string format_value(double value) {
  if (std::isnan(value)) return "undefined";
  if (std::isinf(value)) return value > 0 ? "∞" : std::string(kMinus) + "∞";
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size < 1e-3 || size >= 1e7) return scientific(value, 2);
  const int decimals = std::max(0, 3 - std::max(0, static_cast<int>(std::floor(std::log10(size)))));
  return format_fixed(value, decimals);
}

std::string format_count(std::size_t count) { return format_fixed(static_cast<double>(count), 0); }

std::vector<Tick> make_ticks(const Range& range, bool log, bool whole, int wanted) {
  if (!(range.width() > 0)) return {};
  if (log && range.greatest / range.least > 3) return log_ticks(range, wanted);
  double step = nice_step(range.width() / std::max(1, wanted));
  if (whole) step = std::max(1.0, step);
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  const double size = std::max(std::abs(range.least), std::abs(range.greatest));
  const bool tiny = size < 1e-3 || size >= 1e7;
  std::vector<Tick> ticks;
  for (double index = std::ceil(range.least / step - 1e-9); index * step <= range.greatest + 1e-9 * step; ++index) {
    const double value = index * step;
    if (!tiny || value == 0) {
      ticks.push_back({value, format_fixed(value, value == 0 ? 0 : decimals)});
    } else {
      const double mantissa_step = step / std::pow(10.0, std::floor(std::log10(std::abs(value)) + 1e-12));
      ticks.push_back(
          {value, scientific(value, std::max(0, -static_cast<int>(std::floor(std::log10(mantissa_step) + 1e-9))))});
    }
    if (ticks.size() > 200) break;
  }
  return ticks;
}

}  // namespace bandscope::viz
