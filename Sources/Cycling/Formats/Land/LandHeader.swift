internal import Bytes
internal import Tables

/// The header of a `.ccs` file: names of the test and the device, and the program.
enum LandHeader {
  /// Where the blocks start in the files that are known.
  static let length = 0xA00
  /// Bytes of a block.
  static let block = 128

  /// Whether the maker's name stands in the first 4 kB.
  static func namesMaker(_ bytes: ByteView) -> Bool {
    let head = bytes.prefix(4096)
    return ["WuHan LAND", "LANHE", "LANDT", "LAND Electronics"].contains {
      head.firstRange(of: $0) != nil
    }
  }

  /// Where the blocks start: at the first step header, behind longer programs later than usual.
  static func start(of bytes: ByteView) -> Int? {
    var offset = length
    while offset <= 0x4000, offset + 2 * block <= bytes.count {
      if bytes[offset] == 2, isStepHeader(bytes, at: offset), u32(bytes, offset + 4) == 0 {
        let kind = bytes[offset + block]
        let pointer = u32(bytes, offset + block + 4)
        // A first step without a record is followed by the next step's header.
        if kind == 3 || kind == 2, pointer == offset { return offset }
      }
      offset += 16
    }
    return nil
  }

  /// Whether a block can be a step's header: no records, and an instant after 1990.
  static func isStepHeader(_ bytes: ByteView, at offset: Int) -> Bool {
    guard bytes[offset] == 2, bytes[offset + 1] == 0, bytes[offset + 2] == 0,
      let instant = bytes.integers(.int64, count: 1, at: offset + 0x38, order: .little)?.first
    else { return false }
    return instant > 631_152_000_000 && instant < 4_102_444_800_000
  }

  static func u32(_ bytes: ByteView, _ offset: Int) -> Int? {
    bytes.integers(.uint32, count: 1, at: offset, order: .little)?.first.map { Int($0) }
  }

  private static let texts: [(String, Int, Int)] = [
    ("group", 0x10, 0x48), ("computer", 0x58, 0x20), ("test id", 0x78, 0x38),
    ("test name", 0xB0, 0x40), ("channel and date", 0xF0, 0x100), ("software", 0x2D0, 0x90),
    ("device", 0x360, 0xE4), ("connection", 0x444, 0x20), ("firmware", 0x464, 0x10),
    ("maker", 0x494, 0x40), ("program id", 0x704, 0x30), ("program name", 0x734, 0x40),
    ("program remark", 0x774, 0x80),
  ]

  /// All texts, and the steps of the program.
  static func metadata(_ bytes: ByteView, end: Int) -> Metadata {
    var metadata = Metadata()
    for (key, offset, length) in texts {
      let text = NewareText.decode(bytes[offset..<(offset + length)])
      if !text.isEmpty { metadata.append(key, text) }
    }
    var step = 1
    var offset = 0x900
    while offset + 0x1C <= end, let code = bytes[offset], code != 0 {
      let name = "program step \(step)"
      metadata.append("\(name) kind", LandStep.name(Int(code)))
      for (key, place) in [("rate", 8), ("limit", 16), ("sampling (ms)", 24)] {
        if let value = bytes.reals(.float32, count: 1, at: offset + place, order: .little)?.first,
          value.isFinite, value != 0
        {
          metadata.append("\(name) \(key)", .real(value))
        }
      }
      if code == 0x61 { break }
      step += 1
      offset += 0x50
    }
    return metadata
  }
}

/// The kinds of LAND's steps.
enum LandStep {
  /// The vendor's name of a code; the code itself where it is not known.
  static func name(_ code: Int) -> String {
    switch code {
    case 0x01: "Rest"
    case 0x44: "D_CC"
    case 0x61: "End"
    default: "code 0x" + String(code, radix: 16)
    }
  }
}
