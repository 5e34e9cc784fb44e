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

  // Ids as transformers 5.24 gives them with the same files.
  void tokens_that_only_the_config_names_are_added() {
    const text::Json json = kind("gpt2");
    const auto n = static_cast<TokenId>(json["model"]["vocab"].size());
    const auto ids = [&](const text::Json& config, const std::string& text) {
      return Tokenizer::from_text(json.dump(), config.dump()).encode(text);
    };
    const std::vector<TokenId> split = Tokenizer::from_text(json.dump()).encode("<a1>");
    QVERIFY(split.size() > 1);
    // By the order of the ids; what the file has keeps its own, and an entry of the vocabulary its number.
    const text::Json decoder = {{"90000", {{"content", "<|turn|>"}, {"special", true}}},
                                {"7", {{"content", "<think>"}, {"special", false}, {"normalized", false}}},
                                {"8", {{"content", "</s>"}, {"special", true}}},
                                {"9", {{"content", "a"}}}};
    const text::Json config = {{"added_tokens_decoder", decoder}, {"eos_token", "<|turn|>"}};
    QCOMPARE(ids(config, "<think>"), std::vector<TokenId>{n});
    QCOMPARE(ids(config, "<|turn|>"), std::vector<TokenId>{n + 1});
    QCOMPARE(Tokenizer::from_text(json.dump(), config.dump()).eos().value_or(-1), n + 1);
    QCOMPARE(ids(config, "</s>"), std::vector<TokenId>{1});
    QCOMPARE(ids(config, "a"), std::vector<TokenId>{json["model"]["vocab"]["a"].get<TokenId>()});
    std::vector<TokenId> dog = Tokenizer::from_text(json.dump()).encode("dog");
    dog.push_back(n);
    QCOMPARE(ids(config, "dog<think>"), dog);
    QCOMPARE(ids({{"additional_special_tokens", {"<a1>", "<a2>"}}}, "<a2>"), std::vector<TokenId>{n + 1});
    QCOMPARE(ids({{"extra_special_tokens", {{"image_token", "<a1>"}}}}, "<a1>"), std::vector<TokenId>{n});
    QCOMPARE(ids({{"pad_token", "<pad>"}, {"additional_special_tokens", {"<a1>"}}}, "<a1>"),
             std::vector<TokenId>{n + 1});
    QCOMPARE(
        ids({{"added_tokens_decoder", {{"30", {{"content", "<think>"}}}}}, {"additional_special_tokens", {"<a1>"}}},
            "<think><a1>"),
        (std::vector<TokenId>{n, n + 1}));
    const auto refused = [&](const char* key, const text::Json& wrong) {
      const std::string said = refusal(json, text::Json{{key, wrong}}.dump());
      return said.find(std::string("tokenizer_config.json.") + key) == 0;
    };
    for (const text::Json& wrong :
         {text::Json::array(), text::Json{{"x", {{"content", "<x>"}}}}, text::Json{{"-1", {{"content", "<x>"}}}},
          text::Json{{"1", "<x>"}}, text::Json{{"99999999999", {{"content", "<x>"}}}},
          text::Json{{"1", {{"content", 3}}}}, text::Json{{"1", text::Json::object()}}})
      QVERIFY2(refused("added_tokens_decoder", wrong), wrong.dump().c_str());
    QVERIFY(refused("additional_special_tokens", 3) && refused("additional_special_tokens", text::Json::array({3})));
    QVERIFY(refused("pad_token", 3) && refused("pad_token", text::Json{{"content", 3}}));
  }

  void files_of_older_programs_name_tokens_too() {
    QTemporaryDir dir;
    const fs::path folder = dir.path().toStdString();
    const text::Json json = kind("gpt2");
    const auto n = static_cast<TokenId>(json["model"]["vocab"].size());
    write(folder / "tokenizer.json", json.dump());
    write(folder / "tokenizer_config.json", "{}");
    write(folder / "added_tokens.json", text::Json{{"<a1>", n + 5}, {"<a2>", n + 4}}.dump());
    QCOMPARE(Tokenizer::load(folder).encode("<a1><a2>"), (std::vector<TokenId>{n + 1, n}));
    write(folder / "special_tokens_map.json",
          text::Json{{"additional_special_tokens", {"<a1>", "<a3>"}}, {"pad_token", "<pad>"}}.dump());
    QCOMPARE(Tokenizer::load(folder).encode("<a1><a2><pad><a3>"), (std::vector<TokenId>{n + 1, n, n + 2, n + 3}));
    // Newer programs write all of it in one place, and the others count no more.
    write(folder / "tokenizer_config.json", R"({"added_tokens_decoder": {"9": {"content": "<think>"}}})");
    const Tokenizer newer = Tokenizer::load(folder);
    QCOMPARE(newer.encode("<think>"), std::vector<TokenId>{n});
    QVERIFY(newer.encode("<a1>").size() > 1);
    write(folder / "tokenizer_config.json", "{}");
    const auto refused = [&](const char* file, const char* text) {
      write(folder / file, text);
      try {
        Tokenizer::load(folder);
      } catch (const DataError& error) {
        fs::remove(folder / file);
        return std::string(error.what()).find(file) != std::string::npos;
      }
      return false;
    };
    QVERIFY(refused("added_tokens.json", "[]") && refused("added_tokens.json", R"({"<x>": -1})"));
    QVERIFY(refused("added_tokens.json", R"({"<x>": "1"})"));
    QVERIFY(refused("special_tokens_map.json", "3") && refused("special_tokens_map.json", R"({"pad_token": 3})"));
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
    // As in transformers the file of older programs wins, where the config is none of a newer one's.
    QCOMPARE(text::Tokenizer::load(folder).eos_text(), std::string("</s>"));
    QCOMPARE(text::Tokenizer::load(folder).chat_template(), std::string("d"));
    write(folder / "tokenizer_config.json", R"({"eos_token": "<s>", "added_tokens_decoder": {}})");
    QCOMPARE(text::Tokenizer::load(folder).eos_text(), std::string("<s>"));
    write(folder / "chat_template.jinja", "from its file");
    QCOMPARE(text::Tokenizer::load(folder).chat_template(), std::string("from its file"));
    write(folder / "tokenizer_config.json", R"({"eos_token": 5, "added_tokens_decoder": {}})");
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
