// SPDX-License-Identifier: Apache-2.0
// Which GPUs runs that go side by side are given, from what the driver and the environment say.
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "training/jobs/devices.h"

using namespace bandscope;
using Names = std::vector<std::string>;

class TestJobDevices : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void gpus_of_the_driver() {
    QTemporaryDir folder;
    const std::filesystem::path driver = folder.path().toStdString();
    QCOMPARE(jobs::gpus_here(driver / "none", nullptr), Names());
    QCOMPARE(jobs::gpus_here(driver, "0,1"), Names());
    QVERIFY(QDir(folder.path()).mkpath("gpus/0000:01:00.0"));
    QVERIFY(QDir(folder.path()).mkpath("gpus/0000:02:00.0"));
    QVERIFY(QDir(folder.path()).mkpath("gpus/0000:03:00.0"));
    QCOMPARE(jobs::gpus_here(driver, nullptr), (Names{"0", "1", "2"}));
    QCOMPARE(jobs::gpus_here(driver, "2,0"), (Names{"2", "0"}));
    QCOMPARE(jobs::gpus_here(driver, "GPU-1f,MIG-2"), (Names{"GPU-1f", "MIG-2"}));
    QCOMPARE(jobs::gpus_here(driver, "1,-1,0"), Names{"1"});
    QCOMPARE(jobs::gpus_here(driver, ""), Names());
  }
  void a_driver_that_lists_none() {
    QTemporaryDir folder;
    QFile version(folder.filePath("version"));
    QVERIFY(version.open(QIODevice::WriteOnly));
    QCOMPARE(jobs::gpus_here(folder.path().toStdString(), nullptr), Names{"0"});
  }
  void in_turn() {
    const Names two = {"3", "GPU-a"};
    QCOMPARE(jobs::gpu_of_place(0, "auto", two), std::string("3"));
    QCOMPARE(jobs::gpu_of_place(1, "cuda", two), std::string("GPU-a"));
    QCOMPARE(jobs::gpu_of_place(2, "auto", two), std::string("3"));
    for (const char* device : {"cpu", "cuda:1"}) QCOMPARE(jobs::gpu_of_place(1, device, two), std::string());
    QCOMPARE(jobs::gpu_of_place(1, "auto", {"0"}), std::string());
    QCOMPARE(jobs::gpu_of_place(1, "auto", {}), std::string());
  }
};

QTEST_GUILESS_MAIN(TestJobDevices)
#include "test_job_devices.moc"
