// SPDX-License-Identifier: Apache-2.0
#include "training/tools.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/record/run_folder.h"
#include "core/schema/message_json.h"
#include "core/schema/orders.h"
#include "core/schema/spoken.h"
#include "core/spec/objective_choice.h"
#include "core/spec/run_spec.h"
#include "training/control/server.h"
#include "training/data/pairs.h"
#include "training/model/adapter.h"
#include "training/model/save.h"
#include "training/model/weight_files.h"
#include "training/text/tokenizer.h"

namespace bandscope {

int print_tokens(const std::string& model_dir, const std::string& file) {
  const text::Tokenizer tokenizer = text::Tokenizer::load(model_dir);
  const nlohmann::json texts = read_json(file);
  if (!texts.is_array()) throw DataError(Message::at(file, Message::tr("not a JSON array of strings")));
  nlohmann::json result = nlohmann::json::array();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].is_string()) throw DataError(Message::at(file, Message::tr("element %1 is not a string", i)));
    result.push_back(tokenizer.encode(texts[i].get_ref<const std::string&>()));
  }
  std::cout << result.dump() << '\n';
  return 0;
}

int print_pairs(const std::string& spec_file, std::int64_t count) {
  const RunSpec spec = load_run_specs(spec_file).front();
  const text::Tokenizer tokenizer = text::Tokenizer::load(spec.model.path);
  const data::PairSet set = data::load_pairs({spec.data.train, spec.data.split}, tokenizer,
                                             {count, spec.data.max_length, spec.data.max_prompt_length,
                                              objective_info(spec.objective).unpaired, spec.objective.name});
  for (const data::TokenPair& pair : set.pairs)
    std::cout << printable_lines(data::describe_pair(pair, tokenizer)) << '\n';
  for (const data::UnusableRow& row : set.examples)
    std::cout << "row " << row.row << " is not used: " << printable(row.reason.english()) << '\n';
  if (const std::string rows = data::further_rows(set); !rows.empty())
    std::cout << "… and rows " << rows << " are not used\n";
  for (const Message& note : tokenizer.notes())
    std::cerr << printable(spec.model.path.string() + ": " + note.english()) << '\n';
  for (const Message& note : set.notes)
    std::cerr << printable(spec.data.train.string() + ": " + note.english()) << '\n';
  return 0;
}

int merge_adapter(const std::string& model_dir, const std::string& adapter_dir, const std::string& out) {
  const auto decoder = model::Decoder::load(model_dir, {});
  for (const Message& note :
       {model::choose_weight_files(model_dir).note, decoder->unused(), model::choose_adapter_files(adapter_dir).note})
    if (!note.empty()) std::cerr << spoken(note);
  model::load_adapter(*decoder, adapter_dir);
  model::save_model(*decoder, model_dir, out, /*merge=*/true);
  std::cout << printable(out) << '\n';
  return 0;
}

int send_control(const std::string& run_folder, const std::vector<std::string>& request) {
  const Order order = order_of(request);
  const auto process = read_engine_process(run_folder);
  if (!process) throw DataError(Message::at(run_folder, Message::tr("no engine.json; the folder of a run is needed")));
  if (process->socket.empty() || !alive(*process).value_or(false))
    throw RunError(Message::at(run_folder, Message::tr("this run is not going on")));
  const std::string answer = control::ask_control(process->socket, to_request(order).dump());
  const std::optional<nlohmann::json> parsed = try_json(answer);
  if (!parsed || !parsed->is_object() || !parsed->contains("ok") || !(*parsed)["ok"].is_boolean())
    throw RunError(Message::at(run_folder, Message::tr("the run gave an answer that is not understood")));
  if (!(*parsed)["ok"].get<bool>()) {
    const auto error = parsed->find("error");
    if (error == parsed->end() || !error->is_string()) throw SpecError(Message::tr("the run refuses without a reason"));
    throw SpecError(message_of(error->get<std::string>(), parsed->value("message", nlohmann::json())));
  }
  // Letters beyond ASCII as JSON escapes: an answer may hold any of them, also such as terminals obey.
  std::cout << parsed->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) << '\n';
  return 0;
}

}  // namespace bandscope
