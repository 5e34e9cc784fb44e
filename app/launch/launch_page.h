// SPDX-License-Identifier: GPL-3.0-or-later
// New experiment: recipes and the form on the left, the spec's TOML on the right, both editable; what was found in
// model and data, what will run and what it needs; Start, and Add to queue.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <map>
#include <vector>

#include "app/launch/data_summary.h"
#include "app/launch/model_summary.h"
#include "app/launch/overlap_count.h"
#include "app/launch/remote_plan.h"
#include "app/launch/remote_rows.h"
#include "app/launch/run_names.h"
#include "app/launch/run_plan.h"
#include "app/library/run_entry.h"
#include "app/spec/spec_text.h"
#include "core/error.h"
#include "core/spec/run_spec.h"

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace bandscope::app {

class DataPanel;
class ElidedLine;
class RunsTable;
class SendBar;
class SpecForm;
class WhereChoice;

/// Whether the server has a run of this name, or one that waits.
using TakenThere = std::function<bool(const QString& server, const QString& name)>;

class LaunchPage : public QWidget {
  Q_OBJECT

 public:
  explicit LaunchPage(QWidget* parent = nullptr);
  ~LaunchPage() override;

  /// Opens a spec file for editing; relative paths stay relative to it.
  void openSpec(const QString& file);
  /// A new spec that begins as that of a run, which names no file relative to a place.
  void openClone(const QString& toml, const QString& run);
  /// Back to what a new spec starts with; it can be taken back.
  void startAfresh();
  /// The page is opened for a new experiment: the draft's name is one that is free, and its beginning is in sight.
  void begin();
  /// A new spec, with what is given filled in.
  void setModel(const QString& folder);
  void setData(const QString& file);
  /// Another text, without history.
  void setText(const QString& toml);
  QString text() const;
  void setRunsFolder(const QString& folder);
  /// Asks the engine again what will run: it may be another one now.
  void planAgain();
  QString runsFolder() const;
  /// Names of runs that wait to be started are taken, too.
  void setQueued(IsQueued queued) { queued_ = std::move(queued); }
  /// All servers that an experiment may run on; called again when they change.
  void setPlaces(const std::vector<ServerLink*>& servers);
  void setTaken(TakenThere taken) { taken_there_ = std::move(taken); }
  /// As if the user chose where to run: the id of a server; empty: this machine. False: there is no such server.
  bool choosePlace(const QString& server);
  /// Runs came into the folder or the queue, or left them.
  void checkNames();
  /// Runs of the library, for the pace of training.
  void setEarlierRuns(std::vector<RunEntryPtr> runs) { earlier_ = std::move(runs); }
  /// Starts from the recipe of this index (of recipes()), keeping model and data.
  void useRecipe(int index);

  /// One history for form and text.
  void undo();
  void redo();
  bool canUndo() const;
  bool canRedo() const;

  QPushButton* startButton() const { return start_; }
  QPushButton* queueButton() const { return queue_; }
  QPushButton* measureButton() const { return measure_; }
  QString problem() const;
  QString outlook() const;
  /// What is to be thought over before the runs start; empty: nothing.
  QString concern() const;
  SpecForm* form() const { return form_; }
  DataPanel* trainPanel() const { return train_panel_; }
  DataPanel* probePanel() const { return probe_panel_; }
  RunsTable* runsTable() const { return runs_table_; }
  WhereChoice* where() const { return where_; }
  SendBar* sending() const { return sending_; }
  /// Whether a server is asked to start runs, and has not answered.
  bool handingOver() const { return handing_over_; }
  const ModelSummary& model() const { return model_; }
  const DataSummary& data() const { return data_; }

 Q_SIGNALS:
  /// A spec file was written: its runs are to be trained now, as far as their devices have room.
  void startAsked(const QString& spec, const QString& runs, const QStringList& names);
  /// A spec file was written: its runs are to wait behind all others.
  void queueAsked(const QString& spec, const QString& runs, const QStringList& names);
  /// A server has started, or queued, runs of these names.
  void startedElsewhere(const QString& server, const QStringList& runs);
  void closeAsked();
  /// Whether there is something to undo or redo may have changed.
  void historyChanged();

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void orderFocus();
  QHBoxLayout* buildTop();
  QWidget* buildLeft();
  QWidget* buildRight();
  QVBoxLayout* buildBottom();
  void connectParts();
  void translate();
  void writeTitle();
  /// Where the spec comes from: a file, a run, or neither.
  void setOrigin(const QString& file, const QString& clone_of);
  /// Another spec, of a run or (empty) of none, as one step of the history.
  void replaceSpec(const QString& toml, const QString& clone_of = {});
  /// After a step of the history: whose the text is.
  void findOrigin();
  QString withFreeName(const QString& toml) const;
  void fillRecipes();
  void askOpen();
  void askSave();
  void askKeep();
  void writeSpec(const QString& path);
  void say(const QString& problem);

  void edit(const QString& toml, bool merge);
  void formEdited(const QString& key);
  void textEdited();
  void check();
  void takeError(const SpecError& error);
  Message takenText(const QString& taken) const;
  NameTaken nameTaken() const;
  QString freeName() const;
  /// Another place: what the spec says of the machine goes with the one before.
  void placeChosen(const QString& before);
  void takeMachineKeys(const QString& before);
  void findPlace();
  /// The place's server was reached, or lost.
  void placeChanged();
  void showPlace();
  void writeActions();
  void look();
  void lookThere();
  void rowsFound(const DataSummary& look);
  void modelFound(const ModelSummary& look);
  void showModel();
  void dataFound(const DataSummary& look);
  void probeFound(const DataSummary& look);
  /// Training and probe pairs, once both are known and a run evaluates the probe.
  void compareData();
  void showConcern(const Message& concern);
  void askPlan();
  void measurePlan();
  void makePlan(const QString& toml, bool measure);
  void planned(const std::vector<RunPlan>& plans, bool measured);
  void connectActions();
  void connectPlaces();
  bool measuring() const;
  void cancelPlan();
  /// The spec as whoever plans or trains it is to read it.
  QString planText() const;
  void showOutlook();
  void markLines();
  /// Checks the names, writes the spec and hands its runs over with one of the two signals.
  void handOver(void (LaunchPage::*asked)(const QString&, const QString&, const QStringList&));
  void rememberPaths() const;
  /// The same on the server: with `start` or `queue`.
  void handOverThere(wire::Ask ask);
  void handedOver(const wire::Outcome& outcome, const QString& server, const QString& name);
  /// What relative paths of the spec are relative to, on the machine that it is for.
  QString base() const;
  QString folder() const;  ///< of the opened file, on this machine
  QString absolute(const QString& path) const;
  /// What the key says, in the first run where it is swept; empty when nothing is written.
  QString firstValue(const QString& key) const;
  data::PairOptions lengths() const;

  WhereChoice* where_;
  SpecForm* form_;
  QPlainTextEdit* text_;
  QComboBox* recipe_;
  ElidedLine* title_;
  QLabel *recipe_label_, *recipe_about_, *outlook_, *concern_, *estimate_, *problem_, *runs_label_;
  ElidedLine* model_facts_;
  DataPanel *train_panel_, *probe_panel_;
  RunsTable* runs_table_;
  QLineEdit *runs_, *runs_there_;
  SendBar* sending_;
  QCheckBox* advanced_;
  QPushButton *start_, *queue_, *cancel_, *fresh_, *open_, *save_, *measure_;

  QTimer scan_delay_, plan_delay_;
  ModelScanner model_scanner_;
  DataScanner train_scanner_, probe_scanner_;
  OverlapCounter overlap_counter_;
  Planner planner_;
  RemotePlanner remote_planner_;
  RemoteRows remote_rows_;
  IsQueued queued_;
  TakenThere taken_there_;
  /// What specs said of each machine that they were for, by its id: key and TOML value.
  std::map<QString, std::map<QString, QString>> machine_keys_;
  bool handing_over_ = false;   ///< a server is asked to start runs
  quint64 hand_over_turn_ = 0;  ///< counts what was handed over; the place may have changed before an answer
  bool place_reached_ = false;  ///< the place is a server that can be asked
  QString clone_of_;            ///< the run whose spec this began as; empty: none
  /// An edit that put the spec of one run (empty: of none) away for that of another; Undo brings both back.
  struct PutAway {
    QString before, after, clone_before, clone_after;
  };
  std::vector<PutAway> put_away_;
  /// An edit that put the paths and devices of one machine, by its id, away for those of another; as above.
  struct Moved {
    QString before, after, place_before, place_after;
  };
  std::vector<Moved> moved_;
  bool brought_back_ = false;  ///< the place changes with what Undo has brought back
  bool could_redo_ = false;    ///< before the text's last change
  QString spec_file_;          ///< the file opened; empty: a new spec
  SpecText spec_;              ///< what the text says now
  SpecText baseline_;          ///< what it said when it was opened: lines that differ are marked
  std::vector<RunSpec> specs_;
  QList<int> error_lines_;              ///< of the text, from 0; -1: of none
  std::vector<Message> spec_problems_;  ///< why the text is no spec
  Message missing_path_;                ///< it is none because model or data are to be chosen
  Message name_problem_;                ///< a run of the same name is there
  ModelSummary model_;
  DataSummary data_, probe_;
  bool model_pending_ = true, data_pending_ = true;
  std::vector<RunPlan> plans_;
  QString planned_text_;  ///< that plans_ are for
  Message plan_problem_;
  Message plan_refusal_;                 ///< the server would not take this spec
  std::vector<Message> start_problems_;  ///< why servers have not started what they were given
  std::vector<RunEntryPtr> earlier_;
  QString merged_key_;  ///< of the form's last edit, which goes on in the same undo step
  QElapsedTimer merged_since_;
};

/// What a new spec starts with.
QString starting_spec();

}  // namespace bandscope::app
