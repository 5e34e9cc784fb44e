// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/engine_program.h"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "app/base/preferences.h"
#include "core/error.h"
#include "core/input/file.h"

namespace bandscope::app {
namespace {

constexpr const char* engine_name = "bandscope-engine";

bool runnable(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::filesystem::path engine_program() { return engine_program_for(kept_engine().toStdString()); }

std::filesystem::path engine_program_at(const std::filesystem::path& file) {
  if (runnable(file)) return file;
  throw RunError(Message::tr("%1 is not a program that can be run", file));
}

std::filesystem::path engine_program_for(const std::filesystem::path& chosen) {
  if (const char* named = std::getenv("BANDSCOPE_ENGINE"); named && *named) {
    if (runnable(named)) return named;
    throw RunError(Message::tr("BANDSCOPE_ENGINE names %1, which is not a program that can be run", named));
  }
  if (!chosen.empty()) {
    if (runnable(chosen)) return chosen;
    throw RunError(Message::tr("the settings name %1, which is not a program that can be run", chosen));
  }
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = self.parent_path() / engine_name;
  if (!error && runnable(beside)) return beside;
  if (const char* path = std::getenv("PATH")) {
    std::istringstream folders(path);
    for (std::string folder; std::getline(folders, folder, ':');) {
      if (!folder.empty() && runnable(std::filesystem::path(folder) / engine_name)) {
        return std::filesystem::path(folder) / engine_name;
      }
    }
  }
  throw RunError(Message::tr(
      "no bandscope-engine beside %1 or on PATH; build it with BANDSCOPE_TRAINING=ON or name it in BANDSCOPE_ENGINE",
      self));
}

bool engine_has_cuda(const std::filesystem::path& program) {
  // A build for GPUs names LibTorch's CUDA library among those it needs.
  constexpr std::string_view needed = "libtorch_cuda";
  constexpr std::uint64_t largest_program = 1ULL << 30;
  try {
    return read_file(program, largest_program).find(needed) != std::string::npos;
  } catch (const DataError&) {
    return false;
  }
}

bool engine_has_cuda() {
  try {
    return engine_has_cuda(engine_program());
  } catch (const RunError&) {
    return false;
  }
}

}  // namespace bandscope::app
