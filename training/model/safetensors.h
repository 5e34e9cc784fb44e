// SPDX-License-Identifier: Apache-2.0
// safetensors files, one or sharded, read by memory map; and a writer.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bandscope::model {

/// The tensors of a model folder or of one file. Tensors are views of the map: copy before changing, and keep this
/// object alive while they are used. Types F32, F16, BF16, F64, I64, I32, U8, I8, BOOL.
class SafeTensors {
 public:
  /// The files that choose_weight_files() finds in `model_dir`. Throws DataError naming file, tensor and what is wrong
  /// (truncated, offsets outside the file, overlaps, missing shard).
  static SafeTensors open_model(const std::filesystem::path& model_dir);
  static SafeTensors open_file(const std::filesystem::path& file);

  bool contains(const std::string& name) const { return tensors_.contains(name); }
  /// Throws DataError when there is no such tensor or its shape is another.
  at::Tensor get(const std::string& name, at::IntArrayRef shape) const;
  at::Tensor get(const std::string& name) const;
  /// Where a tensor of this name is, which must be there.
  const std::filesystem::path& file_of(const std::string& name) const { return files_[tensors_.at(name).file]; }
  /// The tensor's pages need not stay in memory; reading it again reads the file again.
  void forget(const std::string& name) const;
  std::vector<std::string> names() const;
  const std::vector<std::filesystem::path>& files() const { return files_; }
  /// Texts under "__metadata__".
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

 private:
  void add_file(const std::filesystem::path& file);
  struct Entry {
    at::Tensor tensor;
    std::size_t file;
    bool mapped;  ///< a view of the map, not a copy
  };
  std::filesystem::path origin_;
  std::vector<std::filesystem::path> files_;
  std::vector<std::shared_ptr<void>> maps_;
  std::map<std::string, Entry> tensors_;
  std::map<std::string, std::string> metadata_;
};

/// Writes float32/bfloat16/float16/int64 tensors (made contiguous, moved to the CPU) to `file` via a temporary file
/// beside it that then takes its name. Throws RunError with path and reason.
void write_safetensors(const std::filesystem::path& file, const std::map<std::string, at::Tensor>& tensors,
                       const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace bandscope::model
