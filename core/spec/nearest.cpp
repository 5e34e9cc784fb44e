// SPDX-License-Identifier: Apache-2.0
#include "core/spec/nearest.h"

#include <algorithm>
#include <cctype>

namespace bandscope {
namespace {

struct Split {
  std::string section, name;
};

Split split(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  if (dot == std::string_view::npos) return {"", std::string(key)};
  return {std::string(key.substr(0, dot)), std::string(key.substr(dot + 1))};
}

/// Lower case without separators, so that "learningRate" and "learning-rate" are "learning_rate".
std::string normalized(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_' && c != '-') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

std::string initials(std::string_view name) {
  std::string letters;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i == 0 || name[i - 1] == '_') letters += name[i];
  }
  return letters;
}

double name_distance(const std::string& given, const std::string& known) {
  const std::string a = normalized(given), b = normalized(known);
  if (a == b) return 0.2 * (given != known);
  double distance = edit_distance(a, b);
  if (a.size() >= 2 && a == initials(known)) distance = std::min(distance, 1.0);
  if (a.size() >= 3 && b.size() >= 3 && (a.find(b) != std::string::npos || b.find(a) != std::string::npos)) {
    distance = std::min(distance, 1.5);
  }
  return distance;
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string nearest_key(std::string_view key, const std::vector<std::string>& known) {
  // A key of more than this is no slip of the finger; cutting it keeps the work small.
  const Split given = split(key.substr(0, 200));
  std::string best = known.front();
  double shortest = 1e9;
  for (const std::string& candidate : known) {
    const Split parts = split(candidate);
    const double section = std::min(2.0, 0.9 * edit_distance(given.section, parts.section));
    const double distance = name_distance(given.name, parts.name) + section;
    if (distance < shortest) {
      shortest = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace bandscope
