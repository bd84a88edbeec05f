internal import Bytes
internal import Reading

/// Files of simulation programs that are named and refused, with the export that can be read.
enum ForeignFiles {
  /// What a file is, and which export to make of it.
  struct Kind {
    var name: String
    var export: String
  }

  /// The kind of a file; nil where it is none of these.
  static func kind(_ file: FileHead) -> Kind? {
    binary(file) ?? text(file)
  }

  private static func binary(_ file: FileHead) -> Kind? {
    let head = file.head
    let isNetCDF = [1, 2, 5].contains { head.starts(with: [0x43, 0x44, 0x46, $0]) }
    if isNetCDF {
      let isExodus = ["num_el_blk", "num_nod_per_el", "len_string", "api_version"].contains {
        head.firstRange(of: $0) != nil
      }
      return isExodus
        ? Kind(
          name: "an Exodus II file (netCDF), as MOOSE writes it",
          export:
            "set csv = true in MOOSE's [Outputs], or save data as CSV in ParaView, or resample "
            + "to an image there and save it as .vti")
        : Kind(
          name: "a netCDF file",
          export: "write its variables as columns of text, with ncdump or xarray")
    }
    if head.starts(with: "MATLAB 5.0 MAT-file") || head.starts(with: "MATLAB 7.3 MAT-file") {
      return Kind(
        name: "a MATLAB file", export: "save the arrays with writematrix or writetable as CSV")
    }
    return nil
  }

  private static func text(_ file: FileHead) -> Kind? {
    let head = file.head.prefix(16384)
    if head.starts(with: "# vtk DataFile") {
      return Kind(
        name: "a VTK file of the old kind (.vtk)",
        export: "open it in ParaView and save it as .vti or CSV")
    }
    if head.prefix(4096).firstRange(of: "<Xdmf") != nil {
      return Kind(
        name: "an XDMF file, which points into HDF5",
        export: "open it in ParaView and save data as CSV, or an image as .vti")
    }
    if head.starts(with: "    1C") || head.starts(with: "    1U") {
      return Kind(
        name: "results of CalculiX (.frd)",
        export:
          "print tables with *NODE PRINT and *EL PRINT, or convert it for ParaView and save CSV")
    }
    if head.starts(with: "$MeshFormat") {
      return Kind(name: "a mesh of Gmsh", export: "give the table of results, not the mesh")
    }
    return isDeck(head)
      ? Kind(
        name: "an input deck of Abaqus or CalculiX (.inp)",
        export:
          "give tables of results: *NODE PRINT and *EL PRINT, or a report of Abaqus/CAE as text")
      : nil
  }

  /// Whether lines that start with one star are keywords of Abaqus, two at least.
  private static func isDeck(_ head: ByteView) -> Bool {
    let keywords: Set = [
      "HEADING", "NODE", "ELEMENT", "MATERIAL", "STEP", "PART", "NSET", "ELSET", "INCLUDE",
      "BOUNDARY", "SOLID SECTION", "ASSEMBLY", "INSTANCE", "ELASTIC", "STATIC", "PREPRINT",
    ]
    var found = 0
    for line in TextLines(head) where line.number < 2000 {
      let bytes = head[line.range]
      guard bytes[0] == UInt8(ascii: "*"), bytes[1] != UInt8(ascii: "*") else {
        // Before the first keyword only comments stand.
        if found == 0, !bytes.starts(with: "**"), bytes.count > 0 { return false }
        continue
      }
      let words = TextLines.string(bytes.dropFirst(1).prefix(40)).uppercased()
      let keyword = words.prefix { $0 != "," && $0 != "\r" }
      let trimmed = keyword.split(separator: " ").joined(separator: " ")
      if keywords.contains(trimmed) { found += 1 }
      if found >= 2 { return true }
    }
    return false
  }
}
