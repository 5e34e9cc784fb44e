// SPDX-License-Identifier: Apache-2.0
// Preference pairs: rows of a data file to ids (specification, section 3 "Pairs").
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/message/message.h"
#include "training/data/data_files.h"
#include "training/text/tokenizer.h"

namespace bandscope::data {

/// One usable pair, cut to the lengths asked for. Responses end with EOS unless cut.
struct TokenPair {
  std::int64_t row = 0;  ///< line (or element) of the data file, from 0; counted on over the files of a folder
  std::vector<text::TokenId> prompt, chosen, rejected;
  std::vector<text::TokenId> rejected_prompt = {};  ///< where the rejected response answers another; else empty

  std::int64_t row_l = -1;  ///< row of the rejected response where it is another one; else -1

  std::int64_t rejected_row() const { return row_l < 0 ? row : row_l; }
  bool own_prompts() const { return !rejected_prompt.empty(); }
  const std::vector<text::TokenId>& prompt_of(bool chosen_side) const {
    return chosen_side || rejected_prompt.empty() ? prompt : rejected_prompt;
  }
  /// Ids that are read, a shared prompt once.
  std::size_t tokens() const { return prompt.size() + rejected_prompt.size() + chosen.size() + rejected.size(); }
};
/// The chosen response of one pair and the rejected one of another, each with its prompt.
TokenPair joined(const TokenPair& chosen, const TokenPair& rejected);

struct PairOptions {
  /// First N usable pairs; of rows of one response, the first N of each label. 0 = all.
  std::int64_t limit = 0;
  std::int64_t max_length = 1024;
  std::int64_t max_prompt_length = 512;
  /// The objective weighs each response by itself (ObjectiveInfo::unpaired): rows of one response with a label are
  /// taken, and conversations that differ before their last message.
  bool own_prompts = false;
  /// Of the objective that takes no such rows, for messages; empty: not known.
  std::string objective = {};
};

struct UnusableRow {
  std::int64_t row = 0;
  Message reason;  ///< names key and type, e.g. "\"rejected\" is a number, a string or a list of messages is needed"
};

struct PairSet {
  std::vector<TokenPair> pairs;
  std::int64_t unusable = 0;
  std::vector<UnusableRow> examples;  ///< the first 20 unusable rows
  /// Numbers of the unusable rows that follow, the first 1000 of them (further_rows()).
  std::vector<std::int64_t> further;
  std::vector<Message> notes;  ///< what people should know about how the rows were read, a sentence each
  /// Rows of one response with a label: how many are wanted and how many are not; else 0. There are then as many pairs
  /// as rows of the more frequent kind, the rarer one going round; which come together is the sampler's affair.
  std::int64_t desirable = 0, undesirable = 0;
  std::int64_t beyond = 0;  ///< rows of one response that were passed over, as there were `limit` of their label
  bool unpaired() const { return desirable > 0; }
  std::string
      form;  ///< "prompt/chosen/rejected", "Anthropic-HH", "conversations", "ShareGPT", "one response with a label"
  std::string sha256;                                      ///< of the data as it lies on disk (data_sha256)
  std::vector<std::pair<std::string, std::string>> files;  ///< names and SHA-256: one, or those of a folder's shards
};

/// Reads a file (.jsonl, .json, each also .gz, .parquet or .arrow) or a folder of such files (data_files). Throws
/// DataError: unreadable, no usable row (with the first reasons), rows of one response where they are not taken or all
/// of one label, conversations where the model has no chat template.
PairSet load_pairs(const DataSource& data, const text::Tokenizer& tokenizer, const PairOptions& options);

/// Which rows are not used beside PairSet::examples, for people: "31, 40-52 and 7 more"; empty where there are none.
std::string further_rows(const PairSet& set);

/// DataError where the model has no EOS token, with which every response ends.
void check_eos(const std::filesystem::path& file, const text::Tokenizer& tokenizer);

/// DataError where rows of one response are all of one label.
void check_labels(const std::filesystem::path& file, std::int64_t desirable, std::int64_t undesirable);

/// That none of a file's rows can be used, with the first reasons.
DataError no_usable_pair(const std::filesystem::path& file, std::int64_t rows, std::span<const UnusableRow> examples);

/// The text of one row as the tokenizer gets it, before ids: for the pair viewer.
struct PairText {
  std::string prompt, chosen, rejected;
  std::string rejected_prompt = {};  ///< where the rejected response answers another prompt; else empty
  std::optional<bool> label = {};  ///< the row is one response: `chosen` when true, else `rejected`; the other is empty
};

/// Ids of one pair's texts, cut to the lengths of `options`. Throws RowProblem (pair_text.h) when it is unusable.
TokenPair tokenize_pair(const PairText& text, const text::Tokenizer& tokenizer, const PairOptions& options);

/// Cuts a whole pair to the lengths of `options` (specification, section 3 "Pairs").
void cut_pair(TokenPair& pair, const PairOptions& options);

/// The texts of these rows (as TokenPair::row counts them), in their order. Throws DataError naming the row when it is
/// not there or unusable.
std::vector<PairText> load_pair_texts(const DataSource& data, const text::Tokenizer& tokenizer,
                                      const std::vector<std::int64_t>& rows);

/// A pair as people check it: every token with position, id and text, and which positions are scored (end with a line
/// break).
std::string describe_pair(const TokenPair& pair, const text::Tokenizer& tokenizer);

}  // namespace bandscope::data
