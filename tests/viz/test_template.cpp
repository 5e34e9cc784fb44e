// SPDX-License-Identifier: GPL-3.0-or-later
// Figure templates: read back as written, refused with file, line and key, and the same bytes for the same runs.
#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/error.h"
#include "tests/viz/synthetic.h"
#include "viz/export/export_figure.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;
using bandscope::viz::testing::synthetic_pair;
using bandscope::viz::testing::synthetic_run;

namespace {

std::string message_of(const std::string& text) {
  try {
    parse_template(text, "paper.toml");
  } catch (const SpecError& error) {
    return error.what();
  }
  return "";
}

QByteArray bytes_of(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

FigureTemplate everything() {
  FigureTemplate figure;
  figure.kind = "dynamics";
  figure.parts = {"band-with", "likelihood"};
  figure.language = "zh_CN";
  figure.width = "mm";
  figure.width_mm = 123.4;
  figure.height_mm = 70;
  figure.font_pt = 8.5;
  figure.palette = "grey";
  figure.legend = figure.events = false;
  figure.strip = true;
  figure.log_x = true;
  figure.dpi = 150;
  figure.smoothing = {Smoothing::Kind::window, 21};
  figure.x_ranges["step"] = {1, 80};
  figure.y_ranges["band"] = {-0.1234567890123, 1e-9};
  figure.runs = {"with", {"dpo", "simpo"}, {"a \"b\" \\", "c\n"}};
  return figure;
}

}  // namespace

class TestTemplate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void reads_back_what_it_wrote() {
    QVERIFY(parse_template(template_text(everything()), "a.toml") == everything());
    QVERIFY(parse_template(template_text(FigureTemplate{}), "a.toml") == FigureTemplate{});
    const QTemporaryDir folder;
    const auto file = folder.filePath("a.toml").toStdString();
    write_template(everything(), file);
    QVERIFY(read_template(file) == everything());
    QVERIFY_EXCEPTION_THROWN(write_template({}, folder.filePath("none/a.toml").toStdString()), RunError);
    QVERIFY_EXCEPTION_THROWN(read_template(folder.filePath("b.toml").toStdString()), SpecError);
  }

  void refuses_with_file_line_and_key_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("parts");
    const auto row = [](const char* name, const char* text, const QStringList& parts) {
      QTest::newRow(name) << QString(text) << parts;
    };
    row("unknown key", "[figure]\nkind = \"band\"\n[page]\nfont = 7\n",
        {"paper.toml, line 4", "page.font ", "page.font_pt"});
    row("wrong section", "[figure]\nkind = \"band\"\ndpi = 200\n", {"line 3", "figure.dpi", "page.dpi"});
    row("unknown kind", "[figure]\nkind = \"dynamic\"\n", {"line 2", "figure.kind", "dynamics", "nearest"});
    row("no kind", "[page]\ndpi = 300\n", {"figure.kind is missing"});
    row("unknown part", "[figure]\nkind = \"figure3\"\nparts = [\"margin\"]\n", {"line 3", "figure.parts", "cosine"});
    row("out of range", "[figure]\nkind = \"band\"\n[page]\ndpi = 20\n", {"line 4", "page.dpi", "36 to 2,400"});
    row("wrong type", "[figure]\nkind = \"band\"\n[page]\nlegend = 1\n", {"line 4", "page.legend", "true or false"});
    row("two widths", "[figure]\nkind = \"band\"\n[page]\nwidth = \"icml\"\nwidth_mm = 80\n",
        {"line 5", "page.width_mm", "line 4"});
    row("range", "[figure]\nkind = \"band\"\n[range.y]\nband = [1, -1]\n",
        {"line 4", "range.y.band", "[least, greatest]"});
    row("no table", "page = 3\n[figure]\nkind = \"band\"\n", {"line 1", "page must be a table"});
    row("no toml", "[figure\n", {"paper.toml, line 1", "not TOML"});
  }
  void refuses_with_file_line_and_key() {
    QFETCH(QString, text);
    QFETCH(QStringList, parts);
    const QString message = QString::fromStdString(message_of(text.toStdString()));
    for (const QString& part : parts) QVERIFY2(message.contains(part), qPrintable(message));
  }

  void a_template_is_a_regular_file_of_limited_depth() {
    const QTemporaryDir folder;
    const std::filesystem::path fifo = folder.filePath("t.toml").toStdString();
    QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
    const auto refusal = [](const auto& read) {
      try {
        read();
      } catch (const SpecError& error) {
        return QString(error.what());
      }
      return QStringLiteral("accepted");
    };
    QCOMPARE(refusal([&] { read_template(fifo); }),
             QStringLiteral("Cannot read the template %1: a FIFO, not a file.").arg(folder.filePath("t.toml")));
    const std::string deep = QStringLiteral("a.").repeated(100'000).toStdString() + "a = 1";
    QCOMPARE(refusal([&] { parse_template(deep, "t.toml"); }),
             QStringLiteral("t.toml, line 1: not TOML: nested more than 64 deep."));
  }

  void the_rule_selects_and_orders() {
    const auto run = [](const char* name, const char* objective, bool calibrated) {
      const auto made = synthetic_run({.steps = 5, .calibrated = calibrated, .name = name, .pair_key = objective});
      auto copy = std::make_shared<RunData>(*made);
      copy->objective = objective;
      return RunDataPtr(copy);
    };
    const std::vector<RunDataPtr> runs = {run("d", "dpo", false), run("dr", "dpo", true), run("s", "simpo", false)};
    const auto names = [&](const RunRule& rule) {
      QStringList out;
      for (const auto& chosen : select_runs(runs, rule)) out << QString::fromStdString(chosen->name);
      return out.join(' ');
    };
    QCOMPARE(names({}), QString("d dr s"));
    QCOMPARE(names({.select = "without"}), QString("d s"));
    QCOMPARE(names({.select = "with"}), QString("dr"));
    QCOMPARE(names({.select = "pairs"}), QString("d dr"));
    QCOMPARE(names({.objectives = {"simpo", "dpo"}}), QString("s d dr"));
    QCOMPARE(names({.names = {"s", "d"}}), QString("s d"));
    QVERIFY_EXCEPTION_THROWN(select_runs(runs, {.objectives = {"ipo"}}), SpecError);
  }

  void parts_palette_and_ranges_are_obeyed() {
    FigureTemplate figure = everything();
    figure.runs = {};
    figure.kind = "dynamics";
    const Figure made = template_figure(figure, synthetic_pair(100));
    QCOMPARE(made.panels.size(), std::size_t(3));
    QCOMPARE(made.panels[0].part, std::string("band-with"));
    QVERIFY(made.panels[2].strip.has_value());
    QCOMPARE(made.rows, 3);
    QCOMPARE(made.columns, 1);
    QCOMPARE(made.width_mm, 123.4);
    QVERIFY(made.panels[0].x.range == std::pair(1.0, 80.0));
    QCOMPARE(made.panels[0].y.range->first, -0.1234567890123);
    for (const auto& entry : made.runs) QCOMPARE(entry.color.saturation(), 0);
    FigureOptions options;
    options.parts = {"cosine"};
    QVERIFY_EXCEPTION_THROWN(make_figure("dynamics", synthetic_pair(10), options), SpecError);
  }

  void the_same_template_gives_the_same_bytes() {
    const QTemporaryDir folder;
    FigureTemplate figure;
    figure.kind = "dynamics-grid";
    figure.width = "neurips";
    figure.smoothing = {Smoothing::Kind::ema, 0.9};
    const auto runs = synthetic_pair(300);
    const FigureTemplate again = parse_template(template_text(figure), "a.toml");
    for (const char* suffix : {"svg", "pdf", "png", "csv"}) {
      const QString first = folder.filePath(QString("a.") + suffix), second = folder.filePath(QString("b.") + suffix);
      export_figure(template_figure(figure, runs), first.toStdString(), {.dpi = figure.dpi});
      export_figure(template_figure(again, runs), second.toStdString(), {.dpi = again.dpi});
      QVERIFY(!bytes_of(first).isEmpty());
      QCOMPARE(bytes_of(first), bytes_of(second));
    }
  }

  void words_are_the_caller_s() {
    FigureTemplate figure;
    const auto shout = [](const char* text) { return QString::fromUtf8(text).toUpper().toStdString(); };
    const Figure made = template_figure(figure, synthetic_pair(20), shout);
    QCOMPARE(made.panels[0].title, std::string("BAND W/O RC"));
    QCOMPARE(made.panels[2].x.title, std::string("OPTIMIZER STEP"));
  }
};

QTEST_MAIN(TestTemplate)
#include "test_template.moc"
