// SPDX-License-Identifier: Apache-2.0
// A server with its folders in a test's process, asked over a wire.
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/record_rows.h"
#include "tests/training/serve_wire.h"

namespace serve_test {

namespace fs = std::filesystem;
using bandscope::wire::Ask;
using bandscope::wire::Json;
using bandscope::wire::Outcome;
using bandscope::wire::Refusal;

inline constexpr const char* secret = "the-secret-of-another-folder";

inline void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// A server with its folders, and another folder beside them that it must not touch.
struct Server {
  Server() {
    for (const char* name : {"runs", "data", "models/tiny"}) fs::create_directories(top / name);
    put(top / "outside/secret.txt", secret);
    put(top / "outside/config.json", secret);
    put(top / "outside/rows.jsonl", std::string("{\"prompt\":\"") + secret + "\"}\n");
    record_rows::write_record(record("a"), 5);
    put(top / "models/tiny/config.json", "{}");
    put(top / "data/pairs.jsonl", "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n");
    roots.emplace(top / "runs", std::vector{top / "data"}, std::vector{top / "models"});
    connect();
  }
  void connect() {
    wire.emplace(*roots, client);
    wire->connect();
    if (!wire->until([&] { return client.state() == Client::State::ready; })) qFatal("no hello");
  }
  fs::path record(const std::string& run) const {
    fs::create_directories(top / "runs" / run);
    return top / "runs" / run / "run.h5";
  }
  Outcome ask(Ask what, Json fields = Json::object()) { return wire->ask(what, std::move(fields)); }

  QTemporaryDir folder;
  fs::path top = fs::canonical(folder.path().toStdString());
  std::optional<Roots> roots;
  Client client;
  std::optional<Wire> wire;
};

inline bool refused(const Outcome& outcome, Refusal why) {
  return outcome.kind == Outcome::Kind::refused && outcome.refusal == why;
}

}  // namespace serve_test
