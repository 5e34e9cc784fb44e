// SPDX-License-Identifier: GPL-3.0-or-later
// The window: the Runs dock at the left, the page of what is selected beside it.
#pragma once

#include <QMainWindow>
#include <functional>
#include <memory>
#include <vector>

#include "app/library/run_entry.h"

class QAction;
class QActionGroup;
class QMenu;
class QStackedWidget;
class QTranslator;
class QUndoStack;
class QToolButton;
class QLabel;

namespace bandscope::app {

class LaunchPage;
class LaunchWatch;
class RunLibrary;
class RunModel;
class RunPage;
class RunsDock;
struct Actions;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Opens records and folders of records; the first record is shown.
  void open(const QStringList& paths);
  void openSpec(const QString& file);
  void newExperiment();
  /// Starts the engine on a spec; the run shows up in the library when its record is there.
  void startRun(const QString& spec, const QString& runs, const QStringList& names);

  void saveSession() const;
  void restoreSession();
  /// "en", "zh_CN" or "" for the system's.
  void setLanguage(const QString& language);
  void setLookName(const QString& name);

  RunLibrary* library() const { return library_; }
  RunModel* model() const { return model_; }
  RunsDock* dock() const { return dock_; }
  RunPage* page() const { return page_; }
  LaunchPage* launch() const { return launch_; }
  QStackedWidget* stack() const { return stack_; }
  /// Everything that Edit > Undo takes back.
  QUndoStack* undoStack() const { return undo_; }

 protected:
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void buildMenus();
  void connectActions();
  void translateMenus();
  void updateActions();
  void fillRecent();
  void remember(const QString& path);
  void selectionChanged();
  void refreshPage();
  void selectPending();
  void exportFigure(const QString& figure);
  void askOpenRecords();
  void askOpenFolder();
  void askStartSpec();
  void showShortcuts();
  void showAbout();
  QString defaultRunsFolder() const;

  RunLibrary* library_;
  RunModel* model_;
  RunsDock* dock_;
  QStackedWidget* stack_;
  RunPage* page_;
  LaunchPage* launch_;
  QLabel* welcome_;
  QToolButton *new_button_, *open_button_;
  std::unique_ptr<Actions> actions_;
  std::unique_ptr<QTranslator> translator_;
  LaunchWatch* watch_;
  QUndoStack* undo_;
  QStringList pending_;  ///< records to select when the library has found them
  QString language_, look_name_;
};

}  // namespace bandscope::app
