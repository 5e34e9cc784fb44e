// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/servers_page.h"

#include <QCheckBox>
#include <QCompleter>
#include <QFormLayout>
#include <QFutureWatcher>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QStringListModel>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include "app/base/color_scheme.h"
#include "app/server/connection_test_dialog.h"
#include "app/server/ssh_config.h"
#include "app/settings/form_rows.h"

namespace bandscope::app {
namespace {

constexpr int server_list_width = 18 * grid;
constexpr int folder_lines = 2;

QStringList lines_of(const QPlainTextEdit* field) {
  QStringList lines;
  for (const QString& line : field->toPlainText().split(u'\n')) {
    if (const QString folder = line.trimmed(); !folder.isEmpty()) lines << folder;
  }
  return lines;
}

}  // namespace

ServersPage::ServersPage(const QList<ServerAddress>& servers, QWidget* parent) : QWidget(parent), servers_(servers) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid);
  auto* body = new QHBoxLayout;
  body->setSpacing(2 * grid);
  body->addWidget(buildList());
  body->addWidget(buildFields(), 1);
  layout->addLayout(body, 1);
  removed_ = form_note({});
  removed_->setObjectName(QStringLiteral("server-removed"));
  removed_->setTextFormat(Qt::PlainText);
  removed_->hide();
  layout->addWidget(removed_);
  for (const auto& server : servers_) addItem(server);
  connect(list_, &QListWidget::currentRowChanged, this, &ServersPage::showRow);
  list_->setCurrentRow(servers_.isEmpty() ? -1 : 0);
  showRow(list_->currentRow());
}

QWidget* ServersPage::buildList() {
  auto* column = new QWidget;
  column->setFixedWidth(server_list_width);
  auto* layout = new QVBoxLayout(column);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid / 2);
  list_ = new QListWidget;
  list_->setObjectName(QStringLiteral("servers"));
  list_->setAccessibleName(tr("Servers"));
  list_->setTextElideMode(Qt::ElideRight);
  layout->addWidget(list_, 1);
  auto* add = new QPushButton(tr("&Add"));
  add->setObjectName(QStringLiteral("add-server"));
  add->setAccessibleName(tr("Add a server"));
  remove_ = new QPushButton(tr("Re&move"));
  remove_->setObjectName(QStringLiteral("remove-server"));
  remove_->setToolTip(tr("Its runs are no longer listed. They stay and go on there; copies of their records here go."));
  auto* actions = new QHBoxLayout;
  actions->setSpacing(grid / 2);
  for (auto* button : {add, remove_}) {
    button->setAutoDefault(false);
    button->setMinimumWidth(1);
    actions->addWidget(button, 1);
  }
  layout->addLayout(actions);
  connect(add, &QPushButton::clicked, this, &ServersPage::add);
  connect(remove_, &QPushButton::clicked, this, &ServersPage::remove);
  return column;
}

QPlainTextEdit* ServersPage::foldersField(const QString& name, const QString& placeholder) {
  auto* field = new QPlainTextEdit;
  field->setObjectName(name);
  field->setPlaceholderText(placeholder);
  field->setToolTip(tr("One folder a line"));
  field->setTabChangesFocus(true);
  field->setLineWrapMode(QPlainTextEdit::NoWrap);
  const int margins = 2 * (field->frameWidth() + int(field->document()->documentMargin()));
  field->setFixedHeight(field->fontMetrics().lineSpacing() * folder_lines + margins + grid);
  connect(field, &QPlainTextEdit::textChanged, this, &ServersPage::take);
  return field;
}

QWidget* ServersPage::buildFields() {
  side_ = new QStackedWidget;
  auto* none = new QWidget;
  auto* none_layout = new QVBoxLayout(none);
  none_layout->setContentsMargins(0, 0, 0, 0);
  none_layout->setSpacing(grid);
  none_layout->addWidget(form_note(
      tr("Machines with runs, reached through ssh with its own keys and settings. Runs there are listed, watched and "
         "started as those here.")));
  none_layout->addWidget(form_note(tr("A server needs bandscope-engine, and a login that ssh manages.")));
  none_layout->addStretch(1);
  side_->addWidget(none);

  auto* fields = new QWidget;
  auto* form = new QFormLayout(fields);
  set_up_form(form);
  const auto line = [&](const QString& label, const char* name, const QString& placeholder) {
    auto* field = new QLineEdit;
    field->setPlaceholderText(placeholder);
    form_row(form, label, field, name);
    connect(field, &QLineEdit::textChanged, this, &ServersPage::take);
    return field;
  };
  destination_ = line(tr("&ssh destination"), "server-destination", tr("user@host, or a name of ~/.ssh/config"));
  offerHosts(destination_);
  name_ = line(tr("&Name"), "server-name", {});
  engine_ = line(tr("&Engine's program"), "server-engine", QStringLiteral("bandscope-engine"));
  engine_->setToolTip(tr("A path there, or a name on the PATH of a login without a terminal"));
  runs_ = line(tr("R&uns folder"), "server-runs", tr("runs, in the home folder there"));
  data_ = foldersField(QStringLiteral("server-data"), QStringLiteral("~/data"));
  form_row(form, tr("&Data folders"), data_, "server-data");
  models_ = foldersField(QStringLiteral("server-models"), QStringLiteral("~/models"));
  form_row(form, tr("M&odel folders"), models_, "server-models");
  slurm_ = new QCheckBox(tr("Runs are &jobs of Slurm"));
  slurm_->setObjectName(QStringLiteral("server-slurm"));
  compress_ = new QCheckBox(tr("Com&press what is sent (ssh -C)"));
  compress_->setObjectName(QStringLiteral("server-compress"));
  for (auto* box : {slurm_, compress_}) {
    form->addRow(QString(), box);
    connect(box, &QCheckBox::toggled, this, &ServersPage::take);
  }
  test_ = new QPushButton(tr("&Test connection…"));
  test_->setObjectName(QStringLiteral("test-server"));
  test_->setAutoDefault(false);
  connect(test_, &QPushButton::clicked, this, &ServersPage::test);
  auto* tests = new QHBoxLayout;
  tests->addWidget(test_);
  tests->addStretch(1);
  form->addRow(QString(), tests);
  side_->addWidget(fields);
  return side_;
}

/// Read beside the window: a home may be on another machine.
void ServersPage::offerHosts(QLineEdit* line) {
  auto* names = new QStringListModel(this);
  auto* completer = new QCompleter(names, line);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  completer->setFilterMode(Qt::MatchContains);
  line->setCompleter(completer);
  auto* watcher = new QFutureWatcher<QStringList>(this);
  connect(watcher, &QFutureWatcher<QStringList>::finished, names,
          [watcher, names] { names->setStringList(watcher->result()); });
  watcher->setFuture(QtConcurrent::run([] { return ssh_config_hosts(); }));
}

int ServersPage::row() const {
  const int row = list_->currentRow();
  return row < servers_.size() ? row : -1;
}

void ServersPage::showRow(int row) {
  const bool there = row >= 0 && row < servers_.size();
  showing_ = true;
  const ServerAddress server = there ? servers_[row] : ServerAddress();
  destination_->setText(server.destination);
  name_->setText(server.name);
  engine_->setText(server.engine == ServerAddress().engine ? QString() : server.engine);
  runs_->setText(server.runs);
  data_->setPlainText(server.data.join(u'\n'));
  models_->setPlainText(server.models.join(u'\n'));
  slurm_->setChecked(server.slurm);
  compress_->setChecked(server.compress);
  showing_ = false;
  side_->setCurrentIndex(there ? 1 : 0);
  remove_->setEnabled(there);
  test_->setEnabled(there && is_destination(server.destination));
}

QString ServersPage::title(const ServerAddress& server) {
  if (!server.name.isEmpty()) return server.name;
  return server.destination.isEmpty() ? tr("New server") : server.destination;
}

/// What is in the fields, as the chosen server.
void ServersPage::take() {
  if (showing_ || row() < 0) return;
  ServerAddress& server = servers_[row()];
  const QString before = server.destination;
  server.destination = destination_->text().trimmed();
  // Until it has a name of its own it is called as ssh calls it.
  if (sender() == destination_ && server.name == before) {
    const QSignalBlocker quiet(name_);
    name_->setText(server.destination);
  }
  server.name = name_->text().simplified();
  server.engine = engine_->text().trimmed();
  if (server.engine.isEmpty()) server.engine = ServerAddress().engine;
  server.runs = runs_->text().trimmed();
  server.data = lines_of(data_);
  server.models = lines_of(models_);
  server.slurm = slurm_->isChecked();
  server.compress = compress_->isChecked();
  list_->item(row())->setText(title(server));
  test_->setEnabled(is_destination(server.destination));
  Q_EMIT changed();
}

void ServersPage::addItem(const ServerAddress& server) {
  auto* item = new QListWidgetItem(title(server), list_);
  item->setSizeHint(QSize(0, list_->fontMetrics().height() + grid));
}

void ServersPage::add() {
  ServerAddress server;
  server.id = new_server_id();
  servers_ << server;
  addItem(server);
  list_->setCurrentRow(int(servers_.size()) - 1);
  destination_->setFocus();
  Q_EMIT changed();
}

void ServersPage::remove() {
  const int at = row();
  if (at < 0) return;
  const ServerAddress gone = servers_.takeAt(at);
  if (!gone.name.isEmpty()) {
    removed_->setText(tr("%1: its runs stay and go on there. Copies of their records here are deleted when Bandscope "
                         "starts the next time.")
                          .arg(gone.name));
    removed_->show();
  }
  {
    const QSignalBlocker quiet(list_);
    delete list_->takeItem(at);
  }
  showRow(row());
  list_->setFocus();
  Q_EMIT changed();
}

void ServersPage::test() {
  if (row() < 0 || !is_destination(servers_[row()].destination)) return;
  auto* dialog = new ConnectionTestDialog(servers_[row()], this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

QString ServersPage::problem() const {
  for (int i = 0; i < servers_.size(); ++i) {
    const ServerAddress& server = servers_[i];
    if (server.destination.isEmpty()) {
      return server.name.isEmpty()
                 ? tr("A server needs an ssh destination: user@host, or a name of ~/.ssh/config.")
                 : tr("%1 needs an ssh destination: user@host, or a name of ~/.ssh/config.").arg(server.name);
    }
    if (!is_destination(server.destination))
      return tr("“%1” is no ssh destination: it is user@host, or a name of ~/.ssh/config.").arg(server.destination);
    if (server.name.isEmpty()) return tr("The server at %1 needs a name.").arg(server.destination);
    for (int other = 0; other < i; ++other) {
      if (servers_[other].name.compare(server.name, Qt::CaseInsensitive) == 0)
        return tr("Two servers are called “%1”: each needs a name of its own.").arg(server.name);
    }
    for (const QString& path : QStringList{server.engine, server.runs} + server.data + server.models) {
      if (!path.isEmpty() && !is_server_path(path)) return tr("%1: a path there is too long.").arg(server.name);
    }
    if (server.data.size() > most_server_folders || server.models.size() > most_server_folders)
      return tr("%1 has more than %2 folders.").arg(server.name).arg(most_server_folders);
  }
  return {};
}

}  // namespace bandscope::app
