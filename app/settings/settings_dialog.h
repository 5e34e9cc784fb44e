// SPDX-License-Identifier: GPL-3.0-or-later
// Edit > Settings: pages of what is chosen once. Nothing is touched before OK.
#pragma once

#include <QDialog>
#include <QStringList>
#include <map>
#include <vector>

#include "app/base/preferences.h"

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace bandscope::app {

class PathField;
class ServersPage;

/// Everything that the dialog shows: the preferences, and what library, queue and New experiment hold themselves.
struct AppSettings {
  Preferences preferences;
  QStringList folders;             ///< of runs, that the library lists
  QString runs;                    ///< where new runs go; empty: the usual place
  std::map<QString, int> at_once;  ///< runs at once by device
  bool operator==(const AppSettings&) const = default;
};

class SettingsDialog : public QDialog {
  Q_OBJECT

 public:
  /// `usual_runs`: where new runs go when nothing is said.
  SettingsDialog(const AppSettings& now, const QString& usual_runs, QWidget* parent = nullptr);

  AppSettings values() const;
  /// Why these values cannot be taken, as a sentence; empty where they can.
  QString problem() const;

 public Q_SLOTS:
  /// Usual values in all fields, to be taken with OK. The folders and servers that are listed stay.
  void restoreDefaults();

 private:
  QFormLayout* addPage(const QString& title);
  void addPage(const QString& title, QWidget* page);
  void buildAppearance();
  void buildCharts();
  void buildLibrary();
  void buildTraining();
  void buildServers();
  void fill(const Preferences& preferences);
  void check();
  void addFolder();
  void removeFolders();

  AppSettings before_;
  QListWidget* pages_;
  QStackedWidget* stack_;
  QLabel* problem_;
  QDialogButtonBox* buttons_;
  QComboBox *look_ = nullptr, *language_ = nullptr, *palette_ = nullptr, *smoothing_ = nullptr;
  QSpinBox* text_ = nullptr;
  QDoubleSpinBox *charts_every_ = nullptr, *library_every_ = nullptr;
  QCheckBox *follow_ = nullptr, *ask_ = nullptr;
  QListWidget* folders_ = nullptr;
  QPushButton* remove_ = nullptr;
  PathField *engine_ = nullptr, *runs_ = nullptr, *models_ = nullptr, *data_ = nullptr;
  QLabel* engine_found_ = nullptr;
  ServersPage* servers_ = nullptr;
  std::map<QString, QSpinBox*> at_once_;
  std::vector<viz::Smoothing> smoothings_;
};

}  // namespace bandscope::app
