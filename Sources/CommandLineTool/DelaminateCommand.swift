internal import ArgumentParser
internal import Interphase

/// `delaminate`: named by the contract; refused in this version, and therefore not listed.
struct DelaminateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delaminate", abstract: "The cohesive-zone simulation.", shouldDisplay: false)

  @Argument(help: ArgumentHelp("A configuration file.", valueName: "CONFIG"))
  var configurations: [String] = []

  func run() throws {
    throw UsageFailure(
      "interphase \(interphaseVersion) has no cohesive-zone model; 'interphase plate' simulates "
        + "plating under the film, and its valley stress is the load that a delamination would see")
  }
}
