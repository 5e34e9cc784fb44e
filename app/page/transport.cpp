// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/transport.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/base/glyphs.h"
#include "app/page/flag_slider.h"

namespace bandscope::app {
namespace {

constexpr int frame_ms = 33;
/// At speed 1 a whole run plays in a minute, whatever its length.
constexpr double whole_run_ms = 60'000;

QToolButton* button(QWidget* parent) {
  auto* made = new QToolButton(parent);
  made->setAutoRaise(true);
  made->setFocusPolicy(Qt::TabFocus);
  return made;
}

}  // namespace

Transport::Transport(QWidget* parent)
    : QWidget(parent),
      slider_(new FlagSlider(this)),
      play_(button(this)),
      previous_(button(this)),
      next_(button(this)),
      back_(button(this)),
      on_(button(this)),
      speed_(new QComboBox(this)),
      follow_(new QCheckBox(this)) {
  setObjectName(QStringLiteral("transport"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(grid, 0, grid, grid / 2);
  layout->setSpacing(grid / 2);
  play_->setObjectName(QStringLiteral("play"));
  for (double factor : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0}) {
    speed_->addItem(QStringLiteral("×%1").arg(factor), factor);
  }
  speed_->setCurrentIndex(1);
  layout->addWidget(previous_);
  layout->addWidget(back_);
  layout->addWidget(play_);
  layout->addWidget(on_);
  layout->addWidget(next_);
  layout->addWidget(speed_);
  layout->addWidget(slider_, 1);
  layout->addSpacing(grid / 2);
  layout->addWidget(follow_);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);

  clock_.setInterval(frame_ms);
  connect(&clock_, &QTimer::timeout, this, &Transport::advance);
  connect(play_, &QToolButton::clicked, this, &Transport::toggle);
  connect(previous_, &QToolButton::clicked, this, &Transport::previousEventAsked);
  connect(next_, &QToolButton::clicked, this, &Transport::nextEventAsked);
  back_->setObjectName(QStringLiteral("step-back"));
  on_->setObjectName(QStringLiteral("step-on"));
  for (auto* made : {back_, on_}) made->setAutoRepeat(true);
  connect(back_, &QToolButton::clicked, this, [this] { Q_EMIT stepAsked(-1); });
  connect(on_, &QToolButton::clicked, this, [this] { Q_EMIT stepAsked(1); });
  connect(follow_, &QCheckBox::toggled, this, &Transport::followToggled);
  connect(slider_, &QSlider::valueChanged, this,
          [this](int position) { go(std::round(first_ + (last_ - first_) * position / FlagSlider::resolution)); });
  translate();
}

void Transport::setRange(double first, double last) {
  if (first == first_ && last == last_) return;
  first_ = first;
  last_ = last;
  slider_->setSteps(first, last);
  setStep(std::clamp(step_, first, last));
}

void Transport::setFlags(std::vector<Flag> flags) { slider_->setFlags(std::move(flags)); }

void Transport::setStep(double step) {
  step_ = std::clamp(step, first_, std::max(first_, last_));
  const QSignalBlocker quiet(slider_);
  const double span = last_ - first_;
  slider_->setValue(span > 0 ? int(std::lround((step_ - first_) / span * FlagSlider::resolution)) : 0);
}

bool Transport::follows() const { return follow_->isChecked(); }

void Transport::setFollow(bool on) {
  const QSignalBlocker quiet(follow_);
  follow_->setChecked(on);
}

void Transport::go(double step) {
  step_ = std::clamp(step, first_, std::max(first_, last_));
  Q_EMIT moved(step_);
}

void Transport::play() {
  if (last_ <= first_) return;
  if (step_ >= last_) setStep(first_);
  clock_.start();
  translate();
}

void Transport::pause() {
  clock_.stop();
  translate();
}

void Transport::toggle() { clock_.isActive() ? pause() : play(); }
void Transport::toStart() { setStep(first_), Q_EMIT moved(step_); }
void Transport::toEnd() { setStep(last_), Q_EMIT moved(step_); }

void Transport::advance() {
  const double rate = (last_ - first_) / whole_run_ms * speed_->currentData().toDouble();
  setStep(step_ + rate * frame_ms);
  Q_EMIT moved(step_);
  if (step_ >= last_) pause();
}

void Transport::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) translate();
  QWidget::changeEvent(event);
}

void Transport::translate() {
  const bool playing = clock_.isActive();
  play_->setIcon(glyph(playing ? Glyph::pause : Glyph::play, palette()));
  play_->setToolTip(playing ? tr("Pause the replay (Space)") : tr("Replay the run (Space)"));
  play_->setAccessibleName(playing ? tr("Pause the replay") : tr("Replay the run"));
  previous_->setIcon(glyph(Glyph::previous, palette()));
  previous_->setToolTip(tr("Previous event ([)"));
  previous_->setAccessibleName(tr("Previous event"));
  next_->setIcon(glyph(Glyph::next, palette()));
  next_->setToolTip(tr("Next event (])"));
  next_->setAccessibleName(tr("Next event"));
  back_->setText(QStringLiteral("‹"));
  back_->setToolTip(tr("One step back (Shift + left)"));
  back_->setAccessibleName(tr("One step back"));
  on_->setText(QStringLiteral("›"));
  on_->setToolTip(tr("One step on (Shift + right)"));
  on_->setAccessibleName(tr("One step on"));
  speed_->setToolTip(tr("Speed of the replay; at ×1 the whole run plays in a minute"));
  speed_->setAccessibleName(tr("Speed of the replay"));
  slider_->setAccessibleName(tr("Step"));
  follow_->setText(tr("Follow"));
  follow_->setToolTip(tr("Keep the last step in view while the run goes on"));
}

}  // namespace bandscope::app
