// SPDX-License-Identifier: Apache-2.0
// Expressions in pre-tokenizers and normalizers, against the ids of Hugging Face's tokenizers: empty matches, every way
// to join what they part, and where its dialect (Oniguruma's) is not PCRE2's.
#include <QTest>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "training/text/json_fields.h"
#include "training/text/tokenizer.h"

using namespace bandscope;

namespace {

text::Json split(const std::string& pattern) {
  return {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}};
}

}  // namespace

class TestSplits : public QObject {
  Q_OBJECT

  nlohmann::json fixture_;

  text::Json tokenizer() const { return text::Json::parse(fixture_["tokenizer"].dump()); }

 private Q_SLOTS:
  void initTestCase() {
    fixture_ = read_json(BANDSCOPE_SOURCE "/tests/training/fixtures/splits.json");
    QVERIFY(fixture_["cases"].size() > 200);
  }

  void as_hugging_face() {
    int wrong = 0;
    for (const auto& one : fixture_["cases"]) {
      text::Json json = tokenizer();
      const text::Json pattern = {{"Regex", one["pattern"].get<std::string>()}};
      if (one.contains("replace")) {
        json["normalizer"] = {
            {"type", "Replace"}, {"pattern", pattern}, {"content", one["replace"].get<std::string>()}};
      } else {
        json["pre_tokenizer"] = {{"type", "Split"},
                                 {"pattern", pattern},
                                 {"behavior", one["behavior"].get<std::string>()},
                                 {"invert", one["invert"].get<bool>()}};
      }
      const text::Tokenizer tokenizer = text::Tokenizer::from_text(json.dump());
      for (std::size_t i = 0; i < fixture_["texts"].size(); ++i) {
        const auto ids = tokenizer.encode(fixture_["texts"][i].get<std::string>());
        if (ids == one["ids"][i].get<std::vector<text::TokenId>>()) continue;
        ++wrong;
        nlohmann::json said = one;
        said.erase("ids");
        qWarning("%s on %s: %s instead of %s", said.dump().c_str(), fixture_["texts"][i].dump().c_str(),
                 nlohmann::json(ids).dump().c_str(), one["ids"][i].dump().c_str());
      }
    }
    QCOMPARE(wrong, 0);
  }

  /// What PCRE2 would silently read in another way.
  void classes_of_classes_are_refused() {
    for (const char* pattern : {"[a-z&&[^aeiou]]+", "[a-z[A-Z]]+", "[\\p{L}&&\\p{ASCII}]"}) {
      text::Json json = tokenizer();
      json["pre_tokenizer"] = split(pattern);
      QString said;
      try {
        text::Tokenizer::from_text(json.dump());
      } catch (const DataError& error) {
        said = QString::fromUtf8(error.what());
      }
      QVERIFY2(said.contains("classes within classes") && said.contains("pre_tokenizer"), qPrintable(said));
    }
  }
};

QTEST_GUILESS_MAIN(TestSplits)
#include "test_splits.moc"
