// SPDX-License-Identifier: GPL-3.0-or-later
// A library of runs that tests look at and change.
#pragma once

#include <QSignalSpy>
#include <QTest>
#include <QUndoStack>

#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"

namespace bandscope::testing {

/// Library, model and dock as the window puts them together.
struct LibraryBox {
  app::RunLibrary library;
  app::RunModel model;
  QUndoStack undo;
  app::RunsDock dock{&library, &model, &undo};
  QStringList said;

  explicit LibraryBox(const QString& folder) {
    QObject::connect(&library, &app::RunLibrary::listed, &model, &app::RunModel::setRecords);
    QObject::connect(&library, &app::RunLibrary::entriesRead, &model, &app::RunModel::updateEntries);
    QObject::connect(dock.edits(), &app::RunEdits::said, [this](const QString& text) { said << text; });
    library.setInterval(150);
    if (!folder.isEmpty()) library.setFolders({folder});  // else the test says what is listed
    dock.resize(360, 400);
    dock.show();
  }
  app::RunEntryPtr run(const QString& record) const { return model.entry(model.find(record)); }
  /// Two looks: one may have been in flight.
  void lookAgain() {
    for (int i = 0; i < 2; ++i) {
      QSignalSpy settled(&library, &app::RunLibrary::settled);
      library.rescan();
      QVERIFY(settled.wait(60000));
    }
  }
  bool read(const QString& record) const { return run(record) && run(record)->read; }
};

}  // namespace bandscope::testing
