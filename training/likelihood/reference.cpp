// SPDX-License-Identifier: Apache-2.0
#include "training/likelihood/reference.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/error.h"
#include "core/input/sha256.h"
#include "core/input/system_reason.h"
#include "training/model/safetensors.h"

namespace bandscope::likelihood {
namespace {

at::Tensor lengths_of(std::span<const TokenLogProbs> values, bool chosen) {
  std::vector<std::int64_t> lengths;
  for (const TokenLogProbs& value : values)
    lengths.push_back(static_cast<std::int64_t>(chosen ? value.chosen.size() : value.rejected.size()));
  return at::from_blob(lengths.data(), {static_cast<std::int64_t>(lengths.size())}, at::kLong).clone();
}

at::Tensor concatenated(std::span<const TokenLogProbs> values, bool chosen) {
  std::vector<float> all;
  for (const TokenLogProbs& value : values) {
    const auto& part = chosen ? value.chosen : value.rejected;
    all.insert(all.end(), part.begin(), part.end());
  }
  return at::from_blob(all.data(), {static_cast<std::int64_t>(all.size())}, at::kFloat).clone();
}

constexpr const char* checksum_key = "sha256";

/// Of the numbers in the file, so that they are believed only as they were written.
std::string checksum_of(std::initializer_list<at::Tensor> tensors) {
  Sha256 hash;
  for (const at::Tensor& tensor : tensors)
    hash.add({static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()});
  return hash.hex();
}

/// Rounding may leave a certain token's a little above 0.
bool is_log_prob(float value) { return std::isfinite(value) && value <= 1e-3F; }

}  // namespace

std::vector<TokenLogProbs> log_probs_of(model::Decoder& decoder, bool adapters,
                                        std::span<const data::TokenPair* const> pairs, model::Branches layout) {
  const at::NoGradGuard no_grad;
  model::PassContext context;
  context.compute = decoder.options().compute;
  context.adapters = adapters;
  const model::PackedRow row = model::pack(pairs, layout, decoder.options().device);
  const at::Tensor states = decoder.forward(row, context).states;
  const HeadInput input{states.index_select(0, row.rows_w),
                        states.index_select(0, row.rows_l),
                        row.targets_w,
                        row.targets_l,
                        row.spans_w,
                        row.spans_l};
  HeadRequest request;
  request.logit_cap = decoder.config().logit_cap;
  request.chunk = head_chunk(decoder.options().device.type(), context.compute);
  request.gradients = false;
  return run_head(decoder.head(), context.compute, input, request,
                  [](std::size_t, PairLikelihoods&, const TokenLogProbs&, std::span<const float>,
                     std::span<const float>) { return Incentives{}; })
      .log_probs;
}

ReferenceCache::ReferenceCache(std::filesystem::path folder, const std::string& key)
    : file_(folder / ("reference-" + sha256_of(key).substr(0, 32) + ".safetensors")) {}

std::optional<std::vector<TokenLogProbs>> ReferenceCache::load(std::span<const data::TokenPair* const> pairs) const {
  std::error_code error;
  if (!std::filesystem::exists(file_, error)) return std::nullopt;
  try {
    const model::SafeTensors tensors = model::SafeTensors::open_file(file_);
    const auto known = tensors.metadata().find(checksum_key);
    const auto count = static_cast<std::int64_t>(pairs.size());
    const at::Tensor lengths[2] = {tensors.get("chosen_lengths", {count}), tensors.get("rejected_lengths", {count})};
    const at::Tensor values[2] = {tensors.get("chosen"), tensors.get("rejected")};
    for (int b : {0, 1})
      if (lengths[b].scalar_type() != at::kLong || values[b].scalar_type() != at::kFloat || values[b].dim() != 1)
        return std::nullopt;
    if (known == tensors.metadata().end() ||
        known->second != checksum_of({lengths[0], lengths[1], values[0], values[1]}))
      return std::nullopt;
    std::vector<TokenLogProbs> result(pairs.size());
    for (int b : {0, 1}) {
      const auto* length = lengths[b].const_data_ptr<std::int64_t>();
      const auto* value = values[b].const_data_ptr<float>();
      if (!std::all_of(value, value + values[b].numel(), is_log_prob)) return std::nullopt;
      std::int64_t used = 0;
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto& response = b == 0 ? pairs[i]->chosen : pairs[i]->rejected;
        if (length[i] != static_cast<std::int64_t>(response.size()) || length[i] > values[b].numel() - used)
          return std::nullopt;
        (b == 0 ? result[i].chosen : result[i].rejected).assign(value + used, value + used + length[i]);
        used += length[i];
      }
      if (used != values[b].numel()) return std::nullopt;
    }
    return result;
  } catch (const Error&) {
    return std::nullopt;  // cut short by an earlier crash or of another make: computed anew and replaced
  }
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileLock ReferenceCache::lock(const std::function<bool()>& waiting) const {
  std::error_code ignored;
  std::filesystem::create_directories(file_.parent_path(), ignored);
  // The lock's file stays: who removed it would leave others with locks on different files of one name.
  const int descriptor =
      ::open((file_.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (descriptor < 0) return FileLock();
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) break;
    if (!waiting()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return FileLock(descriptor);
}

void ReferenceCache::store(std::span<const TokenLogProbs> values) const {
  std::error_code error;
  std::filesystem::create_directories(file_.parent_path(), error);
  if (error) throw RunError(Message::at(file_.parent_path(), Message::tr("cannot be made (%1)", system_reason(error))));
  const at::Tensor lengths[2] = {lengths_of(values, true), lengths_of(values, false)};
  const at::Tensor numbers[2] = {concatenated(values, true), concatenated(values, false)};
  model::write_safetensors(
      file_,
      {{"chosen_lengths", lengths[0]},
       {"rejected_lengths", lengths[1]},
       {"chosen", numbers[0]},
       {"rejected", numbers[1]}},
      {{"format", "pt"}, {checksum_key, checksum_of({lengths[0], lengths[1], numbers[0], numbers[1]})}});
}

}  // namespace bandscope::likelihood
