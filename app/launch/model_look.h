// SPDX-License-Identifier: GPL-3.0-or-later
// What is in a model folder, found out on a worker thread.
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <memory>

#include "core/schema/message.h"
#include "training/text/tokenizer.h"

namespace bandscope::app {

struct ModelLook {
  QString folder;
  QString architecture;   ///< "Llama"
  qint64 parameters = 0;  ///< of the safetensors files; 0 when unknown
  qint64 layers = 0, hidden = 0, vocabulary = 0, positions = 0;
  QString types;     ///< "BF16", "F32 and BF16"
  qint64 bytes = 0;  ///< of the safetensors files
  int files = 0;
  Message tokenizer;  ///< "byte-level BPE"
  bool chat_template = false;
  std::shared_ptr<const Tokenizer> tokens;  ///< null when it could not be read
  Message problem;                          ///< a sentence when the folder is no model that can be trained
};

/// Never throws. Reads heads of files only, and the tokenizer whole.
ModelLook look_at_model(const QString& folder);

/// "Llama · 134.5 M parameters · 30 layers of 576 · …"; empty when nothing was found.
QString to_text(const ModelLook& look);

/// Looks off the window's thread; a later question drops the earlier one's answer. Folders are looked at again only
/// when their files have changed.
class ModelLooker : public QObject {
  Q_OBJECT

 public:
  explicit ModelLooker(QObject* parent = nullptr);
  ~ModelLooker() override;

  void look(const QString& folder);

 Q_SIGNALS:
  void found(const ModelLook& look);

 private:
  QThreadPool pool_;
  ModelLook last_;
  QString last_state_;  ///< names, sizes and times of the files last looked at
  quint64 wanted_ = 0;
};

}  // namespace bandscope::app
