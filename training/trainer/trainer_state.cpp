// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/trainer_state.h"

#include <cmath>

#include "core/error.h"
#include "core/input/json.h"
#include "core/schema/live_settings.h"
#include "core/spec/key_rules.h"

namespace bandscope::trainer {
namespace {

using Json = nlohmann::json;

constexpr auto most_steps = static_cast<std::int64_t>(kMostSteps);
constexpr double kMostSeconds = 1e12;
constexpr std::size_t kMostGeneratorBytes = std::size_t{1} << 20;

/// Checks of one object in the file; complaints name file and key.
class Checks {
 public:
  Checks(const Json& object, std::string file, std::string prefix = "")
      : object_(object), file_(std::move(file)), prefix_(std::move(prefix)) {}

  void integer(const char* key, std::int64_t least, std::int64_t most) const {
    const Json& value = at(key);
    const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most)
                                                 : value.is_number_integer() && value.get<std::int64_t>() <= most;
    if (!fits || value.get<std::int64_t>() < least) fail(key, Message::tr("an integer from %1 to %2", least, most));
  }
  void number(const char* key, double least, double most, const Message& allowed) const {
    const Json& value = at(key);
    if (!value.is_number() || !(value.get<double>() >= least && value.get<double>() <= most)) fail(key, allowed);
  }
  void finite(const char* key) const {
    if (const Json& value = at(key); !value.is_number() || !std::isfinite(value.get<double>()))
      fail(key, Message::tr("a number"));
  }
  void boolean(const char* key) const {
    if (!at(key).is_boolean()) fail(key, Message::tr("true or false"));
  }
  void numbers(const char* key) const {
    const Json& value = at(key);
    bool good = value.is_array();
    for (std::size_t i = 0; good && i < value.size(); ++i) good = value[i].is_number();
    if (!good) fail(key, Message::tr("a list of numbers"));
  }
  void bytes(const char* key) const {
    const Json& value = at(key);
    bool good = value.is_array() && !value.empty() && value.size() <= kMostGeneratorBytes;
    for (std::size_t i = 0; good && i < value.size(); ++i)
      good = value[i].is_number_unsigned() && value[i].get<std::uint64_t>() <= 255;
    if (!good) fail(key, Message::tr("a list of bytes"));
  }
  bool has(const char* key) const { return object_.contains(key); }
  Checks object(const char* key) const {
    if (!at(key).is_object()) fail(key, Message::tr("an object"));
    return Checks(object_[key], file_, prefix_ + key + ".");
  }
  [[noreturn]] void fail(const char* key, const Message& allowed) const {
    throw DataError(Message::at(file_, Message::tr("\"%1\" is %2; %3 is needed", prefix_ + key,
                                                   short_dump(object_.value(key, Json())), allowed)));
  }

 private:
  const Json& at(const char* key) const {
    if (!object_.contains(key))
      throw DataError(Message::at(file_, Message::tr("\"%1\" %2", prefix_ + key, Message::tr("is missing"))));
    return object_[key];
  }
  const Json& object_;
  std::string file_, prefix_;
};

}  // namespace

Json read_trainer_state(const std::filesystem::path& checkpoint) {
  const std::filesystem::path file = checkpoint / "trainer.json";
  Json state = read_json(file);
  if (!state.is_object()) throw DataError(Message::at(file, Message::tr("not a JSON object")));
  const Checks checks(state, file.string());
  checks.integer("step", 0, most_steps);
  checks.number("time", 0, kMostSeconds, Message::tr("seconds from 0 to 1e12"));
  const Checks calibration = checks.object("calibration");
  for (const char* key : {"log_d_w", "log_d_l", "log_norm_w", "log_norm_l"}) calibration.finite(key);
  for (const char* key : {"incentives_set", "scores_set"}) calibration.boolean(key);
  for (const char* key : {"pass_tokens", "reference_pass_tokens"})
    if (checks.has(key)) checks.integer(key, 0, most_steps);
  checks.object("steered");
  LiveSettings steered;
  update(steered, state["steered"], file.string());
  const Checks alerts = checks.object("alerts");
  alerts.integer("outside", 0, most_steps);
  for (const char* key : {"rho", "undefined", "displacement"}) alerts.boolean(key);
  if (alerts.has("start")) {
    const Checks start = alerts.object("start");
    for (const char* key : {"z_w", "z_l"}) start.numbers(key);
    if (state["alerts"]["start"]["z_w"].size() != state["alerts"]["start"]["z_l"].size())
      start.fail("z_l", Message::tr("as many numbers as in \"z_w\""));
  }
  return state;
}

}  // namespace bandscope::trainer
