// SPDX-License-Identifier: Apache-2.0
// A small task and its data, in a folder of a test's own.
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <string>

namespace engine_test {

inline constexpr const char* kTask = R"(task: colours
dataset_path: json
dataset_kwargs:
  data_files:
    test: test.jsonl
    shots: shots.jsonl
test_split: test
fewshot_split: shots
output_type: multiple_choice
doc_to_text: "Q: {{question}}\nA:"
doc_to_target: "{{answer}}"
doc_to_choice: ["red", "green"]
)";

class Folder {
 public:
  Folder() {
    write("test.jsonl", R"({"question": "grass?", "answer": 1}
{"question": "blood?", "answer": 0}
)");
    write("shots.jsonl", R"({"question": "fire?", "answer": 0}
{"question": "leaf?", "answer": 1}
{"question": "rose?", "answer": 0}
)");
  }
  std::filesystem::path write(const QString& name, const std::string& text) const {
    const std::filesystem::path file = folder_.filePath(name).toStdString();
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  std::filesystem::path path() const { return folder_.path().toStdString(); }

 private:
  QTemporaryDir folder_;
};

}  // namespace engine_test
