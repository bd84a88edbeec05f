import Tables
import Testing

@testable import Study

@Suite struct StateTests {
  /// Every shape that a stored value may have.
  private struct Everything: Codable, Equatable {
    enum Kind: Int, Codable { case first, second }
    enum Choice: Codable, Equatable {
      case none
      case pair(Int, name: String)
    }
    struct Empty: Codable, Equatable {}
    struct Inner: Codable, Equatable {
      var values: [Double]
      var counts: [Int]
      var names: [String]
    }

    var flag = true
    var small: Int8 = -7
    var wide: UInt64 = .max
    var word: UInt32 = 4_000_000_000
    var least = Int.min
    var zero = -0.0
    var single: Float = 0.1
    var text = "Å · \u{0}"
    var missing: String?
    var present: Int? = 3
    var kind = Kind.second
    var choices = [Choice.none, .pair(2, name: "b")]
    var empty = Empty()
    var empties = [Empty(), Empty()]
    var noNumbers: [Double] = []
    var noTexts: [String] = []
    var bytes: [UInt8] = [0, 255]
    var gaps: [Double?] = [1, nil, 2]
    var range = 3..<9
    var inner = [Inner(values: [.infinity, 1.5], counts: [1, -2], names: ["x", "x"])]
    var nested = [[[1.5], []], []]
    var table = ["a": [1, 2], "b": []]
    var last = 0.1
  }

  /// Containers in containers that nobody closes, and two that are asked for twice.
  private struct ByHand: Codable, Equatable {
    enum Key: String, CodingKey { case list, fields, after, more }
    var numbers = [1, 2, 3]
    var name = "n"
    var after = 4.5
    var more = true

    init() {}

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      var list = try container.nestedUnkeyedContainer(forKey: .list)
      numbers = []
      while !list.isAtEnd { numbers.append(try list.decode(Int.self)) }
      let fields = try container.nestedContainer(keyedBy: Key.self, forKey: .fields)
      name = try fields.decode(String.self, forKey: .after)
      after = try container.decode(Double.self, forKey: .after)
      more = try container.decode(Bool.self, forKey: .more)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      var list = container.nestedUnkeyedContainer(forKey: .list)
      for number in numbers { try list.encode(number) }
      var fields = container.nestedContainer(keyedBy: Key.self, forKey: .fields)
      try fields.encode(name, forKey: .after)
      try container.encode(after, forKey: .after)
      var again = encoder.container(keyedBy: Key.self)
      try again.encode(more, forKey: .more)
    }
  }

  @Test func everyShapeComesBack() throws {
    let value = Everything()
    let back = try StateDecoder.decode(Everything.self, from: try StateEncoder.encode(value))
    #expect(back == value)
    #expect(back.zero.sign == .minus)
    let nan = Double(bitPattern: 0x7FF8_0000_0000_1234)
    let bits = try StateDecoder.decode([Double].self, from: try StateEncoder.encode([nan, 1]))
    #expect(bits.first?.bitPattern == nan.bitPattern)
  }

  @Test func nestedContainersComeBack() throws {
    let list = [ByHand(), ByHand()]
    #expect(try StateDecoder.decode([ByHand].self, from: try StateEncoder.encode(list)) == list)
  }

  @Test func resultTreesComeBack() throws {
    var object = ResultObject()
    object["modulus"] = .list([.number(1), .number(.nan)])
    object["mixed"] = .list([.integer(1), .text("a"), .null, .flag(true), .list([])])
    object["empty"] = .object(ResultObject())
    let tree = ResultValue.object(object)
    let back = try StateDecoder.decode(ResultValue.self, from: try StateEncoder.encode(tree))
    #expect("\(back)" == "\(tree)")
  }

  /// A state cut anywhere, or with any byte changed, is refused or read as another value, and never traps.
  @Test func damagedStatesAreRefused() throws {
    let bytes = try StateEncoder.encode([Everything()])
    for cut in 0..<bytes.count {
      #expect(throws: (any Error).self) {
        try StateDecoder.decode([Everything].self, from: Array(bytes[..<cut]))
      }
    }
    for place in bytes.indices {
      for change: UInt8 in [1, 0x0C, 0x80, 0xFF] {
        var damaged = bytes
        damaged[place] ^= change
        _ = try? StateDecoder.decode([Everything].self, from: damaged)
      }
    }
  }
}
