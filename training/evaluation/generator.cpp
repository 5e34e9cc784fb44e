// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/generator.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "training/evaluation/row_runner.h"
#include "training/evaluation/settled_text.h"
#include "training/evaluation/slot_cache.h"
#include "training/evaluation/token_choice.h"

namespace bandscope::evaluation {
namespace {

/// A stop text and how many of the last tokens can hold it.
struct Stop {
  std::string text;
  std::size_t tokens;
};

/// An answer that goes on.
struct Slot {
  std::size_t request = 0;
  std::vector<text::TokenId> made;
  std::unordered_set<text::TokenId> said;  ///< of the prompt and the answer
  std::mt19937_64 random;
  std::vector<Stop> stops;
  std::string given;  ///< of the answer's text, as pieces
};

class Batch {
 public:
  Batch(const LanguageModel& model, std::span<const GenerationRequest> requests, std::vector<std::size_t> queue,
        std::vector<std::string>& texts, const AnswerHandler& ended, const GeneratorOptions& options)
      : model_(model),
        requests_(requests),
        queue_(std::move(queue)),
        texts_(texts),
        ended_(ended),
        options_(options),
        path_(model.decoder),
        places_(places()),
        cache_(model.decoder, places_) {}

  void run() {
    extend_shared();
    std::size_t next = 0;
    while (next < queue_.size() || !slots_.empty()) {
      if (options_.before_step) options_.before_step();
      next = admit(next);
      if (!slots_.empty()) step();
    }
  }

 private:
  const std::vector<text::TokenId>& prompt(std::size_t queued) const { return requests_[queue_[queued]].prompt; }

  std::int64_t places() {
    // What all prompts share, but for one token of each: its prediction is what begins the answer.
    shared_ = static_cast<std::int64_t>(prompt(0).size()) - 1;
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const auto most = std::min<std::int64_t>(shared_, static_cast<std::int64_t>(prompt(i).size()) - 1);
      const auto end = prompt(0).begin() + most;
      shared_ = std::mismatch(prompt(0).begin(), end, prompt(i).begin()).first - prompt(0).begin();
    }
    for (std::size_t i = 0; i < queue_.size(); ++i)
      longest_ =
          std::max(longest_, static_cast<std::int64_t>(prompt(i).size()) - shared_ + requests_[queue_[i]].max_tokens);
    const std::int64_t fits = options_.cache_bytes / (PathCache::bytes_per_token(model_.decoder) * longest_);
    return std::clamp<std::int64_t>(std::min(options_.places, fits), 1, static_cast<std::int64_t>(queue_.size()));
  }

  void extend_shared() {
    cache_.reserve(std::min<std::int64_t>(longest_, 256));
    for (std::int64_t at = 0; at < shared_; at += options_.row) {
      const auto* first = prompt(0).data();
      extend_path(model_, path_, {first + at, first + std::min(shared_, at + options_.row)});
    }
  }

  /// Reads prompts into the free places, as many as a row holds; the first that is left in the queue.
  std::size_t admit(std::size_t next) {
    if (next >= queue_.size() || static_cast<std::int64_t>(slots_.size()) >= places_) return next;
    TokenRow row;
    std::vector<std::int64_t> last;
    const std::size_t first_slot = slots_.size();
    while (next < queue_.size() && static_cast<std::int64_t>(slots_.size()) < places_) {
      const auto& ids = prompt(next);
      const auto own = static_cast<std::int64_t>(ids.size()) - shared_;
      if (row.size() > 0 && row.size() + own > options_.row) break;
      Piece piece{row.size(), row.size() + own, {}};
      for (std::int64_t at = shared_; at < shared_ + own; ++at) {
        row.ids.push_back(ids[static_cast<std::size_t>(at)]);
        row.positions.push_back(at);
      }
      row.pieces.push_back(std::move(piece));
      last.push_back(row.size() - 1);
      slots_.push_back(slot(queue_[next]));
      reserve(own + 1);
      ++next;
    }
    const at::Tensor states =
        run_row(model_, path_, shared_, row, [&](std::size_t block, const at::Tensor& k, const at::Tensor& v) {
          for (std::size_t i = 0; i < row.pieces.size(); ++i)
            cache_.put(block, first_slot + i, k.slice(0, row.pieces[i].begin, row.pieces[i].end),
                       v.slice(0, row.pieces[i].begin, row.pieces[i].end));
        });
    for (std::size_t i = 0; i < row.pieces.size(); ++i)
      cache_.set_length(first_slot + i, row.pieces[i].end - row.pieces[i].begin);
    choose(first_slot, states.index_select(0, id_tensor(last, states.device())));
    return next;
  }

  Slot slot(std::size_t request) const {
    Slot slot;
    slot.request = request;
    slot.random.seed(requests_[request].seed);
    for (const std::string& text : requests_[request].until)
      if (!text.empty()) slot.stops.push_back({text, model_.tokenizer.encode(text).size() + 2});
    return slot;
  }

  void reserve(std::int64_t tokens) {
    if (tokens > reserved_) {
      reserved_ = std::min(longest_, (tokens + 255) / 256 * 256);
      cache_.reserve(reserved_);
    }
  }

  /// One token more of every answer.
  void step() {
    std::vector<std::int64_t> ids, positions;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      ids.push_back(slots_[i].made.back());
      positions.push_back(shared_ + cache_.length(i));
      reserve(cache_.length(i) + 1);
    }
    const at::NoGradGuard no_grad;
    model::PassContext context;
    context.compute = model_.decoder.options().compute;
    context.adapters = model_.adapters;
    context.attend = [&](std::size_t block, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
      const std::int64_t window = model_.decoder.blocks()[block].window;
      return with_prefix(cache_.step(block, q, k, v, shared_, window), q, path_, block, shared_, window, positions,
                         score_rule(model_.decoder.config()));
    };
    model::PackedRow packed;
    packed.ids = id_tensor(ids, model_.decoder.options().device);
    packed.positions = id_tensor(positions, model_.decoder.options().device);
    const at::Tensor states = model_.decoder.forward(packed, context).states;
    for (std::size_t i = 0; i < slots_.size(); ++i) cache_.set_length(i, cache_.length(i) + 1);
    choose(0, states);
  }

  /// The next token of the slots from `first` on, by their states; those that end leave.
  void choose(std::size_t first, const at::Tensor& states) {
    at::Tensor logits = logits_of(model_, states).to(at::kCPU).contiguous();
    const auto vocabulary = static_cast<std::size_t>(logits.size(1));
    auto* rows = logits.mutable_data_ptr<float>();
    std::vector<std::size_t> over;
    for (std::size_t i = first; i < slots_.size(); ++i) {
      Slot& slot = slots_[i];
      const GenerationRequest& request = requests_[slot.request];
      const std::span<float> own(rows + (i - first) * vocabulary, vocabulary);
      if (slot.said.empty()) slot.said.insert(request.prompt.begin(), request.prompt.end());
      penalize(own, slot.said, model_.repetition_penalty);
      slot.made.push_back(next_token(own, request, slot.random));
      slot.said.insert(slot.made.back());
      if (ends(slot, request))
        over.push_back(i);
      else if (options_.grew)
        give_piece(slot);
    }
    for (auto i = over.rbegin(); i != over.rend(); ++i) leave(*i);
  }

  bool ends(const Slot& slot, const GenerationRequest& request) const {
    if (static_cast<std::int64_t>(slot.made.size()) >= request.max_tokens) return true;
    if (std::find(model_.ends.begin(), model_.ends.end(), slot.made.back()) != model_.ends.end()) return true;
    return std::any_of(slot.stops.begin(), slot.stops.end(), [&](const Stop& stop) {
      const std::size_t count = std::min(stop.tokens, slot.made.size());
      const std::vector<text::TokenId> tail(slot.made.end() - static_cast<std::ptrdiff_t>(count), slot.made.end());
      return model_.tokenizer.decode(tail).find(stop.text) != std::string::npos;
    });
  }

  /// What an answer of these tokens would be, were they all.
  std::string text_of(const Slot& slot) const {
    std::vector<text::TokenId> shown;
    for (const text::TokenId id : slot.made)
      if (!model_.tokenizer.is_special(id)) shown.push_back(id);
    std::string text = model_.tokenizer.decode(shown);
    for (const Stop& stop : slot.stops) text.resize(std::min(text.find(stop.text), text.size()));
    if (const std::string end = model_.tokenizer.eos_text(); !end.empty())
      text.resize(std::min(text.find(end), text.size()));
    return text;
  }

  void give_piece(Slot& slot) const {
    std::vector<std::string> ends{model_.tokenizer.eos_text()};
    for (const Stop& stop : slot.stops) ends.push_back(stop.text);
    std::string text = text_of(slot);
    text.resize(settled_size(text, ends));
    std::string piece;
    if (text.size() > slot.given.size() && text.starts_with(slot.given)) {
      piece = text.substr(slot.given.size());
      slot.given = std::move(text);
    }
    options_.grew(slot.request, piece, static_cast<std::int64_t>(slot.made.size()));
  }

  void leave(std::size_t i) {
    const Slot& slot = slots_[i];
    const std::string text = text_of(slot);
    texts_[slot.request] = text;
    if (ended_) ended_(slot.request, text, static_cast<std::int64_t>(slot.made.size()));
    // The last one takes the place, so that those that go on lie side by side.
    const std::size_t last = slots_.size() - 1;
    cache_.move(last, i);
    if (i != last) slots_[i] = std::move(slots_[last]);
    slots_.pop_back();
  }

  const LanguageModel& model_;
  std::span<const GenerationRequest> requests_;
  std::vector<std::size_t> queue_;
  std::vector<std::string>& texts_;
  const AnswerHandler& ended_;
  GeneratorOptions options_;
  std::int64_t shared_ = 0, longest_ = 1, reserved_ = 0;
  PathCache path_;
  std::int64_t places_;
  SlotCache cache_;
  std::vector<Slot> slots_;
};

}  // namespace

std::vector<text::TokenId> prompt_ids(const LanguageModel& model, const std::string& prompt, std::int64_t max_tokens) {
  const std::int64_t most = model.max_length - max_tokens;
  if (most <= 0)
    throw DataError(Message::tr("an answer may have %1 tokens, and the model takes %2 with the prompt", max_tokens,
                                model.max_length));
  std::vector<text::TokenId> ids = model.encode(prompt);
  if (ids.empty()) ids.push_back(model.first_id());
  if (static_cast<std::int64_t>(ids.size()) > most) ids.erase(ids.begin(), ids.end() - most);
  return ids;
}

std::vector<std::string> generate(const LanguageModel& model, std::span<const GenerationRequest> requests,
                                  const AnswerHandler& ended, const GeneratorOptions& options) {
  std::vector<std::string> texts(requests.size());
  const std::int64_t vocabulary = model.decoder.config().vocab_size;
  // Prompts that were cut on their left have another beginning than the others: they would leave nothing in common.
  std::vector<std::size_t> whole, cut;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    for (const text::TokenId id : requests[i].prompt)
      if (id < 0 || id >= vocabulary)
        throw DataError(Message::tr("the tokenizer gives id %1 where the model has %2 embeddings", id, vocabulary));
    const auto size = static_cast<std::int64_t>(requests[i].prompt.size());
    (size >= model.max_length - requests[i].max_tokens ? cut : whole).push_back(i);
  }
  for (std::vector<std::size_t>* queue : {&whole, &cut}) {
    if (queue->empty()) continue;
    // Prompts of a size read best side by side; the longest first, so that what takes longest does not begin last.
    std::stable_sort(queue->begin(), queue->end(), [&](std::size_t a, std::size_t b) {
      return requests[a].prompt.size() > requests[b].prompt.size();
    });
    Batch(model, requests, *queue, texts, ended, options).run();
  }
  return texts;
}

}  // namespace bandscope::evaluation
