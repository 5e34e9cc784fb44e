// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_log.h"

#include <QStringList>
#include <algorithm>
#include <utility>

#include "app/base/number_text.h"
#include "app/base/plain_text.h"

namespace bandscope::app {
namespace {

/// Characters of a prompt that its row shows.
constexpr int shown_length = 200;

}  // namespace

QString state_text(const Answer& answer) {
  const QString tokens = AnswerLog::tr("%n tokens", nullptr, int(answer.tokens));
  const QString paced =
      answer.rate > 0 ? AnswerLog::tr("%1 · %2 tokens/s").arg(tokens, number_text(answer.rate, 1)) : tokens;
  switch (answer.state) {
    case AnswerState::waiting:
      return AnswerLog::tr("waits");
    case AnswerState::loading:
      return AnswerLog::tr("the model is loaded…");
    case AnswerState::growing:
      return answer.tokens > 0 ? paced + QStringLiteral(" …") : AnswerLog::tr("reads the prompt…");
    case AnswerState::done:
      return paced;
    case AnswerState::stopped:
      return answer.tokens > 0 ? AnswerLog::tr("stopped after %1").arg(tokens) : AnswerLog::tr("stopped");
    case AnswerState::failed:
      return AnswerLog::tr("failed");
  }
  return {};
}

int AnswerLog::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(entries_.size()); }
int AnswerLog::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QVariant AnswerLog::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const AnswerEntry& entry = entries_[std::size_t(index.row())];
  const auto& answers = entry.answers;
  const auto count = [&](AnswerState state) {
    return std::count_if(answers.begin(), answers.end(), [&](const Answer& a) { return a.state == state; });
  };
  if (role == Qt::ToolTipRole && index.column() == Question)
    return plain_text(entry.prompt.question.left(10 * shown_length));
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  if (index.column() == Question) return entry.prompt.question.left(shown_length).simplified();
  if (count(AnswerState::failed) > 0) return tr("failed");
  if (count(AnswerState::stopped) > 0) return tr("stopped");
  return tr("%1 of %2").arg(count_text(count(AnswerState::done)), count_text(qint64(answers.size())));
}

QVariant AnswerLog::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  return section == Question ? tr("Asked") : tr("Answers");
}

int AnswerLog::add(std::vector<AnswerEntry> entries) {
  const int first = int(entries_.size());
  if (entries.empty()) return first;
  beginInsertRows({}, first, first + int(entries.size()) - 1);
  std::move(entries.begin(), entries.end(), std::back_inserter(entries_));
  endInsertRows();
  return first;
}

void AnswerLog::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, columns - 1);
  if (!entries_.empty()) Q_EMIT dataChanged(index(0, State), index(rowCount() - 1, State));
}

}  // namespace bandscope::app
