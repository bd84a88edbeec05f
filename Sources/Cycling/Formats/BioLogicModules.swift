internal import Bytes
internal import Tables

/// The modules of an EC-Lab `.mpr` file: settings, data, log, loops, external devices.
struct BioLogicModules {
  /// One module.
  struct Module {
    /// Its name, such as `VMP data`.
    var name: String
    /// The longer name that stands behind it.
    var title: String
    /// The bytes that its head declares.
    var declared: Int
    /// The version; in files of EC-Lab 11.50 and later the second one (10, 11).
    var version: Int
    /// Whether the head is that of EC-Lab 11.50 and later.
    var isNew: Bool
    /// `12/23/17`, or `01.08.18`.
    var date: String
    /// The byte at which the module starts, and its content.
    var start: Int, payload: Int
    /// The content, as far as it is there.
    var bytes: ByteView

    /// Whether the file ends inside the module.
    var isCut: Bool { bytes.count < declared }
  }

  /// All modules, in the order of the file.
  private(set) var all: [Module] = []

  static let magic = "BIO-LOGIC MODULAR FILE\u{1A}"
  private static let mark = Array("MODULE".utf8)
  /// The bytes of the magic with its padding.
  private static let headSize = 52

  /// Whether a module starts at a byte.
  private static func isMark(_ file: ByteView, _ position: Int) -> Bool {
    file[position..<(position + mark.count)].starts(with: mark)
  }

  init(_ file: ByteView, into diagnostics: inout DiagnosticList) throws(ReadFailure) {
    guard file.starts(with: Self.magic) else {
      throw ReadFailure(
        "mpr.header", at: .byte(0), found: "'\(Self.printable(file.prefix(22)))'",
        expected: "expected 'BIO-LOGIC MODULAR FILE'")
    }
    var position = Self.headSize
    while position < file.count {
      guard Self.isMark(file, position) else {
        diagnostics.warn(
          "mpr.module", at: .byte(position),
          found: "\(file.count - position) bytes that are no module "
            + "('\(Self.printable(file[position..<(position + 12)]))')",
          expected: "expected 'MODULE'; not read")
        return
      }
      guard let module = Self.module(file, at: position) else {
        diagnostics.warn(
          "mpr.truncated", at: .byte(position),
          found: "the head of a module is cut: \(file.count - position) bytes are left",
          expected: "expected 57 or 65 bytes")
        return
      }
      all.append(module)
      let (end, overflow) = module.payload.addingReportingOverflow(module.declared)
      if !overflow, end == file.count || Self.isMark(file, end) {
        position = end
        continue
      }
      // The length is wrong, or the file ends here; the next module may still be found.
      guard let next = Self.next(file, behind: module) else {
        if overflow || end > file.count { return }
        position = end
        continue
      }
      if module.name != "VMP data" {
        diagnostics.warn(
          "mpr.module-length", at: .byte(module.start),
          found: "the module \(module.name) declares \(module.declared) bytes, the next one starts "
            + "\(next - module.payload) bytes behind its head",
          expected: "expected the same from both; the next one is read")
        all[all.count - 1].declared = next - module.payload
        all[all.count - 1].bytes = file[module.payload..<next]
      }
      position = next
    }
  }

  /// The first module of that name.
  subscript(name: String) -> Module? { all.first { $0.name == name } }

  private static func module(_ file: ByteView, at start: Int) -> Module? {
    var cursor = ByteCursor(file, area: "mpr")
    do throws(ReadFailure) {
      try cursor.seek(to: start + mark.count)
      let name = trimmed(try cursor.latin1(10, "name"))
      let title = trimmed(try cursor.latin1(25, "long name"))
      var length = try cursor.u32("length")
      let isNew = length == .max
      if isNew { length = try cursor.u32("length") }
      var version = Int(try cursor.u32("version"))
      if isNew { version = Int(try cursor.u32("version")) }
      let date = trimmed(try cursor.latin1(8, "date"))
      let payload = cursor.offset
      let (end, overflow) = payload.addingReportingOverflow(Int(length))
      return Module(
        name: name, title: title, declared: Int(length), version: version, isNew: isNew,
        date: date, start: start, payload: payload,
        bytes: file[payload..<(overflow ? file.count : min(end, file.count))])
    } catch {
      return nil
    }
  }

  /// Where the next module starts whose head is one of those that EC-Lab writes.
  private static func next(_ file: ByteView, behind module: Module) -> Int? {
    var from = module.payload
    while let found = file.firstRange(of: "MODULEVMP ", from: from) {
      if let next = Self.module(file, at: found.lowerBound),
        ["VMP data", "VMP LOG", "VMP loop", "VMP ExtDev"].contains(next.name)
      {
        return found.lowerBound
      }
      from = found.upperBound
    }
    return nil
  }

  static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let last = text.last, last == " " || last == "\0" { text.removeLast() }
    return String(text)
  }

  private static func printable(_ bytes: ByteView) -> String {
    String(bytes.latin1().map { $0.isASCII && ($0 >= " " && $0 <= "~") ? $0 : "." })
  }
}
