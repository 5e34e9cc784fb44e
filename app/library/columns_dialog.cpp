// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/columns_dialog.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "app/base/plain_text.h"

namespace bandscope::app {
namespace {

const std::string step_key = "step";
constexpr int most_name = 60;

struct Quantity {
  Q_DECLARE_TR_FUNCTIONS(Quantity)
 public:
  std::string key;
  QString meaning;
};

/// What is asked for: the rest follows from it.
std::vector<Quantity> quantities() {
  return {{step_key, Quantity::tr("Number of the optimizer step")},
          {"epoch", Quantity::tr("Passes over the training pairs")},
          {"time", Quantity::tr("Seconds since the run's start")},
          {"tokens", Quantity::tr("Tokens processed in the step")},
          {"learning_rate", Quantity::tr("Of the step's update")},
          {"loss", Quantity::tr("Mean over the step's pairs")},
          {"z_w", Quantity::tr("Log-likelihood of the chosen responses")},
          {"z_l", Quantity::tr("Log-likelihood of the rejected responses")},
          {"z_w_ref", Quantity::tr("Log-likelihood of the chosen responses by the reference model")},
          {"z_l_ref", Quantity::tr("Log-likelihood of the rejected responses by the reference model")},
          {"accuracy", Quantity::tr("Share of the step's pairs that are ranked right")},
          {"d_w", Quantity::tr("Incentive of the chosen response")},
          {"d_l", Quantity::tr("Incentive of the rejected response")},
          {"score_norm_w", Quantity::tr("Norm of the chosen responses' score")},
          {"score_norm_l", Quantity::tr("Norm of the rejected responses' score")},
          {"score_dot", Quantity::tr("Inner product of the two scores")},
          {"rho", Quantity::tr("Cosine of the two scores")},
          {"alpha", Quantity::tr("Reward calibration's factor")},
          {"grad_norm", Quantity::tr("Norm of the gradient")},
          {"eval_logps/chosen", Quantity::tr("Log-likelihood of the held-out chosen responses")},
          {"eval_logps/rejected", Quantity::tr("Log-likelihood of the held-out rejected responses")}};
}

}  // namespace

ColumnsDialog::ColumnsDialog(const QStringList& names, const LogImport::Columns& told, const QString& why,
                             QWidget* parent)
    : QDialog(parent), problem_(new QLabel(this)), buttons_(new QDialogButtonBox(this)) {
  setObjectName(QStringLiteral("columns-of-table"));
  setWindowTitle(tr("Columns of the table"));
  auto* layout = new QVBoxLayout(this);
  auto* words = new QLabel(this);
  words->setTextFormat(Qt::PlainText);
  words->setWordWrap(true);
  words->setText(why);
  layout->addWidget(words);
  auto* inside = new QWidget;
  auto* form = new QFormLayout(inside);
  for (const auto& [key, meaning] : quantities()) {
    const QString name = QString::fromStdString(key);
    auto* column = new QComboBox(inside);
    column->setObjectName(QStringLiteral("column-") + name);
    column->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    column->setMinimumContentsLength(24);
    column->addItem(tr("none"));
    for (const QString& one : names) column->addItem(one_line(one, most_name), one);
    const auto before = std::find_if(told.begin(), told.end(), [&](const auto& one) { return one.first == key; });
    // Of several of one name none is meant.
    const QString first = before != told.end()                     ? QString::fromStdString(before->second)
                          : told.empty() && names.count(name) == 1 ? name
                                                                   : QString();
    column->setCurrentIndex(int(names.indexOf(first)) + 1);  // -1 + 1: none
    column->setToolTip(plain_text(meaning));
    column->setAccessibleName(QStringLiteral("%1: %2").arg(name, meaning));
    form->addRow(name, column);
    connect(column, &QComboBox::currentIndexChanged, this, &ColumnsDialog::check);
    choices_.push_back({key, column});
  }
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setWidget(inside);
  layout->addWidget(scroll, 1);
  problem_->setObjectName(QStringLiteral("columns-problem"));
  problem_->setWordWrap(true);
  layout->addWidget(problem_);
  buttons_->addButton(tr("Import"), QDialogButtonBox::AcceptRole);
  buttons_->addButton(QDialogButtonBox::Cancel);
  layout->addWidget(buttons_);
  connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
  check();
  resize(460, 520);
}

LogImport::Columns ColumnsDialog::columns() const {
  LogImport::Columns columns;
  for (const auto& [key, column] : choices_) {
    if (column->currentData().isValid()) columns.emplace_back(key, column->currentData().toString().toStdString());
  }
  return columns;
}

QString ColumnsDialog::problem() const {
  const auto chosen = columns();
  if (std::none_of(chosen.begin(), chosen.end(), [](const auto& one) { return one.first == step_key; }))
    return tr("Choose the column that counts the steps.");
  if (chosen.size() < 2) return tr("Choose a column for one quantity at least.");
  std::set<std::string> seen;
  for (const auto& [key, name] : chosen) {
    if (!seen.insert(name).second)
      return tr("%1 is chosen twice.").arg(one_line(QString::fromStdString(name), most_name));
  }
  return {};
}

void ColumnsDialog::check() {
  const QString what = problem();
  problem_->setText(what);
  for (auto* button : buttons_->buttons()) {
    if (buttons_->buttonRole(button) == QDialogButtonBox::AcceptRole) button->setEnabled(what.isEmpty());
  }
}

}  // namespace bandscope::app
