// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/tags_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/library/run_labels.h"

namespace bandscope::app {

TagsDialog::TagsDialog(const std::vector<QStringList>& runs, const QStringList& in_use, QWidget* parent)
    : QDialog(parent), list_(new QListWidget(this)), field_(new QLineEdit(this)) {
  setWindowTitle(tr("Tags"));
  auto* layout = new QVBoxLayout(this);
  auto* label = new QLabel(
      in_use.isEmpty() ? tr("No run has a tag yet.") : tr("Ticked tags are given to the selected runs."), this);
  label->setWordWrap(true);
  layout->addWidget(label);
  list_->setObjectName(QStringLiteral("tags"));
  list_->setAccessibleName(tr("Tags"));
  for (const auto& tag : in_use) {
    auto* item = new QListWidgetItem(tag, list_);
    const auto having = std::count_if(runs.begin(), runs.end(), [&](const auto& own) { return own.contains(tag); });
    item->setCheckState(having == 0                        ? Qt::Unchecked
                        : having == qsizetype(runs.size()) ? Qt::Checked
                                                           : Qt::PartiallyChecked);
  }
  layout->addWidget(list_, 1);
  auto* line = new QHBoxLayout;
  field_->setObjectName(QStringLiteral("new-tag"));
  field_->setPlaceholderText(tr("New tag; several with commas"));
  field_->setAccessibleName(tr("New tag"));
  auto* add = new QPushButton(tr("Add"), this);
  add->setAutoDefault(false);
  line->addWidget(field_, 1);
  line->addWidget(add);
  layout->addLayout(line);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
  layout->addWidget(buttons);
  connect(add, &QPushButton::clicked, this, &TagsDialog::addNew);
  connect(buttons, &QDialogButtonBox::accepted, this, [this] {
    addNew();  // what stands in the field is meant
    accept();
  });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  field_->setFocus();
  resize(320, 320);
}

void TagsDialog::addNew() {
  for (const auto& tag : tags_from(field_->text())) {
    const auto same = list_->findItems(tag, Qt::MatchExactly | Qt::MatchCaseSensitive);
    auto* item = same.isEmpty() ? new QListWidgetItem(tag, list_) : same.front();
    item->setCheckState(Qt::Checked);
  }
  field_->clear();
}

QStringList TagsDialog::added() const {
  QStringList tags;
  for (int row = 0; row < list_->count(); ++row) {
    if (list_->item(row)->checkState() == Qt::Checked) tags << list_->item(row)->text();
  }
  return tags;
}

QStringList TagsDialog::removed() const {
  QStringList tags;
  for (int row = 0; row < list_->count(); ++row) {
    if (list_->item(row)->checkState() == Qt::Unchecked) tags << list_->item(row)->text();
  }
  return tags;
}

}  // namespace bandscope::app
