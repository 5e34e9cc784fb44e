// SPDX-License-Identifier: Apache-2.0
// Evaluation with kept keys and values against the plain decoder, for every family and adapter of tests/fixtures/hf
// (windows, soft caps, layers without positions, scales): log-likelihoods over shared prefixes, and the likeliest
// tokens of many prompts side by side.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <QDir>
#include <QTest>
#include <algorithm>
#include <random>

#include "training/evaluation/generator.h"
#include "training/evaluation/likelihood_tree.h"
#include "training/evaluation/row_runner.h"
#include "training/likelihood/reference.h"
#include "training/model/adapter.h"
#include "training/model/adapter_config.h"

using namespace bandscope;
using namespace bandscope::evaluation;

namespace {

using Ids = std::vector<text::TokenId>;

const QString kFolder = QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/");

/// Longer than every fixture's window.
constexpr std::size_t kStem = 30;
/// Tokens of an answer.
constexpr std::size_t kMade = 16;
/// Two logits as near as this may change places between one arithmetic and another.
constexpr double kTie = 1e-3;

struct Fixture {
  explicit Fixture(const QString& name) : tokenizer(text::Tokenizer::load(path("golden/models/tiny-neox"))) {
    const std::filesystem::path folder = path("hf/" + name);
    const bool adapter = std::filesystem::exists(folder / model::kAdapterConfigFile);
    const std::filesystem::path base =
        adapter ? folder.parent_path() / model::AdapterConfig::read(folder).base : folder;
    decoder = model::Decoder::load(base, {});
    if (adapter) model::load_adapter(*decoder, folder);
    language.emplace(language_model(*decoder, tokenizer, base));
  }
  static std::filesystem::path path(const QString& name) { return (kFolder + name).toStdString(); }

  std::unique_ptr<model::Decoder> decoder;
  text::Tokenizer tokenizer;
  std::optional<LanguageModel> language;
};

Ids random_ids(std::mt19937& random, std::size_t count) {
  Ids ids(count);
  for (text::TokenId& id : ids) id = static_cast<text::TokenId>(20 + random() % 500);
  return ids;
}

/// As training computes it.
double plain_log_likelihood(const Fixture& fixture, const Ids& context, const Ids& answer) {
  data::TokenPair pair;
  pair.prompt = context;
  pair.chosen = pair.rejected = answer;
  const data::TokenPair* const one[] = {&pair};
  double sum = 0;
  const auto values = likelihood::log_probs_of(*fixture.decoder, true, one);
  for (const float value : values.front().chosen) sum += value;
  return sum;
}

/// Logits behind `context` by the row that training would give to the decoder, [vocab].
at::Tensor plain_logits(const Fixture& fixture, const Ids& context) {
  const at::NoGradGuard no_grad;
  data::TokenPair pair;
  pair.prompt = context;
  pair.chosen = pair.rejected = {context.front()};
  const data::TokenPair* const one[] = {&pair};
  const model::PackedRow row = model::pack(one, model::Branches::both, at::kCPU);
  model::PassContext pass;
  pass.adapters = true;
  const at::Tensor states = fixture.decoder->forward(row, pass).states.index_select(0, row.rows_w);
  return logits_of(*fixture.language, states).squeeze(0);
}

/// The likeliest tokens behind a prompt, each by a pass over all before it; up to a tie, or an end. `sum`: their
/// log-likelihood by the head that found them.
Ids plain_answer(const Fixture& fixture, Ids context, double& sum) {
  Ids made;
  sum = 0;
  while (made.size() < kMade) {
    const auto [values, ids] = plain_logits(fixture, context).log_softmax(0).topk(2);
    if (values[0].item<double>() - values[1].item<double>() < kTie) break;
    made.push_back(static_cast<text::TokenId>(ids[0].item<std::int64_t>()));
    context.push_back(made.back());
    sum += values[0].item<double>();
    const Ids& ends = fixture.language->ends;
    if (std::find(ends.begin(), ends.end(), made.back()) != ends.end()) break;
  }
  return made;
}

}  // namespace

class TestFamilyAnswers : public QObject {
  Q_OBJECT

  void families() {
    QTest::addColumn<QString>("name");
    for (const QString& name : QDir(kFolder + "hf").entryList(QDir::Dirs | QDir::NoDotAndDotDot))
      QTest::newRow(qPrintable(name)) << name;
  }

 private Q_SLOTS:
  void likelihoods_over_shared_prefixes_data() { families(); }
  void likelihoods_over_shared_prefixes() {
    QFETCH(QString, name);
    const Fixture fixture(name);
    std::mt19937 random(7);
    const Ids stem = random_ids(random, kStem);
    std::vector<LikelihoodRequest> requests;
    std::vector<double> wanted;
    for (std::size_t question = 0; question < 3; ++question) {
      Ids context = stem;
      const Ids own = random_ids(random, 2 + 9 * question);
      context.insert(context.end(), own.begin(), own.end());
      Ids answer = random_ids(random, 8);
      for (std::size_t choice = 0; choice < 3; ++choice) {
        wanted.push_back(plain_log_likelihood(fixture, context, answer));
        LikelihoodRequest request{context, answer};
        request.input.insert(request.input.end(), answer.begin(), answer.end() - 1);
        requests.push_back(std::move(request));
        answer[2 * choice + 1] = 20 + (answer[2 * choice + 1] + 7) % 500;
      }
    }
    TreeOptions small;
    small.row = 16;
    small.branch = 8;
    small.head_bytes = 1;
    for (const TreeOptions& options : {TreeOptions(), small}) {
      const auto answers = log_likelihoods(*fixture.language, requests, nullptr, options);
      for (std::size_t i = 0; i < requests.size(); ++i) {
        const double found = answers[i].log_likelihood;
        QVERIFY2(std::abs(found - wanted[i]) < 1e-4 + 1e-5 * std::abs(wanted[i]),
                 qPrintable(QString("request %1: %2 for %3").arg(i).arg(found).arg(wanted[i])));
      }
    }
  }

  void likeliest_tokens_side_by_side_data() { families(); }
  void likeliest_tokens_side_by_side() {
    QFETCH(QString, name);
    const Fixture fixture(name);
    std::mt19937 random(11);
    const Ids stem = random_ids(random, kStem);
    std::vector<GenerationRequest> requests;
    std::vector<std::string> wanted;
    std::size_t made = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      GenerationRequest request;
      request.prompt = stem;
      const Ids own = random_ids(random, 1 + 5 * i);
      request.prompt.insert(request.prompt.end(), own.begin(), own.end());
      double sum = 0;
      const Ids answer = plain_answer(fixture, request.prompt, sum);
      if (answer.empty()) continue;
      // The head that finds the likeliest tokens is the one that training sees.
      const double trained = plain_log_likelihood(fixture, request.prompt, answer);
      QVERIFY2(std::abs(sum - trained) < 1e-4 + 1e-5 * std::abs(trained),
               qPrintable(QString("%1 for %2").arg(sum).arg(trained)));
      request.max_tokens = static_cast<std::int64_t>(answer.size());
      made += answer.size();
      Ids shown;
      for (const text::TokenId id : answer)
        if (!fixture.tokenizer.is_special(id)) shown.push_back(id);
      wanted.push_back(fixture.tokenizer.decode(shown));
      requests.push_back(std::move(request));
    }
    QVERIFY2(made > kMade, qPrintable(QString("only %1 tokens without a tie").arg(made)));
    for (const std::int64_t places : {1, 3, 32}) {
      GeneratorOptions options;
      options.places = places;
      options.row = places == 3 ? 8 : 1024;
      QCOMPARE(generate(*fixture.language, requests, nullptr, options), wanted);
    }
  }
};

QTEST_GUILESS_MAIN(TestFamilyAnswers)
#include "test_family_answers.moc"
