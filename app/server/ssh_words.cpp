// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/ssh_words.h"

#include <QRegularExpression>
#include <QStringList>
#include <optional>

#include "app/base/plain_text.h"

namespace bandscope::app {
namespace {

constexpr int not_executable_code = 126, not_found_code = 127;
constexpr qsizetype longest_quote = 300;
/// Of what was said, its end is read, and no more of a line than that.
constexpr qsizetype most_read = 16'000, longest_read = 1000;

bool says(const QString& text, const char* pattern) {
  return text.contains(QRegularExpression(QLatin1String(pattern), QRegularExpression::CaseInsensitiveOption));
}

std::string quote(const QString& line) { return one_line(line, longest_quote).toStdString(); }

/// The last line with something in it.
QString last_line(const QString& text) {
  const auto lines = text.split(u'\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (const QString said = line->simplified(); !said.isEmpty()) return said;
  }
  return {};
}

/// The folder that CLI11's check or the engine's own finds missing.
std::optional<QString> missing_folder(const QString& error) {
  static const QRegularExpression option(
      QStringLiteral("--(?:data|models): (?:Directory does not exist|Directory is actually a file): ([^\\n]+)"));
  static const QRegularExpression root(QStringLiteral("bandscope-engine: ([^\\n]+) is no folder: "));
  for (const auto* pattern : {&option, &root}) {
    if (const auto match = pattern->match(error); match.hasMatch()) return match.captured(1).trimmed();
  }
  return std::nullopt;
}

/// csh has no code of its own for a program that is not there.
bool not_found(const SshEnd& end) {
  return end.code == not_found_code || (end.code == 1 && says(end.error, "command not found"));
}

bool not_executable(const SshEnd& end) {
  return end.code == not_executable_code ||
         (end.code == 1 && says(end.error, "(^|\\n)\\S+: permission denied\\.\\r?(\\n|$)"));
}

/// Where nobody can ask what ssh wants to know.
Message with_askpass(Message problem, const SshEnd& end) {
  if (!end.may_ask)
    return Message::joined(std::move(problem), Message::tr("ssh was not to ask for anything by itself: connect anew"));
  if (end.asks) return problem;
  return Message::joined(
      std::move(problem),
      Message::tr("if ssh had to ask for something, install a program for that (ssh-askpass) or log in once with "
                  "\"ssh %1\" in a terminal",
                  end.server.destination.toStdString()));
}

/// What a line of ssh means; `who` is the host or user that it names, which may be one on the way.
struct SshRule {
  const char* pattern;
  Message (*words)(const SshEnd& end, const std::string& who);
};

constexpr SshRule ssh_rules[] = {
    {"host key verification failed|no .+ host key is known",
     [](const SshEnd& end, const std::string&) {
       const std::string there = end.server.destination.toStdString();
       if (!end.may_ask) return with_askpass(Message::tr("ssh does not know the host %1 yet", there), end);
       if (end.asks)
         return Message::tr(
             "the host key of %1 was not accepted: answer ssh's question with yes, or connect once in a "
             "terminal",
             there);
       return Message::tr(
           "ssh does not know %1 yet, and no program is installed in which it could ask: install one "
           "(ssh-askpass), or connect once with \"ssh %2\" in a terminal",
           there, there);
     }},
    {"could not resolve hostname (?<who>\\S{1,255}?):? ",
     [](const SshEnd&, const std::string& who) {
       return Message::tr("ssh finds no host of the name %1: see the destination, and the network", who);
     }},
    {"(?:connect to host (?<who>\\S{1,255}) .*)?connection refused",
     [](const SshEnd&, const std::string& who) {
       return Message::tr(
           "%1 refuses the connection: no ssh server runs there, or at another port (Port in "
           "~/.ssh/config)",
           who);
     }},
    {"(?:connect to host (?<who>\\S{1,255}) .*)?timed out|timeout, server (?<who2>\\S{1,255}) not responding",
     [](const SshEnd&, const std::string& who) {
       return Message::tr("%1 does not answer: it is off, or a firewall is between", who);
     }},
    {"(?:connect to host (?<who>\\S{1,255}) .*)?(?:no route to host|network is unreachable)",
     [](const SshEnd&, const std::string& who) {
       return Message::tr("there is no way to %1 through the network", who);
     }},
    {"too many authentication failures",
     [](const SshEnd&, const std::string& who) {
       return Message::tr(
           "%1 was offered too many keys: name the one for it in ~/.ssh/config (IdentityFile, "
           "IdentitiesOnly)",
           who);
     }},
    {"(?:(?<who>\\S{1,255}): )?permission denied",
     [](const SshEnd& end, const std::string& who) {
       return with_askpass(
           Message::tr("%1 is not let in: its key is not known there, or what was typed was wrong", who), end);
     }},
};

Message connection_problem(const SshEnd& end) {
  const std::string there = end.server.destination.toStdString();
  if (says(end.error, "remote host identification has changed"))
    return Message::tr(
        "the host key of %1 is not the one that ssh knows: the machine was set up anew, or another one "
        "answers in its place; its administrator knows which",
        there);
  // The last word counts; before it there may be a banner, or a host on the way.
  const auto lines = end.error.split(u'\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    for (const SshRule& rule : ssh_rules) {
      const QRegularExpression pattern(QLatin1String(rule.pattern), QRegularExpression::CaseInsensitiveOption);
      const auto match = pattern.match(line->left(longest_read));
      if (!match.hasMatch()) continue;
      const QString who = match.captured(1).isEmpty() ? match.captured(2) : match.captured(1);
      return rule.words(end, who.isEmpty() ? there : quote(who));
    }
  }
  if (says(end.error, "connection (closed|reset) by|kex_exchange_identification"))
    return Message::tr("%1 closed the connection before the login", there);
  const QString said = last_line(without_progress(end.error));
  // Of its configuration, a jump host, a program between.
  if (!said.isEmpty()) return with_askpass(Message::tr("ssh ended: %1", quote(said)), end);
  return with_askpass(Message::tr("ssh ended with code %1", end.code), end);
}

Message engine_problem(const SshEnd& end) {
  const std::string engine = end.server.engine.toStdString();
  const QString said = last_line(without_progress(end.error));
  const QString chatter = last_line(QString::fromStdString(end.before_hello));
  if (not_found(end))
    return Message::tr("%1 was not found there: give its path, or put it on the PATH of a login without a terminal",
                       engine);
  if (not_executable(end)) return Message::tr("%1 is there, but this user may not run it", engine);
  if (says(end.error, "arguments? (was|were) not expected")) {
    return end.error.contains(QLatin1String("--slurm"))
               ? Message::tr("%1 there is too old for jobs of Slurm: install a newer one", engine)
               : Message::tr("%1 there is too old to serve a window: install a newer one", engine);
  }
  if (!said.isEmpty()) return Message::tr("%1 ended there: %2", engine, quote(said));
  if (!chatter.isEmpty()) return Message::tr("not bandscope-engine answers there: %1", quote(chatter));
  return Message::tr("%1 ended there with code %2", engine, end.code);
}

}  // namespace

QString without_progress(const QString& error) {
  static const QRegularExpression progress(
      QStringLiteral("^(Authenticated to |Transferred: |Bytes per second: |debug[123]: |"
                     "Connection to \\S+ closed\\.|Warning: Permanently added ).*"));
  QStringList kept;
  for (const QString& line : error.split(u'\n')) {
    if (!progress.match(line).hasMatch()) kept << QString(line).remove(u'\r');
  }
  return kept.join(u'\n').trimmed();
}

SshStage ssh_stage(const SshEnd& end) {
  if (end.code == ssh_own_code) return SshStage::connection;
  return missing_folder(end.error.right(most_read)) ? SshStage::folders : SshStage::engine;
}

Message ssh_problem(const SshEnd& whole) {
  SshEnd end = whole;
  end.error = end.error.right(most_read);
  if (end.greeted) {
    const QString said = last_line(without_progress(end.error));
    if (says(end.error, "timeout, server|timed out")) return connection_problem(end);
    return said.isEmpty()
               ? Message::tr("the connection to %1 has ended", end.server.destination.toStdString())
               : Message::tr("the connection to %1 has ended: %2", end.server.destination.toStdString(), quote(said));
  }
  switch (ssh_stage(end)) {
    case SshStage::connection:
      return connection_problem(end);
    case SshStage::folders:
      return Message::tr("there is no folder %1 there: make it, or take it out of this server's folders",
                         quote(missing_folder(end.error).value_or(QString())));
    case SshStage::engine:
      break;
  }
  return engine_problem(end);
}

}  // namespace bandscope::app
