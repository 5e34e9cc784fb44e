// SPDX-License-Identifier: Apache-2.0
#include "training/data/pairs.h"

#include <algorithm>
#include <unordered_set>

#include "core/input/sha256.h"
#include "training/data/pair_text.h"
#include "training/data/rows.h"

namespace bandscope::data {
namespace {

constexpr std::size_t kExamples = 20;
/// Of a file that is all wrong: enough to find what is wrong with it, and a line that can still be read.
constexpr std::size_t kFurther = 1'000;

std::vector<text::TokenId> ids_of(const text::Tokenizer& tokenizer, const std::string& text) {
  std::vector<text::TokenId> ids = tokenizer.encode(text);
  // A chat template may have written BOS itself; two would be a context the model has never seen.
  if (tokenizer.add_bos() && (ids.empty() || ids.front() != *tokenizer.bos()))
    ids.insert(ids.begin(), *tokenizer.bos());
  return ids;
}

std::size_t shared_prefix(const std::vector<text::TokenId>& a, const std::vector<text::TokenId>& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::vector<text::TokenId> response_of(const std::vector<text::TokenId>& ids, std::size_t prompt, text::TokenId eos,
                                       const char* key) {
  if (ids.size() <= prompt) throw RowProblem(Message::tr("\"%1\" has an empty response", key));
  std::vector<text::TokenId> response(ids.begin() + static_cast<std::ptrdiff_t>(prompt), ids.end());
  response.push_back(eos);
  return response;
}

/// A response with its own prompt, cut.
struct Answer {
  std::vector<text::TokenId> prompt, response;
};

Answer answer_of(const std::string& prompt, const std::string& response, const char* key,
                 const text::Tokenizer& tokenizer, const PairOptions& options) {
  const std::vector<text::TokenId> begin = ids_of(tokenizer, prompt), whole = ids_of(tokenizer, prompt + response);
  const std::size_t shared = shared_prefix(begin, whole);
  if (shared == 0) throw RowProblem(Message::tr("the prompt is empty, or shares no token with the response's text"));
  TokenPair alone;
  alone.prompt.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(shared));
  alone.chosen = response_of(whole, shared, *tokenizer.eos(), key);
  cut_pair(alone, options);
  if (alone.chosen.empty())
    throw RowProblem(Message::tr("the prompt of %1 ids leaves no room for a response in data.max_length = %2", shared,
                                 options.max_length));
  return {std::move(alone.prompt), std::move(alone.chosen)};
}

/// Responses that answer prompts of their own, or one of them.
TokenPair tokenize_apart(const PairText& text, const text::Tokenizer& tokenizer, const PairOptions& options) {
  TokenPair pair;
  if (text.label.value_or(true)) {
    Answer answer = answer_of(text.prompt, text.chosen, "chosen", tokenizer, options);
    pair.prompt = std::move(answer.prompt), pair.chosen = std::move(answer.response);
  }
  if (!text.label.value_or(false)) {
    Answer answer = answer_of(text.rejected_prompt, text.rejected, "rejected", tokenizer, options);
    pair.rejected_prompt = std::move(answer.prompt), pair.rejected = std::move(answer.response);
  }
  return pair;
}

}  // namespace

std::string further_rows(const PairSet& set) {
  std::string rows;
  for (std::size_t begin = 0; begin < set.further.size();) {
    std::size_t end = begin + 1;
    while (end < set.further.size() && set.further[end] == set.further[end - 1] + 1) ++end;
    rows += (rows.empty() ? "" : ", ") + std::to_string(set.further[begin]);
    if (end > begin + 1) rows += "-" + std::to_string(set.further[end - 1]);
    begin = end;
  }
  const std::int64_t more = set.unusable - static_cast<std::int64_t>(set.examples.size() + set.further.size());
  if (more > 0) rows += " and " + std::to_string(more) + " more";
  return rows;
}

void check_eos(const std::filesystem::path& file, const text::Tokenizer& tokenizer) {
  if (tokenizer.eos()) return;
  throw DataError(Message::at(
      file, Message::tr(
                "the model names no EOS token (eos_token in tokenizer_config.json), which every response ends with")));
}

void check_labels(const std::filesystem::path& file, std::int64_t desirable, std::int64_t undesirable) {
  if (desirable > 0 && undesirable > 0) return;
  throw DataError(Message::at(file, Message::tr("all %1 labels are %2; both kinds are needed", desirable + undesirable,
                                                desirable > 0 ? "true" : "false")));
}

DataError no_usable_pair(const std::filesystem::path& file, std::int64_t rows, std::span<const UnusableRow> examples) {
  Message reasons;
  for (const auto& [row, reason] : examples.first(std::min<std::size_t>(examples.size(), 3))) {
    reasons =
        reasons.empty() ? Message::tr("row %1: %2", row, reason) : Message::tr("%1; row %2: %3", reasons, row, reason);
  }
  return DataError(Message::at(file, reasons.empty() ? Message::tr("no usable pair in %1 rows", rows)
                                                     : Message::tr("no usable pair in %1 rows: %2", rows, reasons)));
}

void cut_pair(TokenPair& pair, const PairOptions& options) {
  const auto most = static_cast<std::size_t>(options.max_length);
  const auto most_prompt = static_cast<std::size_t>(options.max_prompt_length);
  if (pair.prompt.size() + std::max(pair.chosen.size(), pair.rejected.size()) <= most) return;
  if (pair.prompt.size() > most_prompt) {
    pair.prompt.erase(pair.prompt.begin(), pair.prompt.end() - static_cast<std::ptrdiff_t>(most_prompt));
  }
  const std::size_t room = most - std::min(most, pair.prompt.size());
  for (auto* response : {&pair.chosen, &pair.rejected}) {
    if (response->size() > room) response->resize(room);
  }
}

TokenPair joined(const TokenPair& chosen, const TokenPair& rejected) {
  return {
      chosen.row, chosen.prompt, chosen.chosen, rejected.rejected, rejected.prompt_of(false), rejected.rejected_row()};
}

TokenPair tokenize_pair(const PairText& text, const text::Tokenizer& tokenizer, const PairOptions& options) {
  if (text.label || !text.rejected_prompt.empty()) return tokenize_apart(text, tokenizer, options);
  const std::vector<text::TokenId> prompt = ids_of(tokenizer, text.prompt);
  const std::vector<text::TokenId> chosen = ids_of(tokenizer, text.prompt + text.chosen);
  const std::vector<text::TokenId> rejected = ids_of(tokenizer, text.prompt + text.rejected);
  // Merges may reach over the end of the prompt, so the prompt is what all three have in common.
  const std::size_t shared = std::min(shared_prefix(prompt, chosen), shared_prefix(prompt, rejected));
  if (shared == 0) throw RowProblem(Message::tr("the prompt is empty, or shares no token with both responses' texts"));
  TokenPair pair;
  pair.prompt.assign(prompt.begin(), prompt.begin() + static_cast<std::ptrdiff_t>(shared));
  pair.chosen = response_of(chosen, shared, *tokenizer.eos(), "chosen");
  pair.rejected = response_of(rejected, shared, *tokenizer.eos(), "rejected");
  const std::size_t ids = pair.prompt.size();
  cut_pair(pair, options);
  if (pair.chosen.empty())
    throw RowProblem(Message::tr("the prompt of %1 ids leaves no room for a response in data.max_length = %2", ids,
                                 options.max_length));
  return pair;
}

namespace {

/// Gathers rows of one response, and pairs them at the end.
class Labelled {
 public:
  void add(TokenPair pair, bool wanted) { (wanted ? wanted_ : unwanted_).push_back(std::move(pair)); }
  std::size_t size() const { return wanted_.size() + unwanted_.size(); }
  bool enough(bool wanted, std::int64_t limit) const {
    return limit > 0 && static_cast<std::int64_t>((wanted ? wanted_ : unwanted_).size()) >= limit;
  }
  void pair(PairSet& set, const std::filesystem::path& file) {
    if (size() == 0) return;
    set.desirable = static_cast<std::int64_t>(wanted_.size());
    set.undesirable = static_cast<std::int64_t>(unwanted_.size());
    check_labels(file, set.desirable, set.undesirable);
    for (std::size_t i = 0; i < std::max(wanted_.size(), unwanted_.size()); ++i)
      set.pairs.push_back(joined(wanted_[i % wanted_.size()], unwanted_[i % unwanted_.size()]));
  }

 private:
  std::vector<TokenPair> wanted_, unwanted_;
};

}  // namespace

PairSet load_pairs(const DataSource& data, const text::Tokenizer& tokenizer, const PairOptions& options) {
  const std::filesystem::path& file = data.path;
  check_eos(file, tokenizer);
  PairSet set;
  PairTextReader reader(tokenizer, options.own_prompts, options.objective);
  Labelled labelled;
  const auto unusable = [&](const DataRow& row, const Message& reason) {
    ++set.unusable;
    if (set.examples.size() < kExamples)
      set.examples.push_back({row.index, with_place(row, reason)});
    else if (set.further.size() < kFurther)
      set.further.push_back(row.index);
  };
  load_rows(data, [&](const DataRow& row) {
    if (row.value == nullptr) {
      unusable(row, row.problem);
      return true;
    }
    try {
      PairForm form{};
      const PairText text = reader.read(*row.value, form);
      if (text.label && labelled.enough(*text.label, options.limit)) {
        ++set.beyond;
        return true;
      }
      TokenPair pair = tokenize_pair(text, tokenizer, options);
      pair.row = row.index;
      if (text.label ? !set.pairs.empty() : labelled.size() > 0)
        throw RowProblem(Message::tr("rows of one response and rows of pairs do not go together"));
      if (set.form.empty()) set.form = form_name(form);
      if (text.label)
        labelled.add(std::move(pair), *text.label);
      else
        set.pairs.push_back(std::move(pair));
    } catch (const RowProblem& problem) {
      unusable(row, problem.message());
    } catch (const DataError& error) {
      throw DataError(at_row(row, file, error.message()));
    }
    if (options.limit <= 0) return true;
    // Rows may be sorted by label: it is looked on for the other one.
    if (labelled.size() > 0) return !labelled.enough(true, options.limit) || !labelled.enough(false, options.limit);
    return static_cast<std::int64_t>(set.pairs.size()) < options.limit;
  });
  labelled.pair(set, file);
  if (set.pairs.empty()) throw no_usable_pair(file, set.unusable, set.examples);
  set.notes = reader.notes();
  set.files = data_hashes(data, sha256_of_file);
  set.sha256 = data_sha256(set.files);
  return set;
}

std::vector<PairText> load_pair_texts(const DataSource& data, const text::Tokenizer& tokenizer,
                                      const std::vector<std::int64_t>& rows) {
  const std::filesystem::path& file = data.path;
  std::vector<PairText> texts(rows.size());
  std::unordered_set<std::int64_t> wanted(rows.begin(), rows.end());
  PairTextReader reader(tokenizer, true);
  load_rows(data, [&](const DataRow& row) {
    if (wanted.erase(row.index) == 0) return !wanted.empty();
    if (row.value == nullptr) throw DataError(at_row(row, file, row.problem));
    try {
      PairForm form{};
      const PairText text = reader.read(*row.value, form);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == row.index) texts[i] = text;
      }
    } catch (const std::runtime_error& error) {
      throw DataError(at_row(row, file, message_of(error)));
    }
    return !wanted.empty();
  });
  if (!wanted.empty()) {
    throw DataError(Message::tr("%1 has no row %2", file, *std::min_element(wanted.begin(), wanted.end())));
  }
  return texts;
}

}  // namespace bandscope::data
