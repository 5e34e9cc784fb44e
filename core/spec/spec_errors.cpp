// SPDX-License-Identifier: Apache-2.0
#include "core/spec/spec_errors.h"

#include <algorithm>
#include <limits>
#include <string>

namespace bandscope {
namespace {

/// What has no line, as a missing key, comes after what has one.
int order(const SpecError& error) { return error.line > 0 ? error.line : std::numeric_limits<int>::max(); }

}  // namespace

std::vector<SpecError> mistakes_of(const SpecError& error) {
  const auto* several = dynamic_cast<const SpecMistakes*>(&error);
  return several ? several->all : std::vector<SpecError>{error};
}

void SpecErrors::add(const SpecError& error) {
  for (const SpecError& mistake : mistakes_of(error)) {
    const auto same = [&](const SpecError& known) { return std::string_view(known.what()) == mistake.what(); };
    if (!full() && std::ranges::none_of(errors_, same)) errors_.push_back(mistake);
  }
}

bool SpecErrors::about(std::string_view key) const {
  return std::ranges::find(errors_, key, &SpecError::key) != errors_.end();
}

void SpecErrors::raise() const {
  if (errors_.empty()) return;
  std::vector<SpecError> sorted = errors_;
  std::ranges::stable_sort(sorted, {}, order);
  throw SpecMistakes(std::move(sorted));
}

}  // namespace bandscope
