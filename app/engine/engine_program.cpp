// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/engine_program.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr const char* engine_name = "bandscope-engine";

bool runnable(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::filesystem::path engine_program() {
  if (const char* named = std::getenv("BANDSCOPE_ENGINE"); named && *named) {
    if (runnable(named)) return named;
    throw RunError(std::string("BANDSCOPE_ENGINE names ") + named + ", which is not a program that can be run");
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
  throw RunError("no bandscope-engine beside " + self.string() +
                 " or on PATH; build it with BANDSCOPE_TRAINING=ON or name it in BANDSCOPE_ENGINE");
}

bool engine_has_cuda() {
  // A build for GPUs names LibTorch's CUDA library among those it needs.
  constexpr std::string_view needed = "libtorch_cuda";
  try {
    std::ifstream file(engine_program(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return text.find(needed) != std::string::npos;
  } catch (const RunError&) {
    return false;
  }
}

}  // namespace bandscope::app
