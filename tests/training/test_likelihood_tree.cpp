// SPDX-License-Identifier: Apache-2.0
// Log-likelihoods over a tree of shared prefixes against each request by itself, and answers of many prompts side by
// side against one after the other, for models with and without a sliding window.
#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <limits>
#include <random>

#include "training/evaluation/generator.h"
#include "training/evaluation/likelihood_tree.h"
#include "training/evaluation/prefix_attention.h"
#include "training/evaluation/settled_text.h"
#include "training/evaluation/token_choice.h"
#include "training/likelihood/reference.h"

using namespace bandscope;
using namespace bandscope::evaluation;

namespace {

struct Fixture {
  explicit Fixture(const QString& name)
      : folder((QString(BANDSCOPE_SOURCE "/tests/fixtures/golden/models/") + name).toStdString()),
        decoder(model::Decoder::load(folder, {})),
        tokenizer(text::Tokenizer::load(folder)),
        model(language_model(*decoder, tokenizer, folder)) {}
  std::filesystem::path folder;
  std::unique_ptr<model::Decoder> decoder;
  text::Tokenizer tokenizer;
  LanguageModel model;
};

/// Ids below the vocabulary of every fixture.
std::vector<text::TokenId> random_ids(std::mt19937& random, std::size_t count) {
  std::vector<text::TokenId> ids(count);
  for (text::TokenId& id : ids) id = static_cast<text::TokenId>(random() % 200);
  return ids;
}

/// A stem, questions behind it, and answers behind those; some answers begin alike, some are the same.
std::vector<LikelihoodRequest> tree_of_requests() {
  std::mt19937 random(3);
  std::vector<LikelihoodRequest> requests;
  const auto add = [&](std::vector<text::TokenId> context, const std::vector<text::TokenId>& answer) {
    LikelihoodRequest request;
    request.targets = answer;
    context.insert(context.end(), answer.begin(), answer.end() - 1);
    request.input = std::move(context);
    requests.push_back(std::move(request));
  };
  const auto stem = random_ids(random, 40);
  for (std::size_t question = 0; question < 5; ++question) {
    auto context = stem;
    const auto own = random_ids(random, 3 + 4 * question);
    context.insert(context.end(), own.begin(), own.end());
    auto answer = random_ids(random, 6);
    for (std::size_t choice = 0; choice < 4; ++choice) {
      add(context, answer);
      answer[choice + 1] = static_cast<text::TokenId>((answer[choice + 1] + 7) % 200);
      if (choice == 2) answer.pop_back();
    }
    add(context, {answer[0]});
    add(context, {answer[0]});
  }
  add(random_ids(random, 90), random_ids(random, 3));
  return requests;
}

/// The same by the head that training uses.
double plain(const Fixture& fixture, const LikelihoodRequest& request) {
  data::TokenPair pair;
  const std::size_t context = request.input.size() + 1 - request.targets.size();
  pair.prompt.assign(request.input.begin(), request.input.begin() + static_cast<std::ptrdiff_t>(context));
  pair.chosen = pair.rejected = request.targets;
  const data::TokenPair* const one[] = {&pair};
  double sum = 0;
  const auto values = likelihood::log_probs_of(*fixture.decoder, true, one);
  for (const float value : values.front().chosen) sum += value;
  return sum;
}

}  // namespace

class TestLikelihoodTree : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void shared_prefixes_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"tiny-llama-tied", "tiny-neox", "tiny-mistral", "tiny-qwen2"}) QTest::newRow(name) << name;
  }
  void shared_prefixes() {
    QFETCH(QString, name);
    const Fixture fixture(name);
    const std::vector<LikelihoodRequest> requests = tree_of_requests();
    std::vector<double> wanted;
    for (const LikelihoodRequest& request : requests) wanted.push_back(plain(fixture, request));
    TreeOptions small;
    small.row = 16;
    small.branch = 8;
    small.head_bytes = 1;
    TreeOptions alone;
    alone.share = false;
    std::int64_t shared_tokens = 0, alone_tokens = 0;
    const auto count = [](std::int64_t& into) { return [&into](std::int64_t, std::int64_t total) { into = total; }; };
    const auto tree = log_likelihoods(fixture.model, requests, count(shared_tokens));
    const auto pieces = log_likelihoods(fixture.model, requests, nullptr, small);
    const auto each = log_likelihoods(fixture.model, requests, count(alone_tokens), alone);
    QVERIFY(shared_tokens * 3 < alone_tokens);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      for (const auto* answers : {&tree, &pieces, &each}) {
        const double found = (*answers)[i].log_likelihood;
        QVERIFY2(std::abs(found - wanted[i]) < 1e-4 + 1e-5 * std::abs(wanted[i]),
                 qPrintable(QString("request %1: %2 for %3").arg(i).arg(found).arg(wanted[i])));
        QCOMPARE((*answers)[i].greedy, each[i].greedy);
      }
    }
  }

  void pairs_of_texts() {
    const Fixture fixture("tiny-llama-tied");
    const LikelihoodRequest request = likelihood_request(fixture.model, "Question: why? \n", "because");
    const auto whole = fixture.model.encode("Question: why? \nbecause");
    const auto context = fixture.model.encode("Question: why?");
    QCOMPARE(request.targets.size(), whole.size() - context.size());
    QCOMPARE(request.input.size(), whole.size() - 1);
    // Of what is too long the end is kept.
    Fixture narrow("tiny-llama-tied");
    narrow.model.max_length = 5;
    const LikelihoodRequest cut = likelihood_request(narrow.model, "Question: why?", " because it is so");
    QCOMPARE(cut.input.size(), std::size_t{5});
    QVERIFY_EXCEPTION_THROWN(likelihood_request(narrow.model, "a", " because it is so and so and so"), DataError);
    const LikelihoodRequest bare = likelihood_request(fixture.model, "", "because");
    QCOMPARE(bare.input.front(), fixture.model.first_id());
  }

  void what_of_an_answer_is_settled() {
    const std::vector<std::string> ends = {"", "\n\nQ:", "</s>"};
    const auto settled = [&](const std::string& text) { return text.substr(0, settled_size(text, ends)); };
    QCOMPARE(settled(""), "");
    QCOMPARE(settled("so it is"), "so it is");
    QCOMPARE(settled("so\n"), "so");
    QCOMPARE(settled("so\n\nQ"), "so");
    QCOMPARE(settled("so\n\nA"), "so\n\nA");
    QCOMPARE(settled("a < b"), "a < b");
    QCOMPARE(settled("a <"), "a ");
    QCOMPARE(settled("caf\xC3\xA9"), "caf\xC3\xA9");
    QCOMPARE(settled("caf\xC3"), "caf");
    QCOMPARE(settled("\xF0\x9F\x98"), "");
    QCOMPARE(settled("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
    QCOMPARE(settled("a\xEF\xBF\xBD\xEF\xBF\xBD"), "a");
    QCOMPARE(settled("a\xEF\xBF\xBDz"), "a\xEF\xBF\xBDz");
    QCOMPARE(settled("\x80\x80\x80\x80"), "\x80\x80\x80\x80");  // no character at all: nothing to wait for
  }

  void answers_side_by_side_data() { shared_prefixes_data(); }
  void answers_side_by_side() {
    QFETCH(QString, name);
    const Fixture fixture(name);
    std::mt19937 random(5);
    const auto stem = random_ids(random, 30);
    std::vector<GenerationRequest> requests;
    for (std::size_t i = 0; i < 9; ++i) {
      GenerationRequest request;
      request.prompt = stem;
      const auto own = random_ids(random, 1 + 3 * (i % 4));
      request.prompt.insert(request.prompt.end(), own.begin(), own.end());
      request.max_tokens = static_cast<std::int64_t>(4 + 5 * (i % 3));
      request.sample = i % 2 == 1;
      request.temperature = 0.7;
      request.top_p = 0.9;
      request.seed = i;
      requests.push_back(request);
    }
    std::vector<std::string> alone;
    for (const GenerationRequest& request : requests)
      alone.push_back(generate(fixture.model, std::vector{request}).front());
    for (const std::int64_t places : {1, 2, 4, 32}) {
      GeneratorOptions options;
      options.places = places;
      options.row = places == 2 ? 8 : 1024;
      std::vector<std::size_t> ended;
      const auto texts = generate(
          fixture.model, requests, [&](std::size_t i, const std::string&, std::int64_t) { ended.push_back(i); },
          options);
      QCOMPARE(texts, alone);
      std::sort(ended.begin(), ended.end());
      QCOMPARE(ended.size(), requests.size());
      QCOMPARE(ended.back(), requests.size() - 1);
    }
  }

  void answers_stop() {
    const Fixture fixture("tiny-llama-tied");
    GenerationRequest request;
    request.prompt = fixture.model.encode("Once upon a time");
    request.max_tokens = 40;
    const std::string whole = generate(fixture.model, std::vector{request}).front();
    QVERIFY(whole.size() > 10);
    const std::string stop = whole.substr(whole.size() / 2, 3);
    request.until = {stop};
    QCOMPARE(generate(fixture.model, std::vector{request}).front(), whole.substr(0, whole.find(stop)));
  }

  /// As transformers' generate() has them of the model's folder.
  void answers_are_drawn_as_the_model_says() {
    const Fixture fixture("tiny-mistral");
    QTemporaryDir folder;
    const std::filesystem::path of = folder.path().toStdString();
    const auto read = [&](const char* text) {
      std::ofstream(of / "generation_config.json") << text;
      return language_model(*fixture.decoder, fixture.tokenizer, of);
    };
    for (const char* silent : {"{}", R"({"top_k": null, "top_p": "x"})", R"({"top_k": -1, "top_p": 1.5})"}) {
      const LanguageModel model = read(silent);
      QVERIFY(model.top_k == 50 && model.top_p == 1.0 && model.repetition_penalty == 1.0);
    }
    const LanguageModel model = read(R"({"top_k": 7, "top_p": 0.8, "repetition_penalty": 1.3})");
    QVERIFY(model.top_k == 7 && model.top_p == 0.8 && model.repetition_penalty == 1.3);
    QCOMPARE(read(R"({"top_k": 0})").top_k, std::int64_t{0});  // all tokens
  }

  void tokens_are_drawn() {
    std::vector<float> logits = {1.0F, 3.0F, 2.0F, -1.0F};
    GenerationRequest request;
    std::mt19937_64 random(1);
    QCOMPARE(next_token(logits, request, random), 1);
    request.sample = true;
    request.top_p = 0.5;  // the likeliest alone has more
    for (int i = 0; i < 20; ++i) QCOMPARE(next_token(logits, request, random), 1);
    request.top_p = 1.0;
    std::array<int, 4> drawn{};
    const int count = 20000;
    for (int i = 0; i < count; ++i) ++drawn[static_cast<std::size_t>(next_token(logits, request, random))];
    const double total = std::exp(1) + std::exp(3) + std::exp(2) + std::exp(-1);
    for (std::size_t i = 0; i < 4; ++i) {
      const double share = std::exp(logits[i]) / total;
      QVERIFY(std::abs(drawn[i] / double(count) - share) < 5 * std::sqrt(share * (1 - share) / count));
    }
    // Of the two likeliest, and of those alone what top_p asks for.
    request.top_k = 2;
    drawn = {};
    for (int i = 0; i < count; ++i) ++drawn[static_cast<std::size_t>(next_token(logits, request, random))];
    QCOMPARE(drawn[0] + drawn[3], 0);
    const double second = std::exp(2) / (std::exp(3) + std::exp(2));
    QVERIFY(std::abs(drawn[2] / double(count) - second) < 5 * std::sqrt(second * (1 - second) / count));
    request.top_p = 0.7;  // 0.73 of the two, 0.64 of all
    for (int i = 0; i < 50; ++i) QCOMPARE(next_token(logits, request, random), 1);
    request.top_p = 1.0;
    request.top_k = 4;  // as many as there are
    QVERIFY(next_token(logits, request, random) >= 0);
    std::vector<float> alike = {1.0F, 1.0F, 1.0F, 0.0F};
    request.top_k = 1;
    std::array<int, 4> even{};
    for (int i = 0; i < 200; ++i) ++even[static_cast<std::size_t>(next_token(alike, request, random))];
    QVERIFY(even[0] > 0 && even[1] > 0 && even[2] > 0 && even[3] == 0);
    penalize(logits, {1, 3}, 2.0);
    QCOMPARE(logits, (std::vector<float>{1.0F, 1.5F, 2.0F, -2.0F}));
  }

  void many_rows_are_attended_in_parts() {
    // More scores than are held at a time, against LibTorch's kernel, which holds none.
    const std::int64_t n = 3000, keys = 6000;
    const at::Tensor q = at::randn({n, 4, 8}), k = at::randn({keys, 2, 8}), v = at::randn({keys, 2, 8});
    const model::CappedScores rule{0.3, 0.0};
    const auto differ = [](const Attended& a, const Attended& b) {
      return std::max((a.out - b.out).abs().max().item<double>(),
                      (a.normaliser - b.normaliser).abs().max().item<double>());
    };
    const Attended whole = attend(q, k, v, {}, false, rule);
    QVERIFY(differ(whole, attend(q, k, v, at::zeros({n, keys}), false, rule)) < 1e-4);
    // Each row to the keys up to its own, the rows being the last ones.
    const at::Tensor later = at::full({n, keys}, -std::numeric_limits<float>::infinity()).triu_(1 + keys - n);
    QVERIFY(differ(attend(q, k, v, {}, true, rule), attend(q, k, v, later, false, rule)) < 1e-4);
    QVERIFY(differ(attend(q, k, v, later, false, rule), whole) > 1e-2);
  }
};

QTEST_GUILESS_MAIN(TestLikelihoodTree)
#include "test_likelihood_tree.moc"
