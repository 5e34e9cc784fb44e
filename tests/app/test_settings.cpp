// SPDX-License-Identifier: GPL-3.0-or-later
// The settings dialog in the real window: opened and used with keys, taken at once with OK, left with Cancel, undone.
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>
#include <algorithm>
#include <memory>

#include "app/base/color_scheme.h"
#include "app/base/smoothing_choices.h"
#include "app/engine/engine_program.h"
#include "app/launch/launch_page.h"
#include "app/launch/recent_paths.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/run_page.h"
#include "app/queue/run_queue.h"
#include "app/settings/settings.h"
#include "app/settings/settings_dialog.h"
#include "app/shell/layouts.h"
#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestSettings : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  QString at(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }
  void openWindow() {
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->resize(1280, 800);
    window_->show();
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
  }
  SettingsDialog* dialog() {
    window_->activateWindow();
    if (!QTest::qWaitForWindowActive(window_.get())) return nullptr;
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    auto* opened = window_->findChild<SettingsDialog*>();
    if (!opened) qFatal("the keys open no dialog");
    QApplication::setActiveWindow(opened);  // there is no window manager to do it
    return opened;
  }
  template <class Widget>
  static Widget* field(SettingsDialog* dialog, const char* name) {
    auto* found = dialog->findChild<Widget*>(QString::fromLatin1(name));
    if (!found) qFatal("no field %s", name);
    return found;
  }
  static void choose(SettingsDialog* dialog, const char* name, const QString& data) {
    auto* box = field<QComboBox>(dialog, name);
    box->setCurrentIndex(box->findData(data));
  }
  static QPushButton* button(SettingsDialog* dialog, QDialogButtonBox::StandardButton which) {
    return dialog->findChild<QDialogButtonBox*>()->button(which);
  }
  void press(SettingsDialog* dialog, QDialogButtonBox::StandardButton which) {
    button(dialog, which)->click();
    QTRY_VERIFY(!window_->findChild<SettingsDialog*>());
  }
  /// Whether the menu's entry that stands for this value is ticked.
  bool checked(const char* value) const {
    const auto actions = window_->findChildren<QAction*>();
    return std::any_of(actions.begin(), actions.end(), [&](QAction* action) {
      return action->isChecked() && action->data().toString() == QLatin1String(value);
    });
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", at("data").toUtf8());
    qputenv("XDG_CACHE_HOME", at("cache").toUtf8());
    qunsetenv("BANDSCOPE_ENGINE");
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    make_run(std::filesystem::path(at("runs").toStdString()), {.name = "dpo", .steps = 20});
    for (const char* folder : {"other", "models/tiny", "pairs"}) QDir(folder_.path()).mkpath(folder);
    QFile config(at("models/tiny/config.json"));
    QVERIFY(config.open(QIODevice::WriteOnly) && config.write("{}") == 2);
    QFile engine(at("engine"));
    QVERIFY(engine.open(QIODevice::WriteOnly) && engine.write("#!/bin/sh\n") > 0);
    engine.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  }
  void init() { QSettings().clear(); }
  void cleanup() {
    window_.reset();
    apply_chart_style("okabe-ito", 100);
  }

  void everyFieldHasANameAndIsReachedByKeys() {
    openWindow();
    auto* shown = dialog();
    QVERIFY(shown);
    auto* pages = field<QListWidget>(shown, "pages");
    QCOMPARE(shown->focusWidget(), pages);
    int fields = 0;
    for (int page = 0; page < pages->count(); ++page) {
      pages->setFocus();
      if (page > 0) QTest::keyClick(pages, Qt::Key_Down);
      QCOMPARE(pages->currentRow(), page);
      QSet<QWidget*> reached;
      for (QWidget* at = pages; !reached.contains(at); at = shown->focusWidget()) {
        reached.insert(at);
        QTest::keyClick(at, Qt::Key_Tab);
        if (!shown->focusWidget()) break;
      }
      for (auto* widget : shown->findChildren<QWidget*>()) {
        const bool input = qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractSpinBox*>(widget) ||
                           qobject_cast<QAbstractButton*>(widget) || qobject_cast<QListWidget*>(widget) ||
                           (qobject_cast<QLineEdit*>(widget) && !qobject_cast<QAbstractSpinBox*>(widget->parent()));
        if (!input || !widget->isVisible() || !widget->isEnabled() || widget->focusPolicy() == Qt::NoFocus) continue;
        ++fields;
        auto* text = qobject_cast<QAbstractButton*>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (text && text->text().size() > 1),
                 qPrintable(widget->metaObject()->className() + widget->objectName()));
        QVERIFY2(reached.contains(widget), qPrintable(widget->metaObject()->className() + widget->objectName()));
      }
    }
    QVERIFY2(fields > 20, qPrintable(QString::number(fields)));
    QTest::keyClick(shown, Qt::Key_Escape);
    QTRY_VERIFY(!window_->findChild<SettingsDialog*>());
  }

  void cancelLeavesEverythingAsItWas() {
    openWindow();
    window_->library()->setFolders({at("runs")});
    const auto before = window_->settings()->now();
    auto* shown = dialog();
    choose(shown, "look", "dark");
    choose(shown, "language", "zh_CN");
    choose(shown, "palette", "grey");
    field<QSpinBox>(shown, "chart-text")->setValue(150);
    auto* folders = field<QListWidget>(shown, "folders");
    field<QListWidget>(shown, "pages")->setCurrentRow(2);
    folders->setFocus();
    folders->selectAll();
    QTest::keyClick(folders, Qt::Key_Delete);
    QCOMPARE(folders->count(), 0);
    field<QLineEdit>(shown, "runs-folder")->setText(at("other"));
    press(shown, QDialogButtonBox::Cancel);
    QVERIFY(window_->settings()->now() == before);
    QCOMPARE(window_->library()->folders(), QStringList{at("runs")});
    QVERIFY(window_->launch()->runsFolder().isEmpty());
    QCOMPARE(window_->undoStack()->count(), 0);
    QVERIFY(!QSettings().contains("look"));
  }

  void okTakesEffectAtOnceAndIsUndone() {
    openWindow();
    window_->library()->setFolders({at("runs")});
    auto* charts = window_->page()->chartTabs()[0];
    auto* chosen = window_->page()->chartTabs()[1];
    const viz::Smoothing usual{viz::Smoothing::Kind::ema, 0.9}, own{viz::Smoothing::Kind::window, 21};
    chosen->view()->setSmoothing(own);
    const int changes = window_->undoStack()->count();
    const double size = QFontInfo(charts->view()->font()).pixelSize();
    auto* shown = dialog();
    choose(shown, "look", "dark");
    choose(shown, "palette", "grey");
    field<QSpinBox>(shown, "chart-text")->setValue(150);
    auto* smoothing = field<QComboBox>(shown, "smoothing");
    for (std::size_t i = 0; i < smoothing_choices().size(); ++i) {
      if (smoothing_choices()[i].second == usual) smoothing->setCurrentIndex(int(i));
    }
    field<QListWidget>(shown, "folders")->addItem(at("other"));
    field<QCheckBox>(shown, "ask-delete")->setChecked(false);
    field<QSpinBox>(shown, "at-once-cpu")->setValue(3);
    field<QLineEdit>(shown, "runs-folder")->setText(at("other"));
    choose(shown, "language", "zh_CN");
    press(shown, QDialogButtonBox::Ok);
    QVERIFY(is_dark());
    QVERIFY(checked("dark"));
    QVERIFY(checked("zh_CN"));
    QCOMPARE(window_->dock()->windowTitle(), QStringLiteral("运行"));
    QCOMPARE(chart_theme().with_rc, QColor(Qt::white));
    QCOMPARE(QFontInfo(charts->view()->font()).pixelSize(), qRound(size * 1.5));
    QVERIFY(charts->view()->smoothing() == usual);
    QVERIFY(chosen->view()->smoothing() == own);
    QCOMPARE(window_->library()->folders(), (QStringList{at("runs"), at("other")}));
    QCOMPARE(window_->queue()->atOnce("cpu"), 3);
    QCOMPARE(window_->launch()->runsFolder(), at("other"));
    QCOMPARE(window_->undoStack()->count(), changes + 1);
    // A layout that is reset has the usual smoothing, not none.
    charts->view()->setSmoothing(own);
    window_->layouts()->reset();
    QVERIFY(charts->view()->smoothing() == usual);
    window_->undoStack()->setIndex(changes + 1);
    // The next window has it all, but for what it asks the queue and the library.
    window_.reset();
    apply_chart_style("okabe-ito", 100);
    openWindow();
    QVERIFY(is_dark());
    QVERIFY(window_->settings()->now().smoothing == usual && !window_->settings()->now().ask_delete);
    QCOMPARE(chart_theme().with_rc, QColor(Qt::white));
    window_->setLanguage("en");
    // And it is undone as one.
    shown = dialog();
    button(shown, QDialogButtonBox::RestoreDefaults)->click();
    press(shown, QDialogButtonBox::Ok);
    QVERIFY(window_->settings()->now() == Preferences{});
    QCOMPARE(window_->queue()->atOnce("cpu"), 1);
    window_->undoStack()->undo();
    QVERIFY(is_dark());
    QCOMPARE(window_->queue()->atOnce("cpu"), 3);
    QVERIFY(window_->settings()->now().smoothing == usual);
    window_->undoStack()->redo();
    QVERIFY(window_->settings()->now() == Preferences{});
  }

  void theMenuAndTheDialogShowTheSame() {
    openWindow();
    window_->setColorSchemeName("dark");
    window_->setLanguage("en");
    auto* shown = dialog();
    QCOMPARE(field<QComboBox>(shown, "look")->currentData().toString(), QStringLiteral("dark"));
    QCOMPARE(field<QComboBox>(shown, "language")->currentData().toString(), QStringLiteral("en"));
    press(shown, QDialogButtonBox::Ok);  // nothing was changed
    QCOMPARE(window_->undoStack()->count(), 0);
    QVERIFY(checked("dark"));
    QCOMPARE(QSettings().value("look").toString(), QStringLiteral("dark"));
    window_->setColorSchemeName("light");
    QCOMPARE(window_->settings()->now().look, QStringLiteral("light"));
  }

  void theEngineAndThePickersFollow() {
    openWindow();
    auto* shown = dialog();
    auto* engine = field<QLineEdit>(shown, "engine");
    engine->setText(at("no-engine"));
    QVERIFY(field<QLabel>(shown, "problem")->text().contains("no-engine"));
    QVERIFY(!button(shown, QDialogButtonBox::Ok)->isEnabled());
    engine->setText(at("engine"));
    QVERIFY(field<QLabel>(shown, "problem")->text().isEmpty());
    QVERIFY(field<QLabel>(shown, "engine-found")->text().contains(at("engine")));
    field<QLineEdit>(shown, "models")->setText(at("nowhere"));
    QVERIFY(field<QLabel>(shown, "problem")->text().contains("nowhere"));
    field<QLineEdit>(shown, "models")->setText(at("models"));
    field<QLineEdit>(shown, "data")->setText(at("pairs"));
    press(shown, QDialogButtonBox::Ok);
    QCOMPARE(QString::fromStdString(engine_program().string()), at("engine"));
    QVERIFY(cached_models().contains(at("models/tiny")));
    QCOMPARE(starting_folder(PathKind::model), at("models"));
    QCOMPARE(starting_folder(PathKind::data), at("pairs"));
    // The environment wins, and the dialog says so.
    qputenv("BANDSCOPE_ENGINE", "/bin/true");
    QCOMPARE(engine_program(), std::filesystem::path("/bin/true"));
    shown = dialog();
    QVERIFY(!field<QLineEdit>(shown, "engine")->isEnabled());
    QVERIFY(button(shown, QDialogButtonBox::Ok)->isEnabled());
    press(shown, QDialogButtonBox::Cancel);
    qunsetenv("BANDSCOPE_ENGINE");
    window_->undoStack()->undo();
    QVERIFY(starting_folder(PathKind::model).isEmpty());
  }

  void deletingAsksNothingWhereOneWantsItSo() {
    openWindow();
    window_->library()->setFolders({at("runs")});
    const QString record = at("runs/dpo/run.h5");
    const auto run = [&] { return window_->model()->entry(window_->model()->find(record)); };
    QTRY_VERIFY(run() && run()->read);
    auto* shown = dialog();
    field<QCheckBox>(shown, "ask-delete")->setChecked(false);
    press(shown, QDialogButtonBox::Ok);
    window_->dock()->edits()->askTrash({run()});
    QVERIFY(!window_->findChild<QMessageBox*>("ask-trash"));
    QVERIFY(!QFileInfo::exists(record));
    window_->undoStack()->undo();
    QVERIFY(QFileInfo::exists(record));
    window_->undoStack()->undo();  // the setting
    QTRY_VERIFY(run() && run()->read);
    window_->dock()->edits()->askTrash({run()});
    QVERIFY(window_->findChild<QMessageBox*>("ask-trash"));
  }

  void everyPageFitsASmallScreen() {
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES");
    openWindow();
    window_->open({at("runs")});
    for (const char* look : {"light", "dark"}) {
      for (const char* language : {"en", "zh_CN"}) {
        window_->setColorSchemeName(look);
        window_->setLanguage(language);
        auto* shown = dialog();
        auto* pages = field<QListWidget>(shown, "pages");
        QVERIFY2(shown->width() <= 800 && shown->height() <= 600, qPrintable(QString::number(shown->height())));
        for (int page = 0; page < pages->count(); ++page) {
          pages->setCurrentRow(page);
          QTest::qWait(keep.isEmpty() ? 0 : 200);
          QVERIFY(pages->fontMetrics().horizontalAdvance(pages->item(page)->text()) + 8 < pages->viewport()->width());
          for (auto* label : shown->findChildren<QLabel*>()) {
            if (!label->isVisible() || label->wordWrap()) continue;
            QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(label->text()));
          }
          if (keep.isEmpty()) continue;
          const QString file = QStringLiteral("%1/settings-%2-%3-%4.png").arg(keep, look, language).arg(page);
          QVERIFY(window_->screen()->grabWindow(0).save(file));
        }
        press(shown, QDialogButtonBox::Cancel);
      }
    }
  }

  void whatMakesNoSenseInTheFileHasItsUsualValue() {
    QSettings settings;
    settings.setValue("look", "pink");
    settings.setValue("language", "tlh");
    settings.setValue("charts/palette", 7);
    settings.setValue("charts/text", 5000);
    settings.setValue("charts/smoothing", "ema 1.5");
    settings.setValue("charts/ms", "often");
    settings.setValue("library/ms", 1);
    const Preferences read = read_preferences(), usual;
    QVERIFY(read.look == usual.look && read.language == usual.language && read.palette == usual.palette);
    QVERIFY(read.smoothing == usual.smoothing && read.charts_ms == usual.charts_ms);
    QCOMPARE(read.chart_text, most_chart_text);
    QCOMPARE(read.library_ms, least_ms);
    Preferences kept;
    kept.smoothing = {viz::Smoothing::Kind::window, 21};
    kept.follow = false;
    write_preferences(kept);
    QVERIFY(read_preferences() == kept);
    write_preferences(usual);
    QVERIFY(!settings.contains("charts/smoothing"));
  }

  void greysStayApart() {
    for (const auto& theme : {viz::Theme::light().in_greys(), viz::Theme::dark().in_greys()}) {
      const QColor kinds[] = {theme.both_rise, theme.both_fall, theme.disentangled, theme.muted};
      for (const auto& a : kinds) {
        for (const auto& b : kinds) {
          QVERIFY(&a == &b || std::abs(a.lightness() - b.lightness()) >= 0x20);
        }
      }
      QVERIFY(std::abs(theme.with_rc.lightness() - theme.without_rc.lightness()) > 0x60);
    }
  }
};

QTEST_MAIN(TestSettings)
#include "test_settings.moc"
