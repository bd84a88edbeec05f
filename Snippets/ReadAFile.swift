// Read any instrument file and print its series with their units.
// Run: swift run ReadAFile TestData/demo/xas/\(1ALD-1MLD\)25.xdi
import Interphase

let path = CommandLine.arguments.dropFirst().first ?? "TestData/demo/xas/(1ALD-1MLD)25.xdi"
let reading = InputReader().read(path: path)
switch reading.outcome {
case .success(let dataset):
  for table in dataset.tables {
    for column in table.columns {
      let mean = column.statistics?.mean.map { "\($0)" } ?? "no numbers"
      print(table.name, column.name, column.unit.unit?.display ?? "", "mean", mean)
    }
  }
case .failure(let failure):
  print("error: \(path): \(failure.diagnostic.place): \(failure.diagnostic.message)")
}
