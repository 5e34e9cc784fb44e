// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <exception>
#include <iostream>

#include "app/cli/commands.h"
#include "app/cli/nearest.h"
#include "core/build_info.h"
#include "core/error.h"
#include "core/input/printable.h"
#include "core/process/arguments.h"
#include "core/record/table_block.h"

namespace bandscope::app {
namespace {

constexpr const char* description =
    "Bandscope shows, compares and steers what preference optimization does to a language model.\n"
    "Without a command it opens the window, with the run records or folders named.";

constexpr const char* examples =
    "Examples:\n"
    "  bandscope runs/                                  open the runs below a folder\n"
    "  bandscope --batch spec.toml --runs runs          train every run of a spec without a display\n"
    "  bandscope inspect runs/dpo/run.h5                what a run was and did\n"
    "  bandscope export runs/dpo runs/dpo-rc --figure dynamics --out dynamics.pdf\n"
    "  bandscope export runs/dpo runs/dpo-rc --format csv --out steps.csv\n"
    "Exit codes: 0 done, 1 the run failed, 2 bad command line or spec, 3 unreadable data or model, 130 stopped.";

/// Everything that can be asked for.
struct Asked {
  BatchRequest batch;
  WindowRequest window;
  std::vector<std::string> paths;
  std::string record;
  bool inspect_json = false;
  ExportRequest figure;
  TableExport tables;
  std::string import_in, import_out;
  std::vector<std::string> import_columns;
};

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

void declare(CLI::App& app, Asked& asked) {
  app.set_version_flag("--version",
                       "bandscope " + std::string(build_version()) + " (" + std::string(build_commit()) + ")");
  app.footer(examples);
  app.add_option("paths", asked.paths, "Run records or folders of them to open")->type_name("RUN.h5 …");
  auto* batch = app.add_option("--batch", asked.batch.spec, "Train every run of this spec without a display");
  batch->type_name("SPEC.toml");
  app.add_option("--set", asked.batch.set, "Set a key of the spec, e.g. objective.name=\"ipo\"")
      ->type_name("KEY=VALUE")
      ->needs(batch)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--runs", asked.batch.runs, "Folder in which each run gets a folder")->type_name("DIR")->needs(batch);
  app.add_flag("--json", asked.batch.json, "One JSON line per finished run on the standard output")->needs(batch);
  app.add_option("--jobs", asked.batch.jobs, "Runs that go on at a time")
      ->type_name("N")
      ->needs(batch)
      ->check(CLI::Range(1, 1024));
  app.add_option("--devices", asked.batch.devices, "Devices for them, e.g. cuda:0,cuda:1")
      ->type_name("LIST")
      ->needs(batch);
  app.add_option("--language", asked.window.language, "Language of the window")
      ->check(CLI::IsMember(std::vector<std::string>{"en", "zh_CN"}));
  app.add_option("--theme", asked.window.theme, "Look of the window")
      ->check(CLI::IsMember(std::vector<std::string>{"system", "light", "dark"}));

  auto* inspect_command = app.add_subcommand("inspect", "Say what a run was and did");
  inspect_command->add_option("record", asked.record, "The run's record or folder")->required()->type_name("RUN.h5");
  inspect_command->add_flag("--json", asked.inspect_json, "As one JSON object");

  auto* export_command = app.add_subcommand("export", "Write a figure, or tables for other programs");
  export_command->add_option("records", asked.figure.records, "The runs' records or folders")
      ->required()
      ->type_name("RUN.h5 …");
  auto* figure = export_command->add_option("--figure", asked.figure.figure, "Which figure: " + listed(figure_names()))
                     ->type_name("NAME");
  auto* by_template =
      export_command->add_option("--template", asked.figure.template_file, "Figure template saved by the figure dialog")
          ->type_name("FILE.toml")
          ->excludes(figure);
  auto* format = export_command
                     ->add_option("--format", asked.tables.format,
                                  "Tables for other programs instead of a figure: csv, parquet or tensorboard")
                     ->check(CLI::IsMember(export_formats()))
                     ->excludes(figure)
                     ->excludes(by_template);
  export_command->add_option("--table", asked.tables.table, "Table of --format csv and parquet")
      ->check(CLI::IsMember(std::vector<std::string>(record_table_names.begin(), record_table_names.end())))
      ->default_str("steps")
      ->needs(format);
  export_command
      ->add_option("--out", asked.figure.out,
                   "File to write; of a figure its ending says the format, of TensorBoard's events it is a folder")
      ->required()
      ->type_name("FILE.{svg,pdf,png,csv,tex}");
  export_command->add_option("--width-mm", asked.figure.width_mm, "Width in millimetres")
      ->excludes(by_template)
      ->excludes(format)
      ->check(CLI::Range(20.0, 1000.0));
  export_command->add_option("--height-mm", asked.figure.height_mm, "Height in millimetres")
      ->excludes(by_template)
      ->excludes(format)
      ->check(CLI::Range(20.0, 1000.0));
  export_command->add_option("--dpi", asked.figure.dpi, "Dots per inch of a png")
      ->excludes(by_template)
      ->excludes(format)
      ->check(CLI::Range(36.0, 2400.0));
  export_command->add_option("--smoothing", asked.figure.smoothing, "Momentum of an exponential mean, 0 for none")
      ->excludes(by_template)
      ->excludes(format)
      ->check(CLI::Range(0.0, 0.9999));

  export_command->add_option("--x", asked.figure.x_axis, "What curves run over: " + listed(x_axis_names()))
      ->type_name("AXIS")
      ->excludes(by_template)
      ->excludes(format)
      ->check(CLI::IsMember(x_axis_names()));
  export_command
      ->add_flag("--seed-means", asked.figure.seed_means, "Runs that differ in the seed alone as mean and spread")
      ->excludes(by_template)
      ->excludes(format);

  auto* import_command = app.add_subcommand("import", "Turn another program's log into a run record");
  import_command
      ->add_option(
          "file", asked.import_in,
          "trainer_state.json, margin_chain.jsonl, wandb-history.jsonl, TensorBoard's event file, or a csv table")
      ->required()
      ->type_name("FILE");
  import_command->add_option("--out", asked.import_out, "Record to write")->required()->type_name("RUN.h5");
  import_command
      ->add_option("--column", asked.import_columns, "Column of a table that holds a quantity, e.g. z_w=chosen_logp")
      ->type_name("NAME=COLUMN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.require_subcommand(0, 1);
}

/// CLI11's message without its option to repeat the usage, with the nearest name where a name was not known.
std::string sentence(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* used = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
    const auto extras = app.remaining(true);
    std::string first = extras.empty() ? std::string() : extras.front();
    for (const auto& extra : extras) {
      if (extra.rfind("-", 0) == 0) {
        first = extra;
        break;
      }
    }
    const auto near = nearest(first.substr(0, first.find('=')), option_names(*used));
    return "unexpected argument " + first + (near.empty() ? "" : " (did you mean " + near + "?)") + "; allowed are " +
           listed(option_names(*used));
  }
  std::string text = error.what();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// A lone word that is no path and looks like a command was meant as one.
void refuse_mistyped_command(const std::vector<std::string>& paths) {
  std::error_code error;
  if (paths.empty() || std::filesystem::exists(paths.front(), error)) return;
  const auto near = nearest(paths.front(), {"inspect", "export", "import"});
  if (!near.empty()) {
    throw SpecError(Message::tr("no command or file %1; did you mean %2? Commands are inspect, export and import",
                                paths.front(), near));
  }
}

CommandLineResult act(const CLI::App& app, Asked& asked) {
  CommandLineResult result;
  if (app.got_subcommand("inspect")) {
    inspect(asked.record, asked.inspect_json);
  } else if (app.got_subcommand("export")) {
    if (asked.tables.format.empty()) {
      export_figure(asked.figure);
    } else {
      asked.tables.records = asked.figure.records;
      asked.tables.out = asked.figure.out;
      export_tables(asked.tables);
    }
  } else if (app.got_subcommand("import")) {
    import_file(asked.import_in, asked.import_out, asked.import_columns);
  } else if (!asked.batch.spec.empty()) {
    if (!asked.paths.empty()) {
      throw SpecError(
          Message::tr("--batch takes one spec; %1 is too much (several --set are allowed)", asked.paths.front()));
    }
    run_batch(asked.batch);
  } else {
    refuse_mistyped_command(asked.paths);
    for (const auto& path : asked.paths) {
      std::error_code error;
      if (!std::filesystem::exists(path, error)) throw DataError(Message::tr("no file or folder %1", path));
      asked.window.paths.emplace_back(path);
    }
    result.open_window = true;
    result.window = asked.window;
  }
  return result;
}

}  // namespace

CommandLineResult run_command_line(int argc, char** argv) {
  CLI::App app(description, "bandscope");
  Asked asked;
  CommandLineResult result;
  try {
    refuse_empty_arguments({argv, static_cast<std::size_t>(argc)});
    declare(app, asked);
    app.parse(argc, argv);
    return act(app, asked);
  } catch (const CLI::Success& wish) {  // --help, --version
    app.exit(wish);
    return result;
  } catch (const CLI::ParseError& error) {
    std::cerr << "bandscope: " << printable(sentence(app, error)) << std::endl;
    result.exit_code = static_cast<int>(ExitCode::bad_spec);
  } catch (const Error& error) {
    std::cerr << "bandscope: " << printable(error.what()) << std::endl;
    result.exit_code = static_cast<int>(error.code());
  } catch (const std::exception& error) {
    std::cerr << "bandscope: " << printable(error.what()) << std::endl;
    result.exit_code = static_cast<int>(ExitCode::failed);
  }
  return result;
}

}  // namespace bandscope::app
