// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/connection_test_dialog.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/library/run_cells.h"

namespace bandscope::app {
namespace {

using State = ConnectionTest::State;

constexpr int glyph_side = 16, said_lines = 5;

/// The library's shapes for the same matters.
ShownState shape_of(State state) {
  switch (state) {
    case State::waiting:
    case State::left:
      return ShownState::waiting;
    case State::going:
      return ShownState::running;
    case State::done:
      return ShownState::done;
    case State::doubtful:
      return ShownState::stalled;
    case State::failed:
      return ShownState::failed;
  }
  return ShownState::waiting;
}

}  // namespace

ConnectionTestDialog::ConnectionTestDialog(const ServerAddress& server, QWidget* parent)
    : QDialog(parent),
      test_(new ConnectionTest(server, this)),
      said_title_(new QLabel(tr("&What ssh and the server said"), this)),
      said_(new QPlainTextEdit(this)) {
  setObjectName(QStringLiteral("connection-test"));
  setWindowTitle(tr("Connection to %1").arg(server.name.isEmpty() ? server.destination : server.name));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(2 * grid, 2 * grid, 2 * grid, 2 * grid);
  layout->setSpacing(grid);
  auto* lines = new QGridLayout;
  lines->setHorizontalSpacing(grid);
  lines->setVerticalSpacing(grid);
  lines->setColumnStretch(2, 1);
  for (int i = 0; i < ConnectionTest::steps; ++i) {
    Row& row = rows_[std::size_t(i)];
    row = {new QLabel(this), new QLabel(ConnectionTest::title(ConnectionTest::Step(i)), this), new QLabel(this)};
    row.glyph->setFixedSize(glyph_side, row.title->sizeHint().height());
    row.words->setObjectName(QStringLiteral("step-%1").arg(i));
    row.words->setTextFormat(Qt::PlainText);
    row.words->setWordWrap(true);
    row.words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    lines->addWidget(row.glyph, i, 0, Qt::AlignTop);
    lines->addWidget(row.title, i, 1, Qt::AlignTop);
    lines->addWidget(row.words, i, 2, Qt::AlignTop);
  }
  layout->addLayout(lines);
  layout->addSpacing(grid);
  said_->setObjectName(QStringLiteral("said"));
  said_->setAccessibleName(tr("What ssh and the server said"));
  said_->setReadOnly(true);
  said_->setTabChangesFocus(true);
  said_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  said_->setMinimumHeight(said_->fontMetrics().lineSpacing() * said_lines + 2 * grid);
  said_title_->setBuddy(said_);
  layout->addWidget(said_title_);
  layout->addWidget(said_, 1);
  layout->addStretch(0);
  auto* buttons = new QDialogButtonBox(this);
  again_ = buttons->addButton(tr("Test &again"), QDialogButtonBox::ActionRole);
  // One button for both, so that it keeps the focus.
  close_ = buttons->addButton(QDialogButtonBox::Close);
  again_->setObjectName(QStringLiteral("test-again"));
  again_->setAutoDefault(false);
  layout->addWidget(buttons);
  connect(again_, &QPushButton::clicked, test_, &ConnectionTest::start);
  connect(close_, &QPushButton::clicked, this, [this] {
    if (test_->going()) {
      test_->cancel();
    } else {
      reject();
    }
  });
  connect(test_, &ConnectionTest::changed, this, &ConnectionTestDialog::write);
  resize(66 * grid, 42 * grid);
  test_->start();
  write();
  close_->setDefault(true);
  close_->setFocus();
}

void ConnectionTestDialog::reject() {
  test_->cancel();
  QDialog::reject();
}

void ConnectionTestDialog::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) write();
  QDialog::changeEvent(event);
}

void ConnectionTestDialog::write() {
  for (int i = 0; i < ConnectionTest::steps; ++i) {
    const auto& line = test_->line(ConnectionTest::Step(i));
    const Row& row = rows_[std::size_t(i)];
    const bool quiet = line.state == State::waiting || line.state == State::left;
    QString state;
    switch (line.state) {
      case State::waiting:
        state = tr("waiting");
        break;
      case State::left:
        state = tr("not tried");
        break;
      case State::going:
        state = tr("trying…");
        break;
      case State::done:
        state = tr("done");
        break;
      case State::doubtful:
        state = tr("done, but see");
        break;
      case State::failed:
        state = tr("failed");
        break;
    }
    row.glyph->setPixmap(
        state_icon(shape_of(line.state), is_dark()).pixmap(glyph_side, quiet ? QIcon::Disabled : QIcon::Normal));
    row.glyph->setAccessibleName(state);
    row.glyph->setToolTip(state);
    const QString words = line.words.join(u'\n');
    row.words->setText(words.isEmpty() && line.state != State::done ? state : words);
    row.words->setAccessibleName(QStringLiteral("%1: %2. %3").arg(row.title->text(), state, words));
    row.title->setEnabled(!quiet);
    row.words->setEnabled(!quiet);
  }
  const QString said = test_->said();
  if (said_->toPlainText() != said) said_->setPlainText(said);
  said_->setVisible(!said.isEmpty());
  said_title_->setVisible(!said.isEmpty());
  again_->setEnabled(!test_->going());
  close_->setText(test_->going() ? tr("Cancel") : tr("Close"));
}

}  // namespace bandscope::app
