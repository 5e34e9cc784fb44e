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

struct ModelSummary {
  QString folder;
  QString architecture;   ///< "Llama"
  qint64 parameters = 0;  ///< of the safetensors files; 0 when unknown
  qint64 layers = 0, hidden = 0, vocabulary = 0, positions = 0;
  QString types;     ///< "BF16", "F32 and BF16"
  qint64 bytes = 0;  ///< of the safetensors files
  int files = 0;
  Message tokenizer;  ///< "byte-level BPE"
  bool chat_template = false;
  std::shared_ptr<const text::Tokenizer> tokens;  ///< null when it could not be read
  Message problem;                                ///< a sentence when the folder is no model that can be trained
};

/// Never throws. Reads heads of files only, and the tokenizer whole.
ModelSummary read_model_summary(const QString& folder);

/// "Llama · 134.5 M parameters · 30 layers of 576 · …"; empty when nothing was found.
QString to_text(const ModelSummary& look);

/// Looks off the window's thread; a later question drops the earlier one's answer. Folders are looked at again only
/// when their files have changed.
class ModelScanner : public QObject {
  Q_OBJECT

 public:
  explicit ModelScanner(QObject* parent = nullptr);
  ~ModelScanner() override;

  void look(const QString& folder);

 Q_SIGNALS:
  void found(const ModelSummary& look);

 private:
  QThreadPool pool_;
  ModelSummary last_;
  QString last_state_;  ///< names, sizes and times of the files last looked at
  quint64 wanted_ = 0;
};

}  // namespace bandscope::app
