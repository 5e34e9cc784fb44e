// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without libFuzzer: every file of a folder, then the given number of small changes of them, the
// same on every machine. Usage: fuzz_TARGET FOLDER COUNT
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::string_view kTokens[] = {"\"",   "\\", "{",     "}",    "[",  "]", "{{", "{%",         "%}",
                                        "null", "-1", "1e999", "\xFF", "\n", "=", ":",  "99999999999"};

std::string changed(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
  for (std::size_t change = 1 + below(4); change > 0; --change) {
    const std::size_t at = below(text.size() + 1), length = std::min(below(12) + 1, text.size() - at);
    switch (below(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, kTokens[below(std::size(kTokens))]);
        break;
      case 2:
        text.insert(below(text.size() + 1), text.substr(at, length));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      default:
        if (below(8) == 0) text.resize(at);
        break;
    }
  }
  return text;
}

void run(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s FOLDER COUNT\n", arguments[0]);
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    run(seeds.back());
  }
  if (seeds.empty()) {
    std::fprintf(stderr, "%s holds no seeds\n", arguments[1]);
    return 1;
  }
  std::mt19937 random(1);
  for (int i = std::atoi(arguments[2]); i > 0; --i) run(changed(seeds[random() % seeds.size()], random));
  return 0;
}
