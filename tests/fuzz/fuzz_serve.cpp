// SPDX-License-Identifier: Apache-2.0
// Any bytes to a server: each answer is a line of JSON, and nothing of another folder is in one, or changed.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/record/examiner.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "core/serve/base64.h"
#include "training/serve/session.h"

namespace {

namespace fs = std::filesystem;
constexpr const char* secret = "the-secret-of-another-folder";

struct Place {
  Place() {
    bandscope::start_record_examiner();
    std::string name = (fs::temp_directory_path() / "bandscope-fuzz-serve-XXXXXX").string();
    if (!::mkdtemp(name.data())) __builtin_trap();
    top = name;
  }
  ~Place() {
    std::error_code ignored;
    fs::remove_all(top, ignored);
  }
  /// As it was, whatever the last input did.
  void lay_out() const {
    fs::create_directories(top / "outside");
    fs::create_directories(top / "data");
    fs::create_directories(top / "runs/a");
    std::ofstream(top / "outside/secret.txt") << secret;
    std::ofstream(top / "data/rows.jsonl") << "{\"n\":0}\n";
    std::error_code there;
    fs::create_directory_symlink(top / "outside", top / "runs/link", there);
    fs::create_directory_symlink(top / "outside", top / "data/link", there);
    if (fs::exists(top / "runs/a/run.h5")) return;
    auto writer = bandscope::RecordWriter::create(top / "runs/a/run.h5", {"", "{}", {}});
    writer.append_step({}, {});
    writer.close();
  }
  fs::path top;
};

std::string identity_of(const fs::path& record) {
  try {
    return bandscope::RecordReader::open_unexamined(record).identity();
  } catch (const bandscope::Error&) {
    return {};  // the input before this one has removed it
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bandscope;
  static const Place place;
  place.lay_out();
  const serve::Roots roots(place.top / "runs", {place.top / "data"}, {});
  serve::Session session(roots, {});
  // Which file the record is follows from where it lies; inputs have a word for it.
  std::string text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view word = "GENERATION";
  const std::string generation = identity_of(place.top / "runs/a/run.h5");
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += generation.size())
    text.replace(at, word.size(), generation);
  session.receive(text);
  session.finish_jobs();
  session.tick(std::chrono::steady_clock::now());
  std::istringstream lines{std::string(session.output())};
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > wire::kLongestLine || !nlohmann::json::parse(line).is_object()) __builtin_trap();
    if (line.find(secret) != std::string::npos) __builtin_trap();
    if (line.find(wire::to_base64(secret).substr(0, 24)) != std::string::npos) __builtin_trap();
  }
  std::ifstream in(place.top / "outside/secret.txt");
  std::string kept;
  if (!std::getline(in, kept) || kept != secret) __builtin_trap();
  if (std::distance(fs::directory_iterator(place.top / "outside"), fs::directory_iterator()) != 1) __builtin_trap();
  return 0;
}
