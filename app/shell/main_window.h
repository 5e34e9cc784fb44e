// SPDX-License-Identifier: GPL-3.0-or-later
// The window: the Runs dock at the left, the page of what is selected beside it.
#pragma once

#include <QMainWindow>
#include <functional>
#include <memory>
#include <vector>

#include "app/library/log_import.h"
#include "app/library/run_entry.h"
#include "app/queue/run_queue.h"

class QAction;
class QActionGroup;
class QMenu;
class QStackedWidget;
class QTranslator;
class QUndoStack;
class QToolButton;
class QLabel;

namespace bandscope::app {

class Autosave;
class FullScreen;
class LaunchPage;
class Layouts;
class RunLibrary;
class RunModel;
class QueuePanel;
class RemotePage;
class RunPage;
class RunsDock;
class ServerEdits;
class ServerFiles;
class ServerOrders;
class Servers;
class Settings;
class ViewUndo;
class WaitingPage;
struct Actions;
struct AppSettings;
struct Preferences;

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Opens records and folders of records; the records that are named are shown.
  void open(const QStringList& paths);
  void openSpec(const QString& file);
  void newExperiment();
  /// Starts the runs of a spec as far as their devices have room; the others wait at the end of the queue.
  void startRun(const QString& spec, const QString& runs);
  /// Puts the runs of a spec behind all others into the queue.
  void queueRun(const QString& spec, const QString& runs);
  /// Goes on with runs that ended before their last step, in their folders.
  void resumeRuns(const std::vector<RunEntryPtr>& runs);
  /// Trains the same specs once more beside these runs, under the next free names.
  void repeatRuns(const std::vector<RunEntryPtr>& runs);
  /// Opens New experiment with the run's spec, under the next free name.
  void cloneRun(const RunEntryPtr& run);

  /// Writes the session, whole or not at all, if it is another than the one last written.
  void saveSession() const;
  void restoreSession();
  /// "en", "zh_CN" or "" for the system's.
  void setLanguage(const QString& language);
  void setColorSchemeName(const QString& name);

  RunLibrary* library() const { return library_; }
  RunModel* model() const { return model_; }
  RunsDock* dock() const { return dock_; }
  RunPage* page() const { return page_; }
  LaunchPage* launch() const { return launch_; }
  RunQueue* queue() const { return queue_; }
  Servers* servers() const { return servers_; }
  QueuePanel* queuePanel() const { return queue_panel_; }
  QStackedWidget* stack() const { return stack_; }
  Layouts* layouts() const { return layouts_; }
  Settings* settings() const { return settings_; }
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
  void showSelection();
  void say(const QString& text, int ms = 8000);
  /// A sentence about runs that train: it goes when one of them has ended or paused.
  void sayOf(const QStringList& records, const QString& text);
  void dropStaleSentence();
  void connectQueue();
  void enqueue(const QString& spec, const QString& runs, RunQueue::Placing placing);
  void startEach(const std::vector<RunEntryPtr>& runs, bool resume);
  void startThere(const RunEntryPtr& run, bool resume);
  void cloneThere(const RunEntryPtr& run);
  void placed(const QStringList& records, RunQueue::Placing placing);
  void connectViews();
  void connectServers();
  void serversChanged();
  void fillServerMenu(QMenu& menu, const QString& server);
  void selectPending();
  void selectAwaited();
  void exportFigure(const QString& figure);
  void askOpenRecords();
  void askOpenFolder();
  void askStartSpec();
  void askSettings();
  AppSettings appSettings() const;
  void changeSettings(const AppSettings& from, const AppSettings& to);
  void preferencesChanged(const Preferences& before);
  void applyLanguage();
  void showGlossary();
  void showShortcuts();
  void showAbout();
  QString defaultRunsFolder() const;
  void importLog(const QString& file, const LogImport::Columns& columns = {});
  void connectImports();

  RunLibrary* library_;
  RunModel* model_;
  QUndoStack* undo_;
  RunsDock* dock_;
  QStackedWidget* stack_;
  RunPage* page_;
  LaunchPage* launch_;
  RunQueue* queue_;
  QueuePanel* queue_panel_;
  WaitingPage* waiting_;
  Servers* servers_;
  RemotePage* remote_;
  std::unique_ptr<ServerEdits> server_edits_;
  std::unique_ptr<ServerFiles> server_files_;
  std::unique_ptr<ServerOrders> server_orders_;
  QLabel* welcome_;
  QToolButton *new_button_, *open_button_;
  std::unique_ptr<Actions> actions_;
  std::unique_ptr<QTranslator> translator_;
  QStringList pending_;  ///< records to select when the library has found them
  QStringList said_of_;  ///< records of live runs that the status bar's sentence is about
  QStringList going_;    ///< those that were seen to go on since
  QString said_;         ///< that sentence
  /// Records that join the selection when they are found: of the last session, or opened beside others. They are given
  /// up when the library has looked everywhere, or when something else is chosen.
  QStringList awaited_;
  Settings* settings_;
  LogImport* imports_;
  ViewUndo* views_ = nullptr;
  Layouts* layouts_ = nullptr;
  FullScreen* full_screen_ = nullptr;
  Autosave* autosave_ = nullptr;
  mutable QByteArray saved_session_;
};

}  // namespace bandscope::app
