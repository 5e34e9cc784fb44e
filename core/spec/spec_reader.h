// SPDX-License-Identifier: Apache-2.0
// From a document without sweeps to one checked run.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "core/schema/message.h"
#include "core/spec/run_spec.h"
#include "core/spec/spec_document.h"

namespace bandscope {

/// Keys of [objective] that at least one run of the spec uses, beside name and likelihood.
using ObjectiveKeys = std::set<std::string, std::less<>>;

/// What the objective of this document uses. Empty where name or formula is wrong; read_run reports that.
ObjectiveKeys objective_keys(const SpecDocument& document);

/// Throws SpecError with all that is wrong. `shared_keys`: keys of [objective] that other runs of the same sweep use;
/// this run passes them over.
RunSpec read_run(const SpecDocument& document, const std::string& origin, const std::filesystem::path& base,
                 const ObjectiveKeys& shared_keys);

/// `FILE:LINE: key "KEY" COMPLAINT`, with key and line for forms.
[[noreturn]] void fail_at(const SpecPlace& place, const std::string& key, const Message& complaint);
/// Complains about a key that no rule has: the nearest known one, or that it is a table.
[[noreturn]] void fail_unknown(const SpecEntry& entry, const std::string& key);

}  // namespace bandscope
