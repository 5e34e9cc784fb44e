// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/likelihood_tree.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "training/evaluation/row_runner.h"
#include "training/text/utf8.h"

namespace bandscope::evaluation {
namespace {

/// A row of hidden states whose prediction is asked for.
struct Wanted {
  std::int64_t row = 0, target = 0;
  std::size_t request = 0;
};

/// Requests [begin, end) of the sorted ones, which have their first `depth` tokens in common.
struct Range {
  std::size_t begin, end;
  std::int64_t depth;
};

class Tree {
 public:
  Tree(const LanguageModel& model, std::span<const LikelihoodRequest> requests, const TokenProgress& progress,
       const TreeOptions& options)
      : model_(model),
        requests_(requests),
        progress_(progress),
        options_(options),
        path_(model.decoder),
        answers_(requests.size()) {
    order_.resize(requests.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return requests[a].input < requests[b].input; });
    // new_before_[i]: tokens that the requests before i bring that their forerunners do not have.
    common_.resize(order_.size());
    new_before_.resize(order_.size() + 1);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      common_[i] = i == 0 || !options.share ? 0 : common(input(i - 1), input(i));
      new_before_[i + 1] = new_before_[i] + length(i) - common_[i];
    }
  }

  std::vector<LikelihoodAnswer> run() {
    if (options_.share) {
      visit({0, order_.size(), 0});
    } else {
      for (std::size_t i = 0; i < order_.size(); ++i) visit({i, i + 1, 0});
    }
    return std::move(answers_);
  }

 private:
  const std::vector<text::TokenId>& input(std::size_t i) const { return requests_[order_[i]].input; }
  std::int64_t length(std::size_t i) const { return static_cast<std::int64_t>(input(i).size()); }
  static std::int64_t common(const std::vector<text::TokenId>& a, const std::vector<text::TokenId>& b) {
    const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return end - a.begin();
  }
  /// Tokens of the tree's part below `depth`.
  std::int64_t tokens(const Range& range) const {
    return length(range.begin) - range.depth + new_before_[range.end] - new_before_[range.begin + 1];
  }
  /// What all of them have in common.
  std::int64_t stem(const Range& range) const {
    std::int64_t shared = length(range.begin);
    for (std::size_t i = range.begin + 1; i < range.end; ++i) shared = std::min(shared, common_[i]);
    return shared;
  }

  /// Everything below a path of `depth` tokens, which is kept.
  void visit(Range range) {
    // Requests that end here have had all of theirs.
    while (range.begin < range.end && length(range.begin) == range.depth) ++range.begin;
    TokenRow row;
    std::vector<Wanted> wanted;
    const auto flush = [&] {
      if (row.ids.empty()) return;
      answer(run_row(model_, path_, range.depth, row), wanted);
      row = {};
      wanted.clear();
    };
    for (std::size_t begin = range.begin; begin < range.end;) {
      std::size_t end = begin + 1;
      while (end < range.end && common_[end] > range.depth) ++end;
      const Range child{begin, end, range.depth};
      const std::int64_t size = tokens(child);
      const bool chain = stem(child) == range.depth + size;
      begin = end;
      if (size > (chain ? options_.row : options_.branch)) {
        visit_stem(child);
        continue;
      }
      if (row.size() + size > options_.row) flush();
      append(child, row, wanted);
    }
    flush();
  }

  /// A child that is too large for a row: its stem extends the path.
  void visit_stem(const Range& child) {
    const std::int64_t end = stem(child);
    for (std::int64_t at = child.depth; at < end;) {
      const std::int64_t next = std::min(end, at + options_.row);
      std::vector<Wanted> wanted;
      for (std::size_t i = child.begin; i < child.end; ++i)
        want(
            i, at, next, [&](std::int64_t place) { return place - at; }, wanted);
      path_.truncate(at);
      const auto first = input(child.begin).data();
      answer(extend_path(model_, path_, {first + at, first + next}), wanted);
      at = next;
    }
    visit({child.begin, child.end, end});
    path_.truncate(child.depth);
  }

  /// A child as a piece of the row.
  void append(const Range& child, TokenRow& row, std::vector<Wanted>& wanted) {
    Piece piece;
    piece.begin = row.size();
    std::vector<std::int64_t> path;  // row of each place of the present request, from `depth`
    bool chain = true;
    for (std::size_t i = child.begin; i < child.end; ++i) {
      const std::int64_t kept = i == child.begin ? child.depth : std::max(common_[i], child.depth);
      if (kept - child.depth < static_cast<std::int64_t>(path.size()) && kept < length(i)) chain = false;
      path.resize(static_cast<std::size_t>(kept - child.depth));
      for (std::int64_t place = kept; place < length(i); ++place) {
        piece.parents.push_back(path.empty() ? -1 : path.back() - piece.begin);
        path.push_back(row.size());
        row.ids.push_back(input(i)[static_cast<std::size_t>(place)]);
        row.positions.push_back(place);
      }
      want(
          i, child.depth, length(i),
          [&](std::int64_t place) { return path[static_cast<std::size_t>(place - child.depth)]; }, wanted);
    }
    piece.end = row.size();
    if (chain) piece.parents.clear();
    row.pieces.push_back(std::move(piece));
  }

  /// Which of the places [from, to) of a request predict its targets.
  template <class RowOf>
  void want(std::size_t i, std::int64_t from, std::int64_t to, RowOf&& row_of, std::vector<Wanted>& wanted) const {
    const std::vector<text::TokenId>& targets = requests_[order_[i]].targets;
    const std::int64_t first = length(i) - static_cast<std::int64_t>(targets.size());
    for (std::int64_t place = std::max(from, first); place < std::min(to, length(i)); ++place)
      wanted.push_back({row_of(place), targets[static_cast<std::size_t>(place - first)], order_[i]});
  }

  void answer(const at::Tensor& states, std::vector<Wanted>& wanted) {
    done_ += states.size(0);
    if (progress_) progress_(done_, new_before_.back());
    if (wanted.empty()) return;
    const at::NoGradGuard no_grad;
    std::stable_sort(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) { return a.row < b.row; });
    const std::int64_t vocabulary = model_.decoder.config().vocab_size;
    const std::int64_t most =
        std::max<std::int64_t>(1, options_.head_bytes / (vocabulary * std::int64_t{sizeof(float)}));
    for (std::size_t begin = 0; begin < wanted.size();) {
      std::vector<std::int64_t> rows, places, targets;
      std::size_t end = begin;
      for (; end < wanted.size(); ++end) {
        if (rows.empty() || rows.back() != wanted[end].row) {
          if (static_cast<std::int64_t>(rows.size()) == most) break;
          rows.push_back(wanted[end].row);
        }
        places.push_back(static_cast<std::int64_t>(rows.size()) - 1);
        targets.push_back(wanted[end].target);
      }
      const at::Device device = states.device();
      const at::Tensor logits = logits_of(model_, states.index_select(0, id_tensor(rows, device)));
      const at::Tensor row = id_tensor(places, device);
      const at::Tensor likeliest = logits.argmax(-1).index_select(0, row).to(at::kCPU);
      const at::Tensor normaliser = at::logsumexp(logits, -1).index_select(0, row);
      const at::Tensor chosen = logits.view({-1}).index_select(0, row * vocabulary + id_tensor(targets, device));
      const at::Tensor values = (chosen - normaliser).to(at::kCPU).contiguous();
      const auto* log_probs = values.const_data_ptr<float>();
      const auto* best = likeliest.const_data_ptr<std::int64_t>();
      for (std::size_t i = begin; i < end; ++i) {
        LikelihoodAnswer& answer = answers_[wanted[i].request];
        answer.log_likelihood += static_cast<double>(log_probs[i - begin]);
        answer.greedy = answer.greedy && best[i - begin] == wanted[i].target;
      }
      begin = end;
    }
  }

  const LanguageModel& model_;
  std::span<const LikelihoodRequest> requests_;
  const TokenProgress& progress_;
  TreeOptions options_;
  PathCache path_;
  std::vector<LikelihoodAnswer> answers_;
  std::vector<std::size_t> order_;
  std::vector<std::int64_t> common_;  ///< tokens that a sorted request shares with the one before it
  std::vector<std::int64_t> new_before_;
  std::int64_t done_ = 0;
};

/// Bytes of the white space at a text's end.
std::size_t blanks_at_end(const std::string& text) {
  std::size_t end = text.size();
  while (end > 0) {
    std::size_t begin = end - 1, length = 0;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
    if (text::utf8_sequence(text, begin) == 0 || !text::is_white_space(text::utf8_at(text, begin, length))) break;
    end = begin;
  }
  return text.size() - end;
}

}  // namespace

LikelihoodRequest likelihood_request(const LanguageModel& model, const std::string& context,
                                     const std::string& continuation) {
  std::vector<text::TokenId> before, all;
  if (context.empty()) {
    std::vector<text::TokenId> own = model.tokenizer.encode(continuation);
    if (own.empty() || own.front() != model.first_id())
      before = {model.first_id()};
    else
      before = {own.front()}, own.erase(own.begin());
    all = before;
    all.insert(all.end(), own.begin(), own.end());
  } else {
    const std::size_t text = context.size() - blanks_at_end(context);
    before = model.encode(context.substr(0, text));
    all = model.encode(context + continuation);
    // Where the two are cut into tokens differently, the context's tokens are those of the context alone.
    const std::size_t from = std::min(before.size(), all.size());
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(from));
    all.insert(all.begin(), before.begin(), before.end());
  }
  const std::size_t targets = all.size() - before.size();
  const auto most = static_cast<std::size_t>(model.max_length);
  if (targets == 0 || before.empty())
    throw DataError(Message::tr("the continuation \"%1\" has no tokens of its own behind its context", continuation));
  if (targets > most)
    throw DataError(Message::tr("a continuation has %1 tokens, and the model takes %2", targets, most));
  LikelihoodRequest request;
  request.targets.assign(all.end() - static_cast<std::ptrdiff_t>(targets), all.end());
  all.pop_back();
  if (all.size() > most) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most));
  request.input = std::move(all);
  return request;
}

std::vector<LikelihoodAnswer> log_likelihoods(const LanguageModel& model, std::span<const LikelihoodRequest> requests,
                                              const TokenProgress& progress, const TreeOptions& options) {
  if (requests.empty()) return {};
  const std::int64_t vocabulary = model.decoder.config().vocab_size;
  for (const LikelihoodRequest& request : requests)
    for (const auto* ids : {&request.input, &request.targets})
      for (const text::TokenId id : *ids)
        if (id < 0 || id >= vocabulary)
          throw DataError(Message::tr("the tokenizer gives id %1 where the model has %2 embeddings", id, vocabulary));
  return Tree(model, requests, progress, options).run();
}

}  // namespace bandscope::evaluation
