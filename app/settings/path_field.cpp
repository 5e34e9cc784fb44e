// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/path_field.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

#include "app/base/color_scheme.h"

namespace bandscope::app {

PathField::PathField(Kind kind, const QString& title, QWidget* parent)
    : QWidget(parent), kind_(kind), title_(title), line_(new QLineEdit(this)), button_(new QToolButton(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid / 2);
  layout->addWidget(line_, 1);
  layout->addWidget(button_);
  line_->setAccessibleName(title);
  line_->setClearButtonEnabled(true);
  button_->setText(QStringLiteral("…"));
  button_->setToolTip(tr("Choose…"));
  button_->setAccessibleName(tr("Choose: %1").arg(title));
  button_->setFocusPolicy(Qt::StrongFocus);
  setFocusProxy(line_);
  connect(line_, &QLineEdit::textChanged, this, &PathField::changed);
  connect(button_, &QToolButton::clicked, this, &PathField::browse);
}

QString PathField::path() const {
  QString text = QDir::fromNativeSeparators(line_->text().trimmed());
  if (text.isEmpty()) return {};
  if (text == QLatin1String("~") || text.startsWith(QLatin1String("~/"))) text.replace(0, 1, QDir::homePath());
  return QDir::cleanPath(QDir::current().absoluteFilePath(text));
}

void PathField::setPath(const QString& path) { line_->setText(QDir::toNativeSeparators(path)); }

void PathField::browse() {
  const QString now = path().isEmpty() ? QDir::homePath() : path();
  auto* dialog = new QFileDialog(this, title_, QFileInfo(now).absolutePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(kind_ == Kind::folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
  if (kind_ == Kind::folder) dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, &PathField::setPath);
  dialog->open();
}

}  // namespace bandscope::app
