// SPDX-License-Identifier: Apache-2.0
#include "training/parallel/layer_weights.h"

#include <ATen/DeviceGuard.h>
#include <ATen/Functions.h>

#include <algorithm>

namespace bandscope::parallel {
namespace {

/// Gives the memory of a tensor, and of all views of it, another size; what was in it is gone.
void resize_memory(const at::Tensor& tensor, std::size_t bytes) {
  // The allocator gives memory of the current device.
  const c10::OptionalDeviceGuard guard(at::device_of(tensor));
  c10::StorageImpl* memory = tensor.storage().unsafeGetStorageImpl();
  memory->set_data_ptr_noswap(memory->allocator()->allocate(bytes));
  memory->set_nbytes(bytes);
}

/// Parameters begin, and parts are cut, where memory that was theirs alone would be as well aligned: sums are then
/// rounded as they are there.
constexpr std::int64_t alignment = 16;
std::int64_t aligned(std::int64_t values) { return (values + alignment - 1) / alignment * alignment; }

std::size_t bytes_of(const at::Tensor& flat) { return static_cast<std::size_t>(flat.numel()) * flat.element_size(); }

}  // namespace

LayerWeights::LayerWeights(Group& group, const std::vector<model::Parameter*>& trained) : group_(group) {
  for (model::Parameter* parameter : trained) layers_[parameter->layer].parameters.push_back(parameter);
  for (auto& [number, layer] : layers_) {
    std::int64_t count = 0;
    for (const model::Parameter* parameter : layer.parameters) count += aligned(parameter->numel());
    const std::int64_t each = aligned((count + group.size() - 1) / group.size()), first = each * group.rank();
    const at::TensorOptions options = layer.parameters.front()->value.options();
    layer.whole = at::zeros({each * group.size()}, options);
    layer.own = at::empty({each}, options);
    layer.gradient = at::zeros({each}, options.dtype(at::kFloat));
    std::int64_t offset = 0;
    for (model::Parameter* parameter : layer.parameters) {
      const std::int64_t values = parameter->numel();
      const at::Tensor place = layer.whole.slice(0, offset, offset + values).view(parameter->value.sizes());
      place.copy_(parameter->value);
      parameter->value = place;
      const std::int64_t begin = std::clamp<std::int64_t>(first - offset, 0, values),
                         end = std::clamp<std::int64_t>(first + each - offset, 0, values);
      const auto part = [&](const at::Tensor& own) {
        return own.slice(0, offset + begin - first, offset + end - first);
      };
      if (begin < end) parts_.push_back({parameter, begin, end, part(layer.own), part(layer.gradient)});
      offset += aligned(values);
    }
  }
  take_parts();
}

void LayerWeights::take_parts() {
  for (auto& [number, layer] : layers_) {
    const std::int64_t each = layer.own.numel();
    layer.own.copy_(layer.whole.slice(0, each * group_.rank(), each * (group_.rank() + 1)));
  }
}

void LayerWeights::start(Layer& layer) {
  if (layer.present || layer.coming) return;
  resize_memory(layer.whole, bytes_of(layer.whole));
  layer.coming.emplace(group_.start_gather(layer.whole, layer.own));
}

void LayerWeights::finish(Layer& layer) {
  if (!layer.coming) return;
  layer.coming->wait();
  layer.coming.reset();
  layer.present = true;
}

void LayerWeights::drop(Layer& layer) {
  finish(layer);
  if (!layer.present) return;
  resize_memory(layer.whole, 0);
  layer.present = false;
  for (model::Parameter* parameter : layer.parameters) parameter->value_changed();
}

void LayerWeights::need(int layer, std::optional<int> next) {
  if (all_whole_) return;
  const auto found = layers_.find(layer);
  if (found != layers_.end()) start(found->second);
  const auto ahead = next ? layers_.find(*next) : layers_.end();
  if (ahead != layers_.end()) start(ahead->second);
  if (found != layers_.end()) finish(found->second);
}

void LayerWeights::done(int layer) {
  const auto found = layers_.find(layer);
  if (!all_whole_ && found != layers_.end()) drop(found->second);
}

void LayerWeights::gather_all() {
  for (auto layer = layers_.begin(); layer != layers_.end(); ++layer) {
    start(layer->second);
    if (const auto next = std::next(layer); next != layers_.end()) start(next->second);
    finish(layer->second);
  }
  all_whole_ = true;
}

void LayerWeights::let_go() {
  all_whole_ = false;
  for (auto& [number, layer] : layers_) drop(layer);
}

void LayerWeights::keep_gradient(model::Parameter& parameter, model::Slot slot) {
  const auto part = std::ranges::find(parts_, &parameter, &Part::whole);
  if (part != parts_.end()) part->gradient.copy_(parameter.gradient(slot).view({-1}).slice(0, part->begin, part->end));
  parameter.release(slot);
}

std::vector<at::Tensor> LayerWeights::gradients() const {
  std::vector<at::Tensor> result;
  for (const auto& [number, layer] : layers_) result.push_back(layer.gradient);
  return result;
}

}  // namespace bandscope::parallel
