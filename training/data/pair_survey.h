// SPDX-License-Identifier: Apache-2.0
// What a file or folder of pairs holds, for those who choose data: how many, how long, how alike, what was skipped and
// why.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "training/data/pairs.h"

namespace bandscope::data {

/// One usable pair before cutting: token ids with EOS, or bytes where there is no tokenizer.
struct PairMeasure {
  std::int32_t prompt = 0, chosen = 0, rejected = 0;
  /// 2 |chosen ∩ rejected| / (|chosen| + |rejected|), as multisets of tokens (of words without tokenizer).
  float shared = 0;
};

struct SurveyedPair {
  PairText text;
  TokenPair ids;  ///< uncut; without responses where there is no tokenizer. `row` is set either way
  // Of a row of one response `prompt` is that response's, whatever its label; the other response is empty.
};

struct PairSurvey {
  bool tokens = false;  ///< lengths are token ids, not bytes
  std::string form;     ///< of the first usable row, as PairSet::form
  int files = 1;        ///< a folder's shards; one otherwise
  std::vector<PairMeasure> pairs;
  std::vector<std::uint64_t> contents;          ///< of each pair, as content_of (pair_overlap.h) has it
  std::vector<bool> unwanted;                   ///< of each of `contents`: a row whose label is false
  std::int64_t desirable = 0, undesirable = 0;  ///< rows of one response with a label, each in `pairs`; else 0
  std::int64_t unusable = 0;
  std::int64_t identical = 0;          ///< usable pairs whose responses are the same text: they teach nothing
  std::vector<UnusableRow> reasons;    ///< the first 20 unusable rows
  std::vector<SurveyedPair> examples;  ///< the first 100 pairs, fewer where they are large
  bool complete = false;               ///< the end of the file, or the limit, was reached
};

/// Called now and then with what was found so far; false ends the survey.
using SurveyProgress = std::function<bool(const PairSurvey&)>;

/// Reads the file or folder row by row; `tokenizer` may be null, of `options` the lengths cut nothing yet. Throws
/// DataError as load_pairs does, also where no row is usable.
PairSurvey survey_pairs(const DataSource& data, const text::Tokenizer* tokenizer, const PairOptions& options,
                        const SurveyProgress& progress);

/// Contents of what a run with this limit uses: the first `limit` pairs, or rows of each label.
std::vector<std::uint64_t> used_contents(const PairSurvey& survey, std::int64_t limit);

/// Order statistics of one length over the pairs.
struct LengthSummary {
  std::int64_t median = 0, ninety = 0, maximum = 0;
};

struct SurveySummary {
  LengthSummary prompt, chosen, rejected;
  std::int64_t cut = 0;    ///< pairs that the lengths of `options` cut
  double shared = 0;       ///< median share of common tokens
  std::int64_t alike = 0;  ///< pairs that share more than 0.8 of their tokens: such displace likelihood most
};
/// All zero without pairs.
SurveySummary summarize(const PairSurvey& survey, const PairOptions& options);

}  // namespace bandscope::data
