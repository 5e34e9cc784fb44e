// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/help/glossary.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBrowser>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/help/terms.h"

namespace bandscope::app {
namespace {

/// Text as one types it: "z_w" for z with an index, "logr" found in "log r", "alpha" for α.
QString searched(QString text) {
  static const std::pair<QChar, const char*> letters[] = {
      {QChar(0x03b1), "alpha"}, {QChar(0x03c1), "rho"}, {QChar(0x03c0), "pi"}, {QChar(0x0394), "delta"}};
  for (const auto& [letter, name] : letters) text.replace(letter, QLatin1String(name));
  return text.remove(QLatin1Char('_')).remove(QLatin1Char(' ')).remove(QLatin1Char('-')).toCaseFolded();
}

bool matches(const TermEntry& words, const QString& wanted) {
  const QString all =
      QStringList{words.symbol, words.name, words.meaning, words.equation, words.source}.join(QLatin1Char('\n'));
  return searched(QTextDocumentFragment::fromHtml(all).toPlainText()).contains(searched(wanted));
}

}  // namespace

Glossary::Glossary(QWidget* parent) : QDialog(parent), search_(new QLineEdit(this)), text_(new QTextBrowser(this)) {
  setObjectName(QStringLiteral("glossary"));
  setModal(false);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  search_->setClearButtonEnabled(true);
  layout->addWidget(search_);
  text_->setOpenLinks(false);
  layout->addWidget(text_, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
  layout->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(search_, &QLineEdit::textChanged, this, &Glossary::write);
  resize(560, 600);
  translate();
}

void Glossary::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::PaletteChange) write();
  QDialog::changeEvent(event);
}

void Glossary::translate() {
  setWindowTitle(tr("Glossary"));
  search_->setPlaceholderText(tr("Search: z_w, band, alpha…"));
  search_->setAccessibleName(tr("Search the glossary"));
  text_->setAccessibleName(tr("Terms"));
  write();
}

void Glossary::write() {
  shown_.clear();
  const QString wanted = search_->text().trimmed(), muted = palette().color(QPalette::PlaceholderText).name();
  QString html;
  for (const TermEntry& words : all_terms()) {
    if (!wanted.isEmpty() && !matches(words, wanted)) continue;
    shown_ << words.name;
    html +=
        QStringLiteral("<p style=\"margin-top:10px;margin-bottom:2px\"><b>%1</b>%2</p><p style=\"margin-top:0\">%3</p>")
            .arg(words.symbol.isEmpty() ? words.name : words.symbol,
                 words.symbol.isEmpty() ? QString() : QStringLiteral(" \u00a0 ") + words.name, words.meaning);
    if (words.equation.isEmpty() && words.source.isEmpty()) continue;
    html +=
        QStringLiteral("<p style=\"margin-top:2px;margin-left:16px\">%1 \u00a0 <span style=\"color:%2\">%3</span></p>")
            .arg(words.equation, muted, words.source);
  }
  if (shown_.isEmpty())
    html = QStringLiteral("<p>%1</p>").arg(tr("No term has “%1” in it.").arg(wanted.toHtmlEscaped()));
  text_->setHtml(html);
  text_->verticalScrollBar()->setValue(0);
}

}  // namespace bandscope::app
