// SPDX-License-Identifier: Apache-2.0
#include "core/objective/formula.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/objective/formula_syntax.h"

namespace bandscope {
namespace {

/// The formula with its parameters' values, as the engine uses it.
class FormulaObjective final : public Objective {
 public:
  FormulaObjective(Formula formula, std::vector<double> values, Likelihood likelihood)
      : formula_(std::move(formula)), values_(std::move(values)), likelihood_(likelihood) {}

  double loss(const PairLikelihoods& z) const override { return formula_.evaluate(z, values_, likelihood_).value; }
  Incentives incentives(const PairLikelihoods& z) const override {
    const Dual loss = formula_.evaluate(z, values_, likelihood_);
    return {-loss.dw, loss.dl};
  }

 private:
  Formula formula_;
  std::vector<double> values_;
  Likelihood likelihood_;
};

}  // namespace

Dual Formula::evaluate(const PairLikelihoods& z, const std::vector<double>& values, Likelihood likelihood) const {
  std::vector<Dual> stack;
  stack.reserve(program_.size());
  using Kind = FormulaInstruction::Kind;
  for (const FormulaInstruction& instruction : program_) {
    const auto binary = [&stack](auto operation) {
      const Dual b = stack.back();
      stack.pop_back();
      stack.back() = operation(stack.back(), b);
    };
    switch (instruction.kind) {
      case Kind::constant:
        stack.push_back({instruction.constant});
        break;
      case Kind::parameter:
        stack.push_back({values[instruction.index]});
        break;
      case Kind::variable: {
        const FormulaVariable& variable = kFormulaVariables[instruction.index];
        const double per = variable.length ? per_token(likelihood, z.*variable.length) : 1.0;
        stack.push_back({per * (z.*variable.member), per * variable.seed.dw, per * variable.seed.dl});
        break;
      }
      case Kind::add:
        binary([](const Dual& a, const Dual& b) { return a + b; });
        break;
      case Kind::subtract:
        binary([](const Dual& a, const Dual& b) { return a - b; });
        break;
      case Kind::multiply:
        binary([](const Dual& a, const Dual& b) { return a * b; });
        break;
      case Kind::divide:
        binary([](const Dual& a, const Dual& b) { return a / b; });
        break;
      case Kind::power:
        binary([](const Dual& a, const Dual& b) { return pow(a, b); });
        break;
      case Kind::negate:
        stack.back() = -stack.back();
        break;
      case Kind::call: {
        const FormulaFunction& function = kFormulaFunctions[instruction.index];
        if (function.unary) {
          stack.back() = function.unary(stack.back());
        } else {
          binary(function.binary);
        }
        break;
      }
    }
  }
  return stack.back();
}

std::string formula_variables() {
  std::string names;
  for (const FormulaVariable& variable : kFormulaVariables)
    names += (names.empty() ? "" : " ") + std::string(variable.name);
  return names;
}

bool is_formula_parameter(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto letter_or_digit = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  const auto named = [&](const auto& entry) { return entry.name == name; };
  return !name.empty() && letter(name.front()) && std::ranges::all_of(name, letter_or_digit) &&
         std::ranges::none_of(kFormulaVariables, named) && std::ranges::none_of(kFormulaFunctions, named) &&
         name != "name" && name != "likelihood" && name != "loss";
}

ObjectiveInfo formula_objective(std::string_view text) {
  Formula formula = Formula::parse(text);
  std::vector<ObjectiveParameter> parameters;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), most = std::numeric_limits<double>::max();
  for (const FormulaParameter& parameter : formula.parameters()) {
    parameters.push_back({parameter.name, nan, {-most, most}, "parameter of the formula"});
  }
  const bool uses_reference = formula.uses_reference();
  return {.name = "formula",
          .title = "Formula",
          .needs_reference = uses_reference,
          .entangled = false,
          .statistic = TokenStatistic::none,
          .source = "objective.loss",
          .parameters = std::move(parameters),
          .make = [formula = std::move(formula)](const ParameterValues& p, Likelihood likelihood) {
            std::vector<double> values;
            for (const FormulaParameter& parameter : formula.parameters()) values.push_back(p.at(parameter.name));
            return std::make_unique<FormulaObjective>(formula, std::move(values), likelihood);
          }};
}

}  // namespace bandscope
