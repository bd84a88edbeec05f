/// The first-order Sobol index: the share of a result's variance that one input alone explains.
///
/// S = Var(E[y | x]) / Var(y) (I. M. Sobol, Math. Comput. Simul. 55 (2001) 271), with the conditional
/// means taken over groups of draws with nearly the same input. The part of the means' variance that
/// the scatter within the groups gives by chance is taken off (T. L. Kelley's ε², Proc. Natl. Acad. Sci.
/// 21 (1935) 554), so that an input without influence has an index of 0 on average.
///
/// - Parameters:
///   - inputs: the input of each draw; equal inputs always share a group.
///   - outputs: the result of each draw.
///   - groups: how many groups to make where all inputs differ.
///   - drawn: whether the draws are random; a full factorial has no part by chance.
/// - Returns: the index, from 0 to 1; nil where the result does not vary or there are too few draws.
public func firstOrderIndex(
  inputs: [Double], outputs: [Double], groups: Int, drawn: Bool = true
) -> Double? {
  let n = inputs.count
  guard n == outputs.count, n > 2, let total = mean(outputs) else { return nil }
  let order = inputs.indices.sorted { inputs[$0] == inputs[$1] ? $0 < $1 : inputs[$0] < inputs[$1] }
  var sums: [(count: Int, sum: Double, square: Double)] = []
  var bin = -1
  for (rank, i) in order.enumerated() {
    let due = rank * max(groups, 1) / n
    let same = rank > 0 && inputs[order[rank - 1]] == inputs[i]
    if due > bin && !same {
      sums.append((0, 0, 0))
      bin = due
    }
    guard let last = sums.indices.last else { return nil }
    let y = outputs[i] - total
    sums[last].count += 1
    sums[last].sum += y
    sums[last].square += y * y
  }
  var between = 0.0
  var all = 0.0
  for group in sums {
    between += group.sum * group.sum / Double(group.count)
    all += group.square
  }
  guard all > 0, all.isFinite, sums.count > 1 else { return nil }
  let within = max(all - between, 0)
  guard drawn, n > sums.count else { return min(between / all, 1) }
  let noise = Double(sums.count - 1) * within / Double(n - sums.count)
  return min(max((between - noise) / all, 0), 1)
}
