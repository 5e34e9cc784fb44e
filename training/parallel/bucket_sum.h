// SPDX-License-Identifier: Apache-2.0
// Sums gradients over processes in pieces of about 25 MB, each on its way as soon as it is full, so that it travels
// while the backward pass of the blocks before it is computed.
#pragma once

#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "training/model/parameter.h"
#include "training/parallel/group.h"

namespace bandscope::parallel {

class BucketSum {
 public:
  explicit BucketSum(Group& group) : group_(group) {}
  /// The accumulator is final on this process: it joins the piece that is being filled. Every process adds the same
  /// ones in the same order. It must not be touched before finish().
  void add(model::Parameter& parameter, model::Slot slot);
  /// Called with every accumulator that has been summed, once it has.
  void on_sum(std::function<void(model::Parameter&, model::Slot)> call) { summed_ = std::move(call); }
  /// Sends what is left and waits: every accumulator added holds the sum of all processes.
  void finish();

 private:
  struct Part {
    model::Parameter* parameter;
    model::Slot slot;
    at::Tensor gradient;
  };
  struct Bucket {
    at::Tensor flat;  // undefined where the accumulator travels itself
    std::vector<Part> parts;
    Group::Pending pending;
  };
  void send();
  void receive();
  Group& group_;
  std::function<void(model::Parameter&, model::Slot)> summed_;
  std::vector<Part> filling_;
  std::int64_t bytes_ = 0;
  std::deque<Bucket> sent_;
};

}  // namespace bandscope::parallel
