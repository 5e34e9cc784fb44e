// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/ssh_config.h"

#include <QDir>
#include <QDirIterator>
#include <QRegularExpression>
#include <QSet>

#include "app/base/input_file.h"
#include "app/base/server_address.h"

namespace bandscope::app {
namespace {

constexpr quint64 most_config_bytes = 1 << 20;
constexpr int most_config_files = 64, most_config_depth = 16, most_config_hosts = 2000, most_looked_at = 5000;

struct SshConfigLine {
  QString keyword;  ///< in lower case
  QStringList values;
};

/// "Keyword value "a value"" or "Keyword=value"; what comes after # at a word's beginning is a remark.
SshConfigLine read_config_line(const QString& text) {
  SshConfigLine line;
  QStringList words;
  QString word;
  bool quoted = false, started = false;
  const auto flush = [&] {
    if (started) words << word;
    word.clear();
    started = false;
  };
  for (const QChar c : text) {
    if (c == u'"') {
      quoted = !quoted;
      started = true;
    } else if (!quoted && c == u'#' && !started) {
      break;
    } else if (!quoted && (c.isSpace() || (c == u'=' && words.isEmpty()))) {
      flush();
    } else {
      word += c;
      started = true;
    }
  }
  flush();
  // "Keyword = value": the sign stands by itself.
  if (words.size() > 1 && words[1] == QLatin1String("=")) words.removeAt(1);
  if (words.isEmpty()) return line;
  line.keyword = words.takeFirst().toLower();
  line.values = words;
  return line;
}

class SshConfigReader {
 public:
  explicit SshConfigReader(const QString& home) : home_(home) {}

  void read(const QString& file, int depth) {
    if (depth > most_config_depth || read_.size() >= most_config_files || read_.contains(file)) return;
    read_.insert(file);
    const auto bytes = file_bytes(file, most_config_bytes);
    if (!bytes || bytes->contains('\0')) return;
    for (const QByteArray& text : bytes->split('\n')) {
      const SshConfigLine line = read_config_line(QString::fromUtf8(text));
      if (line.keyword == QLatin1String("host")) {
        for (const QString& name : line.values) add(name);
      } else if (line.keyword == QLatin1String("include")) {
        for (const QString& pattern : line.values) {
          for (const QString& included : matching(pattern)) read(included, depth + 1);
        }
      }
    }
  }
  const QStringList& hosts() const { return hosts_; }

 private:
  void add(const QString& name) {
    const bool pattern = name.contains(u'*') || name.contains(u'?') || name.startsWith(u'!');
    if (pattern || !is_destination(name) || hosts_.size() >= most_config_hosts || known_.contains(name)) return;
    known_.insert(name);
    hosts_ << name;
  }

  QStringList matching(QString pattern) {
    if (pattern.startsWith(QLatin1String("~/"))) {
      pattern = home_ + pattern.mid(1);
    } else if (!pattern.startsWith(u'/')) {
      pattern = home_ + QStringLiteral("/.ssh/") + pattern;
    }
    QStringList found = {QStringLiteral("/")};
    for (const QString& part : pattern.split(u'/', Qt::SkipEmptyParts)) {
      QStringList next;
      for (const QString& folder : found) {
        for (const QString& name : names(folder, part)) next << QDir(folder).filePath(name);
      }
      found = next;
    }
    return found;
  }

  /// What a part of a pattern stands for in a folder, sorted.
  QStringList names(const QString& folder, const QString& part) {
    static const QRegularExpression wild(QStringLiteral("[*?\\[]"));
    if (!part.contains(wild)) return {part};
    const QRegularExpression pattern(QRegularExpression::wildcardToRegularExpression(part));
    QStringList matches;
    QDirIterator all(folder, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    while (all.hasNext() && ++looked_at_ <= most_looked_at) {
      all.next();
      const QString name = all.fileName();
      const bool hidden = name.startsWith(u'.') && !part.startsWith(u'.');
      if (!hidden && pattern.match(name).hasMatch()) matches << name;
    }
    matches.sort();
    return matches;
  }

  const QString home_;
  QSet<QString> read_, known_;
  QStringList hosts_;
  int looked_at_ = 0;
};

}  // namespace

QStringList ssh_config_hosts(const QString& file, const QString& home) {
  SshConfigReader reader(home);
  reader.read(file, 0);
  return reader.hosts();
}

QStringList ssh_config_hosts() {
  return ssh_config_hosts(QDir::homePath() + QStringLiteral("/.ssh/config"), QDir::homePath());
}

}  // namespace bandscope::app
