internal import Tables

/// The filters that chunks went through, undone in reverse order.
enum HDF5Filters {
  /// The names of filters that are known by number (the register of The HDF Group).
  static func name(_ id: Int) -> String? {
    switch id {
    case 1: "deflate"
    case 2: "shuffle"
    case 3: "fletcher32"
    case 4: "szip"
    case 5: "nbit"
    case 6: "scaleoffset"
    case 307: "bzip2"
    case 32000: "lzf"
    case 32001: "blosc"
    case 32004: "lz4"
    case 32008: "bitshuffle"
    case 32013: "zfp"
    case 32015: "zstd"
    case 32026: "blosc2"
    default: nil
    }
  }

  /// The filters that this reader undoes.
  private static let known: Set<Int> = [1, 2, 3, 6, 32000]

  /// Refuses a dataset with a filter that cannot be undone.
  static func check(_ dataset: HDF5Dataset) throws(ReadFailure) {
    guard let filter = dataset.filters.first(where: { !known.contains($0.id) }) else { return }
    throw ReadFailure(
      "hdf5.filter", at: .entry(dataset.path),
      found: "the data went through the filter \(filter.name) (number \(filter.id))",
      expected: "expected deflate, shuffle, fletcher32, scaleoffset or lzf: "
        + "repack the file with 'h5repack -f GZIP=4'")
  }

  /// A chunk as it was before its filters.
  ///
  /// - Parameters:
  ///   - mask: bit i set where filter i was left out.
  ///   - size: the bytes of a whole chunk.
  static func undo(
    _ stored: ByteView, _ dataset: HDF5Dataset, mask: UInt32, size: Int, place: Int
  ) throws(ReadFailure) -> ByteView {
    var bytes = stored
    func damaged(_ found: String) -> ReadFailure {
      ReadFailure(
        "hdf5.damaged", at: .byte(place), found: "a chunk of '\(dataset.path)': \(found)",
        expected: "expected \(size) bytes")
    }
    for (i, filter) in dataset.filters.enumerated().reversed()
    where i >= 32 || mask & (1 << UInt32(i)) == 0 {
      switch filter.id {
      case 1:
        // A checksum or a short header may stand around the data that were compressed.
        let most = ExpansionLimits(memberBytes: size.plus(1024), ratio: 2000)
        bytes = try ZlibStream.inflate(
          bytes, area: "hdf5", size: size, limits: most, offset: place)
      case 2: bytes = unshuffle(bytes, Int(filter.values.first ?? 1))
      case 3:
        guard bytes.count >= 4 else { throw damaged("no checksum") }
        let data = bytes.prefix(bytes.count - 4)
        var end = ByteCursor(bytes.suffix(4), area: "hdf5")
        let written = try end.u32("checksum")
        let sum = HDF5Checksum.fletcher32(data)
        // Versions before 1.6.3 wrote the bytes of each half in the machine's order.
        let swapped = (sum & 0x00FF_00FF) << 8 | (sum & 0xFF00_FF00) >> 8
        guard written == sum || written == swapped else {
          throw ReadFailure(
            "hdf5.checksum", at: .byte(place),
            found: "the checksum of a chunk of '\(dataset.path)' is wrong",
            expected: "expected an undamaged chunk")
        }
        bytes = data
      case 6:
        bytes = try HDF5ScaleOffset(filter.values, dataset.path, place).undo(bytes, size: size)
      case 32000:
        guard let plain = lzf(bytes, size: size) else { throw damaged("it does not unpack") }
        bytes = plain
      default: try check(dataset)
      }
    }
    guard bytes.count >= size else { throw damaged("it holds \(bytes.count) bytes") }
    return bytes.prefix(size)
  }

  /// Puts the bytes of each element together again.
  private static func unshuffle(_ bytes: ByteView, _ width: Int) -> ByteView {
    guard width > 1, bytes.count >= width else { return bytes }
    let count = bytes.count / width
    return ByteView(capacity: bytes.count) { target in
      bytes.withBytes { source in
        for byte in 0..<width {
          let from = byte * count
          for i in 0..<count { target[i * width + byte] = source[from + i] }
        }
        // What does not fill an element was left in place.
        for i in (count * width)..<source.count { target[i] = source[i] }
      }
      return bytes.count
    }
  }

  /// Marc Lehmann's LZF; nil where the stream is damaged or longer than `size`.
  private static func lzf(_ bytes: ByteView, size: Int) -> ByteView? {
    var isGood = true
    let output = ByteView(capacity: size) { target in
      bytes.withBytes { source in
        var i = 0
        var o = 0
        while i < source.count {
          let lead = Int(source[i])
          i += 1
          if lead < 32 {
            let n = lead + 1
            guard i + n <= source.count, o + n <= size else { break }
            for k in 0..<n { target[o + k] = source[i + k] }
            i += n
            o += n
            continue
          }
          var n = lead >> 5
          if n == 7 {
            guard i < source.count else { break }
            n += Int(source[i])
            i += 1
          }
          guard i < source.count else { break }
          let from = o - ((lead & 31) << 8) - Int(source[i]) - 1
          i += 1
          n += 2
          guard from >= 0, o + n <= size else { break }
          for k in 0..<n { target[o + k] = target[from + k] }
          o += n
          if i == source.count { return o }
        }
        isGood = i == source.count
        return o
      }
    }
    return isGood && output.count == size ? output : nil
  }
}
