// SPDX-License-Identifier: Apache-2.0
#include "training/model/stored_nf4.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;

constexpr const char* state_suffix = ".quant_state.bitsandbytes__";
constexpr std::int64_t allowed_blocks[] = {32, 64, 128, 256, 512, 1024, 2048, 4096};

/// One stored matrix; complaints name the tensor that is at fault.
class StoredMatrix {
 public:
  StoredMatrix(const SafeTensors& tensors, const std::string& name, c10::Device device)
      : tensors_(tensors), name_(name), device_(device) {}

  Json state() const {
    const at::Tensor bytes = tensors_.get(name_ + state_suffix + "nf4").contiguous();
    if (bytes.scalar_type() != at::kByte) fail(state_suffix + std::string("nf4"), Message::tr("is not of type U8"));
    std::optional<Json> json =
        try_json({static_cast<const char*>(bytes.const_data_ptr()), static_cast<std::size_t>(bytes.numel())});
    if (!json || !json->is_object())
      fail(state_suffix + std::string("nf4"), Message::tr("does not hold a JSON object"));
    return *std::move(json);
  }
  std::int64_t block(const Json& state, const char* key) const {
    const Json value = state.value(key, Json());
    if (!value.is_number_integer() ||
        std::ranges::find(allowed_blocks, value.get<std::int64_t>()) == std::end(allowed_blocks))
      fail(state_suffix + std::string("nf4"),
           Message::tr("has %1 %2; a power of two from 32 to 4096 is allowed", key, short_dump(value)));
    return value.get<std::int64_t>();
  }
  /// A copy on the device of the part `suffix`, flat, of `size` elements of `type`.
  at::Tensor part(const std::string& suffix, at::ScalarType type, std::int64_t size) const {
    const at::Tensor stored = tensors_.get(name_ + suffix);
    if (stored.scalar_type() != type || stored.numel() != size)
      fail(suffix, Message::tr("has %1 elements of type %2 where %3 of type %4 are needed", stored.numel(),
                               c10::toString(stored.scalar_type()), size, c10::toString(type)));
    if (type == at::kFloat && !at::isfinite(stored).all().item<bool>())
      fail(suffix, Message::tr("has values that are not finite"));
    return stored.reshape({size}).to(device_, type, false, /*copy=*/true);
  }
  /// The packed codes, whatever type they were stored as (bitsandbytes' quant_storage).
  at::Tensor packed(std::int64_t values) const {
    const at::Tensor stored = tensors_.get(name_).contiguous();
    const std::int64_t bytes = (values + 1) / 2;
    if (static_cast<std::int64_t>(stored.nbytes()) != bytes)
      fail("", Message::tr("has %1 bytes where %2 are needed", stored.nbytes(), bytes));
    return stored.reshape({stored.numel()}).view(at::kByte).to(device_, at::kByte, false, /*copy=*/true);
  }
  [[noreturn]] void fail(const std::string& suffix, const Message& what) const {
    throw DataError(Message::tr("tensor \"%1\" %2", printable(name_) + suffix, what));
  }

 private:
  const SafeTensors& tensors_;
  std::string name_;
  c10::Device device_;
};

}  // namespace

bool is_stored_quantized(const SafeTensors& tensors, const std::string& name) {
  const std::string module = name.substr(0, name.rfind('.'));
  for (const std::string& mark :
       {name + state_suffix + "nf4", name + state_suffix + "fp4", name + ".quant_map", module + ".SCB"})
    if (tensors.contains(mark)) return true;
  return false;
}

quant::Nf4Matrix read_nf4(const SafeTensors& tensors, const std::string& name, std::int64_t rows, std::int64_t columns,
                          c10::Device device) {
  const StoredMatrix stored(tensors, name, device);
  if (!tensors.contains(name + state_suffix + "nf4"))
    stored.fail("", tensors.contains(name + state_suffix + "fp4")
                        ? Message::tr("is stored as 4-bit floats (fp4); nf4 is supported")
                        : Message::tr("is stored quantised in another way than bitsandbytes' nf4"));
  const Json state = stored.state();
  if (state.value("quant_type", Json()) != "nf4")
    stored.fail(state_suffix + std::string("nf4"),
                Message::tr("has quant_type %1; \"nf4\" is supported", short_dump(state.value("quant_type", Json()))));
  const Json shape = state.value("shape", Json()), needed = Json::array({rows, columns});
  if (shape != needed)
    stored.fail("",
                Message::tr("has shape %1 where the configuration needs %2", short_dump(shape), short_dump(needed)));

  quant::Nf4Matrix matrix;
  matrix.rows = rows;
  matrix.columns = columns;
  matrix.block = stored.block(state, "blocksize");
  matrix.packed = stored.packed(matrix.values());
  const at::Tensor map = stored.part(".quant_map", at::kFloat, 16).cpu();
  if (!std::equal(quant::nf4_code.begin(), quant::nf4_code.end(), map.const_data_ptr<float>()))
    stored.fail(".quant_map", Message::tr("is not the nf4 code"));
  if (!tensors.contains(name + ".nested_absmax")) {
    matrix.absmax = stored.part(".absmax", at::kFloat, matrix.blocks());
    return matrix;
  }
  const Json offset = state.value("nested_offset", Json());
  if (!offset.is_number() || !std::isfinite(offset.get<float>()))
    stored.fail(state_suffix + std::string("nf4"),
                Message::tr("has nested_offset %1; a number is needed", short_dump(offset)));
  matrix.nested_block = stored.block(state, "nested_blocksize");
  matrix.absmax = stored.part(".absmax", at::kByte, matrix.blocks());
  matrix.nested_absmax =
      stored.part(".nested_absmax", at::kFloat, (matrix.blocks() + matrix.nested_block - 1) / matrix.nested_block);
  matrix.nested_map = stored.part(".nested_quant_map", at::kFloat, 256);
  matrix.offset = at::full({1}, offset.get<float>(), at::TensorOptions().dtype(at::kFloat).device(device));
  return matrix;
}

}  // namespace bandscope::model
