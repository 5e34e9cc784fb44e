// SPDX-License-Identifier: Apache-2.0
// The engine's smaller commands. Each prints to stdout, returns the exit code and throws Error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bandscope {

/// Ids of each string of a JSON array in `file`, as a JSON array of arrays, no special tokens added.
int print_tokens(const std::string& model_dir, const std::string& file);
/// The first `count` usable pairs of a spec's training data.
int print_pairs(const std::string& spec_file, std::int64_t count);
/// A model folder with an adapter added to its weights.
int merge_adapter(const std::string& model_dir, const std::string& adapter_dir, const std::string& out);
/// Tokens of one pair of each run's data (row: line of the data file, from 0; row_l: that of its rejected response
/// where rows are of one response, else -1) with their log-probabilities before and after training, a line of JSON for
/// each run as soon as it is known; runs on one model load it once: {row, before, after, step, prompt, chosen,
/// rejected, row_l}, and rejected_prompt where it is another, tokens as {id, token, text, before, after} (text: as it
/// stands in the response; empty for the first parts of a letter of several tokens). `from` and `to`: folders of models
/// or checkpoints; empty for the reference and for the newest checkpoint.
int print_token_log_probs(const std::vector<std::string>& run_folders, std::int64_t row, std::int64_t row_l,
                          const std::string& from, const std::string& to);
/// One control request to the run in `run_folder`; prints the answer.
int send_control(const std::string& run_folder, const std::vector<std::string>& request);

}  // namespace bandscope
