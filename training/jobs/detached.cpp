// SPDX-License-Identifier: Apache-2.0
#include "training/jobs/detached.h"

#include <array>
#include <chrono>
#include <ctime>

#include "core/process/detached.h"
#include "core/schema/spoken.h"

namespace bandscope::jobs {

std::int64_t start_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                            std::vector<std::pair<std::string, std::string>> environment,
                            const std::filesystem::path& program) {
  DetachedProgram started{
      program.empty() ? "/proc/self/exe" : program, {"bandscope-engine"}, log, std::move(environment)};
  started.arguments.insert(started.arguments.end(), arguments.begin(), arguments.end());
  started.environment.emplace_back(kSpeakVariable, "1");
  return bandscope::start_detached(started);
}

std::string time_stamp() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S-", &local);
  const std::string thousandths = std::to_string(1000 + since % 1000).substr(1);
  return std::string(text.data(), size) + thousandths;
}

}  // namespace bandscope::jobs
