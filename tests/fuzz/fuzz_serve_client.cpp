// SPDX-License-Identifier: Apache-2.0
// Any bytes from a server: the near end goes on, or says what is wrong; every request has one outcome, and a copy is a
// record that can be read.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/error.h"
#include "core/mirror/mirror_feed.h"
#include "core/record/examiner.h"

namespace {

struct Place {
  Place() {
    bandscope::start_record_examiner();
    std::string name = (std::filesystem::temp_directory_path() / "bandscope-fuzz-client-XXXXXX").string();
    if (!::mkdtemp(name.data())) __builtin_trap();
    top = name;
  }
  ~Place() {
    std::error_code ignored;
    std::filesystem::remove_all(top, ignored);
  }
  std::filesystem::path top;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bandscope;
  static const Place place;
  const wire::Client::Time now{};
  wire::Client client;
  mirror::MirrorFeed feed(client, place.top / "run", "a", [now] { return now; });
  int outcomes = 0, asked = 0;
  client.on_ready = [&] {
    feed.start();
    for (const wire::Ask what : {wire::Ask::runs, wire::Ask::watch}) {
      ++asked;
      client.ask(
          what, nlohmann::json::object(), [&](const wire::Outcome&) { ++outcomes; }, now);
    }
  };
  client.on_push = [&](const std::string&, const wire::Json& fields) { feed.pushed(fields); };
  client.connected(now);
  client.receive({reinterpret_cast<const char*>(data), size}, now);
  client.lost(Message::plain("end"));
  if (outcomes != asked || client.waiting() != 0) __builtin_trap();
  if (std::filesystem::exists(feed.record())) {
    const auto reader = RecordReader::open(feed.record());
    if (reader.steps() > size) __builtin_trap();
  }
  std::error_code ignored;
  std::filesystem::remove_all(place.top / "run", ignored);
  return 0;
}
