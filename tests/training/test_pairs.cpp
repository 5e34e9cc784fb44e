// SPDX-License-Identifier: Apache-2.0
// Pairs of ids out of texts: where the prompt ends, what is cut, and how a pair is shown.
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/sha256.h"
#include "tests/training/pair_files.h"
#include "training/data/pairs.h"
#include "training/text/tokenizer_config.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::byte_level_json;
using bandscope::testing::message_of;
using bandscope::testing::PairFiles;
using bandscope::testing::tokenizer_with;

namespace {

text::Json read(const fs::path& file) { return bandscope::read_json(file); }

std::vector<text::TokenId> operator+(std::vector<text::TokenId> a, const std::vector<text::TokenId>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

class TestPairs : public QObject {
  Q_OBJECT

  const PairFiles files_;

  fs::path file(const std::string& name, const std::string& text) const { return files_.file(name, text); }

 private Q_SLOTS:
  void strings_become_ids() {
    const text::Tokenizer tokenizer = tokenizer_with();
    const data::PairSet set = data::load_pairs(
        file("a.jsonl", R"({"prompt": "Hi", "chosen": " there.", "rejected": " you", "id": 7})"), tokenizer, {});
    QCOMPARE(set.form, std::string("prompt/chosen/rejected"));
    QCOMPARE(set.pairs.size(), std::size_t{1});
    const text::TokenId eos = *tokenizer.eos();
    QCOMPARE(set.pairs[0].prompt, tokenizer.encode("Hi"));
    QCOMPARE(set.pairs[0].prompt + set.pairs[0].chosen, tokenizer.encode("Hi there.") + std::vector{eos});
    QCOMPARE(set.pairs[0].prompt + set.pairs[0].rejected, tokenizer.encode("Hi you") + std::vector{eos});
  }

  void bos_only_where_the_tokenizer_adds_it() {
    const fs::path path = file("bos.jsonl", R"({"prompt": "Hi", "chosen": " there", "rejected": " you"})");
    text::Json json = text::Json::parse(byte_level_json());
    json["post_processor"] = {{"type", "TemplateProcessing"},
                              {"single", text::Json::array({{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
                                                            {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}})}};
    const text::Tokenizer with =
        text::Tokenizer::from_text(json.dump(), R"({"bos_token": "<s>", "eos_token": "</s>"})");
    QCOMPARE(data::load_pairs(path, with, {}).pairs[0].prompt, std::vector{*with.bos()} + with.encode("Hi"));
    const fs::path twice = file("bos2.jsonl", R"({"prompt": "<s>Hi", "chosen": " there", "rejected": " you"})");
    QCOMPARE(data::load_pairs(twice, with, {}).pairs[0].prompt, with.encode("<s>Hi"));
    const fs::path empty = file("bos3.jsonl", R"({"prompt": "", "chosen": "there", "rejected": "you"})");
    QCOMPARE(data::load_pairs(empty, with, {}).pairs[0].prompt, std::vector{*with.bos()});
    QVERIFY_THROWS_EXCEPTION(DataError, data::load_pairs(empty, tokenizer_with(), {}));
  }

  void the_prompt_is_what_all_three_share() {
    const text::Tokenizer tokenizer = tokenizer_with();
    // "boi" is the tokens b, o, i, and "boil" is b, oil: the merge reaches over the end of the prompt.
    const fs::path path = file("merge.jsonl", R"({"prompt": "boi", "chosen": "l it", "rejected": "d"})");
    const auto pair = data::load_pairs(path, tokenizer, {}).pairs[0];
    QCOMPARE(pair.prompt, tokenizer.encode("b"));
    QCOMPARE(pair.prompt + pair.chosen, tokenizer.encode("boil it") + std::vector{*tokenizer.eos()});
    QCOMPARE(pair.prompt + pair.rejected, tokenizer.encode("boid") + std::vector{*tokenizer.eos()});
  }

  void lengths() {
    const text::Tokenizer tokenizer = tokenizer_with();
    const std::string prompt = "01234567890123456789", chosen = "98765432109876543210987654321", rejected = "5";
    const fs::path path =
        file("long.jsonl", text::Json{{"prompt", prompt}, {"chosen", chosen}, {"rejected", rejected}}.dump());
    const auto whole = data::load_pairs(path, tokenizer, {}).pairs[0];
    const auto longest = static_cast<std::int64_t>(whole.prompt.size() + whole.chosen.size());
    data::PairOptions options;
    options.max_length = longest, options.max_prompt_length = 1;
    QCOMPARE(data::load_pairs(path, tokenizer, options).pairs[0].prompt, whole.prompt);  // it fits: nothing is cut
    options.max_length = longest - 1, options.max_prompt_length = 5;
    auto cut = data::load_pairs(path, tokenizer, options).pairs[0];
    QCOMPARE(cut.prompt, std::vector<text::TokenId>(whole.prompt.end() - 5, whole.prompt.end()));
    QCOMPARE(cut.chosen, whole.chosen);  // with the shorter prompt the response has room, EOS included
    options.max_length = 10;
    cut = data::load_pairs(path, tokenizer, options).pairs[0];
    QCOMPARE(cut.prompt.size(), std::size_t{5});
    QCOMPARE(cut.chosen, std::vector<text::TokenId>(whole.chosen.begin(), whole.chosen.begin() + 5));
    QCOMPARE(cut.rejected, whole.rejected);
    // A prompt that leaves no room makes the row unusable, as an empty response does; a shorter one beside it is used.
    for (const std::int64_t prompt_length : {10, 512}) {
      options.max_prompt_length = prompt_length;
      try {
        data::load_pairs(path, tokenizer, options);
        QFAIL("a pair without a response was used");
      } catch (const DataError& error) {
        QVERIFY2(std::string(error.what())
                         .find("row 0: the prompt of 11 ids leaves no room for a response in data.max_length = 10") !=
                     std::string::npos,
                 error.what());
      }
    }
    const fs::path both =
        file("both.jsonl", text::Json{{"prompt", prompt}, {"chosen", chosen}, {"rejected", rejected}}.dump() + "\n" +
                               text::Json{{"prompt", "0123"}, {"chosen", chosen}, {"rejected", rejected}}.dump());
    const data::PairSet set = data::load_pairs(both, tokenizer, options);
    QCOMPARE(set.unusable, std::int64_t{1});
    QCOMPARE(set.pairs.size(), std::size_t{1});
    QCOMPARE(set.pairs[0].prompt.size() + set.pairs[0].chosen.size(), std::size_t{10});
  }

  void anthropic_hh() {
    const text::Tokenizer tokenizer = tokenizer_with();
    // Both answers begin with the same words, which belong to the responses.
    const text::Json row = {
        {"chosen", "\n\nHuman: Hi\n\nAssistant: Yes, do\n\nHuman: more\n\nAssistant: I can help."},
        {"rejected", "\n\nHuman: Hi\n\nAssistant: Yes, do\n\nHuman: more\n\nAssistant: I can not."}};
    const fs::path path = file("hh.jsonl", row.dump() + "\n");
    const data::PairSet set = data::load_pairs(path, tokenizer, {});
    QCOMPARE(set.form, std::string("Anthropic-HH"));
    const auto texts = data::load_pair_texts(path, tokenizer, {0});
    QCOMPARE(texts[0].prompt, std::string("\n\nHuman: Hi\n\nAssistant: Yes, do\n\nHuman: more\n\nAssistant:"));
    QCOMPARE(texts[0].chosen, std::string(" I can help."));
    QCOMPARE(texts[0].rejected, std::string(" I can not."));
    QCOMPARE(tokenizer.decode(set.pairs[0].chosen), std::string(" I can help.</s>"));
    const std::string none = message_of([&] {
      data::load_pairs(file("hh2.jsonl", R"({"chosen": "Human: a", "rejected": "Human: b"})"), tokenizer, {});
    });
    QVERIFY2(none.find("row 0: \"chosen\" and \"rejected\" share no prompt") != std::string::npos, none.c_str());
  }

  void no_eos_no_pairs() {
    const std::string message = message_of([&] {
      data::load_pairs(file("eos.jsonl", R"({"prompt": "a", "chosen": " b", "rejected": " c"})"),
                       text::Tokenizer::from_text(byte_level_json()), {});
    });
    QVERIFY2(message.find("no EOS token") != std::string::npos, message.c_str());
  }

  void texts_of_rows_by_number() {
    const fs::path path = file("rows.jsonl",
                               "\n{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" c\"}\n{}\n"
                               "{\"prompt\": \"d\", \"chosen\": \"e\", \"rejected\": \"f\"}\n");
    const text::Tokenizer tokenizer = tokenizer_with();
    const auto texts = data::load_pair_texts(path, tokenizer, {3, 1});
    QCOMPARE(texts[0].prompt, std::string("d"));
    QCOMPARE(texts[1].rejected, std::string(" c"));
    QVERIFY(message_of([&] { data::load_pair_texts(path, tokenizer, {2}); }).find("row 2: lacks \"chosen\"") !=
            std::string::npos);
    QVERIFY(message_of([&] { data::load_pair_texts(path, tokenizer, {9}); }).find("has no row 9") != std::string::npos);
  }

  void description_shows_what_is_scored() {
    const text::Tokenizer tokenizer = tokenizer_with();
    const auto pair =
        data::load_pairs(file("show.jsonl", R"({"prompt": "Hi", "chosen": "\n!", "rejected": "?"})"), tokenizer, {})
            .pairs[0];
    const std::string text = data::describe_pair(pair, tokenizer);
    QVERIFY2(text.starts_with("row 0: prompt 2, chosen 3, rejected 2 tokens\n"), text.c_str());
    QVERIFY2(text.find("  chosen: 3 tokens at positions 2 to 4, scored\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("  * |\\n|\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("    |H|\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("  * |</s>|\n") != std::string::npos, text.c_str());
  }

  void lengths_of_the_reference_runs() {
    const fs::path golden = fs::path(BANDSCOPE_SOURCE) / "tests/fixtures/golden";
    data::PairOptions options;
    options.max_length = 160, options.max_prompt_length = 96, options.limit = 40;
    const data::PairSet set =
        data::load_pairs(golden / "pairs.jsonl", text::Tokenizer::load(golden / "models/tiny-neox"), options);
    QCOMPARE(set.pairs.size(), std::size_t{40});
    const text::Json run = read(golden / "runs/neox-dpo.json");
    std::size_t at = 0;
    for (const text::Json& step : run["steps"]) {
      for (std::size_t i = 0; i < step["pairs"]["lw"].size(); ++i, ++at) {
        QCOMPARE(set.pairs[at % 40].chosen.size(), step["pairs"]["lw"][i].get<std::size_t>());
        QCOMPARE(set.pairs[at % 40].rejected.size(), step["pairs"]["ll"][i].get<std::size_t>());
      }
    }
    QCOMPARE(at, std::size_t{40});
  }
};

QTEST_GUILESS_MAIN(TestPairs)
#include "test_pairs.moc"
