// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/preferences.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSettings>
#include <QStringList>
#include <algorithm>

namespace bandscope::app {
namespace {

constexpr const char* engine_key = "engine/program";
constexpr const char* models_key = "engine/models";
constexpr const char* data_key = "engine/data";

/// "ema 0.9", "window 21"; empty: none.
QString to_text(const viz::Smoothing& smoothing) {
  using enum viz::Smoothing::Kind;
  if (smoothing.kind == none) return {};
  return (smoothing.kind == ema ? QStringLiteral("ema ") : QStringLiteral("window ")) +
         QString::number(smoothing.amount, 'g', QLocale::FloatingPointShortest);
}

viz::Smoothing smoothing_from(const QString& text) {
  using enum viz::Smoothing::Kind;
  const auto parts = text.split(QLatin1Char(' '));
  bool number = false;
  const double amount = parts.value(1).toDouble(&number);
  if (!number) return {};
  if (parts[0] == QLatin1String("ema") && amount >= 0 && amount < 1) return {ema, amount};
  if (parts[0] == QLatin1String("window") && amount >= 1 && amount <= 1e6) return {window, amount};
  return {};
}

QString one_of(const QString& value, const QStringList& allowed) {
  return allowed.contains(value) ? value : allowed.front();
}

QString kept(const char* key) {
  // The command line's programs know no user's settings.
  if (QCoreApplication::organizationName().isEmpty()) return {};
  return QSettings().value(QLatin1String(key)).toString();
}

}  // namespace

Preferences with_change(Preferences base, const Preferences& from, const Preferences& to) {
  const auto take = [&](auto member) {
    if (from.*member != to.*member) base.*member = to.*member;
  };
  for (const auto member : {&Preferences::look, &Preferences::language, &Preferences::palette, &Preferences::engine,
                            &Preferences::models, &Preferences::data}) {
    take(member);
  }
  for (const auto member : {&Preferences::chart_text, &Preferences::charts_ms, &Preferences::library_ms}) take(member);
  for (const auto member : {&Preferences::follow, &Preferences::ask_delete}) take(member);
  take(&Preferences::smoothing);
  take(&Preferences::servers);
  return base;
}

Preferences read_preferences() {
  QSettings settings;
  Preferences read;
  const auto text = [&](const char* key) { return settings.value(QLatin1String(key)).toString(); };
  const auto number = [&](const char* key, int usual, int least, int most) {
    bool is_number = false;
    const int value = settings.value(QLatin1String(key)).toInt(&is_number);
    return is_number ? std::clamp(value, least, most) : usual;
  };
  const auto flag = [&](const char* key, bool usual) { return settings.value(QLatin1String(key), usual).toBool(); };
  read.look = one_of(text("look"), {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")});
  read.language = one_of(text("language"), {QString(), QStringLiteral("en"), QStringLiteral("zh_CN")});
  read.palette = one_of(text("charts/palette"), {QStringLiteral("okabe-ito"), QStringLiteral("grey")});
  read.chart_text = number("charts/text", read.chart_text, least_chart_text, most_chart_text);
  read.smoothing = smoothing_from(text("charts/smoothing"));
  read.follow = flag("charts/follow", read.follow);
  read.charts_ms = number("charts/ms", read.charts_ms, least_ms, most_ms);
  read.library_ms = number("library/ms", read.library_ms, least_ms, most_ms);
  read.ask_delete = flag("library/ask", read.ask_delete);
  read.engine = text(engine_key);
  read.models = text(models_key);
  read.data = text(data_key);
  read.servers = read_servers(settings);
  return read;
}

void write_preferences(const Preferences& preferences) {
  QSettings settings;
  const Preferences usual;
  const auto write = [&](const char* key, const auto& value, const auto& usual_value) {
    if (value == usual_value) {
      settings.remove(QLatin1String(key));
    } else {
      settings.setValue(QLatin1String(key), value);
    }
  };
  write("look", preferences.look, usual.look);
  write("language", preferences.language, usual.language);
  write("charts/palette", preferences.palette, usual.palette);
  write("charts/text", preferences.chart_text, usual.chart_text);
  write("charts/smoothing", to_text(preferences.smoothing), QString());
  write("charts/follow", preferences.follow, usual.follow);
  write("charts/ms", preferences.charts_ms, usual.charts_ms);
  write("library/ms", preferences.library_ms, usual.library_ms);
  write("library/ask", preferences.ask_delete, usual.ask_delete);
  write(engine_key, preferences.engine, usual.engine);
  write(models_key, preferences.models, usual.models);
  write(data_key, preferences.data, usual.data);
  write_servers(settings, preferences.servers);
  settings.sync();  // as a whole, into a file that then takes the old one's place
}

QString kept_engine() { return kept(engine_key); }
QString kept_models() { return kept(models_key); }
QString kept_data() { return kept(data_key); }

}  // namespace bandscope::app
