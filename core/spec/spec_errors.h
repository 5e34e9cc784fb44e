// SPDX-License-Identifier: Apache-2.0
// All that is wrong in one spec, so that it is told at once and not one mistake after the other.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"

namespace bandscope {

/// The first mistake of a spec, which is also its message, and all of them in the order of the file.
struct SpecMistakes : SpecError {
  explicit SpecMistakes(std::vector<SpecError> errors) : SpecError(errors.front()), all(std::move(errors)) {}

  std::vector<SpecError> all;
};

/// All mistakes of an error that a spec was refused with; itself alone where it is one of its own.
std::vector<SpecError> mistakes_of(const SpecError& error);

class SpecErrors {
 public:
  /// Runs the check and keeps the SpecError that it throws; false where it threw.
  template <class Check>
  bool check(const Check& run) {
    try {
      run();
      return true;
    } catch (const SpecError& error) {
      add(error);
      return false;
    }
  }
  /// All mistakes of it; what is there already is passed over, as the runs of a sweep repeat it.
  void add(const SpecError& error);
  bool empty() const { return errors_.empty(); }
  /// More than a reader would go through.
  bool full() const { return errors_.size() >= 50; }
  /// Whether one of them is about the key.
  bool about(std::string_view key) const;
  /// Throws SpecMistakes where there is one.
  void raise() const;

 private:
  std::vector<SpecError> errors_;
};

}  // namespace bandscope
