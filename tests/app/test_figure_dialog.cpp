// SPDX-License-Identifier: GPL-3.0-or-later
// The figure dialog: its form and a template say the same, its picture follows, its file is the one that the command
// line makes of the saved template, and writing can be stopped.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/base/color_scheme.h"
#include "app/figure/figure_dialog.h"
#include "app/figure/figure_form.h"
#include "app/figure/figure_preview.h"
#include "app/figure/figure_titles.h"
#include "tests/app/record_maker.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::app;
using bandscope::testing::make_run;

namespace {

QByteArray bytes_of(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool says(const QWidget& dialog, const QString& part) {
  for (const auto* label : dialog.findChildren<QLabel*>()) {
    if (label->text().contains(part)) return true;
  }
  return false;
}

}  // namespace

class TestFigureDialog : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  QStringList records_;

  void shown(FigureDialog& dialog) {
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.preview()->picture().isNull(), 60000);
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("bandscope-test-figure");
    QSettings().clear();
    const std::filesystem::path folder = folder_.path().toStdString();
    for (const bandscope::testing::MadeRun& run :
         {bandscope::testing::MadeRun{.name = "dpo"}, bandscope::testing::MadeRun{.name = "dpo-rc", .calibrated = true},
          bandscope::testing::MadeRun{.name = "simpo", .objective = "simpo", .seed = 5},
          bandscope::testing::MadeRun{.name = "simpo-rc", .objective = "simpo", .calibrated = true, .seed = 5}}) {
      records_ << QString::fromStdString(make_run(folder, run).string());
    }
  }

  void the_form_says_what_the_template_says() {
    FigureForm form(records_);
    viz::FigureTemplate figure;
    figure.kind = "dynamics-grid";
    figure.parts = {"band-with", "margin"};
    figure.width = "mm";
    figure.width_mm = 100;
    figure.height_mm = 60;
    figure.font_pt = 6.5;
    figure.palette = "grey";
    figure.legend = false;
    figure.smoothing = {viz::Smoothing::Kind::window, 11};
    figure.dpi = 450;
    figure.x_ranges["step"] = {10, 90};
    figure.runs = {"pairs", {"simpo"}, {"a"}};
    figure.x_axis = viz::XAxis::tokens;
    figure.seed_means = true;
    form.setFigure(figure);
    QVERIFY(form.figure() == figure);
    form.setFigure({});
    QVERIFY(form.figure() == viz::FigureTemplate{});
    for (const auto& kind : viz::figure_names()) {
      QVERIFY(!long_figure_title(kind).isEmpty());
      QVERIFY(long_figure_title(kind) != QString::fromStdString(kind));
      if (kind == "columns") continue;  // columns are called as the record has them
      for (const auto& part : viz::figure_parts(kind)) {
        QVERIFY(figure_text(part.title) != QString::fromStdString(part.name));
      }
    }
  }

  void the_picture_follows_the_form() {
    FigureDialog dialog(records_, "dynamics");
    dialog.setScreen({{{"step", {20, 60}}}, {{"margin", {-1, 1}}}}, {});
    shown(dialog);
    const QImage before = dialog.preview()->picture();
    auto figure = dialog.form()->figure();
    figure.palette = "grey";
    dialog.form()->setFigure(figure);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.preview()->picture() != before, 60000);
    const QImage grey = dialog.preview()->picture();
    bool colored = false;
    for (int y = 0; y < grey.height() && !colored; y += 3) {
      for (int x = 0; x < grey.width() && !colored; x += 3)
        colored = qAbs(qRed(grey.pixel(x, y)) - qBlue(grey.pixel(x, y))) > 24;
    }
    QVERIFY(!colored);
    // Ranges as on the screen.
    for (auto* box : dialog.findChildren<QComboBox*>()) {
      if (const int i = box->findText(FigureForm::tr("as on the screen")); i >= 0) box->setCurrentIndex(i);
    }
    QVERIFY(dialog.form()->figure().x_ranges.at("step") == std::pair(20.0, 60.0));
    QVERIFY(dialog.form()->figure().y_ranges.at("margin") == std::pair(-1.0, 1.0));
    for (auto* list : dialog.findChildren<QListWidget*>()) {
      for (int i = 0; i < list->count() && list->count() == records_.size(); ++i)
        list->item(i)->setCheckState(Qt::Unchecked);
    }
    QTRY_VERIFY(dialog.preview()->accessibleDescription().contains("No run"));
  }

  void the_command_line_makes_the_same_file_data() {
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("language");
    for (const char* suffix : {"svg", "pdf", "png", "csv"})
      QTest::newRow(suffix) << suffix << "dynamics-grid"
                            << "en";
    QTest::newRow("chinese svg") << "svg"
                                 << "dynamics"
                                 << "zh_CN";
  }
  void the_command_line_makes_the_same_file() {
    QFETCH(QString, suffix);
    QFETCH(QString, kind);
    QFETCH(QString, language);
    FigureDialog dialog(records_, kind);
    auto figure = dialog.form()->figure();
    figure.width = "acl-wide";
    figure.smoothing = {viz::Smoothing::Kind::ema, 0.8};
    figure.x_ranges["step"] = {1, 100};
    figure.language = language.toStdString();
    figure.dpi = 120;
    dialog.form()->setFigure(figure);
    const QString saved = folder_.filePath("saved.toml"), mine = folder_.filePath("dialog." + suffix),
                  theirs = folder_.filePath("command." + suffix);
    dialog.saveTemplate(saved);
    QSignalSpy exported(&dialog, &FigureDialog::exported);
    dialog.write({mine});
    QVERIFY(exported.wait(120000));
    QVERIFY(bytes_of(mine).size() > 500);
    for (int process = 0; process < 3; ++process) {  // what depends on a process' random seed shows in several
      QProcess program;
      program.start(QStringLiteral(BANDSCOPE_BIN "/bandscope"),
                    QStringList{"export"} + records_ + QStringList{"--template", saved, "--out", theirs});
      QVERIFY(program.waitForFinished(60000));
      QCOMPARE(QString::fromUtf8(program.readAllStandardError()), QString());
      QCOMPARE(program.exitCode(), 0);
      QVERIFY(bytes_of(mine) == bytes_of(theirs));
    }
  }

  void several_formats_are_written_and_the_dialog_stays() {
    QSettings().clear();
    {
      FigureDialog dialog(records_, "dynamics");
      shown(dialog);
      QCOMPARE(dialog.form()->formats(), QStringList{"pdf"});
      auto figure = dialog.form()->figure();
      QVERIFY(!figure.events);  // flags are for the screen
      figure.kind = "margin";
      figure.width = "icml";
      dialog.form()->setFigure(figure);
      for (const char* format : {"svg", "csv"}) dialog.findChild<QCheckBox*>(format)->setChecked(true);
      const QStringList files = dialog.form()->filesFor(folder_.filePath("three.PDF"));
      QCOMPARE(files, QStringList({folder_.filePath("three.PDF"), folder_.filePath("three.svg"),
                                   folder_.filePath("three.csv")}));
      QSignalSpy exported(&dialog, &FigureDialog::exported);
      dialog.write(files);
      QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 3, 120000);
      for (const QString& file : files) QVERIFY(bytes_of(file).size() > 500);
      QVERIFY(dialog.isVisible());
      QVERIFY(says(dialog, "three.svg"));
      QVERIFY(dialog.form()->figure() == figure);
      // One that cannot be written does not take the others back.
      dialog.write({folder_.filePath("four.svg"), folder_.filePath("no/four.pdf")});
      QTRY_VERIFY_WITH_TIMEOUT(says(dialog, "no/four.pdf"), 60000);
      QVERIFY(says(dialog, "four.svg"));
      for (auto* box : dialog.findChildren<QCheckBox*>()) {
        if (QStringList{"pdf", "svg", "csv"}.contains(box->objectName())) box->setChecked(false);
      }
      for (auto* button : dialog.findChildren<QPushButton*>()) {
        if (button->isDefault()) QTRY_VERIFY(!button->isEnabled());
      }
      dialog.findChild<QCheckBox*>("svg")->setChecked(true);
      dialog.accept();
    }
    FigureDialog next(records_, "band");
    QCOMPARE(next.form()->figure().kind, std::string("band"));
    QCOMPARE(next.form()->figure().width, std::string("icml"));
    QCOMPARE(next.form()->formats(), QStringList{"svg"});
    QSettings().clear();
  }

  void says_what_it_could_not_do() {
    FigureDialog dialog(records_, "band");
    dialog.show();
    dialog.write({folder_.filePath("no/such/folder/a.pdf")});
    QTRY_VERIFY_WITH_TIMEOUT(says(dialog, "no/such/folder/a.pdf"), 60000);
    QFile broken(folder_.filePath("broken.toml"));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("[figure]\nkid = \"band\"\n");
    broken.close();
    const auto before = dialog.form()->figure();
    dialog.loadTemplate(broken.fileName());
    QVERIFY(says(dialog, "broken.toml"));
    QVERIFY(dialog.form()->figure() == before);
    dialog.loadTemplate(folder_.filePath("saved.toml"));
    QVERIFY(dialog.form()->figure().kind == "dynamics");
  }

  void closes_while_it_reads() {
    for (int i = 0; i < 5; ++i) {
      FigureDialog dialog(records_, "dynamics");
      dialog.show();
      QTest::qWait(20 * i);
      dialog.write({folder_.filePath("closing.pdf")});
      if (i % 2) dialog.reject();
    }
  }

  // BANDSCOPE_PICTURES names a folder in which to look at the dialog.
  void looks_well() {
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES");
    if (keep.isEmpty()) return;  // nobody wants to look
    for (const auto& [name, look] : {std::pair{"light", ColorScheme::light}, {"dark", ColorScheme::dark}}) {
      apply_color_scheme(look);
      for (const auto& [kind, size] : {std::pair{"dynamics", QSize(1040, 680)},
                                       {"dynamics-grid", QSize(1280, 800)},
                                       {"figure3", QSize(800, 600)}}) {
        FigureDialog dialog(records_, kind);
        dialog.setScreen({}, {});
        dialog.resize(size);
        shown(dialog);
        QTest::qWait(600);
        dialog.grab().save(QStringLiteral("%1/dialog-%2-%3.png").arg(keep, kind, name));
      }
    }
  }
};

QTEST_MAIN(TestFigureDialog)
#include "test_figure_dialog.moc"
