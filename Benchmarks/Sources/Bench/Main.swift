import Glibc

/// `Bench generate KIND ROWS FILE` writes a test file; `Bench text FILE REPEATS` times reading it;
/// `Bench read TIMES FILE…` times reading instrument files; `Bench cycling REPEATS FILE…` times reading
/// and analyzing cycler logs; `Bench sniff REPEATS FILE…` times telling their formats; `Bench film-curve FILE` writes a force curve; `Bench film-fit REPEATS`,
/// `Bench units REPEATS`, `Bench plating REPEATS`, `Bench phase-field REPEATS`, `Bench stencil CELLS REPEATS` and
/// `Bench elasticity CELLS CONTRAST REPEATS` time its analysis and simulations; `Bench rbs-simulate REPEATS`
/// and `Bench rbs-fit REPEATS` time backscattering, `Bench spectrum FILE` writes a spectrum.
///
/// Every job prints one line: name, best CPU seconds, bytes read, and a check value that the peers
/// must find too.
@main
struct Bench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "generate" where arguments.count == 4:
      guard let kind = TextKind(rawValue: arguments[1]), let rows = Int(arguments[2]) else {
        return usage()
      }
      writeFile(arguments[3], TextKind.generate(kind, rows: rows))
    case "text" where arguments.count == 3:
      measureText(arguments[1], repeats: Int(arguments[2]) ?? 5)
    case "read" where arguments.count >= 3:
      measureFiles(Array(arguments.dropFirst(2)), times: Int(arguments[1]) ?? 1)
    case "cycling" where arguments.count >= 3:
      measureLogs(Array(arguments.dropFirst(2)), repeats: Int(arguments[1]) ?? 5)
    case "sniff" where arguments.count >= 3:
      measureSniffing(Array(arguments.dropFirst(2)), repeats: Int(arguments[1]) ?? 5)
    case "film-curve" where arguments.count == 2: writeFilmApproach(arguments[1])
    case "film-fit" where arguments.count == 2: measureFilmFit(repeats: Int(arguments[1]) ?? 5)
    case "units" where arguments.count == 2: measureUnits(repeats: Int(arguments[1]) ?? 5)
    case "plating" where arguments.count == 2: measurePlating(repeats: Int(arguments[1]) ?? 5)
    case "phase-field" where arguments.count == 2:
      measurePhaseField(repeats: Int(arguments[1]) ?? 5)
    case "rbs-simulate" where arguments.count == 2:
      measureBackscattering(repeats: Int(arguments[1]) ?? 5)
    case "rbs-fit" where arguments.count == 2:
      measureBackscatteringFit(repeats: Int(arguments[1]) ?? 5)
    case "spectrum" where arguments.count == 2: writeSpectrum(arguments[1])
    case "stencil" where arguments.count == 3:
      measureStencil(cells: Int(arguments[1]) ?? 250, repeats: Int(arguments[2]) ?? 5)
    case "elasticity" where arguments.count == 4:
      guard let cells = Int(arguments[1]), let contrast = Double(arguments[2]) else {
        return usage()
      }
      measureElasticity(cells: cells, contrast: contrast, repeats: Int(arguments[3]) ?? 3)
    default: usage()
    }
  }

  static func usage() {
    print(
      """
      usage: Bench generate fixed|scientific|digits ROWS FILE | Bench text FILE REPEATS
             Bench read TIMES FILE… | Bench film-curve FILE | Bench film-fit REPEATS
             Bench cycling REPEATS FILE… | Bench phase-field REPEATS | Bench stencil CELLS REPEATS
             Bench units REPEATS | Bench plating REPEATS | Bench elasticity CELLS CONTRAST REPEATS
             Bench rbs-simulate REPEATS | Bench rbs-fit REPEATS | Bench spectrum FILE
             Bench sniff REPEATS FILE…
      """
    )
    exit(64)
  }
}

/// CPU seconds of this process so far, all threads together.
func cpuSeconds() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
  return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
}

/// The least CPU seconds of several runs, and the last result.
func best<R>(of repeats: Int, _ body: () throws -> R) rethrows -> (seconds: Double, result: R) {
  var least = Double.infinity
  var start = cpuSeconds()
  var result = try body()
  least = min(least, cpuSeconds() - start)
  for _ in 1..<max(1, repeats) {
    start = cpuSeconds()
    result = try body()
    least = min(least, cpuSeconds() - start)
  }
  return (least, result)
}

/// Writes a whole file.
func writeFile(_ path: String, _ bytes: [UInt8]) {
  guard let file = fopen(path, "wb") else {
    perror(path)
    exit(1)
  }
  bytes.withUnsafeBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
  fclose(file)
}
