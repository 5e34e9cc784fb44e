// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_edits.h"

#include <QFileInfo>
#include <utility>

#include "app/server/server_link.h"
#include "app/server/server_runs.h"

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

/// Calls the member of the server's list of runs, where there is one.
template <class... Told, class... Given>
void tell_list(const RunsOfServer& runs, const QString& server, void (ServerRuns::*what)(Told...),
               const Given&... given) {
  if (ServerRuns* list = runs ? runs(server) : nullptr) (list->*what)(given...);
}

wire::Json of_run(const RunEntry& run) { return {{"run", run.there.toStdString()}}; }

}  // namespace

Message ServerEdits::whyNot(const QString& server) const { return why_not_asked(links_, server, wire::Ask::labels); }

void ServerEdits::label(const RunEntry& run, const RunLabels& before, const RunLabels& now, QObject* context,
                        Done done) {
  wire::Json fields = of_run(run);
  fields["labels"] = label_changes(before, now);
  tell_list(runs_, run.server, &ServerRuns::labelling, run.there, now);
  ask_server(links_, run.server, wire::Ask::labels, std::move(fields), context,
             [runs = runs_, server = run.server, there = run.there, done = std::move(done)](const wire::Json& answer,
                                                                                            const Message& problem) {
               const auto labels = answer.find("labels");
               const bool taken = problem.empty() && labels != answer.end();
               tell_list(runs, server, &ServerRuns::labelled, there, taken ? *labels : wire::Json());
               done(problem);
             });
}

void ServerEdits::rename(const RunEntry& run, const QString& name, QObject* context, Renamed done) {
  wire::Json fields = of_run(run);
  fields["name"] = name.toStdString();
  ask_server(
      links_, run.server, wire::Ask::rename, std::move(fields), context,
      [links = links_, runs = runs_, run, done = std::move(done)](const wire::Json& answer, const Message& problem) {
        const auto there = text_of(answer, "run");
        ServerLink* link = links(run.server);
        if (!problem.empty() || !there || there->isEmpty() || !link)
          return done(nullptr, problem.empty() ? not_understood(links, run.server) : problem);
        link->renamed(run.there, *there);
        tell_list(runs, run.server, &ServerRuns::renamed, run.there, *there);
        auto now = std::make_shared<RunEntry>(run);
        now->found.name = there->section(u'/', -1);
        now->there = *there;
        now->found.record = link->mirrorOf(*there);
        now->copied = QFileInfo::exists(now->found.record);
        done(now, {});
      });
}

void ServerEdits::remove(const RunEntry& run, QObject* context, Removed done) {
  ask_server(links_, run.server, wire::Ask::remove, of_run(run), context,
             [links = links_, runs = runs_, server = run.server, there = run.there, done = std::move(done)](
                 const wire::Json& answer, const Message& problem) {
               const auto trashed = text_of(answer, "trashed");
               if (!problem.empty()) return done({}, problem);
               if (!trashed || trashed->isEmpty()) return done({}, not_understood(links, server));
               tell_list(runs, server, &ServerRuns::removed, there);
               done(*trashed, {});
             });
}

void ServerEdits::restore(const QString& server, const QString& trashed, QObject* context, Done done) {
  ask_server(links_, server, wire::Ask::restore, {{"trashed", trashed.toStdString()}}, context,
             [done = std::move(done)](const wire::Json&, const Message& problem) { done(problem); });
}

void ServerEdits::purge(const RunEntry& run, const QString& trashed, QObject* context, Done done) {
  ask_server(links_, run.server, wire::Ask::purge, {{"trashed", trashed.toStdString()}}, context,
             [links = links_, server = run.server, there = run.there, done = std::move(done)](const wire::Json&,
                                                                                              const Message& problem) {
               // Until then its copy is kept: it may be put back.
               if (ServerLink* link = links(server); link && problem.empty()) link->forget(there);
               done(problem);
             });
}

}  // namespace bandscope::app
