// SPDX-License-Identifier: Apache-2.0
// What can be asked of a live run: every order through its line and back, and every setting through JSON, a record's
// event and the words of a command line.
#include <QTest>

#include "core/error.h"
#include "core/schema/orders.h"
#include "core/spec/spec_document.h"

using namespace bandscope;

namespace {

LiveValue another(const LiveSetting& setting) {
  if (setting.is_switch()) return true;
  return std::nextafter(setting.minimum + (setting.maximum - setting.minimum) / 3, setting.maximum);
}

template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

class TestOrders : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_order_is_read_as_it_was_sent() {
    for (const std::string_view name : order_names()) {
      std::vector<std::string> words = {std::string(name)};
      if (const LiveSetting* setting = find_live_setting(name))
        words.push_back(setting->is_switch() ? "off" : std::to_string(setting->minimum + 0.25));
      const Order sent = order_of(words), read = read_request(to_request(sent).dump());
      QVERIFY2(read.kind == sent.kind && read.setting == sent.setting, words[0].c_str());
      if (sent.kind == Order::Kind::set) QVERIFY(read.value == sent.value);
      QVERIFY(orders_help().find(name) != std::string::npos);
    }
  }

  void every_setting_survives_json_and_events() {
    const LiveSettings before{false, 0.5, 1e-3};
    for (const LiveSetting& setting : live_settings_table()) {
      LiveSettings now = before;
      change(now, setting, another(setting));
      QVERIFY(now != before);
      LiveSettings read;
      update(read, nlohmann::json::parse(to_json(now).dump()), "x");
      QVERIFY(read == now);
      const nlohmann::json only = changes(before, now);
      QCOMPARE(only.size(), std::size_t{1});
      QVERIFY(only.contains(setting.name));
      LiveSettings told = before;
      QVERIFY(apply_event(told, setting.event_kind, event_message(setting, value_of(now, setting)).english()));
      QVERIFY(told == now);
      if (setting.is_switch()) {
        QVERIFY(apply_event(told, setting.event_kind, event_message(setting, false).english()));
        QVERIFY(told == before);
      }
    }
  }

  void what_cannot_be_is_refused() {
    const LiveSettings whole{true, 0.5, 1e-3};
    for (const char* json : {"[]", "3", "null", R"({"momentum": 1})", R"({"momentum": -0.1})", R"({"momentum": null})",
                             R"({"learning_rate": 0})", R"({"learning_rate": 1e300})", R"({"learning_rate": "1"})",
                             R"({"calibration": 1})", R"({"steps": 1})", R"({"momentum": 0.1, "steps": 1})"}) {
      LiveSettings settings = whole;
      const std::string said = refusal([&] { update(settings, nlohmann::json::parse(json), "trainer.json"); });
      QVERIFY2(said.starts_with("trainer.json: "), json);
      QVERIFY2(settings == whole, json);
    }
    LiveSettings settings = whole;
    for (const auto& [kind, text] : {std::pair{"rc", "reward calibration"},
                                     {"momentum", "momentum set to 2"},
                                     {"momentum", "momentum set to 0.5x"},
                                     {"momentum", "momentum set to "},
                                     {"momentum", "learning rate set to 0.5"},
                                     {"note", "momentum set to 0.5"}})
      QVERIFY2(!apply_event(settings, kind, text) && settings == whole, text);
  }

  void an_order_takes_the_momentum_that_a_spec_takes() {
    const LiveSetting& momentum = *find_live_setting("momentum");
    for (const double value : {-0.1, 0.0, 0.5, std::nextafter(1.0, 0.0), 1.0, 2.0}) {
      const std::string toml =
          "[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n[objective]\nname = \"dpo\"\n"
          "[training]\nsteps = 1\n[calibration]\nmomentum = " +
          toml_number(value) + "\n";
      const std::string complaint = refusal([&] { parse_run_specs(toml, "s.toml", "."); });
      QVERIFY2(complaint.empty() || complaint.find("calibration.momentum") != std::string::npos, complaint.c_str());
      QCOMPARE(momentum.allows(value), complaint.empty());
    }
  }

  void words_are_checked() {
    using Words = std::vector<std::string>;
    const std::pair<Words, const char*> cases[] = {{{}, "is needed"},
                                                   {{"dance"}, "unknown command \"dance\"; pause, resume"},
                                                   {{"pause", "now"}, "takes no value"},
                                                   {{"calibration"}, "needs on or off"},
                                                   {{"calibration", "true"}, "needs on or off"},
                                                   {{"momentum"}, "needs a number"},
                                                   {{"momentum", "x"}, "needs a number"},
                                                   {{"momentum", "0.5 "}, "needs a number"},
                                                   {{"momentum", "1"}, "out of range"},
                                                   {{"learning_rate", "1e999"}, "out of range"}};
    for (const auto& [words, part] : cases) {
      const std::string said = refusal([&, &words = words] { order_of(words); });
      QVERIFY2(said.find(part) != std::string::npos, said.c_str());
    }
  }
};

QTEST_APPLESS_MAIN(TestOrders)
#include "test_orders.moc"
