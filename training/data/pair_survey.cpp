// SPDX-License-Identifier: Apache-2.0
#include "training/data/pair_survey.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "training/data/pair_overlap.h"
#include "training/data/pair_text.h"
#include "training/data/rows.h"

namespace bandscope::data {
namespace {

constexpr std::size_t kReasons = 20;
constexpr std::size_t kExamples = 100;
/// Examples stay in memory while they are looked at.
constexpr std::size_t kExampleBytes = std::size_t{4} << 20;
constexpr std::int64_t kRowsPerCall = 32;
constexpr float kAlike = 0.8F;

constexpr PairOptions kUncut{0, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max() - 1};

std::int32_t length_of(std::size_t size) {
  return static_cast<std::int32_t>(std::min<std::size_t>(size, std::numeric_limits<std::int32_t>::max()));
}

/// Sorts both.
template <class Item>
float share_of_common(std::vector<Item>& a, std::vector<Item>& b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::size_t common = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i < *j) {
      ++i;
    } else if (*j < *i) {
      ++j;
    } else {
      ++common, ++i, ++j;
    }
  }
  const std::size_t all = a.size() + b.size();
  return all == 0 ? 0.0F : 2.0F * static_cast<float>(common) / static_cast<float>(all);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view kSpace = " \t\r\n";
  for (std::size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSpace, end);
  }
  return words;
}

PairMeasure measure_tokens(const TokenPair& pair) {
  // EOS is common to all.
  const auto without_eos = [](const std::vector<text::TokenId>& ids) {
    return std::vector<text::TokenId>(ids.begin(), ids.empty() ? ids.end() : ids.end() - 1);
  };
  std::vector<text::TokenId> chosen = without_eos(pair.chosen), rejected = without_eos(pair.rejected);
  return {length_of(pair.prompt.size()), length_of(pair.chosen.size()), length_of(pair.rejected.size()),
          share_of_common(chosen, rejected)};
}

PairMeasure measure_text(const PairText& text) {
  auto chosen = words_of(text.chosen), rejected = words_of(text.rejected);
  return {length_of(text.prompt.size()), length_of(text.chosen.size()), length_of(text.rejected.size()),
          share_of_common(chosen, rejected)};
}

LengthSummary summary_of(const PairSurvey& survey, std::int32_t PairMeasure::*length) {
  std::vector<std::int32_t> lengths;
  lengths.reserve(survey.pairs.size());
  // A row of one response has no other.
  for (const PairMeasure& pair : survey.pairs)
    if (pair.*length > 0) lengths.push_back(pair.*length);
  if (lengths.empty()) return {};
  const auto at = [&](double share) {
    const double rank = share * static_cast<double>(lengths.size() - 1);
    const auto place = lengths.begin() + static_cast<std::ptrdiff_t>(rank + 0.5);
    std::nth_element(lengths.begin(), place, lengths.end());
    return static_cast<std::int64_t>(*place);
  };
  return {at(0.5), at(0.9), at(1.0)};
}

}  // namespace

PairSurvey survey_pairs(const DataSource& data, const text::Tokenizer* tokenizer, const PairOptions& options,
                        const SurveyProgress& progress) {
  const std::filesystem::path& file = data.path;
  if (tokenizer) check_eos(file, *tokenizer);
  PairSurvey survey;
  survey.tokens = tokenizer != nullptr;
  survey.files = static_cast<int>(data_files(data).size());
  PairTextReader reader = tokenizer ? PairTextReader(*tokenizer, options.own_prompts, options.objective)
                                    : PairTextReader(options.own_prompts, options.objective);
  std::size_t kept_bytes = 0;
  std::int64_t rows = 0;
  bool ended = false;
  const auto unusable = [&](const DataRow& row, const Message& reason) {
    ++survey.unusable;
    if (survey.reasons.size() < kReasons) survey.reasons.push_back({row.index, with_place(row, reason)});
  };
  load_rows(data, [&](const DataRow& row) {
    if (rows++ % kRowsPerCall == 0 && !progress(survey)) {
      ended = true;
      return false;
    }
    if (row.value == nullptr) {
      unusable(row, row.problem);
      return true;
    }
    try {
      PairForm form{};
      SurveyedPair pair{reader.read(*row.value, form), {}};
      if (pair.text.label && options.limit > 0 &&
          (*pair.text.label ? survey.desirable : survey.undesirable) >= options.limit)
        return true;
      if (tokenizer) pair.ids = tokenize_pair(pair.text, *tokenizer, kUncut);
      pair.ids.row = row.index;
      if (survey.form.empty()) survey.form = form_name(form);
      if (pair.text.label) {
        (*pair.text.label ? survey.desirable : survey.undesirable) += 1;
        if (!*pair.text.label) {
          std::swap(pair.text.prompt, pair.text.rejected_prompt);
          std::swap(pair.ids.prompt, pair.ids.rejected_prompt);
        }
      } else {
        survey.identical += pair.text.chosen == pair.text.rejected ? 1 : 0;
      }
      survey.contents.push_back(content_of(pair.text));
      survey.unwanted.push_back(!pair.text.label.value_or(true));
      survey.pairs.push_back(tokenizer ? measure_tokens(pair.ids) : measure_text(pair.text));
      const std::size_t bytes = pair.text.prompt.size() + pair.text.chosen.size() + pair.text.rejected.size();
      if (survey.examples.size() < kExamples && kept_bytes + bytes < kExampleBytes) {
        kept_bytes += bytes;
        survey.examples.push_back(std::move(pair));
      }
    } catch (const RowProblem& problem) {
      unusable(row, problem.message());
    } catch (const DataError& error) {
      throw DataError(at_row(row, file, error.message()));
    }
    if (options.limit <= 0) return true;
    if (survey.desirable + survey.undesirable > 0)
      return survey.desirable < options.limit || survey.undesirable < options.limit;
    return static_cast<std::int64_t>(survey.pairs.size()) < options.limit;
  });
  survey.complete = !ended;
  if (survey.complete && survey.pairs.empty()) throw no_usable_pair(file, survey.unusable, survey.reasons);
  if (survey.complete && survey.desirable + survey.undesirable > 0)
    check_labels(file, survey.desirable, survey.undesirable);
  return survey;
}

std::vector<std::uint64_t> used_contents(const PairSurvey& survey, std::int64_t limit) {
  std::vector<std::uint64_t> used;
  std::int64_t taken[2] = {0, 0};
  for (std::size_t i = 0; i < survey.contents.size(); ++i)
    if (taken[survey.unwanted[i] ? 1 : 0]++ < limit) used.push_back(survey.contents[i]);
  return used;
}

SurveySummary summarize(const PairSurvey& survey, const PairOptions& options) {
  SurveySummary summary;
  if (survey.pairs.empty()) return summary;
  summary.prompt = summary_of(survey, &PairMeasure::prompt);
  summary.chosen = summary_of(survey, &PairMeasure::chosen);
  summary.rejected = summary_of(survey, &PairMeasure::rejected);
  std::vector<float> shared;
  shared.reserve(survey.pairs.size());
  for (const PairMeasure& pair : survey.pairs) {
    shared.push_back(pair.shared);
    summary.alike += pair.shared > kAlike ? 1 : 0;
    const std::int64_t whole = std::int64_t{pair.prompt} + std::max(pair.chosen, pair.rejected);
    summary.cut += survey.tokens && whole > options.max_length ? 1 : 0;
  }
  const auto middle = shared.begin() + static_cast<std::ptrdiff_t>(shared.size() / 2);
  std::nth_element(shared.begin(), middle, shared.end());
  summary.shared = *middle;
  return summary;
}

}  // namespace bandscope::data
