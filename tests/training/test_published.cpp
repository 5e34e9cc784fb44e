// SPDX-License-Identifier: Apache-2.0
// Published tokenizers, chat templates and data sets, which are not the repository's to carry: read where a folder
// `shared` beside it has them. Small ones of the same make are among the fixtures (tokenizer_families.json,
// chat_templates.json).
#include <QTest>
#include <filesystem>

#include "core/error.h"
#include "core/input/json.h"
#include "tests/training/template_cases.h"
#include "training/data/pairs.h"
#include "training/text/tokenizer.h"
#include "training/text/tokenizer_config.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::difference_from_jinja2;

namespace {

const fs::path kShared = BANDSCOPE_SHARED;

}  // namespace

class TestPublished : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tokenizers_data() {
    QTest::addColumn<QString>("name");
    for (const char* name :
         {"gpt-neox-20b", "qwen2.5", "mistral-7b-v0.1", "phi-2-gpt2-style", "phi-3-mini-llama2-style"}) {
      QTest::newRow(name) << name;
    }
  }
  void tokenizers() {
    QFETCH(QString, name);
    const fs::path folder = kShared / "data/tokenizers" / name.toStdString();
    if (!fs::exists(folder)) QSKIP("the published tokenizers are not here");
    const text::Tokenizer tokenizer = text::Tokenizer::load(folder);
    const text::Json texts = read_json(kShared / "golden/tokenizers/texts.json");
    const text::Json want = read_json(kShared / "golden/tokenizers" / (name.toStdString() + ".json"));
    QCOMPARE(want.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto text = texts[i].get<std::string>();
      QVERIFY2(text::Json(tokenizer.encode(text)) == want[i], text.c_str());
    }
  }

  void templates() {
    const fs::path folder = kShared / "data/templates";
    if (!fs::exists(folder)) QSKIP("the published templates are not here");
    const text::Json cases = read_json(fs::path(BANDSCOPE_SOURCE) / "tests/training/fixtures/published_templates.json");
    QCOMPARE(cases.size(), std::size_t{96});
    for (const text::Json& one : cases) {
      const std::string file = one["file"];
      const std::string wrong = difference_from_jinja2(one, read_file(folder / file));
      QVERIFY2(wrong.empty(), (file + ": " + wrong).c_str());
    }
  }

  void data_sets() {
    const fs::path folder = kShared / "data";
    if (!fs::exists(folder)) QSKIP("the published data sets are not here");
    const auto hh = data::load_pairs(folder / "preferences/hh-harmless-base-test.jsonl.gz",
                                     text::Tokenizer::load(folder / "tokenizers/gpt-neox-20b"), {});
    QCOMPARE(hh.pairs.size(), std::size_t{2312});
    QCOMPARE(hh.unusable, std::int64_t{0});
    const auto qwen = text::Tokenizer::load(folder / "tokenizers/qwen2.5");
    QCOMPARE(data::load_pairs(folder / "preferences/llamafactory_dpo_en_demo.json", qwen, {}).pairs.size(),
             std::size_t{300});
    try {
      data::load_pairs(folder / "preferences/llamafactory_kto_en_demo.json", qwen, {});
      QFAIL("KTO rows are no pairs");
    } catch (const DataError& error) {
      QVERIFY2(std::string(error.what()).find("KTO rows") != std::string::npos, error.what());
    }
  }
};

QTEST_GUILESS_MAIN(TestPublished)
#include "test_published.moc"
