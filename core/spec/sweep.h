// SPDX-License-Identifier: Apache-2.0
// The product of the lists in [sweep].
#pragma once

#include <string>
#include <vector>

#include "core/spec/spec_document.h"
#include "core/spec/spec_errors.h"

namespace bandscope {

struct SweptKey {
  std::string key;
  std::vector<SpecValue> values;
};

/// The document without its sweep, and the swept keys in the order of the file.
struct Sweep {
  SpecDocument base;
  std::vector<SweptKey> keys;
  /// How many runs the product makes; 1 without a sweep.
  std::size_t size() const;
  /// The value of each swept key in run `index`; the last key changes fastest.
  std::vector<const SpecValue*> values(std::size_t index) const;
  /// The document of run `index`.
  SpecDocument document(std::size_t index) const;
};
/// What is no sweep is passed over, and goes to `errors`.
Sweep take_sweep(const SpecDocument& document, SpecErrors& errors);

/// The name of a run whose objective is swept: the objective takes the place of the one that `name` begins with, or of
/// "run", which says nothing ("dpo" and "dpo-2" become "simpo" and "simpo-2"); it comes behind any other name.
std::string name_with_objective(const std::string& name, const std::string& objective);

/// The part of a run's name that the value of another swept key stands for; empty for none.
std::string name_part(const std::string& key, const SpecValue& value);

}  // namespace bandscope
