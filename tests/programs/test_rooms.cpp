// SPDX-License-Identifier: Apache-2.0
// The rooms of the source tree and the folders in them: which may include which, and the namespace that a folder has.
#include <QDir>
#include <QDirIterator>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

namespace {

/// A room, and the rooms that its files may include. No two folders of a room include each other, over however many
/// others.
struct Room {
  const char* name;
  QStringList below;
  bool namespace_a_folder;  ///< files of ROOM/FOLDER/ are in bandscope::FOLDER
};

/// The arrows. The window reads texts, data and models' files through the part of `training` that needs no LibTorch.
const Room rooms[] = {
    {"core", {}, false},
    {"training", {"core"}, true},
    {"viz", {"core"}, false},
    {"app", {"core", "training", "viz"}, false},
};

struct SourceFile {
  QString path;    ///< from the top of the tree
  QString folder;  ///< of its room; empty for the room's own files
  QString text;
};

QList<SourceFile> files_of(const QString& top, const QString& room) {
  QList<SourceFile> files;
  QDirIterator found(top + '/' + room, {"*.h", "*.cpp", "*.cu"}, QDir::Files, QDirIterator::Subdirectories);
  while (found.hasNext()) {
    QFile file(found.next());
    if (!file.open(QIODevice::ReadOnly)) continue;
    const QString path = QDir(top).relativeFilePath(file.fileName());
    const QStringList parts = path.split('/');
    files.push_back({path, parts.size() > 2 ? parts[1] : QString(), QString::fromUtf8(file.readAll())});
  }
  return files;
}

/// The quoted includes of a file, from the top of the tree.
QStringList includes_of(const SourceFile& file) {
  static const QRegularExpression line("^#include \"([^\"]+)\"", QRegularExpression::MultilineOption);
  QStringList result;
  for (const auto& match : line.globalMatch(file.text)) result << match.captured(1);
  return result;
}

/// Each of the tree's rooms that is no `below` and is included all the same: "FILE includes HEADER".
QStringList against_the_arrows(const QList<SourceFile>& files, const QString& own, const QStringList& below) {
  QStringList faults;
  for (const SourceFile& file : files) {
    for (const QString& header : includes_of(file)) {
      const QString room = header.section('/', 0, 0);
      if (room != own && !below.contains(room) &&
          std::ranges::any_of(rooms, [&](const Room& other) { return room == other.name; }))
        faults << file.path + " includes " + header;
    }
  }
  return faults;
}

/// Which folders of the room each of its folders includes.
QMap<QString, QSet<QString>> folder_graph(const QList<SourceFile>& files, const QString& room) {
  QMap<QString, QSet<QString>> graph;
  for (const SourceFile& file : files) {
    if (file.folder.isEmpty()) continue;
    for (const QString& header : includes_of(file)) {
      const QStringList parts = header.split('/');
      if (parts.size() > 2 && parts[0] == room && parts[1] != file.folder) graph[file.folder] << parts[1];
    }
  }
  return graph;
}

/// A way from `from` back to itself, "a -> b -> a"; empty where there is none.
QString cycle_through(const QMap<QString, QSet<QString>>& graph, const QString& from) {
  QMap<QString, QString> came_from;
  QStringList open{from};
  while (!open.isEmpty()) {
    const QString folder = open.takeFirst();
    for (const QString& next : graph.value(folder)) {
      if (next == from) {
        QString way = from;
        for (QString at = folder; at != from; at = came_from[at]) way = at + " -> " + way;
        return from + " -> " + way;
      }
      if (came_from.contains(next)) continue;
      came_from[next] = folder;
      open << next;
    }
  }
  return {};
}

QStringList cycles_of(const QMap<QString, QSet<QString>>& graph) {
  QStringList cycles;
  for (const QString& folder : graph.keys())
    if (const QString cycle = cycle_through(graph, folder); !cycle.isEmpty()) cycles << cycle;
  return cycles;
}

/// Files that open a namespace of the program beside their folder's.
QStringList strange_namespaces(const QList<SourceFile>& files) {
  static const QRegularExpression opened("^namespace (bandscope[\\w:]*) \\{(?!.*;)",
                                         QRegularExpression::MultilineOption);
  QStringList faults;
  for (const SourceFile& file : files) {
    if (file.folder.isEmpty()) continue;
    const QString own = "bandscope::" + file.folder;
    bool declares = false;
    for (const auto& match : opened.globalMatch(file.text)) {
      const QString name = match.captured(1);
      if (name == own || name.startsWith(own + "::")) {
        declares = true;
      } else if (const QString rest = file.text.mid(match.capturedEnd());
                 !QRegularExpression("^\\s*(class|struct) \\w+;\\s*\\}").match(rest).hasMatch()) {
        faults << file.path + " opens " + name;
      }
    }
    if (!declares && file.text.contains(QLatin1String("namespace bandscope")))
      faults << file.path + " is not in " + own;
  }
  return faults;
}

}  // namespace

class RoomsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void an_include_against_the_arrows_is_found() {
    const QList<SourceFile> files = {{"core/a.h", "", "#include \"core/b.h\"\n#include \"viz/c.h\"\n"},
                                     {"core/d/e.h", "d", "// #include \"app/x.h\"\n#include \"app/x/y.h\"\n"}};
    QCOMPARE(against_the_arrows(files, "core", {}),
             (QStringList{"core/a.h includes viz/c.h", "core/d/e.h includes app/x/y.h"}));
    QVERIFY(against_the_arrows(files, "core", {"viz", "app"}).isEmpty());
  }

  void a_cycle_of_folders_is_found() {
    const QList<SourceFile> files = {{"core/a/a.h", "a", "#include \"core/b/b.h\"\n"},
                                     {"core/b/b.h", "b", "#include \"core/c/c.h\"\n"},
                                     {"core/c/c.cpp", "c", "#include \"core/a/a.h\"\n"},
                                     {"core/d/d.h", "d", "#include \"core/a/a.h\"\n#include \"core/d/e.h\"\n"}};
    QCOMPARE(cycles_of(folder_graph(files, "core")),
             (QStringList{"a -> b -> c -> a", "b -> c -> a -> b", "c -> a -> b -> c"}));
    QVERIFY(cycles_of(folder_graph(files.mid(1), "core")).isEmpty());
  }

  void a_namespace_of_another_folder_is_found() {
    const QList<SourceFile> files = {
        {"training/a/a.h", "a", "namespace bandscope::b {\nclass B;\n}\n\nnamespace bandscope::a {\n"},
        {"training/a/b.h", "a", "namespace bandscope::a::inner {\n"},
        {"training/a/c.h", "a", "namespace bandscope {\nclass C {\n"}};
    QCOMPARE(strange_namespaces(files),
             (QStringList{"training/a/c.h opens bandscope", "training/a/c.h is not in bandscope::a"}));
  }

  void the_tree_keeps_to_its_arrows_data() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(std::size(rooms)); ++i) QTest::newRow(rooms[i].name) << i;
  }
  void the_tree_keeps_to_its_arrows() {
    QFETCH(int, index);
    const Room& room = rooms[index];
    const QList<SourceFile> files = files_of(BANDSCOPE_SOURCE, room.name);
    QVERIFY(files.size() > 20);
    QCOMPARE(against_the_arrows(files, room.name, room.below).join('\n'), QString());
    QCOMPARE(cycles_of(folder_graph(files, room.name)).join('\n'), QString());
    if (room.namespace_a_folder) QCOMPARE(strange_namespaces(files).join('\n'), QString());
  }
};

QTEST_GUILESS_MAIN(RoomsTest)
#include "test_rooms.moc"
