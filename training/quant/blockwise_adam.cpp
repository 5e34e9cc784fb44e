// SPDX-License-Identifier: Apache-2.0
#include "training/quant/blockwise_adam.h"

#include <ATen/Functions.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/DeviceGuard.h>

#include <cmath>

#include "core/error.h"
#include "training/quant/dynamic_map.h"

namespace bandscope::quant {
namespace {

/// States below this size gain nothing from paging, as in bitsandbytes.
constexpr std::int64_t least_paged = 100000;

/// Bytes that CUDA keeps where they are used last, on the device or, when that is full, on the host.
at::Tensor managed_zeros(const std::shared_ptr<const BitsAndBytes>& library, at::IntArrayRef sizes, std::int64_t count,
                         c10::Device device) {
  void* memory = library->cuda().managed_memory(static_cast<std::size_t>(count));
  if (!memory) throw RunError(Message::tr("no memory for %1 bytes of paged optimizer states", count));
  return at::for_blob(memory, sizes)
      .deleter([library](void* held) { library->cuda().free(held); })
      .options(at::TensorOptions().dtype(at::kByte).device(device))
      .target_device(device)
      .make_tensor()
      .zero_();
}

at::Tensor in_full(const BnbCpu& library, const at::Tensor& codes, const at::Tensor& absmax, const at::Tensor& map) {
  at::Tensor values = at::empty(codes.sizes(), codes.options().dtype(at::kFloat));
  library.dequantize(map.const_data_ptr<float>(), codes.const_data_ptr<std::uint8_t>(), absmax.const_data_ptr<float>(),
                     values.mutable_data_ptr<float>(), BlockwiseAdam::block, codes.numel());
  return values;
}

void put_back(const BnbCpu& library, const at::Tensor& values, const at::Tensor& map, at::Tensor& codes,
              at::Tensor& absmax) {
  library.quantize(map.const_data_ptr<float>(), values.const_data_ptr<float>(), absmax.mutable_data_ptr<float>(),
                   codes.mutable_data_ptr<std::uint8_t>(), BlockwiseAdam::block, codes.numel());
}

}  // namespace

BlockwiseAdam::BlockwiseAdam(c10::Device device, const Settings& settings)
    : device_(device),
      settings_(settings),
      library_(BitsAndBytes::load(device)),
      signed_map_(dynamic_map(true).to(device)),
      unsigned_map_(dynamic_map(false).to(device)) {}

at::Tensor BlockwiseAdam::codes(const at::Tensor& value) const {
  if (settings_.paged && device_.is_cuda() && value.numel() >= least_paged)
    return managed_zeros(library_, value.sizes(), value.numel(), device_);
  return at::zeros(value.sizes(), value.options().dtype(at::kByte));
}

BlockwiseAdam::States BlockwiseAdam::fresh(const at::Tensor& value) const {
  const c10::DeviceGuard guard(device_);
  const std::int64_t blocks = (value.numel() + block - 1) / block;
  const auto floats = value.options().dtype(at::kFloat);
  return {codes(value), codes(value), at::zeros({blocks}, floats), at::zeros({blocks}, floats)};
}

void BlockwiseAdam::update(at::Tensor& value, const at::Tensor& gradient, States& states, std::int64_t step,
                           double learning_rate) const {
  if (!device_.is_cuda()) return update_on_cpu(value, gradient, states, step, learning_rate);
  const c10::DeviceGuard guard(device_);
  const BnbCuda& cuda = library_->cuda();
  if (settings_.paged && value.numel() >= least_paged)
    for (const at::Tensor* codes : {&states.first, &states.second})
      cuda.prefetch(codes->mutable_data_ptr(), codes->nbytes(), device_.index());
  const auto number = [](double x) { return static_cast<float>(x); };
  cuda.adam_8bit(value.mutable_data_ptr<float>(), gradient.const_data_ptr<float>(),
                 states.first.mutable_data_ptr<std::uint8_t>(), states.second.mutable_data_ptr<std::uint8_t>(),
                 number(settings_.beta1), number(settings_.beta2), 0.0f, 0.0f, number(settings_.eps),
                 static_cast<std::int32_t>(step), number(learning_rate), signed_map_.const_data_ptr<float>(),
                 unsigned_map_.const_data_ptr<float>(), states.absmax1.mutable_data_ptr<float>(),
                 states.absmax2.mutable_data_ptr<float>(), number(settings_.weight_decay), 1.0f, false,
                 bnb_count(value.numel()));
}

void BlockwiseAdam::update_on_cpu(at::Tensor& value, const at::Tensor& gradient, States& states, std::int64_t step,
                                  double learning_rate) const {
  const BnbCpu& cpu = library_->cpu();
  const at::Tensor first = in_full(cpu, states.first, states.absmax1, signed_map_);
  const at::Tensor second = in_full(cpu, states.second, states.absmax2, unsigned_map_);
  first.mul_(settings_.beta1).add_(gradient, 1.0 - settings_.beta1);
  second.mul_(settings_.beta2).addcmul_(gradient, gradient, 1.0 - settings_.beta2);
  const double correction1 = 1.0 - std::pow(settings_.beta1, static_cast<double>(step));
  const double correction2 = std::sqrt(1.0 - std::pow(settings_.beta2, static_cast<double>(step)));
  const at::Tensor denominator = second.sqrt().div_(correction2).add_(settings_.eps);
  if (settings_.weight_decay > 0) value.mul_(1.0 - learning_rate * settings_.weight_decay);
  value.addcdiv_(first, denominator, -learning_rate / correction1);
  put_back(cpu, first, signed_map_, states.first, states.absmax1);
  put_back(cpu, second, unsigned_map_, states.second, states.absmax2);
}

}  // namespace bandscope::quant
