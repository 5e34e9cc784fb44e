// SPDX-License-Identifier: Apache-2.0
#include "training/model/rope_config.h"

#include <cmath>
#include <map>
#include <set>
#include <string_view>

#include "core/input/json.h"
#include "core/input/printable.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;

constexpr const char *full = "full_attention", *sliding = "sliding_attention";

const Json& empty_object() {
  static const Json empty = Json::object();
  return empty;
}

/// What the object of a type may say; nullptr for a type that is not computed.
const std::set<std::string_view>* keys_of(std::string_view type) {
  static const std::map<std::string_view, std::set<std::string_view>> types = {
      {"default", {}},
      {"linear", {"factor"}},
      {"llama3", {"factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"}},
      {"yarn",
       {"factor", "original_max_position_embeddings", "beta_fast", "beta_slow", "attention_factor", "mscale",
        "mscale_all_dim", "truncate", "finetuned"}}};
  static const auto with_common = [] {
    auto all = types;
    for (auto& [name, keys] : all) keys.insert({"rope_type", "type", "rope_theta", "partial_rotary_factor"});
    return all;
  }();
  const auto found = with_common.find(type);
  return found == with_common.end() ? nullptr : &found->second;
}

/// One object of rotary parameters with the file's top level beside it.
class RopeReader {
 public:
  RopeReader(const ConfigKeys& keys, const ConfigKeys& inner, const RopeNames& names, const ModelConfig& config)
      : keys_(keys), inner_(inner), names_(names), config_(config) {}

  RopeConfig read(double theta) {
    RopeConfig rope;
    rope.theta = inner_.above_zero("rope_theta", theta);
    const double share = inner_.number("partial_rotary_factor", keys_.number(names_.share, names_.default_share));
    if (!(share > 0.0 && share <= 1.0)) keys_.fail(names_.share, Message::tr("must lie in (0, 1]"));
    if (!names_.partial && share != 1.0)
      keys_.fail(names_.share, Message::tr("is %1; heads of this family rotate as a whole", short_dump(share)));
    rope.dimensions = static_cast<std::int64_t>(static_cast<double>(config_.head_dim) * share);
    if (rope.dimensions % 2 != 0) keys_.fail(names_.share, Message::tr("gives an odd number of rotary dimensions"));
    const std::string type = inner_.text("rope_type", inner_.text("type", "default"));
    if (type != "default" && !names_.scaled)
      inner_.fail("rope_type", Message::tr("is \"%1\"; only default is supported for this family", printable(type)));
    const std::set<std::string_view>* known = keys_of(type);
    if (!known)
      inner_.fail("rope_type",
                  Message::tr("is \"%1\"; default, linear, llama3 and yarn are supported", printable(type)));
    inner_.allow_only(*known, Message::tr("is no setting of rope_type \"%1\"", type));
    if (type == "default") return rope;
    rope.factor = inner_.number("factor", 1.0);
    if (!(rope.factor > 0)) inner_.fail("factor", Message::tr("must be > 0"));
    if (type == "linear") {
      rope.scaling = RopeScaling::linear;
    } else if (type == "llama3") {
      llama3(rope);
    } else {
      yarn(rope);
    }
    return rope;
  }

 private:
  void original_positions(RopeConfig& rope) const {
    // A value beside the object wins, as Phi-style configurations have it.
    rope.original_max_position =
        keys_.number("original_max_position_embeddings",
                     inner_.number("original_max_position_embeddings", static_cast<double>(config_.max_position)));
    if (!(rope.original_max_position > 0)) inner_.fail("original_max_position_embeddings", Message::tr("must be > 0"));
  }

  void llama3(RopeConfig& rope) const {
    rope.scaling = RopeScaling::llama3;
    rope.low_freq_factor = inner_.above_zero("low_freq_factor", 1.0);
    rope.high_freq_factor = inner_.above_zero("high_freq_factor", 4.0);
    original_positions(rope);
    if (!(rope.high_freq_factor > rope.low_freq_factor))
      inner_.fail("high_freq_factor", Message::tr("must be above low_freq_factor"));
  }

  void yarn(RopeConfig& rope) const {
    rope.scaling = RopeScaling::yarn;
    original_positions(rope);
    if (!inner_.has("factor")) rope.factor = static_cast<double>(config_.max_position) / rope.original_max_position;
    // 0 stands for the default, as Python's `or` has it.
    const auto rotations = [&](const char* key, double fallback) {
      const double value = inner_.number(key, 0.0);
      if (value == 0.0) return fallback;
      if (!(value > 0)) inner_.fail(key, Message::tr("must be > 0"));
      return value;
    };
    rope.beta_fast = rotations("beta_fast", 32.0);
    rope.beta_slow = rotations("beta_slow", 1.0);
    rope.truncate = inner_.boolean("truncate", true);
    if (!(rope.theta > 1)) keys_.fail(names_.theta, Message::tr("must be above 1 with yarn"));
    const auto scale = [&](double mscale) {
      return rope.factor <= 1 ? 1.0 : 0.1 * mscale * std::log(rope.factor) + 1.0;
    };
    const double mscale = inner_.number("mscale", 0.0), of_all = inner_.number("mscale_all_dim", 0.0);
    const double factor = mscale != 0 && of_all != 0 ? scale(mscale) / scale(of_all) : scale(1.0);
    rope.attention_factor = inner_.number("attention_factor", factor);
    if (!(rope.attention_factor > 0)) inner_.fail("attention_factor", Message::tr("must be > 0"));
  }

  const ConfigKeys &keys_, &inner_;
  const RopeNames& names_;
  const ModelConfig& config_;
};

}  // namespace

void read_rope(const ConfigKeys& keys, const RopeNames& names, ModelConfig& config) {
  const bool is_new = keys.has("rope_parameters");
  const char* nested = is_new ? "rope_parameters" : "rope_scaling";
  const bool has_nested = keys.has(nested);
  if (has_nested && !keys[nested].is_object()) keys.fail(nested, Message::tr("is not an object"));
  if (is_new && keys.has("rope_scaling") && keys["rope_scaling"] != keys[nested])
    keys.fail("rope_scaling", Message::tr("says otherwise than rope_parameters beside it"));
  const ConfigKeys inner(has_nested ? keys[nested] : empty_object(), keys.origin() + ": " + nested);
  // As transformers, a family's own name alone counts beside rope_parameters.
  const double theta = keys.above_zero(names.theta, names.default_theta);
  const bool kinds = inner.has(full) || inner.has(sliding);
  if (!names.by_kind) {
    for (const char* kind : {full, sliding})
      if (inner.has(kind))
        inner.fail(kind,
                   Message::tr("gives a kind of layer its own rotary embedding; this family has one for all layers"));
    config.rope = RopeReader(keys, inner, names, config).read(theta);
    return;
  }
  if (is_new && !kinds && !keys[nested].empty())
    keys.fail(nested, Message::tr("needs an object for each kind of layer here: full_attention and sliding_attention"));
  const auto of_kind = [&](const char* kind) {
    if (inner.has(kind) && !inner[kind].is_object()) inner.fail(kind, Message::tr("is not an object"));
    return ConfigKeys(inner.has(kind) ? inner[kind] : empty_object(), inner.origin() + ": " + kind);
  };
  if (kinds) inner.allow_only({full, sliding}, Message::tr("stands beside the kinds of layers; it is theirs to say"));
  const ConfigKeys global = kinds ? of_kind(full) : inner;
  config.rope = RopeReader(keys, global, names, config).read(theta);
  // What scales the embedding for long texts is for the layers that see all of them.
  const ConfigKeys local = of_kind(sliding);
  config.local_rope = RopeReader(keys, local, names, config).read(keys.above_zero("rope_local_base_freq", 10000.0));
}

}  // namespace bandscope::model
