// SPDX-License-Identifier: Apache-2.0
#include "training/likelihood/head.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "training/likelihood/softmax_rows.h"
#include "training/model/to_device.h"

namespace bandscope::likelihood {
namespace {

/// The responses of one branch of a group of consecutive pairs.
struct BranchRows {
  at::Tensor states, targets;              // of the group
  std::vector<model::ResponseSpan> spans;  // relative to the group
  std::vector<float> log_probs;            // of the group
  std::vector<float> kl;                   // KL per position; empty unless asked for
  std::int64_t rows() const { return states.size(0); }
};

std::vector<float> to_host(const at::Tensor& values) {
  const at::Tensor host = values.to(at::kCPU, at::kFloat).contiguous();
  return {host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel()};
}

at::Tensor to_column(const std::vector<float>& values, const at::Tensor& like) {
  return model::to_device(values, like.scalar_type(), like.device()).unsqueeze(1);
}

/// `first` and `second`, one below the other; without a copy where they lie so.
at::Tensor joined(const at::Tensor& first, const at::Tensor& second) {
  const bool adjacent = first.is_contiguous() && second.is_contiguous() && first.is_alias_of(second) &&
                        second.storage_offset() == first.storage_offset() + first.numel();
  if (!adjacent) return at::cat({first, second});
  return first.as_strided({first.size(0) + second.size(0), first.size(1)}, first.strides());
}

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
    return {at::mm(branch.states.slice(0, begin, end), weight_.t()), branch.targets.slice(0, begin, end),
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
    const at::Tensor logits = at::mm(at::cat({branches[w].states, branches[l].states}), weight_.t());
    const std::int64_t middle = branches[w].rows();
    at::Tensor reference;
    if (wants_kl())
      reference = at::mm(
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
    return SoftmaxRows(at::mm(states, reference_->projection.t()), targets, request_.logit_cap).log_softmax();
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
      if (request_.keep_rows)
        keep_rows(first, last, branches, softmaxes, coefficients);
      else
        pairs_by_factors(first, last, branches, softmaxes, coefficients);
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
    const bool mean = request_.likelihood == Likelihood::mean;
    for (std::size_t pair = first; pair < last; ++pair) {
      TokenLogProbs& log_probs = result_.log_probs[pair];
      std::vector<float> weights[2];
      double totals[2], z[2], kl[2] = {0, 0};
      for (int b : {w, l}) {
        const model::ResponseSpan span = branches[b].spans[pair - first];
        auto& own = b == w ? log_probs.chosen : log_probs.rejected;
        own.assign(branches[b].log_probs.begin() + span.begin,
                   branches[b].log_probs.begin() + span.begin + span.length);
        if (request_.statistic == TokenStatistic::importance) weights[b] = importance_weights(own);
        z[b] = reduce_log_probs(own, request_.likelihood, weights[b]);
        totals[b] = 1.0;
        if (mean) {
          totals[b] = static_cast<double>(own.size());
          if (!weights[b].empty()) {
            totals[b] = 0.0;
            for (float weight : weights[b]) totals[b] += weight;
          }
        }
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
        for (std::size_t t = 0; t < count; ++t) {
          const double c = (weights[b].empty() ? 1.0 : weights[b][t]) / totals[b];
          coefficients[b].push_back(static_cast<float>(c));
          weighted[b].push_back(static_cast<float>(c * (b == w ? d.d_w : d.d_l)));
        }
      }
    }
  }

  /// What the gradients of z are products of, and the cotangents.
  void make_rows(std::size_t first, BranchRows (&branches)[2], SoftmaxRows (&softmaxes)[2],
                 const std::vector<float> (&coefficients)[2], at::Tensor (&errors)[2], at::Tensor (&scaled)[2]) {
    for (int b : {w, l}) {
      errors[b] = error_rows(b, first, 0, branches[b].rows(), std::move(softmaxes[b]));
      std::vector<float> negative = coefficients[b];
      for (float& value : negative) value = -value;
      const at::Tensor column = to_column(negative, branches[b].states);
      const std::int64_t offset = (b == w ? input_.spans_w : input_.spans_l)[first].begin;
      (b == w ? result_.cotangent_w : result_.cotangent_l)
          .slice(0, offset, offset + branches[b].rows())
          .copy_(at::mm(errors[b], weight_).mul_(column));
      scaled[b] = branches[b].states * column;
    }
  }

  void keep_rows(std::size_t first, std::size_t last, BranchRows (&branches)[2], SoftmaxRows (&softmaxes)[2],
                 const std::vector<float> (&coefficients)[2]) {
    if (last - first < result_.pairs.size()) throw std::logic_error("rows of more than a chunk are to be kept");
    at::Tensor errors[2], scaled[2];
    make_rows(first, branches, softmaxes, coefficients, errors, scaled);
    model::ProjectionRows& rows = result_.rows.emplace();
    rows.errors = joined(errors[w], errors[l]);
    rows.columns = at::cat({scaled[w], scaled[l]});
    rows.middle = scaled[w].size(0);
    rows.spans_w = branches[w].spans;
    for (const model::ResponseSpan& span : branches[l].spans)
      rows.spans_l.push_back({rows.middle + span.begin, span.length});
  }

  /// ||G||^2 of a pair's G = E^T diag(c) H is c^T (E E^T * H H^T) c over its rows: a product over rows instead of over
  /// the projection's shape.
  void pairs_by_factors(std::size_t first, std::size_t last, BranchRows (&branches)[2], SoftmaxRows (&softmaxes)[2],
                        const std::vector<float> (&coefficients)[2]) {
    at::Tensor errors[2], scaled[2];
    make_rows(first, branches, softmaxes, coefficients, errors, scaled);
    std::vector<float> factors[2];
    const std::vector<model::PairProducts> products = products_of_pairs(branches, errors, scaled);
    for (std::size_t pair = first; pair < last; ++pair) {
      const model::BranchFactors own = request_.factors(products[pair - first], result_.incentives[pair]);
      for (int b : {w, l})
        factors[b].insert(factors[b].end(), static_cast<std::size_t>(branches[b].spans[pair - first].length),
                          static_cast<float>(b == w ? own.w : own.l));
    }
    for (int b : {w, l}) {
      projection_.add_product(b == w ? request_.summed_w : request_.summed_l, errors[b], scaled[b]);
      scaled[b] = scaled[b] * to_column(factors[b], scaled[b]);
    }
    // The training gradient takes both branches in one product: its memory is gone over once.
    projection_.add_product(model::Slot::train, joined(errors[w], errors[l]), at::cat({scaled[w], scaled[l]}));
    result_.projection_done = true;
  }

  /// Of each pair of a group; a GPU is waited for once.
  static std::vector<model::PairProducts> products_of_pairs(const BranchRows (&branches)[2],
                                                            const at::Tensor (&errors)[2],
                                                            const at::Tensor (&scaled)[2]) {
    std::vector<at::Tensor> sums;
    for (std::size_t pair = 0; pair < branches[w].spans.size(); ++pair) {
      const auto of = [&](const at::Tensor& rows, int b) {
        const model::ResponseSpan span = branches[b].spans[pair];
        return rows.slice(0, span.begin, span.begin + span.length);
      };
      const auto product = [&](int a, int b) {
        return (at::mm(of(errors[a], a), of(errors[b], b).t()).to(at::kFloat) *
                at::mm(of(scaled[a], a), of(scaled[b], b).t()).to(at::kFloat))
            .sum(at::kDouble);
      };
      for (const auto& [a, b] : {std::pair(w, w), std::pair(l, l), std::pair(w, l)}) sums.push_back(product(a, b));
    }
    const at::Tensor host = at::stack(sums).to(at::kCPU);
    const auto* values = host.const_data_ptr<double>();
    std::vector<model::PairProducts> result;
    // A sum over rows that nearly cancels may come out a rounding error below 0, which no squared norm is.
    for (std::size_t pair = 0; pair < branches[w].spans.size(); ++pair, values += 3)
      result.push_back({std::max(0.0, values[0]), std::max(0.0, values[1]), values[2]});
    return result;
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
      return to_column(piece, states);
    };
    const std::int64_t offset = (which == w ? input_.spans_w : input_.spans_l)[first_pair].begin;
    at::Tensor target = (which == w ? result_.cotangent_w : result_.cotangent_l).slice(0, offset + begin, offset + end);
    target.copy_(at::mm(error, weight_).mul_(part(coefficients, -1.0)));
    if (!request_.projection_gradients) return;
    const double share = -1.0 / static_cast<double>(result_.pairs.size());
    projection_.add_product(which == w ? model::Slot::score_w : model::Slot::score_l, error,
                            states * part(coefficients, share));
    if (request_.weighted_projection)
      projection_.add_product(which == w ? model::Slot::branch_w : model::Slot::branch_l, error,
                              states * part(weighted, share));
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

double reduce_log_probs(std::span<const float> log_probs, Likelihood likelihood, std::span<const float> weights) {
  double sum = 0, total = 0;
  for (std::size_t t = 0; t < log_probs.size(); ++t) {
    const double weight = weights.empty() ? 1.0 : weights[t];
    sum += weight * log_probs[t];
    total += weight;
  }
  return likelihood == Likelihood::mean ? sum / total : sum;
}

std::vector<float> importance_weights(std::span<const float> log_probs) {
  std::vector<float> weights;
  weights.reserve(log_probs.size());
  for (float log_prob : log_probs)
    weights.push_back(static_cast<float>(std::max(-std::expm1(static_cast<double>(log_prob)), 1e-8)));
  return weights;
}

}  // namespace bandscope::likelihood
