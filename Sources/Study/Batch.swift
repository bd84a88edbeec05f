internal import Dispatch
internal import Synchronization

/// Runs independent jobs on a pool of workers and gives their results in the order of the inputs.
///
/// One bad job never costs another one: `body` returns a value for every input and cannot throw. The
/// results do not depend on the number of workers.
public enum Batch {
  /// Applies `body` to every input on up to `jobs` workers.
  ///
  /// - Parameters:
  ///   - inputs: the inputs in the order of the results.
  ///   - jobs: workers; at least one is used.
  ///   - finished: called after each input with the number finished so far, from any worker.
  ///   - body: the job: position and input to result.
  /// - Returns: one result for each input, in order.
  public static func map<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], jobs: Int, finished: (@Sendable (Int) -> Void)? = nil,
    _ body: @escaping @Sendable (Int, Input) -> Output
  ) -> [Output] {
    let workers = max(1, min(jobs, inputs.count))
    if workers == 1 {
      var results: [Output] = []
      results.reserveCapacity(inputs.count)
      for (position, input) in inputs.enumerated() {
        results.append(body(position, input))
        finished?(position + 1)
      }
      return results
    }
    let next = Atomic<Int>(0)
    let state = Mutex<(results: [Int: Output], count: Int)>(([:], 0))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let position = next.add(1, ordering: .relaxed).oldValue
        guard position < inputs.count else { return }
        let result = body(position, inputs[position])
        let count = state.withLock { state in
          state.results[position] = result
          state.count += 1
          return state.count
        }
        finished?(count)
      }
    }
    return state.withLock { state in inputs.indices.compactMap { state.results[$0] } }
  }
}
