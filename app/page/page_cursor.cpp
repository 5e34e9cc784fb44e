// SPDX-License-Identifier: GPL-3.0-or-later
// The one cursor of the page: every part shows the step that it stands on.
#include <algorithm>

#include "app/page/chart_tab.h"
#include "app/page/cursor_strip.h"
#include "app/page/layers_tab.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/page/transport.h"
#include "app/whatif/what_if_panel.h"

namespace bandscope::app {

void RunPage::setCursor(double step) {
  cursor_ = step;
  applyCursor();
}

void RunPage::stepCursor(int by) {
  for (const auto& run : loader_->runs()) {
    if (run->steps.empty()) continue;
    const auto rows = std::ptrdiff_t(run->steps.size());
    const auto row = std::ptrdiff_t(run->row_of(cursor_.value_or(run->last_step())).value_or(0)) + by;
    transport_->pause();
    return setCursor(run->steps[std::size_t(std::clamp<std::ptrdiff_t>(row, 0, rows - 1))]);
  }
}

void RunPage::clearCursor() {
  cursor_.reset();
  applyCursor();
}

void RunPage::applyCursor() {
  if (auto* tab = charts()) {
    tab->view()->setReveal(tab == pathways_ && (transport_->playing() || cursor_));
    tab->setCursor(cursor_);
  }
  const auto* shown = charts();
  strip_->show(loader_->runs(), cursor_, shown && shown->view()->smoothing().active());
  if (tab() == Pathways) what_if_->show(loader_->runs(), cursor_);
  const auto runs = loader_->runs();
  double last = 0;
  for (const auto& run : runs) last = std::max(last, run->last_step());
  transport_->setStep(cursor_.value_or(last));
  if (tab() == Pairs) pairs_->setStep(cursor_ ? std::optional<std::int64_t>(std::int64_t(*cursor_)) : std::nullopt);
  layers_->setCursor(cursor_);
  Q_EMIT viewChanged();
}

}  // namespace bandscope::app
