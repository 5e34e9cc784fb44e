// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/remote_folder_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"

namespace bandscope::app {
namespace {

QString parent_of(const QString& path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

QString inside(const QString& path, const QString& name) { return path.isEmpty() ? name : path + u'/' + name; }

}  // namespace

/// In the list Return opens; it must not choose as well.
bool RemoteFolderDialog::eventFilter(QObject* watched, QEvent* event) {
  if (watched == view_ && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && view_->currentIndex().isValid()) {
      enter(view_->currentIndex());
      return true;
    }
  }
  return QDialog::eventFilter(watched, event);
}

RemoteFolderDialog::RemoteFolderDialog(ServerLink* server, Kind kind, const QString& roots, const QString& start,
                                       QWidget* parent)
    : QDialog(parent),
      server_(server),
      kind_(kind),
      model_(new RemoteFolderModel(server, this)),
      roots_(new QComboBox(this)),
      up_(new QToolButton(this)),
      place_(new ElidedLine(this)),
      view_(new QTreeView(this)),
      said_(new QLabel(this)),
      choose_(new QPushButton(tr("Choose"), this)) {
  resize(80 * grid, 60 * grid);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(roots_);
  auto* row = new QHBoxLayout;
  up_->setArrowType(Qt::UpArrow);
  up_->setToolTip(tr("One folder up"));
  up_->setAccessibleName(tr("One folder up"));
  row->addWidget(up_);
  row->addWidget(place_, 1);
  layout->addLayout(row);
  view_->setModel(model_);
  view_->setRootIsDecorated(false);
  view_->setUniformRowHeights(true);
  view_->setAllColumnsShowFocus(true);
  view_->setSelectionMode(QAbstractItemView::SingleSelection);
  view_->installEventFilter(this);
  view_->setAccessibleName(tr("What lies in the folder"));
  view_->header()->setStretchLastSection(false);
  view_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  view_->header()->setSectionResizeMode(RemoteFolderModel::name_column, QHeaderView::Stretch);
  layout->addWidget(view_, 1);
  said_->setWordWrap(true);
  said_->setTextFormat(Qt::PlainText);
  said_->setObjectName(QStringLiteral("said"));
  layout->addWidget(said_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  buttons->addButton(choose_, QDialogButtonBox::AcceptRole);
  choose_->setDefault(true);
  layout->addWidget(buttons);
  roots_->setAccessibleName(tr("Folders that the server serves"));
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(choose_, &QPushButton::clicked, this, &RemoteFolderDialog::finish);
  connect(up_, &QToolButton::clicked, this, &RemoteFolderDialog::up);
  connect(view_, &QTreeView::activated, this, &RemoteFolderDialog::enter);
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RemoteFolderDialog::write);
  connect(model_, &RemoteFolderModel::phaseChanged, this, &RemoteFolderDialog::write);
  connect(roots_, &QComboBox::activated, this, [this] { go({roots_->currentData().toString(), {}}); });
  fillRoots(roots);
  const auto place = rooted_path(*server, start);
  if (place && !place->path.isEmpty() && roots_->findData(place->root) >= 0) {
    go({place->root, parent_of(place->path)});
  } else {
    go({roots_->currentData().toString(), {}});
  }
  // What was lost is listed again when the server is back.
  connect(server, &ServerLink::stateChanged, this, [this] {
    if (server_ && server_->ready() && model_->phase() == RemoteFolderModel::Phase::failed) go(model_->folder());
  });
}

QString RemoteFolderDialog::said() const { return said_->text(); }

/// Those of the kind that is looked for first.
void RemoteFolderDialog::fillRoots(const QString& kind) {
  QStringList all = roots_of(*server_, kind);
  for (const auto& name : server_->hello().roots) {
    const QString root = QString::fromStdString(name);
    if (!all.contains(root)) all << root;
  }
  for (const QString& root : all) {
    const QString folder = root_folder(*server_, root);
    const QString title = root == QLatin1String("runs") ? tr("folder of runs") : root;
    roots_->addItem(folder.isEmpty() ? title : folder, root);
  }
}

void RemoteFolderDialog::go(const RootedPath& place) {
  roots_->setCurrentIndex(roots_->findData(place.root));
  model_->list(place);
  place_->setWhole(roots_->currentText() + (place.path.isEmpty() ? QString() : u'/' + place.path));
  up_->setEnabled(!place.path.isEmpty());
}

void RemoteFolderDialog::up() { go({model_->folder().root, parent_of(model_->folder().path)}); }

void RemoteFolderDialog::enter(const QModelIndex& index) {
  const auto& item = model_->item(index.row());
  const bool done = kind_ == Kind::folder ? item.model : !item.folder;
  if (done) return finish();
  if (item.folder) go({model_->folder().root, inside(model_->folder().path, item.name)});
}

std::optional<RootedPath> RemoteFolderDialog::choice() const {
  const RootedPath& here = model_->folder();
  const auto rows = view_->selectionModel()->selectedRows();
  if (rows.isEmpty()) {
    // The folder itself; that of models is none.
    bool fits = model_->phase() == RemoteFolderModel::Phase::there && model_->rowCount() > 0;
    if (kind_ == Kind::folder && here.path.isEmpty()) fits = fits && holdsModel();
    return fits ? std::optional(here) : std::nullopt;
  }
  const auto& item = model_->item(rows.front().row());
  if (kind_ == Kind::folder && !item.folder) return std::nullopt;
  return RootedPath{here.root, inside(here.path, item.name)};
}

bool RemoteFolderDialog::holdsModel() const {
  for (int row = 0; row < model_->rowCount(); ++row) {
    if (model_->item(row).name == QLatin1String("config.json")) return true;
  }
  return false;
}

void RemoteFolderDialog::write() {
  const QString name = server_ ? server_->address().name : QString();
  setWindowTitle(kind_ == Kind::folder ? tr("Choose a folder on %1").arg(name)
                                       : tr("Choose a file or folder on %1").arg(name));
  QString text;
  if (model_->phase() == RemoteFolderModel::Phase::asking) text = tr("Asking %1…").arg(name);
  if (model_->phase() == RemoteFolderModel::Phase::failed)
    text = tr("%1 does not list this folder: %2").arg(name, translated(model_->problem()));
  if (model_->phase() == RemoteFolderModel::Phase::there && model_->rowCount() == 0) text = tr("Nothing lies here.");
  said_->setText(text);
  QPalette own;
  if (model_->phase() == RemoteFolderModel::Phase::failed)
    own.setColor(QPalette::WindowText, state_color(ShownState::failed, is_dark()));
  said_->setPalette(own);
  choose_->setEnabled(choice().has_value());
}

void RemoteFolderDialog::finish() {
  const auto place = choice();
  if (!place || !server_) return;
  const QString path = spec_path(*server_, *place);
  if (path.isEmpty()) {
    said_->setText(tr("%1 does not say where this folder lies; its engine is too old.").arg(server_->address().name));
    return;
  }
  accept();
  Q_EMIT chosen(path);
}

}  // namespace bandscope::app
