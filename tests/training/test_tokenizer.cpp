// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/sha256.h"
#include "training/text/tokenizer.h"
#include "training/text/tokenizer_config.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::text::Json;
using bandscope::text::TokenId;
using bandscope::text::Tokenizer;

namespace {

/// Small tokenizers of every kind, or (tokenizer_families.json) put together as the published ones of families are.
const text::Json& fixture(const std::string& file = "tokenizers.json") {
  static std::map<std::string, text::Json> read;
  const auto [at, fresh] = read.try_emplace(file);
  if (fresh) at->second = bandscope::read_json(fs::path(BANDSCOPE_SOURCE) / "tests/training/fixtures" / file);
  return at->second;
}

/// A tokenizer of the fixture, by name.
text::Json kind(const std::string& name) {
  for (const text::Json& entry : fixture()["tokenizers"]) {
    if (entry["name"] == name) return entry["tokenizer"];
  }
  return {};
}

std::string refusal(const text::Json& tokenizer, const std::string& config = "") {
  try {
    text::Tokenizer::from_text(tokenizer.dump(), config);
  } catch (const DataError& error) {
    return error.what();
  }
  return "accepted";
}

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

}  // namespace

class TestTokenizer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void as_hugging_face_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("index");
    for (const char* file : {"tokenizers.json", "tokenizer_families.json"}) {
      const Json& tokenizers = fixture(file)["tokenizers"];
      for (std::size_t i = 0; i < tokenizers.size(); ++i)
        QTest::newRow(tokenizers[i]["name"].get<std::string>().c_str()) << QString(file) << static_cast<int>(i);
    }
  }
  void as_hugging_face() {
    QFETCH(QString, file);
    QFETCH(int, index);
    const text::Json& texts = fixture(file.toStdString())["texts"];
    const text::Json& entry = fixture(file.toStdString())["tokenizers"][static_cast<std::size_t>(index)];
    const text::Tokenizer tokenizer = text::Tokenizer::from_text(entry["tokenizer"].dump());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto text = texts[i].get<std::string>();
      const auto want = entry["ids"][i].get<std::vector<text::TokenId>>();
      QCOMPARE(tokenizer.encode(text), want);
      QCOMPARE(tokenizer.decode(want), entry["decoded"][i].get<std::string>());
    }
  }

  void bytes_that_are_not_utf8_become_replacements() {
    const text::Tokenizer tokenizer = text::Tokenizer::from_text(kind("gpt2").dump());
    QCOMPARE(tokenizer.decode(tokenizer.encode("a\xFFz\xE4\xBD")), std::string("a\xEF\xBF\xBDz\xEF\xBF\xBD"));
    QCOMPARE(tokenizer.encode("\xED\xA0\x80"), tokenizer.encode("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"));
  }

  void token_text_is_for_people() {
    const text::Tokenizer bytes = text::Tokenizer::from_text(kind("gpt2").dump());
    const auto ids = bytes.encode("\xF0\x9F\xA6\x9C");  // a parrot that the vocabulary spells in bytes
    std::string shown;
    for (const text::TokenId id : ids) shown += bytes.token_text(id);
    QVERIFY2(shown.find("\\x9F") != std::string::npos, shown.c_str());
    shown.clear();
    for (const text::TokenId id : bytes.encode(" dog")) shown += bytes.token_text(id);
    QCOMPARE(shown, std::string(" dog"));
    QCOMPARE(bytes.token_text(bytes.encode("<s>").front()), std::string("<s>"));
    const text::Tokenizer pieces = text::Tokenizer::from_text(kind("llama2").dump());
    QCOMPARE(pieces.token_text(pieces.encode("dog").front()).front(), ' ');
    QCOMPARE(pieces.token_text(100000), std::string("<id 100000>"));
  }

  void bos_and_eos() {
    const std::string json = kind("gpt2").dump();
    const auto with = [&](const text::Json& config) { return text::Tokenizer::from_text(json, config.dump()); };
    QVERIFY(!with(text::Json::object()).eos());
    QVERIFY(!with(text::Json::object()).add_bos());
    const text::Tokenizer plain =
        with({{"bos_token", "<s>"}, {"eos_token", {{"content", "</s>"}}}, {"add_bos_token", true}});
    QCOMPARE(plain.bos_text(), std::string("<s>"));
    QCOMPARE(plain.eos_text(), std::string("</s>"));
    QCOMPARE(*plain.eos(), plain.encode("</s>").front());
    // transformers 5 gives no BOS where the file's post-processor adds none, whatever class and add_bos_token say.
    QVERIFY(!plain.add_bos());
    QCOMPARE(plain.notes().size(), std::size_t{1});
    QVERIFY2(plain.notes()[0].english().find("add_bos_token = true") != std::string::npos,
             plain.notes()[0].english().c_str());
    text::Json config = {{"bos_token", "<s>"}, {"tokenizer_class", "LlamaTokenizer"}};
    QVERIFY(!with(config).add_bos());
    QVERIFY(with(config).notes().empty());
    config["tokenizer_class"] = "CodeLlamaTokenizerFast";  // makes a post-processor of its own
    QVERIFY(with(config).add_bos());
    config = {{"bos_token", "<s>"}, {"tokenizer_class", "GPT2Tokenizer"}};
    QVERIFY(!with(config).add_bos());
    config = {{"bos_token", nullptr}, {"add_bos_token", true}};
    QVERIFY(!with(config).add_bos());
    config = {{"eos_token", "<nowhere>"}};
    QVERIFY_THROWS_EXCEPTION(DataError, with(config));
  }

  void tokens_that_only_the_config_names_are_added() {
    const text::Json json = kind("gpt2");
    const Tokenizer plain = Tokenizer::from_text(json.dump());
    TokenId behind = static_cast<TokenId>(json["model"]["vocab"].size());
    for (const text::Json& token : json["added_tokens"]) behind = std::max(behind, token["id"].get<TokenId>() + 1);
    // By the order of the ids; what the file has keeps its own, and an entry of the vocabulary its number.
    const text::Json config = {{"added_tokens_decoder",
                                {{"90000", {{"content", "<|turn|>"}, {"special", true}}},
                                 {"7", {{"content", "<think>"}, {"special", false}, {"normalized", false}}},
                                 {"8", {{"content", "</s>"}, {"special", true}}},
                                 {"9", {{"content", "a"}}}}},
                               {"eos_token", "<|turn|>"}};
    const Tokenizer more = Tokenizer::from_text(json.dump(), config.dump());
    QCOMPARE(more.encode("<think>"), std::vector<TokenId>{behind});
    QCOMPARE(more.encode("<|turn|>"), std::vector<TokenId>{behind + 1});
    QCOMPARE(more.eos().value_or(-1), behind + 1);
    QCOMPARE(more.encode("</s>"), plain.encode("</s>"));
    QCOMPARE(more.encode("a"), std::vector<TokenId>{json["model"]["vocab"]["a"].get<TokenId>()});
    const std::vector<TokenId> dog = plain.encode("dog");
    std::vector<TokenId> wanted = dog;
    wanted.push_back(behind);
    QCOMPARE(more.encode("dog<think>"), wanted);
    for (const text::Json& wrong :
         {text::Json::array(), text::Json{{"x", {{"content", "<x>"}}}}, text::Json{{"-1", {{"content", "<x>"}}}},
          text::Json{{"1", "<x>"}}, text::Json{{"99999999999", {{"content", "<x>"}}}},
          text::Json{{"1", {{"content", 3}}}}}) {
      const std::string said = refusal(json, text::Json{{"added_tokens_decoder", wrong}}.dump());
      QVERIFY2(said.find("tokenizer_config.json.added_tokens_decoder") == 0, said.c_str());
    }
  }

  void bos_by_the_post_processor() {
    text::Json json = kind("gpt2");
    const text::Json begin = {{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}};
    const text::Json text = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
    const text::Json processor = {{"type", "TemplateProcessing"}, {"single", text::Json::array({begin, text})}};
    json["post_processor"] = {{"type", "Sequence"},
                              {"processors", text::Json::array({{{"type", "ByteLevel"}}, processor})}};
    const auto adds = [&](const text::Json& config) {
      return text::Tokenizer::from_text(json.dump(), config.dump()).add_bos();
    };
    text::Json config = {{"bos_token", "<s>"}};
    QVERIFY(adds(config));
    config["add_bos_token"] = false;
    QVERIFY(adds(config));
    QCOMPARE(text::Tokenizer::from_text(json.dump(), config.dump()).notes().size(), std::size_t{1});
    config = {{"bos_token", "</s>"}};
    QVERIFY(!adds(config));
  }

  void the_class_decides_about_a_space_before_the_text() {
    text::Json json = kind("gpt2");
    const text::Json level = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}};
    for (const bool inside : {false, true}) {
      json["pre_tokenizer"] =
          inside ? text::Json{{"type", "Sequence"}, {"pretokenizers", text::Json::array({level})}} : level;
      const auto ids = [&](const text::Json& config) {
        return text::Tokenizer::from_text(json.dump(), config.dump()).encode("dog");
      };
      const auto plain = ids(text::Json::object());
      for (const char* name : {"GPTNeoXTokenizer", "GPT2TokenizerFast", "Qwen2Tokenizer"}) {
        QCOMPARE(ids({{"tokenizer_class", name}, {"add_prefix_space", true}}),
                 text::Tokenizer::from_text(json.dump()).encode(" dog"));
        QCOMPARE(ids({{"tokenizer_class", name}}), plain);
      }
      QCOMPARE(ids({{"tokenizer_class", "PreTrainedTokenizerFast"}, {"add_prefix_space", true}}), plain);
    }
    // The class without the key takes no space either, though the file would.
    json["pre_tokenizer"] = {{"type", "ByteLevel"}, {"add_prefix_space", true}};
    const text::Tokenizer quiet = text::Tokenizer::from_text(json.dump(), R"({"tokenizer_class": "GPT2Tokenizer"})");
    QVERIFY(quiet.encode("dog") != text::Tokenizer::from_text(json.dump()).encode("dog"));
    QCOMPARE(quiet.notes().size(), std::size_t{1});
  }

  void first_means_the_beginning_of_the_text_as_it_came() {
    text::Json json = kind("llama2");
    json["normalizer"] = {{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}};
    json["pre_tokenizer"] = {
        {"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", "first"}, {"split", true}};
    const text::Tokenizer first = text::Tokenizer::from_text(json.dump());
    json["pre_tokenizer"]["prepend_scheme"] = "never";
    const text::Tokenizer never = text::Tokenizer::from_text(json.dump());
    json["pre_tokenizer"]["prepend_scheme"] = "always";
    const text::Tokenizer always = text::Tokenizer::from_text(json.dump());
    QVERIFY(never.encode("dog") != always.encode("dog"));
    QCOMPARE(first.encode("dog"), always.encode("dog"));
    QCOMPARE(first.encode(" dog"), never.encode("dog"));
    json["normalizer"] = {
        {"type", "Sequence"},
        {"normalizers", text::Json::array({{{"type", "Replace"}, {"pattern", {{"String", "x"}}}, {"content", ""}}})}};
    json["pre_tokenizer"]["prepend_scheme"] = "first";
    const text::Tokenizer replaced = text::Tokenizer::from_text(json.dump());
    QCOMPARE(replaced.encode("xdog"), never.encode("dog"));
    QCOMPARE(replaced.encode("dogx"), always.encode("dog"));
  }

  void special_files_are_refused() {
    QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    QCOMPARE(::mkfifo((folder / "tokenizer.json").c_str(), 0600), 0);
    const auto refused = [&](const char* name) {
      try {
        text::Tokenizer::load(folder);
      } catch (const DataError& error) {
        return std::string(error.what()).find(std::string(name) + ": a FIFO, not a file") != std::string::npos;
      }
      return false;
    };
    QVERIFY(refused("tokenizer.json"));
    fs::remove(folder / "tokenizer.json");
    write(folder / "tokenizer.json", kind("gpt2").dump());
    for (const char* name : {"tokenizer_config.json", "chat_template.jinja", "special_tokens_map.json"}) {
      QCOMPARE(::mkfifo((folder / name).c_str(), 0600), 0);
      QVERIFY2(refused(name), name);
      fs::remove(folder / name);
    }
  }

  void model_folder() {
    QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    QVERIFY_THROWS_EXCEPTION(DataError, text::Tokenizer::load(folder));
    const std::string json = kind("gpt2").dump();
    write(folder / "tokenizer.json", json);
    QVERIFY(!text::Tokenizer::load(folder).eos());
    QCOMPARE(text::Tokenizer::load(folder).sha256(), bandscope::sha256_of(json));
    write(folder / "config.json", R"({"bos_token_id": 0, "eos_token_id": [1, 2]})");
    QCOMPARE(text::Tokenizer::load(folder).eos_text(), std::string("</s>"));
    write(folder / "generation_config.json", R"({"eos_token_id": 2})");
    QCOMPARE(text::Tokenizer::load(folder).eos_text(), std::string("<|im_start|>"));
    write(folder / "special_tokens_map.json", R"({"eos_token": {"content": "</s>"}})");
    QCOMPARE(text::Tokenizer::load(folder).eos_text(), std::string("</s>"));
    write(
        folder / "tokenizer_config.json",
        R"({"eos_token": "<s>", "chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]})");
    QCOMPARE(text::Tokenizer::load(folder).eos_text(), std::string("<s>"));
    QCOMPARE(text::Tokenizer::load(folder).chat_template(), std::string("d"));
    write(folder / "chat_template.jinja", "from its file");
    QCOMPARE(text::Tokenizer::load(folder).chat_template(), std::string("from its file"));
    write(folder / "tokenizer_config.json", "{\"eos_token\": 5}");
    QVERIFY_THROWS_EXCEPTION(DataError, text::Tokenizer::load(folder));
    write(folder / "tokenizer_config.json", "{");
    QVERIFY_THROWS_EXCEPTION(DataError, text::Tokenizer::load(folder));
  }

  void what_is_not_supported_is_named() {
    const auto with = [](const char* key, const text::Json& value) {
      text::Json json = kind("gpt2");
      json[key] = value;
      return refusal(json);
    };
    const auto model_with = [](const char* key, const text::Json& value) {
      text::Json json = kind("gpt2");
      json["model"][key] = value;
      return refusal(json);
    };
    const auto type = [](const char* name) { return text::Json{{"type", name}}; };
    const text::Json open_class = {{"type", "Split"}, {"pattern", {{"Regex", "[a"}}}, {"behavior", "Isolated"}};
    const text::Json byte_level_first = {{"type", "Sequence"},
                                         {"pretokenizers", text::Json::array({type("ByteLevel"), type("Digits")})}};
    const auto added = [](std::int64_t id) { return text::Json::array({{{"content", "x"}, {"id", id}}}); };
    const std::pair<std::string, const char*> cases[] = {
        {with("normalizer", type("BertNormalizer")), "normalizer of type \"BertNormalizer\""},
        {with("pre_tokenizer", type("Whitespace")), "pre_tokenizer of type \"Whitespace\""},
        {with("pre_tokenizer", open_class), "\"[a\" is not understood"},
        {with("pre_tokenizer", byte_level_first), "after ByteLevel"},
        {with("decoder", type("WordPiece")), "decoder of type \"WordPiece\""},
        {with("added_tokens", added(-1)), "added_tokens[0].id is -1"},
        {with("added_tokens", added(99999999999)), "allowed are 0 to"},
        {with("model", type("Unigram")), "\"Unigram\" is not supported"},
        {model_with("dropout", 0.1), "dropout"},
        {model_with("end_of_word_suffix", "</w>"), "end_of_word_suffix"},
        {model_with("unk_token", "<unk>"), "unk_token \"<unk>\" is not in the vocabulary"},
        {model_with("merges", text::Json::array({"a"})), "merges[0] is not two tokens"},
        {model_with("merges", text::Json::array({5})), "merges[0] is number"},
        {model_with("merges", text::Json::array({"q Z"})), "\"qZ\" is not in the vocabulary"},
        {model_with("vocab", {{"a", "b"}}), "vocab.a is string"},
        {refusal(text::Json::array()), "is array, an object is needed"},
    };
    for (const auto& [message, part] : cases) {
      QVERIFY2(message.find(part) != std::string::npos, (message + " / " + part).c_str());
      QVERIFY2(message.starts_with("tokenizer.json"), message.c_str());
    }
    QVERIFY_THROWS_EXCEPTION(DataError, text::Tokenizer::from_text("{\"model\":"));
  }

  /// What grew with the square of a word's length would not end within the test's limit.
  void long_words_are_not_quadratic() {
    for (const char* name : {"gpt2", "llama2", "llama3"}) {
      const text::Tokenizer tokenizer = text::Tokenizer::from_text(kind(name).dump());
      for (const char character : {'a', ' ', 'e'}) {
        QVERIFY(!tokenizer.encode(std::string(1000000, character)).empty());
      }
    }
  }

  void several_threads_at_once() {
    const text::Tokenizer tokenizer = text::Tokenizer::from_text(kind("llama3").dump());
    std::vector<std::string> texts;
    for (const text::Json& text : fixture()["texts"]) texts.push_back(text.get<std::string>());
    std::vector<std::vector<text::TokenId>> want;
    for (const auto& text : texts) want.push_back(text::Tokenizer::from_text(kind("llama3").dump()).encode(text));
    std::vector<int> wrong(4);
    std::vector<std::thread> threads;
    for (int& mine : wrong) {
      threads.emplace_back([&] {
        for (int round = 0; round < 20; ++round) {
          for (std::size_t i = 0; i < texts.size(); ++i) mine += tokenizer.encode(texts[i]) != want[i];
        }
      });
    }
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong, std::vector<int>(4));
  }
};

QTEST_GUILESS_MAIN(TestTokenizer)
#include "test_tokenizer.moc"
