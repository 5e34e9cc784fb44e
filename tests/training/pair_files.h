// SPDX-License-Identifier: Apache-2.0
// What tests of data files share: a tokenizer with a configuration, a chat template, and a folder of files.
#pragma once

#include <zlib.h>

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/training/data_samples.h"
#include "training/text/tokenizer.h"

namespace bandscope::testing {

inline text::Tokenizer tokenizer_with(text::Json config = text::Json::object()) {
  config.update({{"bos_token", "<s>"}, {"eos_token", "</s>"}});
  return text::Tokenizer::from_text(byte_level_json(), config.dump());
}

inline constexpr const char* kChat =
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% "
    "endif %}";

/// A folder that goes with the test.
class PairFiles {
 public:
  std::filesystem::path folder() const { return dir_.path().toStdString(); }
  std::filesystem::path file(const std::string& name, const std::string& text) const {
    std::ofstream(folder() / name, std::ios::binary) << text;
    return folder() / name;
  }
  /// Without its last `cut` bytes.
  std::filesystem::path gzip(const std::string& name, const std::string& text, std::size_t cut = 0) const {
    const std::filesystem::path path = folder() / name;
    gzFile out = gzopen(path.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    if (cut > 0) std::filesystem::resize_file(path, std::filesystem::file_size(path) - cut);
    return path;
  }

 private:
  QTemporaryDir dir_;
};

}  // namespace bandscope::testing
