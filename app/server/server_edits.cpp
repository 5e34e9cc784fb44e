// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_edits.h"

#include <QFileInfo>
#include <utility>

#include "app/server/server_link.h"

namespace bandscope::app {
namespace {

/// What is to be changed; those left out stay as somebody else may have made them.
wire::Json label_changes(const RunLabels& before, const RunLabels& now) {
  wire::Json changes = wire::Json::object();
  if (now.starred != before.starred) changes["starred"] = now.starred;
  if (now.note != before.note) changes["note"] = now.note.toStdString();
  if (now.tags == before.tags) return changes;
  changes["tags"] = wire::Json::array();
  for (const QString& tag : now.tags) changes["tags"].push_back(tag.toStdString());
  return changes;
}

wire::Json of_run(const RunEntry& run) { return {{"run", run.there.toStdString()}}; }

}  // namespace

Message ServerEdits::whyNot(const QString& server) const { return why_not_asked(links_, server, wire::Ask::labels); }

void ServerEdits::label(const RunEntry& run, const RunLabels& before, const RunLabels& now, QObject* context,
                        Done done) {
  wire::Json fields = of_run(run);
  fields["labels"] = label_changes(before, now);
  ask(run.server, wire::Ask::labels, std::move(fields), context, std::move(done));
}

void ServerEdits::rename(const RunEntry& run, const QString& name, QObject* context, Renamed done) {
  wire::Json fields = of_run(run);
  fields["name"] = name.toStdString();
  ask_server(links_, run.server, wire::Ask::rename, std::move(fields), context,
             [links = links_, run, done = std::move(done)](const wire::Json& answer, const Message& problem) {
               const auto there = text_of(answer, "run");
               const ServerLink* link = links(run.server);
               if (!problem.empty() || !there || there->isEmpty() || !link)
                 return done(nullptr, problem.empty() ? not_understood(links, run.server) : problem);
               auto now = std::make_shared<RunEntry>(run);
               now->found.name = there->section(u'/', -1);
               now->there = *there;
               now->found.record = link->mirrorOf(*there);
               now->copied = QFileInfo::exists(now->found.record);
               done(now, {});
             });
}

void ServerEdits::remove(const RunEntry& run, QObject* context, Removed done) {
  ask_server(
      links_, run.server, wire::Ask::remove, of_run(run), context,
      [links = links_, server = run.server, done = std::move(done)](const wire::Json& answer, const Message& problem) {
        const auto trashed = text_of(answer, "trashed");
        if (!problem.empty()) return done({}, problem);
        if (!trashed || trashed->isEmpty()) return done({}, not_understood(links, server));
        done(*trashed, {});
      });
}

void ServerEdits::restore(const QString& server, const QString& trashed, QObject* context, Done done) {
  ask(server, wire::Ask::restore, {{"trashed", trashed.toStdString()}}, context, std::move(done));
}

void ServerEdits::purge(const QString& server, const QString& trashed, QObject* context, Done done) {
  ask(server, wire::Ask::purge, {{"trashed", trashed.toStdString()}}, context, std::move(done));
}

void ServerEdits::ask(const QString& server, wire::Ask ask, wire::Json fields, QObject* context, Done done) {
  ask_server(links_, server, ask, std::move(fields), context,
             [done = std::move(done)](const wire::Json&, const Message& problem) { done(problem); });
}

}  // namespace bandscope::app
