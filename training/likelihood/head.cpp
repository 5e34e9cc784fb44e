// SPDX-License-Identifier: Apache-2.0
#include "training/likelihood/head.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "training/likelihood/branch_rows.h"
#include "training/likelihood/softmax_rows.h"
#include "training/model/matrix_products.h"

namespace bandscope::likelihood {
namespace {

class Head {
 public:
  Head(model::Parameter& projection, at::ScalarType compute, const HeadInput& input, const HeadRequest& request,
       const PairCallback& callback, const ReferenceStates* reference)
      : projection_(projection),
        weight_(projection.in(compute)),
        compute_(compute),
        input_(input),
        request_(request),
        callback_(callback),
        reference_(reference) {
    const std::size_t pairs = std::max(input.spans_w.size(), input.spans_l.size());
    result_.pairs.resize(pairs);
    result_.incentives.resize(pairs);
    result_.log_probs.resize(pairs);
    if (request.gradients) {
      result_.cotangent_w = at::empty_like(input.states_w);
      result_.cotangent_l = at::empty_like(input.states_l);
    }
    chunk_rows_ = request.chunk.rows(weight_.size(0));
  }

  HeadResult run() {
    const std::size_t pairs = result_.pairs.size();
    for (std::size_t first = 0; first < pairs;) {
      std::size_t last = first;
      std::int64_t rows = 0;
      while (last < pairs && (last == first || rows + rows_of(last) <= chunk_rows_)) rows += rows_of(last++);
      run_group(first, last, rows <= chunk_rows_);
      first = last;
    }
    return std::move(result_);
  }

 private:
  static constexpr int w = 0, l = 1;

  std::int64_t rows_of(std::size_t pair) const { return input_.spans_w[pair].length + input_.spans_l[pair].length; }
  bool wants_kl() const { return request_.statistic == TokenStatistic::kl && reference_; }

  BranchRows rows(int branch, std::size_t first, std::size_t last) const {
    const auto spans = branch == w ? input_.spans_w : input_.spans_l;
    const std::int64_t begin = spans[first].begin, end = spans[last - 1].begin + spans[last - 1].length;
    BranchRows result;
    result.states = (branch == w ? input_.states_w : input_.states_l).slice(0, begin, end);
    result.targets = (branch == w ? input_.targets_w : input_.targets_l).slice(0, begin, end);
    for (std::size_t i = first; i < last; ++i) result.spans.push_back({spans[i].begin - begin, spans[i].length});
    return result;
  }

  SoftmaxRows softmax(const BranchRows& branch, std::int64_t begin, std::int64_t end) const {
    return {model::product(branch.states.slice(0, begin, end), weight_.t()), branch.targets.slice(0, begin, end),
            request_.logit_cap};
  }

  /// Softmax of rows [begin, end) of a branch; stores their log-probabilities (and KL).
  void forward_chunk(BranchRows& branch, int which, std::size_t first_pair, std::int64_t begin, std::int64_t end) {
    const SoftmaxRows rows = softmax(branch, begin, end);
    append(branch.log_probs, to_host(rows.log_probs()));
    if (wants_kl()) append(branch.kl, to_host(kl_of(rows, reference_log_softmax(which, first_pair, begin, end))));
  }

  /// Softmax of all rows of both branches, whose logits are one product and one piece of memory; what the host needs of
  /// them is read back at once.
  void forward_whole(BranchRows (&branches)[2], std::size_t first_pair, SoftmaxRows (&softmaxes)[2]) {
    const at::Tensor logits = model::product(at::cat({branches[w].states, branches[l].states}), weight_.t());
    const std::int64_t middle = branches[w].rows();
    at::Tensor reference;
    if (wants_kl())
      reference = model::product(
          at::cat({reference_states(w, first_pair, 0, middle), reference_states(l, first_pair, 0, branches[l].rows())}),
          reference_->projection.t());
    std::vector<at::Tensor> wanted;
    for (int b : {w, l}) {
      softmaxes[b] = {b == w ? logits.slice(0, 0, middle) : logits.slice(0, middle), branches[b].targets,
                      request_.logit_cap};
      wanted.push_back(softmaxes[b].log_probs());
      if (!wants_kl()) continue;
      const SoftmaxRows of_reference(b == w ? reference.slice(0, 0, middle) : reference.slice(0, middle),
                                     branches[b].targets, request_.logit_cap);
      wanted.push_back(kl_of(softmaxes[b], of_reference.log_softmax()));
    }
    const std::vector<float> host = to_host(at::cat(wanted));
    auto next = host.begin();
    for (int b : {w, l})
      for (std::vector<float>* values : {&branches[b].log_probs, &branches[b].kl}) {
        if (values == &branches[b].kl && !wants_kl()) continue;
        values->assign(next, next + branches[b].rows());
        next += branches[b].rows();
      }
  }

  static void append(std::vector<float>& values, const std::vector<float>& more) {
    values.insert(values.end(), more.begin(), more.end());
  }

  /// KL(reference || policy) of rows, float32. Where both have the same weights it is exactly 0: the reference's
  /// logits are made as the policy's are, by a product of the same shape and the same softmax.
  static at::Tensor kl_of(const SoftmaxRows& rows, const at::Tensor& reference) {
    const at::Tensor less = reference - rows.log_softmax();
    return less.mul_(reference.exp()).sum(1);
  }

  std::int64_t offset_of(int which, std::size_t pair) const {
    return (which == w ? input_.spans_w : input_.spans_l)[pair].begin;
  }
  at::Tensor reference_states(int which, std::size_t first_pair, std::int64_t begin, std::int64_t end) const {
    const std::int64_t offset = offset_of(which, first_pair);
    return (which == w ? reference_->states_w : reference_->states_l).slice(0, offset + begin, offset + end);
  }
  at::Tensor reference_log_softmax(int which, std::size_t first_pair, std::int64_t begin, std::int64_t end) const {
    const std::int64_t offset = offset_of(which, first_pair);
    const at::Tensor targets =
        (which == w ? input_.targets_w : input_.targets_l).slice(0, offset + begin, offset + end);
    const at::Tensor states = reference_states(which, first_pair, begin, end);
    return SoftmaxRows(model::product(states, reference_->projection.t()), targets, request_.logit_cap).log_softmax();
  }

  void run_group(std::size_t first, std::size_t last, bool whole) {
    BranchRows branches[2] = {rows(w, first, last), rows(l, first, last)};
    SoftmaxRows softmaxes[2];
    if (whole) {
      forward_whole(branches, first, softmaxes);
    } else {
      // A pair longer than a chunk: log-probabilities first, its gradient in a second pass over recomputed logits,
      // since the rows' coefficients are known only when both z are.
      for (int b : {w, l})
        for (std::int64_t begin = 0; begin < branches[b].rows(); begin += chunk_rows_)
          forward_chunk(branches[b], b, first, begin, std::min(begin + chunk_rows_, branches[b].rows()));
    }
    std::vector<float> coefficients[2], weighted[2];
    finish_pairs(first, last, branches, coefficients, weighted);
    if (!request_.gradients) return;
    if ((request_.factors || request_.keep_rows) && request_.projection_gradients &&
        (whole || result_.pairs.size() > 1)) {
      if (!whole) throw std::logic_error("a pair that is longer than a chunk shares its pass");
      model::ProjectionRows rows = make_rows(first, branches, softmaxes, coefficients);
      if (!request_.keep_rows) {
        finish_rows(first, rows);
      } else {
        if (result_.rows) throw std::logic_error("rows of more than a chunk are to be kept");
        result_.rows = std::move(rows);
      }
      return;
    }
    for (int b : {w, l}) {
      const std::int64_t step = whole ? branches[b].rows() : chunk_rows_;
      for (std::int64_t begin = 0; begin < branches[b].rows(); begin += step) {
        const std::int64_t end = std::min(begin + step, branches[b].rows());
        backward_chunk(branches[b], b, first, begin, end,
                       whole ? std::move(softmaxes[b]) : softmax(branches[b], begin, end), coefficients[b],
                       weighted[b]);
      }
    }
  }

  /// z and incentives of the group's pairs, and the coefficient of every row in the gradient of its pair's z.
  void finish_pairs(std::size_t first, std::size_t last, BranchRows (&branches)[2],
                    std::vector<float> (&coefficients)[2], std::vector<float> (&weighted)[2]) {
    for (std::size_t pair = first; pair < last; ++pair) {
      TokenLogProbs& log_probs = result_.log_probs[pair];
      std::vector<float> weights[2];
      double z[2], kl[2] = {0, 0};
      for (int b : {w, l}) {
        const model::ResponseSpan span = branches[b].spans[pair - first];
        auto& own = b == w ? log_probs.chosen : log_probs.rejected;
        own.assign(branches[b].log_probs.begin() + span.begin,
                   branches[b].log_probs.begin() + span.begin + span.length);
        if (request_.statistic == TokenStatistic::importance) weights[b] = importance_weights(own);
        z[b] = reduce_log_probs(own, request_.likelihood, weights[b]);
        if (wants_kl()) {
          kl[b] = reduce_log_probs(
              std::span<const float>(branches[b].kl).subspan(static_cast<std::size_t>(span.begin), own.size()),
              request_.likelihood);
        }
      }
      PairLikelihoods& likelihoods = result_.pairs[pair];
      likelihoods.z_w = z[w];
      likelihoods.z_l = z[l] + (wants_kl() ? request_.kl_alpha * kl[l] : 0.0);
      likelihoods.kl_w = kl[w];
      likelihoods.len_w = static_cast<double>(log_probs.chosen.size());
      likelihoods.len_l = static_cast<double>(log_probs.rejected.size());
      const Incentives d = callback_(pair, likelihoods, log_probs, weights[w], weights[l]);
      result_.incentives[pair] = d;
      for (int b : {w, l}) {
        const std::size_t count = b == w ? log_probs.chosen.size() : log_probs.rejected.size();
        for (const double c : token_coefficients(count, request_.likelihood, weights[b])) {
          coefficients[b].push_back(static_cast<float>(c));
          weighted[b].push_back(static_cast<float>(c * (b == w ? d.d_w : d.d_l)));
        }
      }
    }
  }

  /// What the gradients of z are products of; makes the cotangents too.
  model::ProjectionRows make_rows(std::size_t first, BranchRows (&branches)[2], SoftmaxRows (&softmaxes)[2],
                                  const std::vector<float> (&coefficients)[2]) {
    at::Tensor errors[2], scaled[2];
    for (int b : {w, l}) {
      errors[b] = error_rows(b, first, 0, branches[b].rows(), std::move(softmaxes[b]));
      std::vector<float> negative = coefficients[b];
      for (float& value : negative) value = -value;
      const at::Tensor column = to_column(negative, branches[b].states.device());
      const std::int64_t offset = (b == w ? input_.spans_w : input_.spans_l)[first].begin;
      (b == w ? result_.cotangent_w : result_.cotangent_l)
          .slice(0, offset, offset + branches[b].rows())
          .copy_(at::mm(errors[b], weight_).mul_(column));
      scaled[b] = model::scaled_rows(branches[b].states, column);
    }
    return {errors, scaled, branches[w].spans, branches[l].spans};
  }

  /// Calibrates the group's pairs by their scores in the projection, and adds its gradients up.
  void finish_rows(std::size_t first, const model::ProjectionRows& rows) {
    const std::vector<model::PairProducts> products =
        request_.sums ? request_.sums->add(rows) : model::products_of_pairs(rows);
    std::vector<model::BranchFactors> factors;
    for (std::size_t i = 0; i < products.size(); ++i)
      factors.push_back(request_.factors(products[i], result_.incentives[first + i]));
    if (!request_.sums) model::add_sums(projection_, rows, request_.summed_w, request_.summed_l);
    model::add_weighted(projection_, rows, factors, model::Slot::train);
    result_.projection_done = true;
  }

  /// p - onehot (and TDPO's KL term) of rows [begin, end): the negative gradient of their log-probabilities with
  /// respect to the logits, in compute type.
  at::Tensor error_rows(int which, std::size_t first_pair, std::int64_t begin, std::int64_t end,
                        SoftmaxRows rows) const {
    at::Tensor kl_term;
    if (wants_kl() && which == l && request_.kl_alpha != 0) {
      // d KL(ref || pi) / d logits = p - p_ref
      kl_term = rows.log_softmax()
                    .exp()
                    .sub_(reference_log_softmax(which, first_pair, begin, end).exp_())
                    .mul_(request_.kl_alpha);
    }
    return rows.errors(compute_, kl_term);
  }

  void backward_chunk(const BranchRows& branch, int which, std::size_t first_pair, std::int64_t begin, std::int64_t end,
                      SoftmaxRows rows, const std::vector<float>& coefficients, const std::vector<float>& weighted) {
    const at::Tensor states = branch.states.slice(0, begin, end);
    const at::Tensor error = error_rows(which, first_pair, begin, end, std::move(rows));
    const auto part = [&](const std::vector<float>& values, double factor) {
      std::vector<float> piece(values.begin() + begin, values.begin() + end);
      for (float& value : piece) value = static_cast<float>(value * factor);
      return to_column(piece, states.device());
    };
    const std::int64_t offset = (which == w ? input_.spans_w : input_.spans_l)[first_pair].begin;
    at::Tensor target = (which == w ? result_.cotangent_w : result_.cotangent_l).slice(0, offset + begin, offset + end);
    target.copy_(at::mm(error, weight_).mul_(part(coefficients, -1.0)));
    if (!request_.projection_gradients) return;
    const double share = -1.0 / static_cast<double>(result_.pairs.size());
    projection_.add_product(which == w ? model::Slot::score_w : model::Slot::score_l, error,
                            model::scaled_rows(states, part(coefficients, share)));
    if (request_.weighted_projection)
      projection_.add_product(which == w ? model::Slot::branch_w : model::Slot::branch_l, error,
                              model::scaled_rows(states, part(weighted, share)));
  }

  model::Parameter& projection_;
  const at::Tensor weight_;
  at::ScalarType compute_;
  const HeadInput& input_;
  const HeadRequest& request_;
  const PairCallback& callback_;
  const ReferenceStates* reference_;
  HeadResult result_;
  std::int64_t chunk_rows_;
};

}  // namespace

HeadResult run_head(model::Parameter& projection, at::ScalarType compute, const HeadInput& input,
                    const HeadRequest& request, const PairCallback& callback, const ReferenceStates* reference) {
  const at::NoGradGuard no_grad;
  HeadInput detached = input;
  detached.states_w = input.states_w.detach();
  detached.states_l = input.states_l.detach();
  return Head(projection, compute, detached, request, callback, reference).run();
}

}  // namespace bandscope::likelihood
