// SPDX-License-Identifier: Apache-2.0
// `bandscope-engine tokens`: the log-probability of every token of one pair, before training and as the newest
// checkpoint of each run has it. Records keep what the steps did to whole responses; this says where in them it
// happened.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/error.h"
#include "core/input/sha256.h"
#include "core/record/record_reader.h"
#include "core/spec/run_spec.h"
#include "training/data/pair_text.h"
#include "training/data/pairs.h"
#include "training/data/trained_data.h"
#include "training/likelihood/reference.h"
#include "training/model/adapter.h"
#include "training/model/decoder.h"
#include "training/tools.h"
#include "training/trainer/checkpoint.h"
#include "training/trainer/environment.h"
#include "training/trainer/hash_cache.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

model::Decoder::Options options_of(const RunSpec& spec) {
  model::Decoder::Options options;
  options.compute = spec.model.dtype == Dtype::bfloat16 ? at::kBFloat16 : at::kFloat;
  options.quantize = spec.model.tuning == Tuning::qlora;
  Message reason;
  options.device = trainer::resolve_device(spec.run.device, reason);
  return options;
}

/// Weights as a folder of a run or of a model says them: a checkpoint's adapter needs the model under it. The model
/// that was loaded last stays, and so does what a whole model said, so that runs on one model load it once.
class Weights {
 public:
  likelihood::TokenLogProbs values(const RunSpec& spec, const fs::path& folder, const data::TokenPair& pair) {
    const bool adapter = is_there(folder / "adapter_model.safetensors");
    const Key whole = key_of(folder, options_of(spec));
    for (const Computed& one : computed_) {
      if (!adapter && one.key == whole && one.prompt == pair.prompt && one.chosen == pair.chosen &&
          one.rejected == pair.rejected && one.rejected_prompt == pair.rejected_prompt)
        return one.values;
    }
    model::Decoder& decoder = model(spec, adapter ? spec.model.path : folder);
    if (adapter) {
      for (model::Linear* layer : decoder.projections()) layer->lora.reset();  // of another run
      model::load_adapter(decoder, folder);
    }
    const std::int64_t vocabulary = decoder.config().vocab_size;
    for (const auto* ids : {&pair.prompt, &pair.chosen, &pair.rejected, &pair.rejected_prompt}) {
      for (const text::TokenId id : *ids) {
        if (id < 0 || id >= vocabulary)
          throw DataError(Message::at(folder, Message::tr("has no embedding for token %1", id)));
      }
    }
    const data::TokenPair* const one[] = {&pair};
    likelihood::TokenLogProbs values = std::move(likelihood::log_probs_of(decoder, adapter, one).front());
    if (!adapter) computed_.push_back({whole, pair.prompt, pair.chosen, pair.rejected, pair.rejected_prompt, values});
    return values;
  }

 private:
  using Key = std::tuple<fs::path, at::ScalarType, bool, std::string>;
  struct Computed {
    Key key;
    std::vector<text::TokenId> prompt, chosen, rejected, rejected_prompt;
    likelihood::TokenLogProbs values;
  };

  static Key key_of(const fs::path& folder, const model::Decoder::Options& options) {
    return {fs::weakly_canonical(folder), options.compute, options.quantize, options.device.str()};
  }

  model::Decoder& model(const RunSpec& spec, const fs::path& folder) {
    const auto options = options_of(spec);
    const Key key = key_of(folder, options);
    if (!decoder_ || key != key_) {
      decoder_.reset();  // before the next: two need not fit
      decoder_ = model::Decoder::load(folder, options);
      key_ = key;
    }
    return *decoder_;
  }

  Key key_;
  std::unique_ptr<model::Decoder> decoder_;
  std::vector<Computed> computed_;
};

nlohmann::json tokens_of(const std::vector<text::TokenId>& ids, const text::Tokenizer& tokenizer,
                         const std::vector<float>* before, const std::vector<float>* after) {
  nlohmann::json out = nlohmann::json::array();
  // What stands in the text is the difference that a token makes to it. A token may be a part of a letter only: then
  // the text of all of its parts is that of the last one.
  std::string text;
  std::vector<text::TokenId> so_far;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    so_far.push_back(ids[i]);
    const std::string now = tokenizer.decode(so_far);
    const bool part = now.ends_with("\xEF\xBF\xBD") && i + 1 < ids.size();
    std::string shown;
    if (!part) {
      shown = now.starts_with(text) ? now.substr(text.size()) : tokenizer.token_text(ids[i]);
      text = now;
    }
    nlohmann::json token = {{"id", ids[i]}, {"token", tokenizer.token_text(ids[i])}, {"text", shown}};
    if (before) token["before"] = (*before)[i];
    if (after) token["after"] = (*after)[i];
    out.push_back(std::move(token));
  }
  return out;
}

/// The data must be what the run was trained on: otherwise the row is another pair.
void check_data(const RunSpec& spec, const fs::path& run_folder) {
  const auto reader = RecordReader::open(run_folder / "run.h5");
  const data::DataSource data{spec.data.train, spec.data.split};
  if (!data::TrainedData().same(data, data::trained_digest(reader.environment_json()), trainer::file_sha256))
    throw DataError(data::not_the_trained(spec.data.train));
}

}  // namespace

namespace {

/// The pair of a row; or of two, where rows are of one response: a wanted one and an unwanted one.
data::TokenPair read_pair(const RunSpec& spec, const text::Tokenizer& tokenizer, std::int64_t row, std::int64_t row_l) {
  const bool two = row_l >= 0 && row_l != row;
  const std::vector<std::int64_t> rows = two ? std::vector{row, row_l} : std::vector{row};
  const auto texts = data::load_pair_texts({spec.data.train, spec.data.split}, tokenizer, rows);
  const data::PairOptions options{0, spec.data.max_length, spec.data.max_prompt_length};
  const auto tokens = [&](std::size_t i) {
    data::TokenPair pair = data::tokenize_pair(texts[i], tokenizer, options);
    pair.row = rows[i];
    return pair;
  };
  if (!two) {
    if (texts.front().label)
      throw DataError(Message::tr("row %1 is one response with a label; --row-l names the other of the pair", row));
    return tokens(0);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const bool wanted = i == 0;
    if (texts[i].label != wanted)
      throw DataError(wanted ? Message::tr("row %1 is no response whose label is true", row)
                             : Message::tr("row %1 is no response whose label is false", row_l));
  }
  return data::joined(tokens(0), tokens(1));
}

/// One line of JSON for one run.
void print_run(Weights& weights, const std::string& run_folder, std::int64_t row, std::int64_t row_l,
               const std::string& from, const std::string& to) {
  const RunSpec spec = load_run_specs(fs::path(run_folder) / "spec.toml").front();
  const auto newest = trainer::newest_checkpoint(run_folder);
  if (to.empty() && !newest)
    throw DataError(Message::at(run_folder, Message::tr("has no checkpoint yet; a run writes one at its end, when it "
                                                        "is asked to, and every [checkpoint] every steps")));
  const fs::path after = to.empty() ? *newest : fs::path(to);
  const fs::path before = !from.empty()                  ? fs::path(from)
                          : spec.model.reference.empty() ? spec.model.path
                                                         : spec.model.reference;
  check_data(spec, run_folder);
  const text::Tokenizer tokenizer = text::Tokenizer::load(spec.model.path);
  const data::TokenPair pair = read_pair(spec, tokenizer, row, row_l);
  const likelihood::TokenLogProbs was = weights.values(spec, before, pair);
  const likelihood::TokenLogProbs is = weights.values(spec, after, pair);
  nlohmann::json out = {{"row", row},
                        {"row_l", pair.rejected_row()},
                        {"before", before.filename().empty() ? before.string() : before.filename().string()},
                        {"after", after.filename().string()},
                        {"prompt", tokens_of(pair.prompt, tokenizer, nullptr, nullptr)},
                        {"chosen", tokens_of(pair.chosen, tokenizer, &was.chosen, &is.chosen)},
                        {"rejected", tokens_of(pair.rejected, tokenizer, &was.rejected, &is.rejected)}};
  if (pair.own_prompts()) out["rejected_prompt"] = tokens_of(pair.rejected_prompt, tokenizer, nullptr, nullptr);
  if (is_there(after / "trainer.json")) out["step"] = trainer::read_trainer_state(after).at("step");
  // At once: the reader need not wait for the next run. Letters beyond ASCII as JSON escapes, also such as terminals
  // obey.
  std::cout << out.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) << std::endl;
}

}  // namespace

int print_token_log_probs(const std::vector<std::string>& run_folders, std::int64_t row, std::int64_t row_l,
                          const std::string& from, const std::string& to) {
  if (run_folders.size() > 1 && (!from.empty() || !to.empty()))
    throw SpecError(Message::tr("--from and --to name the weights of one run; %1 are given", run_folders.size()));
  Weights weights;
  for (const auto& folder : run_folders) print_run(weights, folder, row, row_l, from, to);
  return 0;
}

}  // namespace bandscope
