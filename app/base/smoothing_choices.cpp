// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/smoothing_choices.h"

#include <QCoreApplication>

namespace bandscope::app {
namespace {

struct SmoothingChoice {
  const char* label;
  viz::Smoothing smoothing;
};
using enum viz::Smoothing::Kind;
constexpr SmoothingChoice offered[] = {{QT_TRANSLATE_NOOP("ChartTab", "raw"), {}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.6"), {ema, 0.6}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.9"), {ema, 0.9}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.98"), {ema, 0.98}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "mean of 21"), {window, 21}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "mean of 101"), {window, 101}}};

}  // namespace

std::vector<std::pair<QString, viz::Smoothing>> smoothing_choices() {
  std::vector<std::pair<QString, viz::Smoothing>> choices;
  for (const auto& choice : offered) {
    choices.emplace_back(QCoreApplication::translate("ChartTab", choice.label), choice.smoothing);
  }
  return choices;
}

}  // namespace bandscope::app
