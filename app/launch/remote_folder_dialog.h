// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses a file or folder that lies on a server, in the folders that it serves.
#pragma once

#include <QDialog>
#include <QPointer>

#include "app/launch/remote_folder_model.h"

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;
class QTreeView;

namespace bandscope::app {

class ElidedLine;

class RemoteFolderDialog : public QDialog {
  Q_OBJECT

 public:
  /// What is wanted: a folder of a model; or data, which are a file or a folder of files.
  enum class Kind { folder, file_or_folder };

  /// Begins at `start`, as a spec on that server calls it, or else at the first root of `roots` ("models", "data").
  RemoteFolderDialog(ServerLink* server, Kind kind, const QString& roots, const QString& start,
                     QWidget* parent = nullptr);

  RemoteFolderModel* model() const { return model_; }
  QTreeView* view() const { return view_; }
  QPushButton* chooseButton() const { return choose_; }
  QString said() const;  ///< that it is being asked, or why nothing is listed

 Q_SIGNALS:
  /// As a spec on that server calls it.
  void chosen(const QString& path);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fillRoots(const QString& kind);
  void go(const RootedPath& place);
  void up();
  void enter(const QModelIndex& index);
  void write();
  /// What Choose would choose; nothing where it can choose nothing.
  std::optional<RootedPath> choice() const;
  bool holdsModel() const;
  void finish();

  QPointer<ServerLink> server_;
  Kind kind_;
  RemoteFolderModel* model_;
  QComboBox* roots_;
  QToolButton* up_;
  ElidedLine* place_;
  QTreeView* view_;
  QLabel* said_;
  QPushButton* choose_;
};

}  // namespace bandscope::app
