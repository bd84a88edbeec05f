internal import Tables

/// How the samples of the curves of one channel stand in a NanoScope file.
///
/// Per curve: the approach from the turning point outward, the retract in time order, then the
/// hold. `Samps/line: a b` gives retract and approach; a shorter approach stands at the start of a block
/// as long as the retract. `Bytes/pixel` is the range of the scale and not the width: the width is
/// the data length over the samples.
struct NanoScopeLayout {
  /// Samples of the segments.
  private(set) var approach = 0, retract = 0, hold = 0
  /// Samples of the block that holds the approach.
  private(set) var approachBlock = 0
  /// Bytes of a sample.
  private(set) var width = 2
  /// Curves declared.
  private(set) var curves = 0
  /// Whether data length, samples and curves agree.
  private(set) var fits = false
  /// Where the channel's data start, and how many bytes are declared.
  let offset: Int, length: Int

  /// Bytes of a curve.
  var bytesPerCurve: Int { (approachBlock + retract + hold) * width }

  /// The layout of a channel.
  ///
  /// - Parameters:
  ///   - expected: the counts of curves that the header allows, the likeliest first.
  ///   - stated: `Bytes/pixel`.
  init?(
    offset: Int, length: Int, samples: [Int], hold: Int, expected: [Int], stated: Int,
    version: UInt32
  ) {
    guard let first = samples.first, first > 0, first <= 1 << 30, offset >= 0 else { return nil }
    self.offset = offset
    self.length = length
    retract = first
    approach = samples.count > 1 && samples[1] > 0 ? samples[1] : first
    guard approach <= 1 << 30, hold >= 0, hold <= 1 << 30 else { return nil }
    let blocks = [max(approach, retract), approach]
    for n in expected where n > 0 && n <= 1 << 30 {
      for held in hold > 0 ? [hold, 0] : [0] {
        for block in blocks {
          for bytes in [2, 4, 8, 1] {
            let (total, overflow) = n.multipliedReportingOverflow(
              by: (block + retract + held) * bytes)
            guard !overflow, total == length else { continue }
            curves = n
            approachBlock = block
            self.hold = held
            width = bytes
            fits = true
            return
          }
        }
      }
    }
    // Nothing agrees: 32 bits since version 9.2, what the file states before.
    width = version >= 0x0920_0000 ? 4 : [1, 2, 4].contains(stated) ? stated : 2
    approachBlock = max(approach, retract)
    self.hold = hold
    curves = length > 0 ? length / bytesPerCurve : expected.first ?? 1
    if curves == 0 { curves = 1 }
  }
}
