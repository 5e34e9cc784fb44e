// SPDX-License-Identifier: Apache-2.0
// What torchrun, mpirun and srun leave in the environment, complete and not.
#include <QMap>
#include <QTest>

#include "core/error.h"
#include "training/parallel/launch.h"

using namespace bandscope;

namespace {

using Variables = QMap<QByteArray, QByteArray>;

parallel::Launch launch_of(const Variables& variables) {
  return parallel::read_launch([&](const char* name) -> const char* {
    const auto found = variables.constFind(name);
    return found == variables.constEnd() ? nullptr : found->constData();
  });
}

const Variables torchrun = {{"RANK", "3"},
                            {"WORLD_SIZE", "8"},
                            {"LOCAL_RANK", "1"},
                            {"LOCAL_WORLD_SIZE", "2"},
                            {"MASTER_ADDR", "node7"},
                            {"MASTER_PORT", "29501"}};

}  // namespace

class TestLaunch : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void torchrun_is_read() {
    const parallel::Launch launch = launch_of(torchrun);
    QCOMPARE(launch.rank, 3);
    QCOMPARE(launch.size, 8);
    QCOMPARE(launch.local_rank, 1);
    QCOMPARE(launch.local_size, 2);
    QCOMPARE(launch.address, std::string("node7"));
    QCOMPARE(launch.port, 29501);
  }

  void srun_is_read() {
    const parallel::Launch launch = launch_of({{"SLURM_JOB_ID", "100001"},
                                               {"SLURM_STEP_ID", "2"},
                                               {"SLURM_PROCID", "5"},
                                               {"SLURM_NTASKS", "8"},
                                               {"SLURM_LOCALID", "1"},
                                               {"SLURM_NODELIST", "gpu[007-010]"}});
    QCOMPARE(launch.rank, 5);
    QCOMPARE(launch.size, 8);
    QCOMPARE(launch.local_rank, 1);
    QCOMPARE(launch.address, std::string("gpu007"));
    QVERIFY(launch.port >= 20000 && launch.port < 40000);
    const parallel::Launch without_job = launch_of({{"SLURM_PROCID", "1"},
                                                    {"SLURM_NTASKS", "2"},
                                                    {"SLURM_LOCALID", "1"},
                                                    {"MASTER_ADDR", "localhost"},
                                                    {"MASTER_PORT", "1234"}});
    QCOMPARE(without_job.rank, 1);
    QCOMPARE(without_job.port, 1234);
  }

  void a_single_slurm_task_is_alone() {
    QCOMPARE(launch_of({{"SLURM_JOB_ID", "1"},
                        {"SLURM_STEP_ID", "0"},
                        {"SLURM_PROCID", "0"},
                        {"SLURM_NTASKS", "1"},
                        {"SLURM_LOCALID", "0"}})
                 .size,
             1);
    // The batch script of a job of many tasks.
    QCOMPARE(
        launch_of({{"SLURM_JOB_ID", "1"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "16"}, {"SLURM_NODELIST", "a"}}).size,
        1);
    // A step of one task in such a job.
    QCOMPARE(launch_of({{"SLURM_JOB_ID", "1"},
                        {"SLURM_STEP_ID", "0"},
                        {"SLURM_STEP_NUM_TASKS", "1"},
                        {"SLURM_PROCID", "0"},
                        {"SLURM_NTASKS", "16"}})
                 .size,
             1);
    QCOMPARE(launch_of({}).size, 1);
    QCOMPARE(launch_of({{"RANK", "0"}, {"WORLD_SIZE", "1"}}).size, 1);
  }

  void mpirun_is_read() {
    const parallel::Launch here = launch_of({{"OMPI_COMM_WORLD_RANK", "1"},
                                             {"OMPI_COMM_WORLD_SIZE", "2"},
                                             {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                                             {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}});
    QCOMPARE(here.rank, 1);
    QCOMPARE(here.address, std::string("127.0.0.1"));
    QVERIFY_EXCEPTION_THROWN(
        launch_of({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}}),
        SpecError);
  }

  void what_is_missing_is_named_data() {
    QTest::addColumn<QByteArray>("variable");
    for (const char* name : {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"})
      QTest::newRow(name) << QByteArray(name);
  }
  void what_is_missing_is_named() {
    QFETCH(QByteArray, variable);
    Variables variables = torchrun;
    variables.remove(variable);
    try {
      launch_of(variables);
      QFAIL("no error");
    } catch (const SpecError& error) {
      QVERIFY2(QByteArray(error.what()).contains(variable + " is not set"), error.what());
    }
  }

  void what_is_wrong_is_named() {
    Variables variables = torchrun;
    variables["RANK"] = "8";
    QVERIFY_EXCEPTION_THROWN(launch_of(variables), SpecError);
    variables["RANK"] = "two";
    QVERIFY_EXCEPTION_THROWN(launch_of(variables), SpecError);
    variables = torchrun;
    variables["MASTER_PORT"] = "123456";
    QVERIFY_EXCEPTION_THROWN(launch_of(variables), SpecError);
  }

  void first_nodes() {
    QCOMPARE(parallel::first_node("node1"), std::string("node1"));
    QCOMPARE(parallel::first_node("node1,node2"), std::string("node1"));
    QCOMPARE(parallel::first_node("node[003-007,9],other"), std::string("node003"));
    QCOMPARE(parallel::first_node("gpu[12]"), std::string("gpu12"));
    QCOMPARE(parallel::first_node("a,b[1-2]"), std::string("a"));
    QCOMPARE(parallel::first_node("rack[1-2]n"), std::string("rack1n"));
  }
};

QTEST_GUILESS_MAIN(TestLaunch)
#include "test_launch.moc"
