// SPDX-License-Identifier: GPL-3.0-or-later
// Where the handles of splitters and the edges of columns stand, each under the name of its object, so that what is
// built in another order, or not opened at all, still gets its own back.
#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

class QSplitter;
class QWidget;

namespace bandscope::app {

/// Names a splitter whose parts are all there, and gives them these shares of its room, which follow its size.
void name_splitter(QSplitter* splitter, const QString& name, const QList<int>& shares);

/// Of every named splitter, and every named header of columns, below `root`.
QJsonObject save_places(const QWidget* root);
/// What is missing, is not known, or does not fit the parts that there are is passed over.
void restore_places(QWidget* root, const QJsonObject& places);

}  // namespace bandscope::app
