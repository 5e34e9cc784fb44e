// SPDX-License-Identifier: Apache-2.0
#include "training/parallel/bucket_sum.h"

#include <ATen/Functions.h>

#include "training/parallel/bucket_size.h"

namespace bandscope::parallel {
namespace {

constexpr std::size_t most_on_their_way = 2;  // copies; what travels itself takes no memory

}  // namespace

void BucketSum::add(model::Parameter& parameter, model::Slot slot) {
  if (group_.alone()) return;
  const at::Tensor gradient = parameter.gradient(slot);
  const auto own = static_cast<std::int64_t>(gradient.nbytes());
  if (own >= bucket_bytes) {
    sent_.push_back({at::Tensor(), {{&parameter, slot, gradient}}, group_.start_sum(gradient)});
    return;
  }
  filling_.push_back({&parameter, slot, gradient.view({-1})});
  bytes_ += own;
  if (bytes_ >= bucket_bytes) send();
}

void BucketSum::send() {
  if (filling_.empty()) return;
  std::size_t copies = 0;
  for (const Bucket& bucket : sent_) copies += bucket.flat.defined() ? 1 : 0;
  while (copies >= most_on_their_way) {
    copies -= sent_.front().flat.defined() ? 1 : 0;
    receive();
  }
  Bucket bucket;
  std::vector<at::Tensor> gradients;
  for (const Part& part : filling_) gradients.push_back(part.gradient);
  bucket.flat = at::cat(gradients);
  bucket.parts = std::move(filling_);
  bucket.pending = group_.start_sum(bucket.flat);
  sent_.push_back(std::move(bucket));
  filling_.clear();
  bytes_ = 0;
}

void BucketSum::receive() {
  Bucket bucket = std::move(sent_.front());
  sent_.pop_front();
  bucket.pending.wait();
  std::int64_t begin = 0;
  for (const Part& part : bucket.parts) {
    const std::int64_t count = part.gradient.numel();
    if (bucket.flat.defined()) part.gradient.copy_(bucket.flat.slice(0, begin, begin + count));
    begin += count;
    if (summed_) summed_(*part.parameter, part.slot);
  }
}

void BucketSum::finish() {
  send();
  while (!sent_.empty()) receive();
}

}  // namespace bandscope::parallel
