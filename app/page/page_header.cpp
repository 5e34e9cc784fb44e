// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/page_header.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/glyphs.h"
#include "app/base/plain_text.h"
#include "app/library/run_cells.h"
#include "app/library/run_styles.h"
#include "app/library/shown_names.h"
#include "app/page/run_chips.h"

namespace bandscope::app {
namespace {

QToolButton* control(QWidget* parent, const char* name) {
  auto* made = new QToolButton(parent);
  made->setObjectName(QString::fromLatin1(name));
  made->setAutoRaise(true);
  made->setIconSize(QSize(16, 16));
  made->setFocusPolicy(Qt::TabFocus);
  made->setVisible(false);
  return made;
}

void describe(QToolButton* button, const QString& what) {
  button->setToolTip(plain_text(what));
  button->setAccessibleName(what);
}

/// The values that all runs share are said once.
QString shared(const std::vector<RunEntryPtr>& runs, QString RunEntry::*member) {
  QStringList values;
  for (const auto& run : runs) {
    const QString& value = (*run).*member;
    if (!value.isEmpty() && !values.contains(value)) values << value;
  }
  if (values.size() > 3)
    return QStringLiteral("%1 + %2").arg(values.mid(0, 2).join(QStringLiteral(", "))).arg(values.size() - 2);
  return values.join(QStringLiteral(", "));
}

}  // namespace

PageHeader::PageHeader(QWidget* parent)
    : QWidget(parent),
      title_(new ElidedLine(this)),
      states_(new RunChips(this)),
      controlled_name_(new QLabel(this)),
      pair_(control(this, "pair")),
      pause_(control(this, "pause")),
      stop_(control(this, "stop")),
      checkpoint_(control(this, "checkpoint")),
      calibration_(control(this, "calibration")),
      steer_(control(this, "steer")),
      resume_(control(this, "resume")) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid / 2);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(2);
  title_->setFont(heading_font(font()));
  texts->addWidget(title_);
  texts->addWidget(states_);
  layout->addLayout(texts, 1);
  controlled_name_->setObjectName(QStringLiteral("controlled-run"));
  controlled_name_->setTextFormat(Qt::PlainText);
  controlled_name_->hide();
  layout->addWidget(controlled_name_, 0, Qt::AlignTop);
  pair_->setCheckable(true);
  calibration_->setCheckable(true);
  for (auto* made : {pair_, calibration_, steer_, pause_, checkpoint_, stop_, resume_})
    layout->addWidget(made, 0, Qt::AlignTop);

  resume_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  connect(resume_, &QToolButton::clicked, this, [this] {
    if (resumable_) Q_EMIT resumeEndedAsked(resumable_);
  });
  connect(pair_, &QToolButton::toggled, this, &PageHeader::pairToggled);
  connect(pause_, &QToolButton::clicked, this, [this] {
    controlled_ && controlled_->state == ShownState::paused ? Q_EMIT resumeAsked() : Q_EMIT pauseAsked();
  });
  connect(stop_, &QToolButton::clicked, this, &PageHeader::stopAsked);
  connect(checkpoint_, &QToolButton::clicked, this, &PageHeader::checkpointAsked);
  connect(calibration_, &QToolButton::clicked, this, &PageHeader::calibrationAsked);
  connect(steer_, &QToolButton::clicked, this, &PageHeader::steerAsked);
}

void PageHeader::setRuns(const std::vector<RunEntryPtr>& runs, const RunEntryPtr& controlled, bool steerable,
                         bool calibrated) {
  calibrated_ = calibrated;
  runs_ = runs;
  controlled_ = controlled;
  steerable_ = steerable;
  write();
}

void PageHeader::setResumable(const RunEntryPtr& run) {
  resumable_ = run;
  write();
}

void PageHeader::setWaiting(int count) {
  waiting_ = count;
  write();
}

void PageHeader::setPair(bool offered, bool shown) {
  const QSignalBlocker quiet(pair_);
  pair_->setVisible(offered);
  pair_->setChecked(shown);
}

void PageHeader::write() {
  QStringList title;
  const QStringList names = shown_names(runs_);
  if (!runs_.empty())
    title << (names.size() <= 3 ? names.join(QStringLiteral(" + ")) : tr("%n runs", nullptr, int(names.size())));
  for (auto member : {&RunEntry::objective, &RunEntry::model, &RunEntry::data}) {
    const QString value = shared(runs_, member);
    if (!value.isEmpty()) title << value;
  }
  if (waiting_ > 0 && !title.isEmpty()) title.insert(1, tr("%n more in the queue", nullptr, waiting_));
  title_->setWhole(title.join(QStringLiteral("  ·  ")));

  const bool dark = is_dark();
  const auto looks = run_styles(runs_, chart_theme());
  QStringList states;
  std::size_t index = 0;
  for (const auto& run : runs_) {
    const QString word =
        run->error.empty() ? progress_text(*run) : run_cell(*run, RunModel::Progress, Qt::DisplayRole).toString();
    const QString color = state_color(*run, dark).name();
    // Of a record that cannot be read nothing is known.
    QString kind = !run->error.empty() ? QString() : run->calibrated ? tr("w/ RC") : tr("w/o RC");
    if (run == controlled_ && run->live() && calibrated_ != run->calibrated)
      kind = calibrated_ ? tr("w/o RC, which is on now") : tr("w/ RC, which is off now");
    const QString name = runs_.size() > 1 ? names[qsizetype(index)].toHtmlEscaped() + QStringLiteral(" ") : QString();
    const QString state = (run->read ? word : tr("reading…")).toHtmlEscaped();
    states << QStringLiteral("%1 %2%3 <span style=\"color:%4\">%5</span>")
                  .arg(style_sample(looks[index]), name, kind, color, state);
    ++index;
  }
  states_->setChips(states);
  const bool live = controlled_ && controlled_->live();
  const QString name = live ? name_of(controlled_, runs_) : QString();
  const bool paused = live && controlled_->state == ShownState::paused;
  const Asked asked = live ? controlled_->asked : Asked::nothing;
  // Of several runs on the page it is said whose controls these are.
  const auto& acted_on = live ? controlled_ : resumable_;
  controlled_name_->setVisible(runs_.size() > 1 && acted_on);
  if (acted_on) {
    constexpr int widest = 160;
    const QString acted_name = name_of(acted_on, runs_);
    controlled_name_->setText(fontMetrics().elidedText(acted_name, Qt::ElideMiddle, widest));
    controlled_name_->setToolTip(plain_text(tr("The buttons beside it act on %1").arg(acted_name)));
    controlled_name_->setFixedHeight(pause_->sizeHint().height());
  }
  // A trainer that is none of ours takes no orders.
  stop_->setVisible(live && (steerable_ || controlled_->state == ShownState::preparing));
  stop_->setEnabled(asked != Asked::stop && (!live || controlled_->reached));
  for (auto* made : {pause_, checkpoint_, calibration_, steer_}) {
    // Before its first step there is nothing to steer.
    made->setVisible(live && steerable_ && controlled_->state != ShownState::preparing);
    made->setEnabled(asked != Asked::stop);
  }
  if (asked != Asked::nothing) pause_->setEnabled(false);
  pair_->setText(tr("Pair"));
  pair_->setToolTip(tr("Show the run of the same spec without or with reward calibration beside it"));
  pause_->setIcon(glyph(paused ? Glyph::play : Glyph::pause, palette()));
  const QString pause_tip = asked == Asked::pause ? tr("%1 pauses after this step")
                            : paused              ? tr("Go on with %1")
                                                  : tr("Pause %1");
  describe(pause_, pause_tip.arg(name));
  stop_->setIcon(glyph(Glyph::stop, palette()));
  describe(stop_, (asked == Asked::stop ? tr("%1 stops after this step") : tr("Stop %1 with a checkpoint")).arg(name));
  resume_->setVisible(resumable_ && !live);
  resume_->setIcon(glyph(Glyph::play, palette()));
  resume_->setText(tr("Resume"));
  describe(resume_,
           resumable_ ? tr("Go on with %1 from its last checkpoint").arg(name_of(resumable_, runs_)) : QString());
  checkpoint_->setIcon(glyph(Glyph::checkpoint, palette()));
  describe(checkpoint_, tr("Write a checkpoint of %1 now").arg(name));
  calibration_->setText(tr("RC"));
  describe(calibration_, tr("Switch reward calibration of %1 on or off").arg(name));
  steer_->setText(tr("Steer…"));
  describe(steer_, tr("Learning rate and momentum of %1").arg(name));
  const QSignalBlocker quiet(calibration_);
  calibration_->setChecked(live && calibrated_);
}

void PageHeader::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) write();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
