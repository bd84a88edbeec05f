extension ByteBuffer {
  /// Adds text escaped for HTML and XML, in content and in quoted attributes.
  ///
  /// The five characters of markup become references; characters that XML 1.0 forbids, and marks
  /// that turn the direction of text, become U+FFFD.
  public mutating func addEscaped(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": add("&amp;")
      case "<": add("&lt;")
      case ">": add("&gt;")
      case "\"": add("&quot;")
      case "'": add("&#39;")
      case "\t", "\n", "\r": add(UInt8(ascii: " "))
      default:
        if scalar.isControlOrMark || scalar.value == 0xFFFE || scalar.value == 0xFFFF {
          add("\u{FFFD}")
        } else {
          bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      }
    }
  }

  /// Adds a number with one decimal, as drawings need it; `-0.0` and whole numbers lose the decimal.
  mutating func addCoordinate(_ number: Double) {
    let tenths = (number * 10).rounded()
    guard tenths.magnitude < 1e9 else { return add(UInt8(ascii: "0")) }
    let n = Int(tenths)
    if n < 0 { add(UInt8(ascii: "-")) }
    add(n.magnitude / 10)
    if n.magnitude % 10 != 0 {
      add(UInt8(ascii: "."))
      add(n.magnitude % 10)
    }
  }
}

/// Text escaped for HTML and XML.
public func escapedMarkup(_ text: String) -> String {
  var out = ByteBuffer()
  out.addEscaped(text)
  return out.text
}
