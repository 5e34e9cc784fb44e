// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/remote_rows.h"

#include "app/server/server_paths.h"
#include "core/error.h"
#include "core/input/json.h"
#include "training/data/pair_text.h"

namespace bandscope::app {
namespace {

constexpr std::int64_t rows_looked_at = 16;

}  // namespace

DataSummary summary_of_rows(const wire::Json& answer, const DataQuestion& question) {
  DataSummary look{question.file, nullptr, nullptr, question.options, {}, false, {}, question.split, true};
  const auto rows = answer.find("rows");
  if (rows == answer.end() || !rows->is_array()) return look;
  auto survey = std::make_shared<data::PairSurvey>();
  data::PairTextReader reader(question.options.own_prompts);
  for (std::int64_t row = 0; row < rows_looked_at && std::size_t(row) < rows->size(); ++row) {
    const auto& text = (*rows)[std::size_t(row)];
    const auto value =
        text.is_string() ? try_ordered_json(text.get_ref<const std::string&>()) : std::optional<data::RowValue>();
    if (!value) continue;
    try {
      data::PairForm form{};
      data::SurveyedPair pair{reader.read(*value, form), {}};
      pair.ids.row = row;
      if (survey->form.empty()) survey->form = data::form_name(form);
      if (pair.text.label && !*pair.text.label) std::swap(pair.text.prompt, pair.text.rejected_prompt);
      survey->examples.push_back(std::move(pair));
    } catch (const data::RowProblem&) {
      // The engine skips such rows, too.
    } catch (const std::exception& error) {
      look.problem = message_of(error);
      return look;
    }
  }
  if (!survey->examples.empty()) look.survey = std::move(survey);
  return look;
}

void RemoteRows::cancel() {
  ++wanted_;
  asked_.clear();
}

void RemoteRows::look(ServerLink* server, const DataQuestion& question) {
  const QString key = QStringLiteral("%1\n%2\n%3\n%4")
                          .arg(server->address().id, question.file, question.split)
                          .arg(question.options.own_prompts);
  if (key == asked_) return;
  ++wanted_;
  asked_ = key;
  const auto place = rooted_path(*server, question.file);
  if (!place) return Q_EMIT found(summary_of_rows({}, question));
  wire::Json rows = wire::Json::array();
  for (std::int64_t row = 0; row < rows_looked_at; ++row) rows.push_back(std::uint64_t(row));
  wire::Json fields = {
      {"root", place->root.toStdString()}, {"path", place->path.toStdString()}, {"rows", std::move(rows)}};
  if (!question.split.isEmpty()) fields["split"] = question.split.toStdString();
  server->ask(wire::Ask::data_rows, std::move(fields), this,
              [this, mine = wanted_, question](const wire::Outcome& outcome) {
                if (mine != wanted_) return;
                if (outcome.kind == wire::Outcome::Kind::lost) return cancel();
                DataSummary look = summary_of_rows(outcome.answered() ? outcome.fields : wire::Json(), question);
                // An engine that cannot show rows may train on them all the same.
                const bool cannot = outcome.kind == wire::Outcome::Kind::overdue ||
                                    outcome.refusal == wire::Refusal::unknown || outcome.refusal == wire::Refusal::busy;
                if (!outcome.answered() && !cannot) look.problem = outcome.words;
                Q_EMIT found(look);
              });
}

}  // namespace bandscope::app
