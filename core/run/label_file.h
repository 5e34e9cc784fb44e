// SPDX-License-Identifier: Apache-2.0
// What the user says about a run (star, tags, note), as the file beside its record that holds it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

namespace bandscope {

/// `labels.json` in the run's folder; for a record that is not called run.h5, `NAME.labels.json` beside it.
std::filesystem::path label_file(const std::filesystem::path& record);

/// The file's object; empty where there is none. Throws DataError.
nlohmann::json read_label_file(const std::filesystem::path& record);

/// What `object` has of "starred", "tags" and "note", where it says something; nothing of what is no object. Throws
/// SpecError for another type.
nlohmann::json checked_labels(const nlohmann::json& object);

/// Takes what `changes` has of "starred" (true or false), "tags" (a list of strings) and "note" (a string) into the
/// file, written whole or not at all; what says nothing is left out, and an empty file is taken away. Other keys stay.
/// Returns the object. Throws SpecError for another key or type, DataError, RunError.
nlohmann::json change_label_file(const std::filesystem::path& record, const nlohmann::json& changes);

}  // namespace bandscope
