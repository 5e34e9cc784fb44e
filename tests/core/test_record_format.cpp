// SPDX-License-Identifier: Apache-2.0
// The record's format as it is documented, and as the Python package has it, is the one that is written. With
// BANDSCOPE_WRITE_FORMAT=1 both files are written anew.
#include <hdf5.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/record/format_document.h"
#include "tests/core/record_rows.h"

using namespace bandscope;

class TestRecordFormat : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void files_are_made_of_the_tables_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("made");
    QTest::newRow("document") << "core/record/FORMAT.md" << QByteArray::fromStdString(record::format_document());
    QTest::newRow("package") << "packaging/python/bandscope/format.json"
                             << QByteArray::fromStdString(record::format_schema());
  }
  void files_are_made_of_the_tables() {
    QFETCH(QString, name);
    QFETCH(QByteArray, made);
    QFile file(QStringLiteral(BANDSCOPE_SOURCE "/") + name);
    if (qEnvironmentVariableIsSet("BANDSCOPE_WRITE_FORMAT")) {
      QVERIFY(file.open(QIODevice::WriteOnly) && file.write(made) == made.size());
      return;
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY2(file.readAll() == made,
             qPrintable(name + " differs from the tables; run this with BANDSCOPE_WRITE_FORMAT=1"));
  }

  void every_dataset_says_what_it_is() {
    QTemporaryDir folder;
    const auto path = (folder.path() + "/run.h5").toStdString();
    record_rows::write_record(path, 2);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    QVERIFY(file >= 0);
    for (const char* dataset :
         {"/steps/step", "/steps/rho", "/pairs/tokens_w", "/probe/accuracy", "/events/message", "/layers/score_dot"}) {
      char text[600] = {};
      const hid_t attribute = H5Aopen_by_name(file, dataset, "meaning", H5P_DEFAULT, H5P_DEFAULT);
      QVERIFY2(attribute >= 0, dataset);
      const hid_t type = H5Aget_type(attribute);
      QVERIFY(H5Tget_size(type) < sizeof text && H5Aread(attribute, type, text) >= 0);
      QVERIFY2(record::format_document().find(text) != std::string::npos, text);
      H5Tclose(type);
      H5Aclose(attribute);
    }
    for (int i = 0; i < column_count; ++i)
      QVERIFY2(!step_columns[static_cast<std::size_t>(i)].meaning.empty(),
               column_names[static_cast<std::size_t>(i)].data());
    H5Fclose(file);
  }
};

QTEST_APPLESS_MAIN(TestRecordFormat)
#include "test_record_format.moc"
