// SPDX-License-Identifier: GPL-3.0-or-later
// What a page shows and how, as JSON: kept from one session to the next, and as layouts with names.
#include <QJsonArray>
#include <QJsonObject>
#include <QTabWidget>
#include <iterator>
#include <utility>

#include "app/base/places.h"
#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/layers_tab.h"
#include "app/page/log_tab.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_choice.h"
#include "app/page/run_page.h"
#include "app/page/sweep_view.h"
#include "app/page/transport.h"
#include "viz/figure/x_axis.h"

namespace bandscope::app {
namespace {

QString name_of(viz::XAxis axis) {
  const std::string_view name = viz::x_axis_row(axis).name;
  return QString::fromUtf8(name.data(), qsizetype(name.size()));
}

/// The usual smoothing is not written: it may be another one when the choice is taken up.
QJsonObject to_json(const ChartChoice& choice, const viz::Smoothing& usual) {
  const auto& settings = choice.settings;
  QJsonArray parts;
  for (const auto& part : settings.parts) parts.append(QString::fromStdString(part));
  QJsonObject json{{"figure", choice.figure}, {"log_x", settings.log_x},           {"log_y", settings.log_y},
                   {"strip", settings.strip}, {"seed_means", settings.seed_means}, {"x_axis", name_of(settings.x_axis)},
                   {"parts", parts}};
  if (settings.smoothing != usual) {
    json.insert("smoothing", int(settings.smoothing.kind));
    json.insert("amount", settings.smoothing.amount);
  }
  return json;
}

/// What is missing or makes no sense keeps its value in `choice`; smoothing is the usual one.
ChartChoice from_json(const QJsonObject& json, ChartChoice choice, const viz::Smoothing& usual) {
  auto& settings = choice.settings;
  settings.smoothing = usual;
  choice.figure = json.value("figure").toString(choice.figure);
  const int kind = json.value("smoothing").toInt(int(settings.smoothing.kind));
  if (kind >= int(viz::Smoothing::Kind::none) && kind <= int(viz::Smoothing::Kind::window)) {
    settings.smoothing = {viz::Smoothing::Kind(kind), json.value("amount").toDouble(settings.smoothing.amount)};
  }
  if (settings.smoothing.kind == viz::Smoothing::Kind::ema &&
      !(settings.smoothing.amount >= 0 && settings.smoothing.amount < 1)) {
    settings.smoothing = {};
  }
  settings.log_x = json.value("log_x").toBool(settings.log_x);
  settings.log_y = json.value("log_y").toBool(settings.log_y);
  settings.seed_means = json.value("seed_means").toBool(settings.seed_means);
  for (const viz::XAxisRow& row : viz::x_axes())
    if (json.value("x_axis").toString() == name_of(row.axis)) settings.x_axis = row.axis;
  settings.strip = json.value("strip").toBool(settings.strip);
  if (json.contains("parts")) {
    settings.parts.clear();
    for (const auto& part : json.value("parts").toArray()) settings.parts.push_back(part.toString().toStdString());
  }
  return choice;
}

QJsonObject ranges_json(const std::map<std::string, viz::Range>& ranges) {
  QJsonObject json;
  for (const auto& [key, range] : ranges) {
    json.insert(QString::fromStdString(key), QJsonArray{range.least, range.greatest});
  }
  return json;
}

std::map<std::string, viz::Range> ranges_from(const QJsonObject& json) {
  std::map<std::string, viz::Range> ranges;
  for (auto at = json.begin(); at != json.end(); ++at) {
    const auto ends = at.value().toArray();
    const viz::Range range{ends.at(0).toDouble(), ends.at(1).toDouble()};
    if (ends.size() == 2 && range.width() > 0) ranges[at.key().toStdString()] = range;
  }
  return ranges;
}

/// The tab of this name; −1: none. A session may hold a number instead, which counts in this order.
int tab_of(const QJsonValue& kept, const QTabWidget& tabs) {
  static const char* const numbered[] = {"dynamics", "pathways", "scores",     "training", "pairs",
                                         "layers",   "compare",  "evaluation", "answers",  "log"};
  const int number = kept.toInt(-1);
  const QString name =
      number >= 0 && number < int(std::size(numbered)) ? QLatin1String(numbered[number]) : kept.toString();
  for (int tab = 0; tab < tabs.count(); ++tab) {
    if (!name.isEmpty() && tabs.widget(tab)->objectName() == name) return tab;
  }
  return -1;
}

}  // namespace

QJsonObject RunPage::saveLayout() const {
  QJsonArray tabs;
  for (const ChartTab* tab : chartTabs()) tabs.append(to_json(tab->choice(), usual_smoothing_));
  return {{"tab", tabs_->currentWidget()->objectName()},
          {"charts", tabs},
          {"places", save_places(this)},
          {"what_if", pathways_->panelWanted()},
          {"tokens", pairs_->tokensShown()},
          {"span", pairs_->span()},
          {"side_by_side", pairs_->sideBySide()},
          {"quantity", layers_->quantity()},
          {"sweep", compare_->sweepOpen()},
          {"sweep_figure", compare_->sweep()->quantity()},
          {"sweep_filter", compare_->sweep()->filterText()},
          {"differences", compare_->differencesOnly()}};
}

void RunPage::restoreLayout(const QJsonObject& layout) {
  const auto tabs = layout.value("charts").toArray();
  const auto charts = chartTabs();
  for (qsizetype i = 0; i < tabs.size() && i < qsizetype(charts.size()); ++i) {
    ChartTab* tab = charts[std::size_t(i)];
    tab->setChoice(from_json(tabs[i].toObject(), tab->choice(), usual_smoothing_));
  }
  restore_places(this, layout.value("places").toObject());
  pathways_->setPanelWanted(layout.value("what_if").toBool(pathways_->panelWanted()));
  pairs_->setTokensShown(layout.value("tokens").toBool(pairs_->tokensShown()));
  pairs_->setSideBySide(layout.value("side_by_side").toBool(pairs_->sideBySide()));
  pairs_->setSpan(layout.value("span").toInteger(pairs_->span()));
  layers_->setQuantity(layout.value("quantity").toInt(layers_->quantity()));
  compare_->setDifferencesOnly(layout.value("differences").toBool(compare_->differencesOnly()));
  compare_->sweep()->setQuantity(layout.value("sweep_figure").toString());
  compare_->sweep()->setFilterText(layout.value("sweep_filter").toString());
  compare_->setSweepOpen(layout.value("sweep").toBool(compare_->sweepOpen()));
  const int tab = tab_of(layout.value("tab"), *tabs_);
  if (tab >= 0) tabs_->setCurrentIndex(tab);
}

void RunPage::setUsualSmoothing(const viz::Smoothing& smoothing) {
  const auto before = std::exchange(usual_smoothing_, smoothing);
  for (ChartTab* tab : chartTabs()) {
    if (tab->view()->smoothing() == before) tab->view()->setSmoothing(smoothing);
  }
}

QJsonObject RunPage::saveView() const {
  if (!kept_view_.isEmpty()) return kept_view_;  // it has not been taken up yet
  const auto& zoom = zoom_.state();
  QJsonObject view{{"records", QJsonArray::fromStringList(records())},
                   {"pair", pair_wanted_},
                   {"run_of_pairs", pairs_->choice()->record()},
                   {"run_of_layers", layers_->choice()->record()},
                   {"run_of_log", log_->record()},
                   {"x", ranges_json(zoom.x)},
                   {"y", ranges_json(zoom.y)}};
  if (cursor_) view.insert("cursor", *cursor_);
  return view;
}

void RunPage::restoreView(const QJsonObject& view) {
  pair_wanted_ = view.value("pair").toBool(true);
  pairs_->choice()->keep(view.value("run_of_pairs").toString());
  layers_->choice()->keep(view.value("run_of_layers").toString());
  log_->choice()->keep(view.value("run_of_log").toString());
  kept_view_ = view;
  takeKeptView();
}

/// The zoom and the cursor belong to the records that they were kept with, once these are on the page.
void RunPage::takeKeptView() {
  if (kept_view_.isEmpty() || records().isEmpty()) return;
  QStringList kept;
  for (const auto& record : kept_view_.value("records").toArray()) kept << record.toString();
  // The first record comes before its pair is found; any other choice means that the reader went on.
  if (records() != kept) {
    for (const auto& record : records()) {
      if (!kept.contains(record)) kept_view_ = {};
    }
    return;
  }
  const QJsonObject view = std::exchange(kept_view_, {});
  zoom_.restore({ranges_from(view.value("x").toObject()), ranges_from(view.value("y").toObject())});
  if (view.contains("cursor")) {
    kept_cursor_ = view.value("cursor").toDouble();
    follow_set_ = true;
  }
}

}  // namespace bandscope::app
