// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/task.h"

#include <map>

#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/evaluation/field_source.h"
#include "training/evaluation/python_random.h"
#include "training/text/jinja_json.h"

namespace bandscope::evaluation {
namespace {

/// The seed of the harness's draw of few-shot examples.
constexpr std::uint64_t kFewshotSeed = 1234;

/// Documents are the same whatever the order of their columns.
std::string canonical(const Json& document) { return nlohmann::json(document).dump(); }

/// Where few-shot examples come from, and which of them a document gets.
class Sampler {
 public:
  Sampler(const TaskConfig& task, std::vector<Json> pool) : task_(task), pool_(std::move(pool)), random_(kFewshotSeed) {
    // As the harness compares them: also where neither is named.
    excludes_ = task.fewshot_split == task.test_split;
    if (excludes_)
      for (const Json& document : pool_) keys_.push_back(canonical(document));
  }

  const Json& document(std::size_t index) const { return pool_[index]; }

  std::vector<std::size_t> draw(std::size_t count, const Json& asked) {
    if (count == 0) return {};
    if (pool_.empty()) fail(0, count);
    return task_.first_n ? first(count, asked) : random(count, asked);
  }

 private:
  [[noreturn]] void fail(std::size_t have, std::size_t count) const {
    throw DataError(
        Message::at(task_.place("num_fewshot"),
                    Message::tr("there are %1 examples to choose from, and %2 are asked for", have, count)));
  }

  std::vector<std::size_t> first(std::size_t count, const Json& asked) const {
    std::vector<std::size_t> out;
    const std::string own = excludes_ ? canonical(asked) : std::string();
    for (std::size_t i = 0; i < pool_.size() && out.size() < count; ++i)
      if (!excludes_ || keys_[i] != own) out.push_back(i);
    if (out.size() < count) fail(out.size(), count);
    return out;
  }

  /// One more is drawn where the document itself may be among them; that one is left out.
  std::vector<std::size_t> random(std::size_t count, const Json& asked) {
    const std::size_t wanted = count + (excludes_ ? 1 : 0);
    if (pool_.size() < wanted) fail(pool_.size(), wanted);
    std::vector<std::size_t> drawn = random_.sample(pool_.size(), wanted);
    if (!excludes_) return drawn;
    const std::string own = canonical(asked);
    std::erase_if(drawn, [&](std::size_t i) { return keys_[i] == own; });
    if (drawn.size() > count) drawn.resize(count);
    if (drawn.size() == count) return drawn;
    // The document is among the examples more than once: drawn again without any of them.
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < pool_.size(); ++i)
      if (keys_[i] != own) others.push_back(i);
    if (others.size() < count) fail(others.size(), count);
    drawn = random_.sample(others.size(), count);
    for (std::size_t& i : drawn) i = others[i];
    return drawn;
  }

  const TaskConfig& task_;
  std::vector<Json> pool_;
  std::vector<std::string> keys_;
  bool excludes_ = false;
  PythonRandom random_;
};

class Builder {
 public:
  Builder(const TaskConfig& task, const TaskOptions& options) : task_(task), options_(options) {}

  BuiltTask build() {
    BuiltTask built;
    built.config = task_;
    built.shots = task_.shots.value_or(0);
    if (options_.shots && !(task_.shots && *task_.shots == 0)) built.shots = *options_.shots;
    const std::string split = task_.test_split ? *task_.test_split : *task_.validation_split;
    Documents documents = load_documents(task_, split, options_.data);
    built.documents = static_cast<std::int64_t>(documents.rows.size());
    built.files = documents.files;
    const auto sources = [&](Sources& from, const Json& text, const Json& target, const Json& choice) {
      const auto or_own = [](const Json& other, const Json& own) -> const Json& {
        return other.is_null() ? own : other;
      };
      from.text.emplace(task_, "doc_to_text", or_own(text, task_.doc_to_text), documents.columns);
      from.target.emplace(task_, "doc_to_target", or_own(target, task_.doc_to_target), documents.columns);
      if (const Json& choices = or_own(choice, task_.doc_to_choice); !choices.is_null())
        from.choice.emplace(task_, "doc_to_choice", choices, documents.columns);
    };
    sources(from_, nullptr, nullptr, nullptr);
    sources(examples_from_, task_.fewshot_text, task_.fewshot_target, task_.fewshot_choice);
    if (!task_.description.empty())
      description_.emplace(task_, "description", Json(task_.description), documents.columns);
    Sampler sampler(task_, built.shots > 0 ? pool(split, documents, built) : std::vector<Json>());
    const std::size_t count = options_.limit > 0
                                  ? std::min(documents.rows.size(), static_cast<std::size_t>(options_.limit))
                                  : documents.rows.size();
    for (std::size_t i = 0; i < count; ++i) {
      try {
        built.items.push_back(item(documents.rows[i], static_cast<std::int64_t>(i), built.shots, sampler));
      } catch (const DataError& error) {
        throw DataError(Message::tr("%1, document %2: %3", documents.source, i, error.message()));
      }
      built.items.back().several_targets = built.items.front().target.is_array();
    }
    return built;
  }

 private:
  std::vector<Json> pool(const std::string& split, const Documents& documents, BuiltTask& built) const {
    const auto load = [&](const std::string& name) {
      if (name == split) return documents.rows;
      Documents shots = load_documents(task_, name, options_.data);
      built.files.insert(built.files.end(), shots.files.begin(), shots.files.end());
      return std::move(shots.rows);
    };
    if (task_.fewshot_split) return load(*task_.fewshot_split);
    if (task_.samples) return *task_.samples;
    return load(task_.training_split     ? *task_.training_split
                : task_.validation_split ? *task_.validation_split
                                         : *task_.test_split);
  }

  /// Where text, answer and choices of a document come from.
  struct Sources {
    std::optional<FieldSource> text, target, choice;
  };

  std::string question(const Sources& from, const Json& document) const {
    const Json text = from.text->text(document);
    if (!text.is_string())
      throw DataError(Message::at(task_.place("doc_to_text"),
                                  Message::tr("gives %1; a text is needed (tasks with several questions per document "
                                              "are not read)",
                                              short_dump(nlohmann::json(text)))));
    return text.get<std::string>();
  }

  /// The answer of a few-shot example as text; nothing where it is empty.
  std::string answer(const Sources& from, const Json& document) const {
    Json target = from.target->target(document);
    if (from.choice && (target.is_number_integer() || target.is_boolean())) {
      const std::vector<std::string> choices = from.choice->choices(document);
      const std::int64_t index = target.is_boolean() ? target.get<bool>() : target.get<std::int64_t>();
      const std::int64_t at = index < 0 ? index + static_cast<std::int64_t>(choices.size()) : index;
      if (at < 0 || at >= static_cast<std::int64_t>(choices.size()))
        throw DataError(Message::at(task_.place("doc_to_target"),
                                    Message::tr("an example has the answer %1 of %2 choices", index, choices.size())));
      return choices[static_cast<std::size_t>(at)];
    }
    if (target.is_array() && !target.empty()) target = Json(target[0]);
    if (target.is_null()) return {};
    if (!target.is_string())
      throw DataError(Message::at(
          task_.place("doc_to_target"),
          Message::tr("the answer of an example is %1, a text is needed", short_dump(nlohmann::json(target)))));
    return target.get<std::string>();
  }

  /// Question and answer of an example; the same for every document that gets it.
  const std::pair<std::string, std::string>& example(std::size_t index, const Sampler& sampler) {
    const auto known = examples_.find(index);
    if (known != examples_.end()) return known->second;
    const Json& document = sampler.document(index);
    return examples_.emplace(index, std::pair(question(examples_from_, document), answer(examples_from_, document)))
        .first->second;
  }

  TaskItem item(const Json& document, std::int64_t number, std::int64_t shots, Sampler& sampler) {
    TaskItem item;
    item.doc = number;
    item.document = document;
    const std::string description = description_ ? python_text(description_->value(document)) : std::string();
    std::vector<Turn> turns;
    if (!description.empty()) turns.push_back({"system", description});
    std::string context = description;
    for (const std::size_t index : sampler.draw(static_cast<std::size_t>(shots), document)) {
      const auto& [asked, answered] = example(index, sampler);
      turns.push_back({"user", asked});
      context += asked;
      if (answered.empty()) continue;
      turns.push_back({"assistant", answered});
      context += task_.target_delimiter + answered + task_.fewshot_delimiter;
    }
    const std::string asked = question(from_, document);
    item.question = asked;
    turns.push_back({"user", asked});
    item.context = options_.chat ? options_.chat(turns) : context + asked;
    item.target = from_.target->target(document);
    if (from_.choice) item.choices = from_.choice->choices(document);
    const std::string delimiter = options_.chat ? std::string() : task_.target_delimiter;
    if (task_.output == OutputType::multiple_choice) {
      for (const std::string& choice : item.choices) item.continuations.push_back(delimiter + choice);
    } else if (task_.output == OutputType::loglikelihood) {
      if (!item.target.is_string())
        throw DataError(
            Message::at(task_.place("doc_to_target"),
                        Message::tr("gives %1, a text is needed", short_dump(nlohmann::json(item.target)))));
      item.continuations.push_back(item.target.get<std::string>());
    }
    return item;
  }

  const TaskConfig& task_;
  const TaskOptions& options_;
  Sources from_, examples_from_;
  std::optional<FieldSource> description_;
  std::map<std::size_t, std::pair<std::string, std::string>> examples_;
};

}  // namespace

BuiltTask build_task(const TaskConfig& config, const TaskOptions& options) { return Builder(config, options).build(); }

std::string python_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  std::int64_t bytes = 0;
  try {
    return text::jinja::to_text(text::jinja::value_of(value, bytes));
  } catch (const text::jinja::ValueError& error) {
    throw DataError(error.message());
  }
}

}  // namespace bandscope::evaluation
