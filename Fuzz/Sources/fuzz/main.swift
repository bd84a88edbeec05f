// fuzz --target=NAME [libFuzzer options] [corpus folder]
//
// NAME is the id of a format, or one of the names in `FuzzTarget.layers`. libFuzzer leaves options
// with two dashes alone. `fuzz --list` prints the names.
import CFuzzer
import Interphase

let arguments = CommandLine.arguments
if arguments.contains("--list") {
  for name in FuzzTarget.names { print(name) }
} else if let name = arguments.first(where: { $0.hasPrefix("--target=") })?.dropFirst(9),
  FuzzTarget.select(String(name))
{
  var count = CommandLine.argc
  var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
  let status = withUnsafeMutablePointer(to: &values) { pointer in
    pointer.withMemoryRebound(
      to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1
    ) {
      LLVMFuzzerRunDriver(&count, $0) { data, size in
        FuzzTarget.run(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
      }
    }
  }
  if status != 0 { fatalError("the fuzzer ended with status \(status)") }
} else {
  print("fuzz --target=NAME; names: \(FuzzTarget.names.joined(separator: " "))")
}
