// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_filter_bar.h"

#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>

#include "app/base/color_scheme.h"
#include "app/base/plain_text.h"
#include "app/help/pathway_labels.h"

namespace bandscope::app {
namespace {

constexpr int typed_ms = 250;

/// Order of the choices: as the paper numbers them, then what is none of the three.
constexpr std::array pathways{Pathway::both_rise, Pathway::both_fall, Pathway::disentangled, Pathway::other};
constexpr std::array numerals{"(i) ", "(ii) ", "(iii) ", ""};

/// A choice of the band: bit 0 is in or out, bit 1 the run.
constexpr int band_choice(PairSide run, bool in) { return (run == PairSide::second ? 2 : 0) + (in ? 1 : 0); }

}  // namespace

PairFilterBar::PairFilterBar(QWidget* parent)
    : QWidget(parent),
      search_(new QLineEdit(this)),
      pathway_{new QComboBox(this), new QComboBox(this)},
      band_(new QComboBox(this)),
      export_(new QToolButton(this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(grid);
  search_->setObjectName(QStringLiteral("pair-search"));
  search_->setClearButtonEnabled(true);
  search_->setMinimumWidth(12 * grid);
  search_->installEventFilter(this);
  row->addWidget(search_, 1);
  pathway_[0]->setObjectName(QStringLiteral("pathway-of-first"));
  pathway_[1]->setObjectName(QStringLiteral("pathway-of-second"));
  band_->setObjectName(QStringLiteral("band-place"));
  for (QComboBox* box : {pathway_[0], pathway_[1], band_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    // The whole choice where there is room, its beginning in a small window.
    box->setMinimumContentsLength(17);
    box->setMinimumWidth(9 * grid);
    row->addWidget(box);
    connect(box, &QComboBox::currentIndexChanged, this, &PairFilterBar::changed);
  }
  for (QComboBox* box : pathway_) {
    const QSignalBlocker quiet(box);
    box->addItem({}, -1);
    for (const Pathway pathway : pathways) box->addItem({}, int(pathway));
  }
  pathway_[1]->hide();
  export_->setObjectName(QStringLiteral("export-pairs"));
  export_->setPopupMode(QToolButton::InstantPopup);
  export_->setAutoRaise(true);
  auto* menu = new QMenu(export_);
  save_ = menu->addAction(QString(), this, [this] { Q_EMIT saveAsked(false); });
  save_texts_ = menu->addAction(QString(), this, [this] { Q_EMIT saveAsked(true); });
  copy_ = menu->addAction(QString(), this, [this] { Q_EMIT copyAsked(); });
  export_->setMenu(menu);
  row->addWidget(export_);
  soon_.setSingleShot(true);
  soon_.setInterval(typed_ms);
  connect(&soon_, &QTimer::timeout, this, &PairFilterBar::changed);
  connect(search_, &QLineEdit::textChanged, &soon_, qOverload<>(&QTimer::start));
  connect(search_, &QLineEdit::returnPressed, this, [this] {
    soon_.stop();
    Q_EMIT changed();
  });
  translate();
}

void PairFilterBar::setRuns(const QStringList& runs) {
  if (runs == runs_) return;
  const bool other_kind = runs.isEmpty() != runs_.isEmpty();
  runs_ = runs;
  pathway_[1]->setVisible(!runs.isEmpty());
  if (other_kind) {
    const QSignalBlocker quiet_pathway(pathway_[1]), quiet_band(band_);
    pathway_[1]->setCurrentIndex(0);
    band_->setCurrentIndex(0);
  }
  translate();
}

PairFilter PairFilterBar::filter() const {
  PairFilter filter;
  for (std::size_t run = 0; run < pathway_.size(); ++run) {
    const int chosen = pathway_[run]->currentData().toInt();
    if (chosen >= 0 && (run == 0 || !runs_.isEmpty())) filter.pathway[run] = Pathway(chosen);
  }
  if (const int chosen = band_->currentData().toInt(); chosen >= 0) {
    filter.in_band = (chosen & 1) != 0;
    filter.band_of = (chosen & 2) != 0 ? PairSide::second : PairSide::first;
  }
  filter.lines = parse_pair_search(search_->text()).lines;
  return filter;
}

QString PairFilterBar::text() const { return parse_pair_search(search_->text()).text; }

void PairFilterBar::clear() {
  {
    const QSignalBlocker quiet_text(search_), quiet_first(pathway_[0]), quiet_second(pathway_[1]), quiet_band(band_);
    search_->clear();
    for (QComboBox* box : {pathway_[0], pathway_[1], band_}) box->setCurrentIndex(0);
  }
  soon_.stop();
  Q_EMIT changed();
}

void PairFilterBar::setSaving(bool saving) {
  for (QAction* action : {save_, save_texts_, copy_}) action->setEnabled(!saving);
}

bool PairFilterBar::eventFilter(QObject* watched, QEvent* event) {
  const bool key = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
  if (key && watched == search_ && !search_->text().isEmpty() &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
    // Before a shortcut of the window takes the key.
    event->accept();
    if (event->type() == QEvent::KeyPress) search_->clear();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

void PairFilterBar::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) translate();
  QWidget::changeEvent(event);
}

void PairFilterBar::fillBand() {
  const QSignalBlocker quiet(band_);
  const int chosen = band_->currentIndex();
  band_->clear();
  band_->addItem(tr("Band: all"), -1);
  if (runs_.isEmpty()) {
    band_->addItem(tr("in the band"), band_choice(PairSide::first, true));
    band_->addItem(tr("out of the band"), band_choice(PairSide::first, false));
  } else {
    for (const PairSide run : {PairSide::first, PairSide::second}) {
      const QString name = runs_[run == PairSide::second ? 1 : 0];
      band_->addItem(tr("%1: in the band").arg(name), band_choice(run, true));
      band_->addItem(tr("%1: out of the band").arg(name), band_choice(run, false));
    }
  }
  band_->setCurrentIndex(chosen >= 0 && chosen < band_->count() ? chosen : 0);
}

void PairFilterBar::translate() {
  search_->setPlaceholderText(tr("Text, or #line"));
  search_->setAccessibleName(tr("Search pairs"));
  search_->setToolTip(
      tr("Text in the prompt or a response, whatever the case; #12 or #10-20 are lines of the data file. Esc clears."));
  for (std::size_t run = 0; run < pathway_.size(); ++run) {
    QComboBox* box = pathway_[run];
    const QString name = runs_.value(qsizetype(run));
    box->setItemText(0, name.isEmpty() ? tr("Pathway: all") : tr("%1: all").arg(name));
    for (std::size_t i = 0; i < pathways.size(); ++i) {
      const QString word = QString::fromLatin1(numerals[i]) + pathway_word(pathways[i]);
      box->setItemText(int(i) + 1, word);
      box->setItemIcon(int(i) + 1, pathway_dot(pathways[i], chart_theme()));
    }
    const QString what =
        name.isEmpty() ? tr("Pathway of the shown pairs") : tr("Pathway of the shown pairs in %1").arg(name);
    box->setAccessibleName(what);
    box->setToolTip(plain_text(what));
  }
  fillBand();
  const QString band = tr("Place of the shown pairs' log r in the band of their step");
  band_->setAccessibleName(band);
  band_->setToolTip(band);
  for (QComboBox* box : {pathway_[0], pathway_[1], band_}) {
    box->view()->setMinimumWidth(box->view()->sizeHintForColumn(0) + 3 * grid);
  }
  export_->setText(tr("Export"));
  export_->setToolTip(tr("Save or copy the rows that are shown, in their order"));
  save_->setText(tr("Save as CSV…"));
  save_texts_->setText(tr("Save as CSV with texts…"));
  copy_->setText(tr("Copy as table"));
}

}  // namespace bandscope::app
