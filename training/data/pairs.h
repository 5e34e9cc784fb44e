// SPDX-License-Identifier: Apache-2.0
// Preference pairs: rows of a data file to ids (specification, section 3 "Pairs").
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
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
};

struct PairOptions {
  std::int64_t limit = 0;  ///< first N usable pairs; 0 = all
  std::int64_t max_length = 1024;
  std::int64_t max_prompt_length = 512;
};

struct UnusableRow {
  std::int64_t row = 0;
  Message reason;  ///< names key and type, e.g. "\"rejected\" is a number, a string or a list of messages is needed"
};

struct PairSet {
  std::vector<TokenPair> pairs;
  std::int64_t unusable = 0;
  std::vector<UnusableRow> examples;  ///< the first 20 unusable rows
  std::vector<Message> notes;         ///< what people should know about how the rows were read, a sentence each
  std::string form;                   ///< "prompt/chosen/rejected", "Anthropic-HH", "conversations", "ShareGPT"
  std::string sha256;                 ///< of the data as it lies on disk (data_sha256)
  std::vector<std::pair<std::string, std::string>> files;  ///< names and SHA-256: one, or those of a folder's shards
};

/// Reads a file (.jsonl, .json, each also .gz, or .parquet) or a folder of such files (data_files). Throws DataError:
/// unreadable, no usable row (with the first reasons), KTO rows, conversations where the model has no chat template.
PairSet load_pairs(const DataSource& data, const text::Tokenizer& tokenizer, const PairOptions& options);

/// DataError where the model has no EOS token, with which every response ends.
void check_eos(const std::filesystem::path& file, const text::Tokenizer& tokenizer);

/// That none of a file's rows can be used, with the first reasons.
DataError no_usable_pair(const std::filesystem::path& file, std::int64_t rows, std::span<const UnusableRow> examples);

/// The text of one row as the tokenizer gets it, before ids: for the pair viewer.
struct PairText {
  std::string prompt, chosen, rejected;
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
