// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <ATen/Functions.h>

#include <algorithm>
#include <fstream>

#include <spdlog/fmt/fmt.h>

#include "core/error.h"
#include "training/model/safetensors.h"
#include "training/model/save.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::trunc | std::ios::binary);
  out << text;
  out.close();
  if (!out) throw RunError(file.string() + ": cannot be written (is the disk full?)");
}

/// What was written is on the disk before DONE says so.
void sync_folder(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const int fd = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ::fsync(fd);
    ::close(fd);
  }
}

std::vector<fs::path> whole_checkpoints(const fs::path& run_folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run_folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("checkpoint-") && fs::exists(entry.path() / "DONE")) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());  // numbers have a fixed width
  return found;
}

}  // namespace

fs::path save_checkpoint(const fs::path& run_folder, std::int64_t step, int keep, const CheckpointContent& content) {
  const fs::path folder = run_folder / fmt::format("checkpoint-{:08}", step);
  const fs::path part = folder.string() + ".part";
  std::error_code error;
  fs::remove_all(part, error);
  fs::create_directories(part, error);
  if (error) throw RunError(part.string() + ": cannot be made (" + error.message() + ")");
  try {
    if (content.adapter) {
      save_adapter(content.decoder, *content.adapter, content.model_source.string(), part);
    } else {
      save_model(content.decoder, content.model_source, part, /*merge=*/false);
    }
    write_safetensors(part / "optimizer.safetensors", content.optimizer);
    write_text(part / "trainer.json", content.trainer.dump(1) + "\n");
    sync_folder(part);
    write_text(part / "DONE", "");
  } catch (...) {
    fs::remove_all(part, error);  // half a checkpoint only takes room that the record may need
    throw;
  }
  fs::remove_all(folder, error);
  fs::rename(part, folder, error);
  if (error) throw RunError(folder.string() + ": cannot be made (" + error.message() + ")");
  std::vector<fs::path> all = whole_checkpoints(run_folder);
  for (std::size_t i = 0; i + static_cast<std::size_t>(std::max(1, keep)) < all.size(); ++i) fs::remove_all(all[i], error);
  return folder;
}

std::optional<fs::path> newest_checkpoint(const fs::path& run_folder) {
  const std::vector<fs::path> all = whole_checkpoints(run_folder);
  if (all.empty()) return std::nullopt;
  return all.back();
}

nlohmann::json read_trainer_state(const fs::path& checkpoint) {
  const fs::path file = checkpoint / "trainer.json";
  std::ifstream in(file);
  nlohmann::json state = nlohmann::json::parse(in, nullptr, false);
  if (state.is_discarded() || !state.is_object() || !state.contains("step")) throw DataError(file.string() + ": not a trainer state");
  return state;
}

void load_checkpoint(const fs::path& checkpoint, Decoder& decoder, ShardedOptimizer& optimizer, Group& group) {
  std::optional<SafeTensors> weights, moments;
  const std::vector<Parameter*> trained = decoder.trained();
  // What is wrong with a file is found before the first tensor goes round.
  group.together([&] {
    if (!group.first()) return;
    const bool adapter = fs::exists(checkpoint / "adapter_model.safetensors");
    weights = SafeTensors::open_file(checkpoint / (adapter ? "adapter_model.safetensors" : "model.safetensors"));
    moments = SafeTensors::open_file(checkpoint / "optimizer.safetensors");
    for (const Parameter* parameter : trained) weights->get(parameter->name, parameter->value.sizes());
  });
  for (Parameter* parameter : trained) {
    if (group.first()) parameter->value.copy_(weights->get(parameter->name, parameter->value.sizes()));
    group.broadcast(parameter->value);
    parameter->value_changed();
  }
  optimizer.load([&](const std::string& name, at::IntArrayRef shape) {
    if (group.alone()) return moments->get(name, shape);
    const at::ScalarType type = name.ends_with("_8bit") ? at::kByte : at::kFloat;
    at::Tensor whole = group.first() ? moments->get(name, shape).to(type, false, true) : at::empty(shape, type);
    group.broadcast(whole);
    return whole;
  });
}

}  // namespace bandscope
