internal import Tables

/// Writes `results.csv`: one row an input (a spectrum, where it holds several), header `key / unit`, and `u(key) / unit` where it is known.
public enum ResultsCSV {
  /// The bytes of the file.
  public static func bytes(_ inputs: [InputReport]) -> [UInt8] {
    let inputs = inputs.flatMap { rows(of: $0) }
    let wide = WideResults(inputs)
    var out = ByteBuffer()
    out.add("file,sha256,format,status,complete")
    for column in wide.columns {
      out.add(",")
      out.addCell(CSVWriter.guarded(column.header))
      if column.hasU {
        out.add(",")
        out.addCell(column.uHeader)
      }
    }
    out.add("\n")
    for (input, row) in zip(inputs, wide.rows) {
      out.addCell(CSVWriter.guarded(input.file))
      for text in [input.sha256, input.format, input.status.rawValue] {
        out.add(",")
        if let text { out.addCell(CSVWriter.guarded(text)) }
      }
      input.complete && input.status != .error ? out.add(",true") : out.add(",false")
      for (i, column) in wide.columns.enumerated() {
        out.add(",")
        add(&out, row[i])
        if column.hasU {
          out.add(",")
          if let u = row[i]?.quantity?.u { out.add(u) }
        }
      }
      out.add("\n")
    }
    return out.bytes
  }

  /// A row an input; one a spectrum for a file of absorption spectra.
  private static func rows(of input: InputReport) -> [InputReport] {
    guard case .list(let spectra)? = input.fields["result"]?["spectra"], spectra.count > 1 else {
      return [input]
    }
    return spectra.map { spectrum in
      var row = input
      row.fields["result"] = .fields(["spectra": .list([spectrum])])
      return row
    }
  }

  private static func add(_ out: inout ByteBuffer, _ value: ResultValue?) {
    switch value {
    case .quantity(let quantity): if let x = quantity.value { out.add(x) }
    case .number(let x): if x.isFinite { out.add(x) }
    case .integer(let n): out.add(n)
    case .flag(let flag): flag ? out.add("true") : out.add("false")
    case .text(let text): out.addCell(CSVWriter.guarded(text))
    case .null, .list, .object, nil: break
    }
  }
}
