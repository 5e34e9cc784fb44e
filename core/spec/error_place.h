// SPDX-License-Identifier: Apache-2.0
// Where in a spec file an error belongs that only training or planning could find.
#pragma once

#include <filesystem>
#include <vector>

#include "core/error.h"
#include "core/spec/run_spec.h"

namespace bandscope {

/// `error` with the place of its key before the message: "FILE:LINE: " or "--set KEY: ", and "FILE: " where the spec
/// leaves the key at its default. Unchanged where it names no key, has its line already, or the file can no longer be
/// read. `overrides` as in load_run_specs.
SpecError at_its_place(const SpecError& error, const std::filesystem::path& file,
                       const std::vector<Override>& overrides);

}  // namespace bandscope
