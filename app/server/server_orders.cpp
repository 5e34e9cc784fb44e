// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_orders.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPointer>
#include <utility>

#include "app/language/translated.h"
#include "app/spec/portable_spec.h"
#include "app/spec/toml_literals.h"
#include "core/error.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {
namespace {

struct OrderStrings {
  Q_DECLARE_TR_FUNCTIONS(ServerOrders)
};

/// The run's folder below the folder of runs.
QString folder_there(const RunEntry& run) {
  return run.there.endsWith(QLatin1String(".h5")) ? QFileInfo(run.there).path() : run.there;
}

/// Paths of a spec that lies in `folder` as seen from the folder of runs.
void move_from(const QString& folder, SpecText& spec) {
  move_paths(spec, [&](const QString& path) {
    return QDir::isAbsolutePath(path) ? path : QDir::cleanPath(folder + QLatin1Char('/') + path);
  });
}

}  // namespace

QString spec_there(const QString& toml, const QString& folder, const QString& name, bool resume) {
  if (parse_run_specs(toml.toStdString(), "spec", "/").size() != 1)
    throw RunError(plain_message(OrderStrings::tr("its spec is of several runs")));
  SpecText spec(toml);
  move_from(folder, spec);
  spec.set(QStringLiteral("run.name"), toml_quoted(name));
  spec.set(QStringLiteral("run.resume"), resume ? QStringLiteral("true") : QStringLiteral("false"));
  return spec.text();
}

void ServerOrders::resume(const RunEntry& run, Placing placing, QObject* context, Started done) const {
  startAs(run, QFileInfo(folder_there(run)).fileName(), true, placing, context, std::move(done));
}

void ServerOrders::again(const RunEntry& run, const QString& name, Placing placing, QObject* context,
                         Started done) const {
  startAs(run, name, false, placing, context, std::move(done));
}

void ServerOrders::startAs(const RunEntry& run, const QString& name, bool resume, Placing placing, QObject* context,
                           Started done) const {
  const QString folder = folder_there(run),
                in = folder.contains(QLatin1Char('/')) ? QFileInfo(folder).path() : QString();
  if (!in.isEmpty() && placing == Placing::queue) {
    QMetaObject::invokeMethod(
        context,
        [done = std::move(done)] {
          done({}, plain_message(OrderStrings::tr("it lies in a folder below the server's folder of runs, from where "
                                                  "nothing can be queued")));
        },
        Qt::QueuedConnection);
    return;
  }
  ask_server(links_, run.server, wire::Ask::spec, {{"run", run.there.toStdString()}}, context,
             [self = *this, context = QPointer<QObject>(context), server = run.server, folder, in, name, resume,
              placing, done = std::move(done)](const wire::Json& answer, const Message& problem) {
               const auto toml = text_of(answer, "spec");
               if (!problem.empty()) return done({}, problem);
               if (!toml) return done({}, not_understood(self.links_, server));
               try {
                 wire::Json fields = {{"spec", spec_there(*toml, folder, name, resume).toStdString()}};
                 if (!in.isEmpty()) fields["in"] = in.toStdString();
                 self.ask(server, std::move(fields), placing, context, done);
               } catch (const Error& error) {
                 done({}, error.message());
               }
             });
}

void ServerOrders::ask(const QString& server, wire::Json fields, Placing placing, QObject* context,
                       Started done) const {
  ask_server(links_, server, placing == Placing::queue ? wire::Ask::queue : wire::Ask::start, std::move(fields),
             context,
             [links = links_, server, done = std::move(done)](const wire::Json& answer, const Message& problem) {
               if (!problem.empty()) return done({}, problem);
               const QStringList names = texts_of(answer, "runs");
               names.isEmpty() ? done({}, not_understood(links, server)) : done(names, {});
             });
}

void ServerOrders::spec(const RunEntry& run, QObject* context, Spec done) const {
  ask_server(links_, run.server, wire::Ask::spec, {{"run", run.there.toStdString()}}, context,
             [links = links_, server = run.server, folder = folder_there(run), done = std::move(done)](
                 const wire::Json& answer, const Message& problem) {
               const auto toml = text_of(answer, "spec");
               if (!problem.empty()) return done({}, problem);
               if (!toml) return done({}, not_understood(links, server));
               SpecText spec(*toml);
               move_from(folder, spec);
               done(spec.text(), {});
             });
}

}  // namespace bandscope::app
