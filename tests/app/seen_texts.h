// SPDX-License-Identifier: GPL-3.0-or-later
// Every text of a window that somebody may read or hear: labels, buttons, fields, tooltips, names for screen readers,
// menus, headers and cells, and what is painted.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QTabBar>
#include <QTextBrowser>
#include <QTreeView>
#include <set>

#include "tests/app/painted_words.h"

namespace bandscope::testing {

/// Text, and of what it is.
using SeenTexts = std::set<std::pair<QString, QString>>;

class TextReader {
 public:
  SeenTexts seen;

  void read(QWidget* root) {
    readOne(root);
    for (auto* widget : root->findChildren<QWidget*>()) {
      // What is not in sight is written when it is.
      if (widget->isVisible()) readOne(widget);
    }
    // What somebody writes or a program has written is no text of the window.
    QString written;
    for (const auto* edit : root->findChildren<QPlainTextEdit*>()) written += edit->toPlainText() + QLatin1Char('\n');
    const bool files = qobject_cast<QFileDialog*>(root);
    for (const auto& word : painted_words(root)) {
      if (!files && !written.contains(word.trimmed())) add(word, root, "paints");
    }
  }
  void read(QMenu* menu) {
    Q_EMIT menu->aboutToShow();
    add(menu->title(), menu, "menu");
    for (const auto* action : menu->actions()) {
      if (action->isSeparator() && action->text().isEmpty()) continue;
      add(action->text(), menu, "entry");
      add(action->toolTip(), menu, "entry's tooltip");
      if (action->menu() && action->menu() != menu) read(action->menu());
    }
  }

 private:
  void add(const QString& text, const QObject* of, const char* what) {
    if (text.isEmpty()) return;
    const auto* over = of->parent();
    seen.emplace(text, QStringLiteral("%1 of %2 %3 in %4")
                           .arg(QLatin1String(what), QLatin1String(of->metaObject()->className()), of->objectName(),
                                over ? QLatin1String(over->metaObject()->className()) : QLatin1String("none")));
  }
  void readOne(QWidget* widget) {
    add(widget->windowTitle(), widget, "title");
    add(widget->toolTip(), widget, "tooltip");
    add(widget->statusTip(), widget, "status tip");
    add(widget->whatsThis(), widget, "help");
    add(widget->accessibleName(), widget, "accessible name");
    add(widget->accessibleDescription(), widget, "accessible description");
    if (const auto* label = qobject_cast<QLabel*>(widget)) add(label->text(), widget, "text");
    if (const auto* button = qobject_cast<QAbstractButton*>(widget)) add(button->text(), widget, "text");
    if (const auto* box = qobject_cast<QGroupBox*>(widget)) add(box->title(), widget, "text");
    if (const auto* line = qobject_cast<QLineEdit*>(widget)) add(line->placeholderText(), widget, "placeholder");
    if (const auto* browser = qobject_cast<QTextBrowser*>(widget)) add(browser->toPlainText(), widget, "text");
    if (const auto* box = qobject_cast<QSpinBox*>(widget)) add(box->suffix() + box->specialValueText(), widget, "text");
    if (auto* menu = qobject_cast<QMenu*>(widget)) read(menu);
    if (const auto* tabs = qobject_cast<QTabBar*>(widget)) {
      for (int tab = 0; tab < tabs->count(); ++tab) {
        add(tabs->tabText(tab), widget, "tab");
        add(tabs->tabToolTip(tab), widget, "tab's tooltip");
      }
    }
    if (const auto* box = qobject_cast<QComboBox*>(widget)) {
      for (int item = 0; item < box->count(); ++item) add(box->itemText(item), widget, "choice");
    }
    if (const auto* view = qobject_cast<QAbstractItemView*>(widget);
        view && view->model() && !qobject_cast<QFileDialog*>(view->window()) && !qobject_cast<const QHeaderView*>(view))
      readModel(view->model(), {}, widget);
  }
  void readModel(const QAbstractItemModel* model, const QModelIndex& parent, const QWidget* view) {
    constexpr int roles[] = {Qt::DisplayRole, Qt::ToolTipRole, Qt::StatusTipRole, Qt::AccessibleTextRole};
    constexpr int most_rows = 60;
    for (int column = 0; column < model->columnCount(parent); ++column) {
      for (const int role : roles) {
        if (!parent.isValid()) add(model->headerData(column, Qt::Horizontal, role).toString(), view, "header");
        for (int row = 0; row < std::min(most_rows, model->rowCount(parent)); ++row) {
          add(model->index(row, column, parent).data(role).toString(), view, "cell");
        }
      }
    }
    for (int row = 0; row < std::min(most_rows, model->rowCount(parent)); ++row) {
      if (const auto index = model->index(row, 0, parent); model->hasChildren(index)) readModel(model, index, view);
    }
  }
};

}  // namespace bandscope::testing
