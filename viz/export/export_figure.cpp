// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/export/export_figure.h"

#include <QBuffer>
#include <QFontDatabase>
#include <QHashFunctions>
#include <QImage>
#include <QMarginsF>
#include <QPageSize>
#include <QPdfWriter>
#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "viz/draw/draw_panel.h"
#include "viz/draw/painter_canvas.h"
#include "viz/draw/svg_canvas.h"
#include "viz/export/paper.h"
#include "viz/figure/figures.h"
#include "viz/figure/x_axis.h"

namespace bandscope::viz {
namespace {

constexpr double kPointsPerMm = 72.0 / 25.4;

QByteArray svg(const Figure& figure) {
  const Metrics metrics = paper_metrics(figure);
  SvgCanvas canvas(figure.width_mm, figure.height_mm, QString::fromStdString(figure.name), metrics.text);
  draw_figure(canvas, figure, paper_area(figure), metrics);
  return canvas.finish();
}

/// Replaces the digits of the creation date: the same figure is the same file tomorrow.
void forget_date(QByteArray& pdf) {
  const QByteArray key = "/CreationDate (D:";
  for (qsizetype at = pdf.indexOf(key); at >= 0; at = pdf.indexOf(key, at + 1)) {
    static constexpr char kDate[] = "20000101000000";
    for (qsizetype i = 0; i < 14 && pdf[at + key.size() + i] != ')'; ++i) pdf[at + key.size() + i] = kDate[i];
    for (qsizetype i = at + key.size() + 14; i < pdf.size() && pdf[i] != ')'; ++i) {
      if (pdf[i] == '-') pdf[i] = '+';
      if (pdf[i] >= '0' && pdf[i] <= '9') pdf[i] = '0';
    }
  }
}

/// Qt writes a document's fonts in the order of a hash table, which differs from process to process; while this lives,
/// new tables have the same order everywhere.
class StableOrder {
 public:
  StableOrder() : alone_(mutex()) { QHashSeed::setDeterministicGlobalSeed(); }
  ~StableOrder() { QHashSeed::resetRandomGlobalSeed(); }

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  std::lock_guard<std::mutex> alone_;
};

QByteArray pdf(const Figure& figure) {
  const StableOrder order;
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  {
    QPdfWriter writer(&buffer);
    constexpr int kResolution = 1200;
    writer.setResolution(kResolution);
    writer.setTitle(QString::fromStdString(figure.name));
    writer.setCreator(QStringLiteral("Bandscope"));
    writer.setPageSize(
        QPageSize(QSizeF(figure.width_mm, figure.height_mm), QPageSize::Millimeter, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    QPainter painter(&writer);
    painter.scale(kResolution / 72.0, kResolution / 72.0);
    const Metrics metrics = paper_metrics(figure);
    PainterCanvas canvas(painter, metrics.text);
    draw_figure(canvas, figure, paper_area(figure), metrics);
  }
  forget_date(bytes);
  return bytes;
}

QByteArray png(const Figure& figure, double dpi) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  figure_image(figure, dpi).save(&buffer, "PNG");
  return bytes;
}

void write_file(const std::filesystem::path& out, const QByteArray& bytes) {
  FreshFile file(out);
  file.write({bytes.constData(), static_cast<std::size_t>(bytes.size())});
  file.finish();
}

/// On the screen charts stay over steps where a run lacks the wanted axis; a file is not another one than was asked
/// for.
void need_x_axis(XAxis axis, const std::vector<RunDataPtr>& runs) {
  for (const RunDataPtr& run : runs) {
    if (!run || has_x_axis(*run, axis)) continue;
    throw DataError(Message::tr("%1 has no column %2, which the x axis \"%3\" needs; x = \"step\" needs none",
                                run->name, column_names[static_cast<std::size_t>(x_axis_row(axis).columns.front())],
                                x_axis_row(axis).name));
  }
}

/// A table that breaks into blocks needs their height, which only the letters' widths tell.
Figure made_figure(std::string_view name, const std::vector<RunDataPtr>& runs, const FigureOptions& options) {
  constexpr double kAround = 4, kLeast = 15;  // mm
  Figure figure = make_figure(name, runs, options);
  if (options.height_mm > 0 || figure.panels.empty() || !figure.panels.front().table) return figure;
  const Metrics metrics = paper_metrics(figure);
  const double height =
      table_height(*figure.panels.front().table, paper_area(figure).width() - 6 * metrics.px, metrics);
  figure.height_mm = std::max(kLeast, height / kPointsPerMm + kAround);
  return figure;
}

/// A picture that says that there is nothing to see is worth a look on the screen, but no file.
void need_benchmarks(std::string_view figure, const std::vector<RunDataPtr>& runs) {
  if (!figure.starts_with("evaluation")) return;
  for (const auto& run : runs)
    if (run && !run->evaluation.empty()) return;
  std::string names;
  for (const auto& run : runs) names += (names.empty() ? "" : ", ") + run->name;
  throw DataError(
      Message::tr("No benchmark was evaluated in %1; task files are named in the spec, "
                  "[evaluation] tasks = [\"task.yaml\"].",
                  names));
}

}  // namespace

QRectF paper_area(const Figure& figure) {
  return {0, 0, figure.width_mm * kPointsPerMm, figure.height_mm * kPointsPerMm};
}

Metrics paper_metrics(const Figure& figure) {
  // Widths are taken at 32 times the size, free of any device's rounding.
  return {TextSetter(figure_font(), 32.0), figure.font_pt, 0.6};
}

QImage figure_image(const Figure& figure, double dpi) {
  if (!(dpi >= 36 && dpi <= 2400))
    throw SpecError(Message::tr("The resolution is %1 dpi; allowed are 36 to 2400.", std::to_string(dpi)));
  const QSize size(static_cast<int>(std::lround(figure.width_mm / 25.4 * dpi)),
                   static_cast<int>(std::lround(figure.height_mm / 25.4 * dpi)));
  QImage image(size, QImage::Format_RGB32);
  if (image.isNull())
    throw RunError(Message::tr("A picture of that size does not fit into memory; ask for fewer dpi."));
  image.setDotsPerMeterX(static_cast<int>(std::lround(dpi / 0.0254)));
  image.setDotsPerMeterY(image.dotsPerMeterX());
  image.fill(figure.theme.background);
  QPainter painter(&image);
  painter.scale(dpi / 72.0, dpi / 72.0);
  const Metrics metrics = paper_metrics(figure);
  PainterCanvas canvas(painter, metrics.text);
  draw_figure(canvas, figure, paper_area(figure), metrics);
  return image;
}

void export_figure(const Figure& figure, const std::filesystem::path& out, const ExportOptions& options) {
  if (!(figure.width_mm >= 20 && figure.width_mm <= 2000 && figure.height_mm >= 15 && figure.height_mm <= 2000)) {
    throw SpecError(Message::tr("A figure is 20 to 2,000 mm wide and 15 to 2,000 mm high."));
  }
  std::string suffix = out.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
  const Table* table = !figure.panels.empty() && figure.panels.front().table ? &*figure.panels.front().table : nullptr;
  // The platform "minimal" has no fonts; a figure without text would be worse than none.
  if (suffix != ".csv" && suffix != ".tex" && QFontDatabase::families().isEmpty()) {
    throw RunError(Message::tr("Cannot write %1: %2.", out,
                               Message::tr("Qt finds no font; install fonts-dejavu-core, or start with "
                                           "QT_QPA_PLATFORM=offscreen")));
  }
  if (suffix == ".svg") {
    write_file(out, svg(figure));
  } else if (suffix == ".pdf") {
    write_file(out, pdf(figure));
  } else if (suffix == ".png") {
    write_file(out, png(figure, options.dpi));
  } else if (suffix == ".csv") {
    write_file(out, QByteArray::fromStdString(table ? table->csv : figure_csv(figure)));
  } else if (suffix == ".tex" && table) {
    write_file(out, QByteArray::fromStdString(table->latex));
  } else {
    throw SpecError(Message::tr(
        "Cannot write %1: %2.", out,
        suffix == ".tex" ? Message::tr("only a table, as of the figure evaluation-table, is written as .tex")
                         : Message::tr("its format must be .svg, .pdf, .png or .csv, of a table also .tex")));
  }
}

void run_export(const std::vector<std::filesystem::path>& records, std::string_view figure_name,
                const std::filesystem::path& out, const FigureOptions& figure_options,
                const ExportOptions& export_options) {
  if (records.empty()) throw SpecError(Message::tr("Name at least one run record to export a figure of."));
  auto columns = figure_columns(figure_name);
  const auto& axis = x_axis_row(figure_options.x_axis).columns;
  columns.insert(columns.end(), axis.begin(), axis.end());
  std::vector<RunDataPtr> runs;
  for (const auto& record : records) runs.push_back(load_run_data(record, columns, {}, figure_scores(figure_name)));
  need_benchmarks(figure_name, runs);
  need_x_axis(figure_options.x_axis, runs);
  export_figure(made_figure(figure_name, runs, figure_options), out, export_options);
}

Figure template_figure(const FigureTemplate& figure, const std::vector<RunDataPtr>& runs, const Words& say) {
  FigureOptions options = template_options(figure);
  options.say = say;
  return made_figure(figure.kind, select_runs(runs, figure.runs), options);
}

bool run_export(const std::vector<std::filesystem::path>& records, const FigureTemplate& figure,
                const std::filesystem::path& out, const Words& say, std::stop_token stop) {
  if (records.empty()) throw SpecError(Message::tr("Name at least one run record to export a figure of."));
  const auto columns = template_columns(figure);
  std::vector<RunDataPtr> runs;
  for (const auto& record : records) {
    runs.push_back(load_run_data(record, columns, stop, figure_scores(figure.kind)));
    if (!runs.back()) return false;
  }
  need_benchmarks(figure.kind, runs);
  need_x_axis(figure.x_axis, runs);
  const Figure made = template_figure(figure, runs, say);
  if (stop.stop_requested()) return false;
  export_figure(made, out, {.dpi = figure.dpi});
  return true;
}

}  // namespace bandscope::viz
