// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_model.h"

#include <QColor>

#include "app/help/terms.h"
#include "app/library/run_cells.h"
#include "app/page/pathway_words.h"
#include "app/window/look.h"
#include "core/band/band.h"

namespace bandscope::app {
namespace {

double number(const PairRow& row, PairModel::Column column) {
  switch (column) {
    case PairModel::Row:
      return double(row.row);
    case PairModel::ChangeW:
      return row.z_w - row.z_w_ref;
    case PairModel::ChangeL:
      return row.z_l - row.z_l_ref;
    case PairModel::Zw:
      return row.z_w;
    case PairModel::Zl:
      return row.z_l;
    case PairModel::Margin:
      return row.z_w - row.z_l;
    case PairModel::Dw:
      return row.d_w;
    case PairModel::Dl:
      return row.d_l;
    case PairModel::TokensW:
      return double(row.tokens_w);
    case PairModel::TokensL:
      return double(row.tokens_l);
    case PairModel::Step:
      return double(row.step);
    default:
      return 0;
  }
}

}  // namespace

void PairModel::setRows(std::vector<PairRow> rows) {
  if (rows.size() == rows_.size()) {
    rows_ = std::move(rows);
    if (!rows_.empty()) Q_EMIT dataChanged(index(0, 0), index(int(rows_.size()) - 1, column_total - 1));
    return;
  }
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int PairModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(rows_.size()); }
int PairModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : column_total; }

QVariant PairModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= int(rows_.size())) return {};
  const auto& row = rows_[std::size_t(index.row())];
  const auto column = Column(index.column());
  if (column == Pathway) {
    const auto pathway = pathway_of(row.z_w - row.z_w_ref, row.z_l - row.z_l_ref);
    if (role == Qt::DisplayRole || role == Qt::UserRole) return pathway_word(pathway);
    if (role == Qt::DecorationRole) return pathway_dot(pathway, chart_theme());
    if (role == Qt::ToolTipRole) return pathway_tip(pathway);
    return {};
  }
  switch (role) {
    case Qt::DisplayRole:
      if (column == Row) return count_text(row.row + 1);
      if (column == TokensW || column == TokensL || column == Step) return count_text(qint64(number(row, column)));
      if (column == ChangeW || column == ChangeL) return signed_text(number(row, column));
      return number_text(number(row, column), column == Dw || column == Dl ? 4 : 3);
    case Qt::UserRole:
      return number(row, column);
    case Qt::TextAlignmentRole:
      return int(Qt::AlignRight | Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant PairModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return int((section == Pathway ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  const bool tip = role == Qt::ToolTipRole;
  if (role != Qt::DisplayRole && !tip) return {};
  switch (section) {
    case Row:
      return tip ? tr("Line of the data file, from 1") : tr("Line");
    case ChangeW:
      return tip ? tr("Chosen: change from the reference, nats") : tr("z_w − ref");
    case ChangeL:
      return tip ? tr("Rejected: change from the reference, nats") : tr("z_l − ref");
    case Pathway:
      return tip ? tr("Pathway of the change from the reference") : tr("Pathway");
    case Zw:
      return tip ? term_tip(Term::z_w) : QStringLiteral("z_w");
    case Zl:
      return tip ? term_tip(Term::z_l) : QStringLiteral("z_l");
    case Margin:
      return tip ? term_tip(Term::margin) : tr("Margin");
    case Dw:
      return tip ? term_tip(Term::incentives) : QStringLiteral("d_w");
    case Dl:
      return tip ? term_tip(Term::incentives) : QStringLiteral("d_l");
    case TokensW:
      return tip ? tr("Tokens of the chosen response") : QStringLiteral("|y_w|");
    case TokensL:
      return tip ? tr("Tokens of the rejected response") : QStringLiteral("|y_l|");
    case Step:
      return tip ? tr("Optimizer step that trained on the pair") : tr("Step");
    default:
      return {};
  }
}

}  // namespace bandscope::app
