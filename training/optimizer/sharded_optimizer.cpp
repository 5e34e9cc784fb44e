// SPDX-License-Identifier: Apache-2.0
#include "training/optimizer/sharded_optimizer.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "training/parallel/bucket_size.h"

namespace bandscope::optimizer {
namespace {

std::vector<model::Parameter*> pointers_to(std::deque<model::Parameter>& parts) {
  std::vector<model::Parameter*> result;
  for (model::Parameter& part : parts) result.push_back(&part);
  return result;
}

at::Tensor flat(const at::Tensor& tensor, std::int64_t begin, std::int64_t end) {
  return tensor.view({-1}).slice(0, begin, end);
}

template <class Shares>
std::deque<model::Parameter> parts_of(const Shares& shares) {
  std::deque<model::Parameter> parts;
  for (const auto& share : shares) {
    model::Parameter& part = parts.emplace_back();
    part.name = share.whole->name;
    part.value = share.value.defined() ? share.value : flat(share.whole->value, share.begin, share.end);
    part.trained = true;
    part.layer = share.whole->layer;
  }
  return parts;
}

}  // namespace

ShardedOptimizer::ShardedOptimizer(parallel::Group& group, int zero, std::vector<model::Parameter*> parameters,
                                   const RunSpec::Optimizer& spec, parallel::LayerWeights* layers)
    : group_(group),
      sharded_(zero > 0 && !group.alone()),
      spec_(spec),
      layers_(layers),
      parameters_(std::move(parameters)),
      own_(sharded_ ? shares_of(group.rank()) : std::vector<Share>{}),
      parts_(parts_of(own_)),
      inner_(sharded_ ? pointers_to(parts_) : parameters_, spec, whole_sizes()) {}

std::vector<ShardedOptimizer::Share> ShardedOptimizer::shares_of(int rank) const {
  std::vector<Share> shares;
  if (layers_) {
    for (const parallel::LayerWeights::Part& part : layers_->parts())
      shares.push_back({part.whole, part.begin, part.end, part.value, part.gradient});
    return shares;
  }
  std::int64_t all = 0;
  for (const model::Parameter* parameter : parameters_) all += parameter->value.numel();
  const std::int64_t each = (all + group_.size() - 1) / group_.size();
  const std::int64_t first = each * rank, last = std::min(all, first + each);
  std::int64_t offset = 0;
  for (model::Parameter* parameter : parameters_) {
    const std::int64_t count = parameter->value.numel();
    const std::int64_t block = AdamW::in_8_bits(spec_, count) ? quant::BlockwiseAdam::block : 1;
    // Where a process's share begins or ends within the parameter.
    const auto cut = [&](std::int64_t at) {
      const std::int64_t inside = std::clamp<std::int64_t>(at - offset, 0, count);
      return inside == count ? count : inside - inside % block;
    };
    const std::int64_t begin = cut(first), end = cut(last);
    if (begin < end) shares.push_back({parameter, begin, end, {}, {}});
    offset += count;
  }
  return shares;
}

std::vector<std::int64_t> ShardedOptimizer::whole_sizes() const {
  std::vector<std::int64_t> sizes;
  for (const Share& share : own_) sizes.push_back(share.whole->value.numel());
  return sizes;
}

std::vector<ShardedOptimizer::Moment> ShardedOptimizer::moments_of(const model::Parameter& parameter) const {
  const std::int64_t count = parameter.value.numel();
  const std::vector<std::int64_t> shape = parameter.value.sizes().vec();
  std::vector<Moment> moments;
  for (const char* moment : {".exp_avg", ".exp_avg_sq"}) {
    const std::string name = parameter.name + moment;
    if (!AdamW::in_8_bits(spec_, count)) {
      moments.push_back({name, at::kFloat, shape, 1});
      continue;
    }
    constexpr std::int64_t block = quant::BlockwiseAdam::block;
    moments.push_back({name + "_8bit", at::kByte, shape, 1});
    moments.push_back({name + "_absmax", at::kFloat, {(count + block - 1) / block}, block});
  }
  return moments;
}

const ShardedOptimizer::Share* ShardedOptimizer::own_share(const model::Parameter& parameter) const {
  const auto share = std::ranges::find(own_, &parameter, &Share::whole);
  return share == own_.end() ? nullptr : &*share;
}

void ShardedOptimizer::step(double learning_rate, double grad_norm, double max_grad_norm) {
  for (std::size_t i = 0; sharded_ && i < own_.size(); ++i)
    parts_[i].lend(model::Slot::train, own_[i].gradient.defined() ? own_[i].gradient
                                                                  : flat(own_[i].whole->gradient(model::Slot::train),
                                                                         own_[i].begin, own_[i].end));
  inner_.step(learning_rate, grad_norm, max_grad_norm);
  if (sharded_ && !layers_) hand_round();
}

void ShardedOptimizer::hand_round() {
  constexpr std::int64_t most = parallel::bucket_bytes / 4;  // float32 values at a time
  for (int rank = 0; rank < group_.size(); ++rank) {
    std::vector<at::Tensor> targets;
    std::int64_t count = 0;
    const auto send = [&] {
      if (targets.empty()) return;
      at::Tensor values = at::cat(targets);
      group_.broadcast(values, rank);
      std::int64_t begin = 0;
      for (at::Tensor& target : targets) {
        if (rank != group_.rank()) target.copy_(values.slice(0, begin, begin + target.numel()));
        begin += target.numel();
      }
      targets.clear();
      count = 0;
    };
    for (const Share& share : shares_of(rank)) {
      for (std::int64_t begin = share.begin; begin < share.end; begin += most) {
        targets.push_back(flat(share.whole->value, begin, std::min(share.end, begin + most)));
        count += targets.back().numel();
        if (count >= most) send();
      }
    }
    send();
  }
  for (model::Parameter* parameter : parameters_) parameter->value_changed();
}

std::map<std::string, at::Tensor> ShardedOptimizer::state() const {
  const std::map<std::string, at::Tensor> own = inner_.state();
  if (!sharded_) return own;
  std::map<std::string, at::Tensor> whole;
  for (const model::Parameter* parameter : parameters_) {
    const Share* share = own_share(*parameter);
    for (const Moment& moment : moments_of(*parameter)) {
      // Zero but for the own share: no element has a value from two processes.
      at::Tensor sum = at::zeros(moment.shape, parameter->value.options().dtype(moment.type));
      if (share) flat(sum, moment.first(*share), moment.last(*share)).copy_(own.at(moment.name));
      group_.start_sum(sum).wait();
      if (group_.first()) whole[moment.name] = sum;
    }
  }
  const double counted = group_.first() ? own.at("optimizer.step").item<double>() : 0.0;
  whole["optimizer.step"] = at::full({1}, group_.sum(counted), at::kFloat);
  return whole;
}

void ShardedOptimizer::load(const std::function<at::Tensor(const std::string&, at::IntArrayRef)>& get) {
  if (!sharded_) return inner_.load(get);
  std::map<std::string, at::Tensor> own;
  for (const model::Parameter* parameter : parameters_) {
    const Share* share = own_share(*parameter);
    for (const Moment& moment : moments_of(*parameter)) {
      const at::Tensor whole = get(moment.name, moment.shape);
      if (share) own[moment.name] = flat(whole.contiguous(), moment.first(*share), moment.last(*share)).clone();
    }
  }
  own["optimizer.step"] = get("optimizer.step", at::IntArrayRef{1});
  inner_.load([&](const std::string& name, at::IntArrayRef) { return own.at(name); });
}

}  // namespace bandscope::optimizer
