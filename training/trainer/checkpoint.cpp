// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/checkpoint.h"

#include <ATen/Functions.h>
#include <fcntl.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <tuple>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "training/model/safetensors.h"
#include "training/model/save.h"
#include "training/trainer/checkpoint_mark.h"

namespace bandscope::trainer {
namespace {

namespace fs = std::filesystem;

std::string folder_name(std::int64_t step) { return fmt::format("checkpoint-{:08}", step); }

void sync_file(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

/// What was written is on the disk before DONE says so.
void sync_folder(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) sync_file(entry.path());
}

/// The step that a checkpoint's folder is named by; nothing for every other name, which is the user's.
std::optional<std::int64_t> step_named(const std::string& name) {
  constexpr std::string_view prefix = "checkpoint-";
  if (!name.starts_with(prefix)) return std::nullopt;
  std::int64_t step = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, step);
  if (error != std::errc() || stop != end || step < 0 || name != folder_name(step)) return std::nullopt;
  return step;
}

bool is_json_object(const fs::path& file) {
  try {
    const auto json = try_json(read_file(file));
    return json && json->is_object();
  } catch (const DataError&) {
    return false;
  }
}

struct Found {
  std::int64_t step;
  fs::path folder;
};

/// Checkpoints that were written to their end, by their steps. `own_step` says the step of one; its name says it too,
/// but a folder may have been renamed.
std::vector<Found> written_checkpoints(const fs::path& run_folder,
                                       const std::function<std::int64_t(const fs::path&, std::int64_t)>& own_step) {
  std::vector<Found> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run_folder, error)) {
    std::error_code ignored;
    const auto named = step_named(entry.path().filename().string());
    if (named && fs::exists(entry.path() / "DONE", ignored))
      found.push_back({own_step(entry.path(), *named), entry.path()});
  }
  std::ranges::sort(found, {}, [](const Found& one) { return std::tie(one.step, one.folder); });
  return found;
}

/// The step in trainer.json, or where that cannot be read the one of the name.
std::int64_t step_of(const fs::path& folder, std::int64_t named) {
  try {
    return read_trainer_state(folder).at("step").get<std::int64_t>();
  } catch (const DataError&) {
    return named;
  }
}

}  // namespace

fs::path save_checkpoint(const fs::path& run_folder, std::int64_t step, int keep, const CheckpointContent& content) {
  const fs::path folder = run_folder / folder_name(step);
  const fs::path part = folder.string() + ".part";
  std::error_code error;
  fs::remove_all(part, error);
  fs::create_directories(part, error);
  if (error) throw RunError(Message::at(part, Message::tr("cannot be made (%1)", system_reason(error))));
  try {
    if (content.adapter) {
      model::save_adapter(content.decoder, *content.adapter, content.model_source.string(), part);
    } else {
      model::save_model(content.decoder, content.model_source, part, /*merge=*/false);
    }
    model::write_safetensors(part / "optimizer.safetensors", content.optimizer);
    write_fresh(part / "trainer.json", content.trainer.dump(1) + "\n");
    sync_folder(part);
    write_fresh(part / "DONE", checkpoint_mark(part));
    sync_file(part / "DONE");
  } catch (...) {
    fs::remove_all(part, error);  // half a checkpoint only takes room that the record may need
    throw;
  }
  fs::remove_all(folder, error);
  fs::rename(part, folder, error);
  if (error) throw RunError(Message::at(folder, Message::tr("cannot be made (%1)", system_reason(error))));
  // Later ones are damaged, or the run would have gone on from them; they count for nothing, and do not push others
  // out.
  std::vector<Found> all = written_checkpoints(run_folder, step_of);
  std::erase_if(all, [&](const Found& one) { return one.step > step || (one.step == step && one.folder != folder); });
  for (std::size_t i = 0; i + static_cast<std::size_t>(std::max(1, keep)) < all.size(); ++i)
    fs::remove_all(all[i].folder, error);
  return folder;
}

std::optional<fs::path> newest_checkpoint(const fs::path& run_folder) {
  const std::vector<Found> all = written_checkpoints(run_folder, step_of);
  if (all.empty()) return std::nullopt;
  return all.back().folder;
}

std::optional<UsableCheckpoint> usable_checkpoint(const fs::path& run_folder, std::int64_t recorded) {
  Message damage;
  std::vector<Message> passed_over;
  std::vector<Found> all = written_checkpoints(run_folder, step_of);
  for (; !all.empty(); all.pop_back()) {
    const fs::path& folder = all.back().folder;
    // The sums come first: a flipped bit can make any value, or another key. Values that no run writes, in files that
    // are what the mark says, are no damage by accident: they are an error.
    std::optional<nlohmann::json> state;
    damage = checkpoint_damage(folder);
    if (damage.empty() && is_json_object(folder / "trainer.json")) state = read_trainer_state(folder);
    if (damage.empty() && !state) damage = Message::at(folder / "trainer.json", Message::tr("not a JSON object"));
    if (damage.empty() && all.back().step > recorded)
      damage = Message::at(folder / "trainer.json",
                           Message::tr("\"step\" is %1, and the record ends with step %2", all.back().step, recorded));
    if (damage.empty()) return UsableCheckpoint{folder, *std::move(state), std::move(passed_over)};
    passed_over.push_back(Message::tr("%1 is not used: %2", folder.filename(), damage));
  }
  if (passed_over.empty()) return std::nullopt;
  throw DataError(Message::tr("%1; no checkpoint of this run can be used", damage));
}

void load_checkpoint(const fs::path& checkpoint, model::Decoder& decoder, optimizer::ShardedOptimizer& optimizer,
                     parallel::Group& group) {
  std::optional<model::SafeTensors> weights, moments;
  const std::vector<model::Parameter*> trained = decoder.trained();
  // What is wrong with a file is found before the first tensor goes round.
  group.together([&] {
    if (!group.first()) return;
    const bool adapter = is_there(checkpoint / "adapter_model.safetensors");
    weights = model::SafeTensors::open_file(checkpoint / (adapter ? "adapter_model.safetensors" : "model.safetensors"));
    moments = model::SafeTensors::open_file(checkpoint / "optimizer.safetensors");
    for (const model::Parameter* parameter : trained) weights->get(parameter->name, parameter->value.sizes());
  });
  for (model::Parameter* parameter : trained) {
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

}  // namespace bandscope::trainer
