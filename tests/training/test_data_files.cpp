// SPDX-License-Identifier: Apache-2.0
// Folders of shards: the same pairs and rows as one file, what is no data set and why; pairs that two sets share.
#include <zlib.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "core/input/sha256.h"
#include "tests/training/data_samples.h"
#include "training/data/data_files.h"
#include "training/data/pair_overlap.h"
#include "training/data/pair_survey.h"
#include "training/data/pairs.h"
#include "training/data/rows.h"
#include "training/data/rows_parquet.h"
#include "training/data/trained_data.h"
#include "training/text/tokenizer_config.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::byte_level_json;
using bandscope::testing::message_of;

namespace {

text::Tokenizer tokenizer() { return text::Tokenizer::from_text(byte_level_json(), R"({"eos_token": "</s>"})"); }

std::string row(int number) {
  const std::string n = std::to_string(number);
  return R"({"prompt": "Question )" + n + R"(", "chosen": " yes )" + n + R"(", "rejected": " no"})";
}

bool same(const data::PairSet& a, const data::PairSet& b) {
  if (a.pairs.size() != b.pairs.size() || a.unusable != b.unusable) return false;
  for (std::size_t i = 0; i < a.pairs.size(); ++i) {
    const data::TokenPair &x = a.pairs[i], &y = b.pairs[i];
    if (x.row != y.row || x.prompt != y.prompt || x.chosen != y.chosen || x.rejected != y.rejected) return false;
  }
  return true;
}

/// A row of one response.
std::string labelled(const std::string& prompt, const std::string& completion, bool wanted) {
  return "{\"prompt\": \"" + prompt + "\", \"completion\": \"" + completion +
         "\", \"label\": " + (wanted ? "true" : "false") + "}\n";
}

}  // namespace

class TestDataFiles : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  const text::Tokenizer tokenizer_ = tokenizer();

  fs::path at(const std::string& name) const { return fs::path(dir_.path().toStdString()) / name; }
  fs::path file(const std::string& name, const std::string& text) const {
    fs::create_directories(at(name).parent_path());
    if (at(name).extension() == ".gz") {
      gzFile out = gzopen(at(name).c_str(), "wb");
      gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
      gzclose(out);
    } else {
      std::ofstream(at(name), std::ios::binary) << text;
    }
    return at(name);
  }
  std::string refusal(const std::string& folder) const {
    return message_of([&] { data::load_pairs(at(folder), tokenizer_, {}); });
  }

 private Q_SLOTS:
  void every_ending_is_read() {
    for (const std::string_view ending : data::data_endings()) {
      const std::string name = "rows" + std::string(ending);
      QCOMPARE(data::data_ending(name), ending);
      if (ending == ".parquet" || ending == ".arrow") continue;
      QCOMPARE(data::load_pairs(file(name, row(0) + "\n" + row(1) + "\n"), tokenizer_, {}).pairs.size(),
               std::size_t(2));
      QVERIFY2(data::json_endings().find(ending) != std::string::npos, name.c_str());
    }
    // What is refused is told all that is read.
    const std::string refused = message_of([&] { data::load_pairs(file("rows.csv", row(0)), tokenizer_, {}); });
    for (const std::string_view ending : data::data_endings())
      QVERIFY2(refused.find(ending) != std::string::npos, refused.c_str());
  }
  void shards_are_one_file() {
    // Blank lines, a line that is no row, and an end without a line feed: lines count on as in one file.
    const std::string first = "\n" + row(0) + "\n" + row(1) + "\nnot json\n\n", second = row(2) + "\n" + row(3),
                      third = row(4) + "\n\n" + row(5) + "\n";
    const data::PairSet whole = data::load_pairs(file("whole.jsonl", first + second + "\n" + third), tokenizer_, {});
    QCOMPARE(whole.pairs.size(), std::size_t(6));
    for (const std::string ending : {".jsonl", ".jsonl.gz", ".ndjson", ".json.gz"}) {
      const std::string folder = "shards" + ending;
      file(folder + "/train-00000-of-00003" + ending, first);
      file(folder + "/train-00001-of-00003" + ending, second);
      file(folder + "/train-00002-of-00003" + ending, third);
      // What lies beside data in a repository.
      for (const std::string about : {"README.md", ".gitattributes", "dataset_infos.json", ".hidden.jsonl"})
        file(folder + "/" + about, "{}");
      const data::PairSet set = data::load_pairs(at(folder), tokenizer_, {});
      QVERIFY2(same(set, whole), ending.c_str());
      QCOMPARE(set.files.size(), std::size_t(3));
      QCOMPARE(set.files[1].first, "train-00001-of-00003" + ending);
      QCOMPARE(set.files[1].second, sha256_of_file(at(folder) / set.files[1].first));
      QVERIFY(set.sha256 != whole.sha256 && set.sha256.size() == 64);
      // A row is found again by the number that the record has.
      for (const data::TokenPair& pair : set.pairs) {
        const auto texts = data::load_pair_texts(at(folder), tokenizer_, {pair.row});
        QCOMPARE(data::tokenize_pair(texts[0], tokenizer_, {}).chosen, pair.chosen);
      }
      const data::PairSet some = data::load_pairs(at(folder), tokenizer_, {3, 1024, 512});
      QCOMPARE(some.pairs.size(), std::size_t(3));
      QCOMPARE(some.pairs[2].row, whole.pairs[2].row);
      const data::PairSurvey survey =
          data::survey_pairs(at(folder), &tokenizer_, {}, [](const data::PairSurvey&) { return true; });
      QCOMPARE(survey.files, 3);
      QCOMPARE(survey.pairs.size(), std::size_t(6));
      QCOMPARE(survey.examples[5].ids.row, whole.pairs[5].row);
    }
    QCOMPARE(whole.sha256, sha256_of_file(at("whole.jsonl")));
    QCOMPARE(whole.files.size(), std::size_t(1));
  }

  void arrays_and_parquet_count_on() {
    file("arrays/a.json", "[" + row(0) + "," + row(1) + "]");
    file("arrays/b.json", "[" + row(2) + "]\n");
    const data::PairSet set = data::load_pairs(at("arrays"), tokenizer_, {});
    QCOMPARE(set.pairs.size(), std::size_t(3));
    QCOMPARE(set.pairs[2].row, 2);
    if (!data::has_parquet()) QSKIP("this build reads no Parquet");
    const fs::path one = fs::path(BANDSCOPE_SOURCE) / "tests/training/fixtures/strings.parquet";
    fs::create_directories(at("parquet"));
    fs::copy_file(one, at("parquet/train-00000-of-00002-0123456789abcdef.parquet"));
    fs::copy_file(one, at("parquet/train-00001-of-00002-fedcba9876543210.parquet"));
    const data::PairSet single = data::load_pairs(one, tokenizer_, {}),
                        twice = data::load_pairs(at("parquet"), tokenizer_, {});
    std::int64_t rows = 0;
    data::load_rows(one, [&](const data::DataRow&) { return ++rows > 0; });
    QCOMPARE(twice.pairs.size(), 2 * single.pairs.size());
    for (std::size_t i = 0; i < single.pairs.size(); ++i) {
      const data::TokenPair& again = twice.pairs[single.pairs.size() + i];
      QCOMPARE(again.row, rows + single.pairs[i].row);
      QCOMPARE(again.rejected, single.pairs[i].rejected);
    }
  }

  void a_folder_that_is_no_data_set() {
    fs::create_directories(at("empty"));
    file("mixed/a.jsonl", row(0));
    file("mixed/b.jsonl", row(0));
    file("mixed/b.jsonl.gz", row(0));
    file("splits/train-00000-of-00001.jsonl", row(0));
    file("splits/test-00000-of-00001.jsonl", row(0));
    file("beside/train-00000-of-00001.jsonl", row(0));
    file("beside/more.jsonl", row(0));
    file("part/train-00000-of-00003.jsonl", row(0));
    file("part/train-00002-of-00003.jsonl", row(0));
    file("repository/inner/train.jsonl", row(0));
    file("repository/README.md", "#");
    file("named/train.jsonl", row(0));
    file("named/test.jsonl", row(0));
    file("stages/dpo.json", row(0));
    file("stages/sft.json", row(0));
    file("clone/data/train-00000-of-00001.jsonl", row(0));
    file("clone/data/test-00000-of-00001.jsonl", row(0));
    file("folders/train/part-0.jsonl", row(0));
    file("folders/test/part-0.jsonl", row(0));
    file("datasets--a--b/snapshots/0f/train.jsonl", row(0));
    file("saved/dataset_dict.json", "{}");
    file("saved/train/data-00000-of-00001.arrow", "x");
    file("saved/train/state.json", "{}");
    const std::vector<std::pair<std::string, std::vector<std::string>>> wrong = {
        {"empty", {"holds no data file", ".jsonl", ".parquet"}},
        {"mixed", {"several kinds (2 .jsonl, 1 .jsonl.gz)", "one ending"}},
        {"splits", {"more than one data set (test, train)"}},
        {"beside", {"more than one data set (more, train)"}},
        {"part", {"2 of the 3 shards of train", "number 1 is missing"}},
        {"repository", {"holds no data file", "its folder inner holds some"}},
        {"named", {"more than one data set (test, train)", "data.split names one"}},
        {"stages", {"more than one data set (dpo, sft)"}},
        {"folders", {"more than one data set (test, train)"}},
        {"datasets--a--b", {"hub's cache", "below its snapshots"}},
    };
    for (const auto& [folder, parts] : wrong) {
      const std::string message = refusal(folder);
      QVERIFY2(message.starts_with(at(folder).string()), message.c_str());
      for (const auto& part : parts) QVERIFY2(message.find(part) != std::string::npos, message.c_str());
    }
    const std::string clone = refusal("clone"), saved = refusal("saved");
    QVERIFY2(clone.find("more than one data set (test, train)") != std::string::npos, clone.c_str());
    // The one set of a DatasetDict is read, and this one is none.
    QVERIFY2(saved.find("data-00000-of-00001.arrow") != std::string::npos, saved.c_str());
    QVERIFY(refusal("nowhere").find("does not exist") != std::string::npos);
  }

  void a_named_set_of_a_folder_is_read_alone() {
    file("two/train.jsonl", row(0) + "\n" + row(1));
    file("two/test.jsonl", row(2));
    file("hub/data/train-00000-of-00002-0123456789abcdef.jsonl", row(0));
    file("hub/data/train-00001-of-00002-0123456789abcdef.jsonl", row(1));
    file("hub/data/test-00000-of-00001-0123456789abcdef.jsonl", row(2));
    file("inside/train/0000.jsonl", row(0));
    file("inside/train/0001.jsonl", row(1));
    file("inside/test/0000.jsonl", row(2));
    for (const std::string folder : {"two", "hub", "inside"}) {
      QCOMPARE(data::load_pairs({at(folder), "train"}, tokenizer_, {}).pairs.size(), std::size_t(2));
      QCOMPARE(data::load_pairs({at(folder), "test"}, tokenizer_, {}).pairs.size(), std::size_t(1));
      const std::string none = message_of([&] { data::load_pairs({at(folder), "dev"}, tokenizer_, {}); });
      QVERIFY2(none.find("no data set \"dev\"; there are test, train") != std::string::npos, none.c_str());
    }
    QCOMPARE(data::data_hashes({at("two"), "test"}, sha256_of_file).size(), std::size_t(1));
    const std::string single = message_of([&] { data::load_pairs({at("two/train.jsonl"), "train"}, tokenizer_, {}); });
    QVERIFY2(single.find("is no folder") != std::string::npos, single.c_str());
  }

  void errors_name_the_shard() {
    file("bad/a.jsonl", row(0) + "\n" + row(1));
    file("bad/b.jsonl", row(2) + "\n{\"prompt\": 3, \"chosen\": \"c\", \"rejected\": \"r\"}\n");
    const data::PairSet set = data::load_pairs(at("bad"), tokenizer_, {});
    QCOMPARE(set.unusable, 1);
    QCOMPARE(set.examples[0].row, 3);
    QVERIFY2(set.examples[0].reason.english().starts_with("b.jsonl, row 1 there: \"prompt\""),
             set.examples[0].reason.english().c_str());
    file("kto/a.jsonl", row(0));
    file("kto/b.jsonl", "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true}\n");
    QVERIFY2(refusal("kto").starts_with(at("kto/b.jsonl").string() + ", row 0: "), refusal("kto").c_str());
    file("none/a.jsonl", row(0));
    file("none/b.jsonl", "");
    QCOMPARE(refusal("none"), at("none/b.jsonl").string() + " is empty");
    const std::string gone = message_of([&] { data::load_pair_texts(at("bad"), tokenizer_, {9}); });
    QVERIFY2(gone.find("no row 9") != std::string::npos, gone.c_str());
    const std::string unusable = message_of([&] { data::load_pair_texts(at("bad"), tokenizer_, {3}); });
    QVERIFY2(unusable.starts_with(at("bad/b.jsonl").string() + ", row 1: "), unusable.c_str());
  }

  void shared_rows_of_one_response_are_told() {
    const auto label = [](int i, bool wanted) {
      return labelled("Q" + std::to_string(i), " a" + std::to_string(i), wanted);
    };
    std::string train, probe;
    for (int i = 0; i < 20; ++i) train += label(i, i < 14);
    // Two wanted ones and one unwanted one that are trained on, and one whose label is another there.
    for (const auto& row : {label(3, true), label(4, true), label(19, false), label(5, false), label(90, true)})
      probe += row;
    const data::PairOptions options{0, 1024, 512, true};
    const auto trained = data::load_pairs(file("labels.jsonl", train), tokenizer_, options),
               held_out = data::load_pairs(file("labels-probe.jsonl", probe), tokenizer_, options);
    const data::PairOverlap shared = data::overlap_of(trained, held_out);
    QCOMPARE(shared, (data::PairOverlap{3, 5, true}));
    const std::string said = data::overlap_message(shared).english();
    QVERIFY2(said.find("3 of the 5 probe responses") != std::string::npos, said.c_str());
    // Pairs that are held out of training on rows.
    const auto pairs = data::load_pairs(
        file("pairs-probe.jsonl", R"({"prompt": "Q3", "chosen": " a3", "rejected": " no"})"), tokenizer_, options);
    QCOMPARE(data::overlap_of(trained, pairs), (data::PairOverlap{1, 2, true}));
    const auto take = [](const data::PairSurvey&) { return true; };
    const data::PairSurvey a = data::survey_pairs(at("labels.jsonl"), nullptr, options, take),
                           b = data::survey_pairs(at("labels-probe.jsonl"), nullptr, options, take);
    QCOMPARE(data::overlap_of(a.contents, data::used_contents(b, 64)), (data::PairOverlap{3, 5}));
    QCOMPARE(data::overlap_of(a.contents, data::used_contents(b, 1)), (data::PairOverlap{2, 2}));
  }

  /// Of rows that are sorted by label the limit takes as many of each.
  void the_limit_is_of_each_label() {
    std::string rows;
    for (int i = 0; i < 10; ++i) rows += labelled("Q", " a" + std::to_string(i), i < 6);
    data::PairOptions options{2, 1024, 512, true};
    const data::PairSet set = data::load_pairs(file("sorted.jsonl", rows), tokenizer_, options);
    QCOMPARE(set.desirable, 2);
    QCOMPARE(set.undesirable, 2);
    QCOMPARE(set.beyond, 4);
    QCOMPARE(set.pairs.size(), std::size_t{2});
    QCOMPARE(set.pairs[1].row, 1);
    QCOMPARE(set.pairs[1].rejected_row(), 7);
    const data::PairSurvey survey =
        data::survey_pairs(at("sorted.jsonl"), nullptr, options, [](const data::PairSurvey&) { return true; });
    QVERIFY(survey.complete);
    QCOMPARE(survey.desirable, 2);
    QCOMPARE(survey.undesirable, 2);
    options.limit = 5;
    const data::PairSet more = data::load_pairs(at("sorted.jsonl"), tokenizer_, options);
    QCOMPARE(more.desirable, 5);
    QCOMPARE(more.undesirable, 4);
    QCOMPARE(more.pairs[4].rejected_row(), 6);
  }

  void shared_pairs_are_told_by_content() {
    std::string train, probe;
    for (int i = 0; i < 200; ++i) train += row(i) + "\n";
    for (int i = 190; i < 210; ++i) probe += row(i) + "\n";
    // The same three texts under other keys' order and with another column; and a prompt that took over the response.
    probe += R"({"id": 1, "rejected": " no", "chosen": " yes 5", "prompt": "Question 5"})"
             "\n";
    probe += R"({"prompt": "Question 6 yes", "chosen": " 6", "rejected": " no"})"
             "\n";
    const auto take = [](const data::PairSurvey&) { return true; };
    const data::PairSurvey a = data::survey_pairs(file("train.jsonl", train), nullptr, {}, take),
                           b = data::survey_pairs(file("probe.jsonl", probe), nullptr, {}, take);
    QCOMPARE(a.contents.size(), a.pairs.size());
    QCOMPARE(data::overlap_of(a.contents, b.contents), (data::PairOverlap{11, 22}));
    QCOMPARE(data::overlap_of(a.contents, std::span(b.contents).first(15)), (data::PairOverlap{10, 15}));
    QCOMPARE(data::overlap_of(b.contents, {}), (data::PairOverlap{0, 0}));
    QCOMPARE(data::overlap_of(a.contents, b.contents, [] { return true; }).shared, 0);
    QCOMPARE(data::overlap_of(data::load_pairs(at("train.jsonl"), tokenizer_, {}),
                              data::load_pairs(at("probe.jsonl"), tokenizer_, {})),
             (data::PairOverlap{11, 22}));
    QCOMPARE(data::overlap_of(data::load_pairs(at("train.jsonl"), tokenizer_, {100, 1024, 512}),
                              data::load_pairs(at("probe.jsonl"), tokenizer_, {5, 1024, 512})),
             (data::PairOverlap{0, 5}));
    // Many pairs: what compared each with each would not end within the test's limit.
    std::vector<std::uint64_t> many(100000);
    for (std::size_t i = 0; i < many.size(); ++i)
      many[i] = data::content_of(data::PairText{"p", std::to_string(i), "r"});
    QCOMPARE(data::overlap_of(many, many).shared, 100000);
  }

  void data_are_those_that_a_run_was_trained_on() {
    const fs::path path = file("trained.jsonl", row(1));
    const std::string digest = sha256_of_file(path);
    QCOMPARE(data::trained_digest("{\"sha256\": {\"data\": \"" + digest + "\"}}"), digest);
    for (const char* none : {"", "3", R"({"sha256": 3})", R"({"sha256": {"data": 3}})"})
      QVERIFY2(data::trained_digest(none).empty(), none);
    data::TrainedData trained;
    int summed = 0;
    const auto hash = [&](const fs::path& of) {
      ++summed;
      return sha256_of_file(of);
    };
    QVERIFY(trained.same(path, digest, hash) && trained.same(path, digest, hash));
    QCOMPARE(summed, 1);
    // Another file in its place, of the same size.
    file("other.jsonl", row(2));
    fs::rename(at("other.jsonl"), path);
    QVERIFY(!trained.same(path, digest, hash) && !trained.same(path, digest, hash));
    QVERIFY(trained.same(path, "", hash));  // nothing is known of what they were
    QCOMPARE(summed, 2);
    // Of two runs that are compared, whose data differ.
    const fs::path other = file("other.jsonl", row(3));
    const std::string others = sha256_of_file(other), digest_now = sha256_of_file(path);
    for (int again = 0; again < 3; ++again)
      QVERIFY(trained.same(path, digest_now, hash) && trained.same(other, others, hash));
    QCOMPARE(summed, 3);
    QVERIFY(!trained.same(other, digest_now, hash));
    QCOMPARE(summed, 3);
  }
};

QTEST_GUILESS_MAIN(TestDataFiles)
#include "test_data_files.moc"
