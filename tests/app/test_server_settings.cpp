// SPDX-License-Identifier: GPL-3.0-or-later
// Settings > Servers, with keys and in the real window: added, said what it is, tested, taken, undone, removed.
#include <QApplication>
#include <QCheckBox>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>
#include <memory>

#include "app/base/color_scheme.h"
#include "app/server/connection_test_dialog.h"
#include "app/settings/servers_page.h"
#include "app/settings/settings.h"
#include "app/settings/settings_dialog.h"
#include "app/shell/main_window.h"
#include "tests/app/ssh_script.h"

using namespace bandscope;
using namespace bandscope::app;

class TestServerSettings : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  QString at(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }
  template <class Widget>
  static Widget* field(QWidget* dialog, const char* name) {
    auto* found = dialog->findChild<Widget*>(QString::fromLatin1(name));
    if (!found) qFatal("no field %s", name);
    return found;
  }
  static QString problem(QWidget* dialog) { return field<QLabel>(dialog, "problem")->text(); }
  static QPushButton* button(QWidget* dialog, QDialogButtonBox::StandardButton which) {
    return dialog->findChild<QDialogButtonBox*>()->button(which);
  }
  static std::unique_ptr<SettingsDialog> dialogOf(const QList<ServerAddress>& servers) {
    AppSettings now;
    now.preferences.servers = servers;
    auto dialog = std::make_unique<SettingsDialog>(now, QStringLiteral("/runs"));
    auto* pages = field<QListWidget>(dialog.get(), "pages");
    pages->setCurrentRow(pages->count() - 1);
    dialog->show();
    QApplication::setActiveWindow(dialog.get());
    return dialog;
  }
  static ServerAddress server(const QString& id, const QString& name) {
    ServerAddress one;
    one.id = id;
    one.name = name;
    one.destination = QStringLiteral("user@") + name;
    return one;
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("HOME", folder_.path().toUtf8());
    qputenv("XDG_DATA_HOME", at("data").toUtf8());
    qputenv("XDG_CACHE_HOME", at("cache").toUtf8());
    qputenv("BANDSCOPE_SSH", at("ssh").toUtf8());
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    QDir(folder_.path()).mkpath(".ssh");
    QFile config(at(".ssh/config"));
    QVERIFY(config.open(QIODevice::WriteOnly) && config.write("Host cluster gpu-box *.lab\n") > 0);
    testing::write_script(at("ssh"), "echo $$ > \"$HOME/pid\"\nexec sleep 1000\n");
  }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void aServerIsAddedWithKeys() {
    const auto dialog = dialogOf({});
    auto* list = field<QListWidget>(dialog.get(), "servers");
    QCOMPARE(list->count(), 0);
    QVERIFY(!field<QLineEdit>(dialog.get(), "server-destination")->isVisible());
    QVERIFY(!field<QPushButton>(dialog.get(), "remove-server")->isEnabled());
    field<QPushButton>(dialog.get(), "add-server")->setFocus();
    QTest::keyClick(dialog->focusWidget(), Qt::Key_Space);
    auto* destination = field<QLineEdit>(dialog.get(), "server-destination");
    QCOMPARE(dialog->focusWidget(), destination);
    QVERIFY(problem(dialog.get()).contains("destination"));
    QVERIFY(!button(dialog.get(), QDialogButtonBox::Ok)->isEnabled());
    // Until it is called otherwise it has ssh's name.
    QTest::keyClicks(destination, " user@far ");
    QCOMPARE(list->item(0)->text(), QStringLiteral("user@far"));
    QVERIFY2(problem(dialog.get()).isEmpty(), qPrintable(problem(dialog.get())));
    QTest::keyClick(destination, Qt::Key_Tab);
    QCOMPARE(dialog->focusWidget()->objectName(), QStringLiteral("server-name"));
    field<QLineEdit>(dialog.get(), "server-name")->selectAll();
    QTest::keyClicks(dialog->focusWidget(), "Far ");
    destination->setText("me@far");
    QCOMPARE(list->item(0)->text(), QStringLiteral("Far"));
    field<QLineEdit>(dialog.get(), "server-name")->setFocus();
    for (const char* name : {"server-engine", "server-runs", "server-data", "server-models"}) {
      QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
      QCOMPARE(dialog->focusWidget()->objectName(), QString::fromLatin1(name));
      QTest::keyClicks(dialog->focusWidget(), "~/x");
      if (qobject_cast<QPlainTextEdit*>(dialog->focusWidget())) {
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QTest::keyClicks(dialog->focusWidget(), "  /data/a b  ");
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
      }
    }
    for (const char* name : {"server-slurm", "server-compress"}) {
      QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
      QCOMPARE(dialog->focusWidget()->objectName(), QString::fromLatin1(name));
      QTest::keyClick(dialog->focusWidget(), Qt::Key_Space);
    }
    QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
    QCOMPARE(dialog->focusWidget()->objectName(), QStringLiteral("test-server"));
    const auto servers = dialog->values().preferences.servers;
    QCOMPARE(servers.size(), 1);
    QCOMPARE(servers[0].destination, QStringLiteral("me@far"));
    QCOMPARE(servers[0].name, QStringLiteral("Far"));
    QCOMPARE(servers[0].engine, QStringLiteral("~/x"));
    QCOMPARE(servers[0].runs, QStringLiteral("~/x"));
    QCOMPARE(servers[0].data, (QStringList{"~/x", "/data/a b"}));
    QCOMPARE(servers[0].models, servers[0].data);
    QVERIFY(servers[0].slurm && !servers[0].compress);
    QCOMPARE(servers[0].id.size(), 12);
  }

  void whatIsWrongIsSaid() {
    const auto dialog = dialogOf({server("a", "far"), server("b", "near")});
    auto* list = field<QListWidget>(dialog.get(), "servers");
    auto* name = field<QLineEdit>(dialog.get(), "server-name");
    auto* destination = field<QLineEdit>(dialog.get(), "server-destination");
    auto* test = field<QPushButton>(dialog.get(), "test-server");
    QVERIFY(problem(dialog.get()).isEmpty() && test->isEnabled());
    list->setCurrentRow(1);
    QCOMPARE(name->text(), QStringLiteral("near"));
    name->setText("FAR");
    QVERIFY2(problem(dialog.get()).contains("name of its own"), qPrintable(problem(dialog.get())));
    name->setText("  ");
    QVERIFY2(problem(dialog.get()).contains("needs a name"), qPrintable(problem(dialog.get())));
    name->setText("near");
    QVERIFY(problem(dialog.get()).isEmpty());
    for (const char* bad : {"", "-oProxyCommand=id", "a b", "far;id"}) {
      destination->setText(bad);
      QVERIFY2(problem(dialog.get()).contains("ssh destination"), bad);
      QVERIFY(!button(dialog.get(), QDialogButtonBox::Ok)->isEnabled());
      QVERIFY(!test->isEnabled());
      destination->setText("near");
    }
    QVERIFY(problem(dialog.get()).isEmpty() && test->isEnabled());
    field<QPlainTextEdit>(dialog.get(), "server-data")->setPlainText(QString(5000, 'x'));
    QVERIFY(problem(dialog.get()).contains("too long"));
    field<QPlainTextEdit>(dialog.get(), "server-data")->setPlainText(QStringLiteral("x\n").repeated(200));
    QVERIFY(problem(dialog.get()).contains("folders"));
    // The usual values of other pages are none of the servers'.
    field<QPlainTextEdit>(dialog.get(), "server-data")->clear();
    button(dialog.get(), QDialogButtonBox::RestoreDefaults)->click();
    QCOMPARE(dialog->values().preferences.servers.size(), 2);
  }

  void fieldsAreThoseOfTheChosenServer() {
    auto far = server("a", "far");
    far.data = QStringList{"/a", "/b"};
    far.engine = "~/engine";
    far.slurm = true;
    const auto dialog = dialogOf({far, server("b", "near")});
    auto* list = field<QListWidget>(dialog.get(), "servers");
    QCOMPARE(field<QPlainTextEdit>(dialog.get(), "server-data")->toPlainText(), QStringLiteral("/a\n/b"));
    list->setCurrentRow(1);
    QVERIFY(field<QPlainTextEdit>(dialog.get(), "server-data")->toPlainText().isEmpty());
    QVERIFY(field<QLineEdit>(dialog.get(), "server-engine")->text().isEmpty());
    QVERIFY(!field<QCheckBox>(dialog.get(), "server-slurm")->isChecked());
    list->setCurrentRow(0);
    QVERIFY(dialog->values().preferences.servers == (QList<ServerAddress>{far, server("b", "near")}));
    // Names as they are, also where they look like something else.
    field<QLineEdit>(dialog.get(), "server-name")->setText("<b>far</b> & %1");
    QCOMPARE(list->item(0)->text(), QStringLiteral("<b>far</b> & %1"));
    field<QPushButton>(dialog.get(), "remove-server")->click();
    auto* removed = field<QLabel>(dialog.get(), "server-removed");
    QVERIFY(removed->isVisible() && removed->text().contains("<b>far</b> & %1") && removed->text().contains("opies"));
    QCOMPARE(list->count(), 1);
    QCOMPARE(field<QLineEdit>(dialog.get(), "server-name")->text(), QStringLiteral("near"));
    field<QPushButton>(dialog.get(), "remove-server")->click();
    QVERIFY(dialog->values().preferences.servers.isEmpty());
    QVERIFY(!field<QLineEdit>(dialog.get(), "server-name")->isVisible());
  }

  void hostsOfTheConfigurationComplete() {
    const auto dialog = dialogOf({server("a", "far")});
    auto* completer = field<QLineEdit>(dialog.get(), "server-destination")->completer();
    QVERIFY(completer);
    QTRY_COMPARE(completer->model()->rowCount(), 2);
    completer->setCompletionPrefix("BOX");
    QCOMPARE(completer->currentCompletion(), QStringLiteral("gpu-box"));
  }

  void aTestEndsWithItsDialog() {
    auto dialog = dialogOf({server("a", "far")});
    field<QPushButton>(dialog.get(), "test-server")->click();
    auto* test = dialog->findChild<ConnectionTestDialog*>();
    QVERIFY(test && test->isVisible() && test->test().going());
    QTRY_VERIFY(QFileInfo(at("pid")).size() > 0);
    QFile file(at("pid"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto pid = file.readAll().trimmed().toInt();
    QVERIFY(QFile::exists(QStringLiteral("/proc/%1/stat").arg(pid)));
    dialog.reset();
    QTRY_VERIFY(!QFile::exists(QStringLiteral("/proc/%1/stat").arg(pid)));
  }

  void thePageFitsASmallScreen() {
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES");
    auto far = server("a", "cluster");
    far.destination = "me@login.cluster.example.org";
    far.data = QStringList{"/data/pairs", "~/data"};
    far.models = QStringList{"/scratch/models"};
    for (const auto look : {ColorScheme::light, ColorScheme::dark}) {
      apply_color_scheme(look);
      const QString name = to_name(look);
      const auto dialog = dialogOf({far, server("b", "gpu-box")});
      QTRY_VERIFY(field<QLineEdit>(dialog.get(), "server-destination")->isVisible());
      QVERIFY2(dialog->width() <= 800 && dialog->height() <= 600,
               qPrintable(QStringLiteral("%1 x %2").arg(dialog->width()).arg(dialog->height())));
      for (auto* label : dialog->findChildren<QLabel*>()) {
        if (!label->isVisible() || label->wordWrap()) continue;
        QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(label->text()));
      }
      const auto picture = [&](QWidget* widget, const char* what) {
        if (!keep.isEmpty()) QTest::qWait(50);
        if (!keep.isEmpty())
          widget->grab().save(QStringLiteral("%1/servers-%2-%3.png").arg(keep, QString::fromLatin1(what), name));
      };
      picture(dialog.get(), "page");
      field<QLineEdit>(dialog.get(), "server-name")->setText("gpu-box");
      picture(dialog.get(), "problem");
      field<QPushButton>(dialog.get(), "remove-server")->click();
      QTRY_VERIFY(field<QLabel>(dialog.get(), "server-removed")->isVisible());
      QTest::qWait(0);
      QVERIFY(dialog->height() <= 600);
      picture(dialog.get(), "removed");
      field<QPushButton>(dialog.get(), "remove-server")->click();
      picture(dialog.get(), "none");
    }
    apply_color_scheme(ColorScheme::system);
  }

  void okIsUndone() {
    window_ = std::make_unique<MainWindow>();
    window_->show();
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    QTest::keyClick(window_.get(), Qt::Key_Comma, Qt::ControlModifier);
    auto* dialog = window_->findChild<SettingsDialog*>();
    QVERIFY(dialog);
    field<QPushButton>(dialog, "add-server")->click();
    field<QLineEdit>(dialog, "server-destination")->setText("far");
    button(dialog, QDialogButtonBox::Ok)->click();
    QTRY_VERIFY(!window_->findChild<SettingsDialog*>());
    QCOMPARE(window_->settings()->now().servers.size(), 1);
    const auto servers = window_->settings()->now().servers;
    QVERIFY(read_preferences().servers == servers);
    window_->undoStack()->undo();
    QVERIFY(window_->settings()->now().servers.isEmpty() && read_preferences().servers.isEmpty());
    window_->undoStack()->redo();
    QVERIFY(window_->settings()->now().servers == servers);
  }
};

QTEST_MAIN(TestServerSettings)
#include "test_server_settings.moc"
