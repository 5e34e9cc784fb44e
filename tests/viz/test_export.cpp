// SPDX-License-Identifier: GPL-3.0-or-later
// Every figure in every format, without a display: files are whole, sized in millimetres, the same every time, and the
// CSV holds the record's numbers.
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QProcess>
#include <QStandardPaths>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <ctime>
#include <filesystem>
#include <sstream>

#include "core/error.h"
#include "tests/viz/synthetic.h"
#include "viz/draw/painter_canvas.h"
#include "viz/export/export_figure.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

QByteArray bytes_of(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (const char c : line + ",") {
    if (c == ',') {
      cells.push_back(std::exchange(cell, std::string()));
    } else {
      cell += c;
    }
  }
  return cells;
}

}  // namespace

class TestExport : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_figure_in_every_format_data() {
    QTest::addColumn<QString>("name");
    for (const auto& name : figure_names()) QTest::newRow(name.c_str()) << QString::fromStdString(name);
  }
  void every_figure_in_every_format() {
    QFETCH(QString, name);
    const QTemporaryDir folder;
    FigureOptions options;
    options.width_mm = 100;
    options.height_mm = 60;
    const Figure figure = make_figure(name.toStdString(), testing::synthetic_pair(120), options);
    for (const char* suffix : {"svg", "pdf", "png", "csv"}) {
      const QString first = folder.filePath(QStringLiteral("a.") + suffix);
      const QString second = folder.filePath(QStringLiteral("b.") + suffix);
      export_figure(figure, first.toStdString(), {.dpi = 254});
      const auto second_of_first = std::time(nullptr);  // no date goes into the second one either
      if (suffix == QByteArray("pdf") && name == "dynamics") QTRY_VERIFY(std::time(nullptr) > second_of_first);
      export_figure(figure, second.toStdString(), {.dpi = 254});
      QVERIFY(bytes_of(first).size() > (suffix == QByteArray("csv") ? 200 : 500));
      QCOMPARE(bytes_of(first), bytes_of(second));
    }
    QSvgRenderer svg;
    QVERIFY(svg.load(folder.filePath("a.svg")));
    QVERIFY(qAbs(svg.viewBoxF().width() - 100 / 25.4 * 72) < 0.01);
    const QImage png(folder.filePath("a.png"));
    QCOMPARE(png.size(), QSize(1000, 600));
    QCOMPARE(png.dotsPerMeterX(), 10000);
    const QByteArray pdf = bytes_of(folder.filePath("a.pdf"));
    QVERIFY(pdf.startsWith("%PDF-") && pdf.trimmed().endsWith("%%EOF"));
    QVERIFY2(pdf.contains("/FontFile2"), "no font is embedded");
  }

  /// The svg and the png show the same: curves in both runs' hues.
  void hues_reach_the_paper() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("a.png");
    export_figure(make_figure("likelihood", testing::synthetic_pair(60)), file.toStdString());
    const QImage image(file);
    int orange = 0, blue = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        orange += image.pixel(x, y) == qRgb(0xD5, 0x5E, 0x00);
        blue += image.pixel(x, y) == qRgb(0x00, 0x72, 0xB2);
      }
    }
    QVERIFY(orange > 500);
    QVERIFY(blue > 500);
  }

  void cells_of_a_strip_leave_no_seams_in_pixels() {
    QImage image(200, 20, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.scale(1.37, 1);
    const Theme theme = Theme::light();
    {
      PainterCanvas canvas(painter, TextSetter(QFont(), 1.0), 0);
      std::vector<QRectF> cells;
      for (int i = 0; i < 40; ++i) cells.emplace_back(1.3 + 3.31 * i, 2.4, 3.31, 12.2);
      canvas.bars(cells, theme.with_rc);
    }
    painter.end();
    for (int x = 3; x < 180; ++x) QCOMPARE(image.pixelColor(x, 8), theme.with_rc);
  }

  void pdf_fonts_are_embedded() {
    const QString tool = QStandardPaths::findExecutable("pdffonts");
    if (tool.isEmpty()) QSKIP("pdffonts is not installed");
    const QTemporaryDir folder;
    const QString file = folder.filePath("a.pdf");
    export_figure(make_figure("dynamics", testing::synthetic_pair(60)), file.toStdString());
    QProcess process;
    process.start(tool, {file});
    QVERIFY(process.waitForFinished());
    const QStringList lines = QString::fromUtf8(process.readAllStandardOutput()).trimmed().split('\n');
    QVERIFY(lines.size() > 2);
    for (const QString& line : lines.mid(2)) {
      const QStringList words = line.simplified().split(' ');
      QCOMPARE(words.at(words.size() - 5), QStringLiteral("yes"));  // emb
    }
  }

  void csv_holds_the_record_s_numbers() {
    const auto runs = testing::synthetic_pair(150);
    std::istringstream in(figure_csv(make_figure("dynamics", runs)));
    std::string line;
    std::getline(in, line);
    const auto head = split(line);
    QCOMPARE(head[0], std::string("step"));
    std::size_t rows = 0, compared = 0;
    while (std::getline(in, line)) {
      const auto cells = split(line);
      QCOMPARE(cells.size(), head.size());
      const auto row = static_cast<std::size_t>(std::stod(cells[0])) - 1;
      for (std::size_t i = 1; i < head.size(); ++i) {
        const auto slash = head[i].find('/');
        const std::string name = head[i].substr(slash + 1);
        const auto found = std::find(column_names.begin(), column_names.end(), name);
        if (found == column_names.end()) continue;  // the ticks outside the band
        const auto column = static_cast<Column>(found - column_names.begin());
        const RunData& run = head[i].substr(0, slash) == "dpo" ? *runs[0] : *runs[1];
        QVERIFY(!cells[i].empty());
        QCOMPARE(std::stod(cells[i]), run.column(column)[row]);
        ++compared;
      }
      ++rows;
    }
    QCOMPARE(rows, std::size_t(150));
    QVERIFY(compared >= rows * 14);
  }

  void csv_says_where_nothing_is_defined() {
    const auto run = testing::synthetic_run({.steps = 40, .undefined_from = 10, .undefined_to = 12});
    const QString csv = QString::fromStdString(figure_csv(make_figure("band", {run})));
    QVERIFY(csv.split('\n').at(11).startsWith("11,nan,nan"));
  }

  void what_cannot_be_written_is_said_in_one_sentence() {
    const Figure figure = make_figure("margin", testing::synthetic_pair(20));
    const auto message = [&](const char* out, const ExportOptions& options = {}) {
      try {
        export_figure(figure, out, options);
      } catch (const Error& error) {
        return QString(error.what());
      }
      return QString();
    };
    QVERIFY(message("/no/such/folder/a.png").startsWith("/no/such/folder/a.png: cannot be written"));
    QVERIFY(message("/tmp/figure.gif").contains(".svg, .pdf, .png or .csv"));
    QVERIFY(message("/tmp/figure.png", {.dpi = 9}).contains("36 to 2400"));
    if (QFile::exists("/dev/full")) QVERIFY_EXCEPTION_THROWN(export_figure(figure, "/dev/full"), SpecError);
    QVERIFY_EXCEPTION_THROWN(run_export({}, "dynamics", "/tmp/figure.png"), SpecError);
    QVERIFY_EXCEPTION_THROWN(run_export({"/no/run.h5"}, "nothing", "/tmp/figure.png"), SpecError);
    QVERIFY_EXCEPTION_THROWN(run_export({"/no/run.h5"}, "dynamics", "/tmp/figure.png"), DataError);
  }

  void a_name_that_is_no_utf8_is_kept() {
    const QTemporaryDir folder;
    const std::string file = folder.path().toStdString() + "/q\xff.csv";
    export_figure(make_figure("margin", testing::synthetic_pair(20)), file);
    QVERIFY(std::filesystem::exists(file));
  }

  void a_failed_export_leaves_the_old_file() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("a.csv");
    const Figure figure = make_figure("margin", testing::synthetic_pair(20));
    export_figure(figure, file.toStdString());
    const QByteArray before = bytes_of(file);
    QVERIFY_EXCEPTION_THROWN(export_figure(figure, folder.filePath("a.gif").toStdString()), SpecError);
    QCOMPARE(bytes_of(file), before);
    QVERIFY(!width_presets().empty());
  }
};

QTEST_MAIN(TestExport)
#include "test_export.moc"
