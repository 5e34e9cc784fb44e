// SPDX-License-Identifier: Apache-2.0
// Scores of pairs that share a pass, over every trained parameter. A linear layer's gradient is G^T X, rows of
// cotangents and of inputs, so that the product of two of them, <G^T X, H^T Y>, is the sum of (G H^T) * (X Y^T): a
// pair's norms come out of its own rows, and nobody needs a gradient for each pair. The rows of a backward pass are
// kept until all pairs' factors are known; then the sums over the pairs and the training gradient are made, one matrix
// product each.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "training/model/kernels.h"
#include "training/model/packed_row.h"
#include "training/model/parameter.h"
#include "training/model/projection_rows.h"

namespace bandscope::model {

class PairScores {
 public:
  /// `row`: Branches::apart. The backward pass is to have the cotangents of each pair's own z.
  explicit PairScores(const PackedRow& row);

  // What the backward pass leaves; all rows are those of the packed row. A parameter may have several row sums, but one
  // product only (std::logic_error), beside which a table may also be the output projection.
  /// rows^T columns: [rows, out], [rows, in] in compute type. Both are kept: nobody may change them any more.
  void add_product(Parameter& parameter, const at::Tensor& rows, const at::Tensor& columns);
  /// The sum of rows [rows, size] or [rows, heads, size].
  void add_row_sum(Parameter& parameter, const at::Tensor& rows);
  /// Rows of one branch of one pair, and where the gradient of a parameter that is a sum over rows is added for it.
  struct RowSum {
    PackedRange rows;
    at::Tensor sum;  ///< a view [size], float32
  };
  std::vector<RowSum> row_sums(Parameter& parameter);
  /// `rows` are added at `ids` of the table.
  void add_lookup(Parameter& table, const at::Tensor& ids, const at::Tensor& rows);
  /// Before the backward pass.
  void add_projection(Parameter& projection, ProjectionRows rows);
  /// The same where its gradients of a single pair are in two of its accumulators already.
  void add_projection(Parameter& projection, Slot w, Slot l);

  /// Of each pair, over all parameters. A GPU is waited for once.
  std::vector<PairProducts> products();
  /// sum_w += s_w, sum_l += s_l, train += w s_w + l s_l of all pairs, and lets the rows go.
  void finish(std::span<const BranchFactors> factors, const ScoreSlots& slots);

 private:
  static constexpr int w = 0, l = 1;
  /// A gradient that is made is also gone over, which takes about as long as so many more rows of its product.
  static constexpr std::int64_t going_over = 48;
  struct Product {
    Parameter* parameter;
    at::Tensor rows, columns;
  };
  struct Lookup {
    Parameter* table = nullptr;
    at::Tensor ids, rows;
  };
  struct Gathered {
    Parameter* projection;
    Slot w, l;
  };
  /// Factors of one branch's gradient in a table: left^T right, `left` [n, vocabulary] or ids [n] of one-hot rows.
  struct TableRows {
    at::Tensor left, right;
    bool one_hot;
  };

  /// Where a pair's rows lie, the chosen branch's first.
  struct PairRows {
    std::vector<PackedRange> rows;
    std::int64_t chosen = 0, rejected = 0;
    std::vector<PackedRange> inputs;  ///< those of them that repeat no other
    at::Tensor places;                ///< of each row's input among those; undefined where all are
  };
  at::Tensor of_pair(const at::Tensor& rows, int branch, std::size_t pair) const;
  /// Adds the sum of `terms` to a pair's product: 0 for ||s_w||^2, 1 for ||s_l||^2, 2 for <s_w, s_l>.
  void add(std::size_t pair, int which, const at::Tensor& terms);
  void add_products_of_sums(const at::Tensor& sums);
  void add_products_of_table(const Parameter& table);
  std::vector<TableRows> table_rows(const Parameter& table, int branch, std::size_t pair) const;
  bool gram_is_cheaper(std::size_t pair, const at::Tensor& rows, const at::Tensor& columns) const;
  /// X X^T of a pair's rows; the last input's are kept, which other layers may have too.
  const at::Tensor& gram_of_columns(const at::Tensor& columns, std::size_t pair);
  /// True where gradients of each pair, which stay in the cache, are added up sooner than the sums' products are taken.
  bool pair_by_pair(const Product& product) const;
  void finish_pair_by_pair(const Product& product, std::span<const BranchFactors> factors,
                           const ScoreSlots& slots) const;
  void finish_products(std::span<const BranchFactors> factors, const ScoreSlots& slots);
  void finish_sums(std::span<const BranchFactors> factors, const ScoreSlots& slots);
  void finish_tables(std::span<const BranchFactors> factors, const ScoreSlots& slots);
  at::Tensor factors_of_rows(std::span<const BranchFactors> factors, at::Device device) const;
  /// Rows times their factors, those that repeat earlier ones added to them; as many as there are unlike inputs.
  at::Tensor weighted(const at::Tensor& rows, const at::Tensor& factors) const;

  std::vector<std::vector<PackedRange>> ranges_[2];  ///< rows of each pair's branch
  std::vector<PairRows> pairs_;
  std::int64_t rows_ = 0, split_ = 0;
  PackedCopies copies_;
  at::Tensor totals_;  ///< [pairs, 3] float64
  std::vector<Product> products_;
  std::unordered_map<Parameter*, at::Tensor> sums_;  ///< [2, pairs, size]
  std::vector<Parameter*> summed_;                   ///< keys of sums_, as they came
  Lookup lookup_;
  Parameter* projection_ = nullptr;
  ProjectionRows projection_rows_;
  std::optional<Gathered> gathered_;
  at::Tensor last_columns_;
  std::vector<at::Tensor> last_grams_;  ///< of each pair; undefined until asked for
};

}  // namespace bandscope::model
