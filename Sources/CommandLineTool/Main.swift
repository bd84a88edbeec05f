internal import ArgumentParser
internal import Foundation
internal import Interphase

/// The program: commands in a table, one file each.
struct InterphaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interphase",
    abstract: "From raw battery-interface measurements to a simulated design map.",
    version: interphaseVersion,
    subcommands: [
      FormatsCommand.self, InspectCommand.self, ExportCommand.self, ForceCommand.self,
      CyclingCommand.self, XASCommand.self, RBSCommand.self, PlateCommand.self,
      DelaminateCommand.self,
      SweepCommand.self,
      MergeCommand.self, RecipeCommand.self, RunCommand.self, VerifyCommand.self, WhyCommand.self,
      DiffCommand.self,
      LintCommand.self,
    ])
}

/// A command whose help ends with one example that works on a real file.
protocol ExampleCommand: ParsableCommand {
  /// The line after the heading `Example`; starts with `interphase`.
  static var example: String { get }
}

/// The exit status of a command that ran, beyond success: 1 where an input failed.
struct InputsFailed: Error {}

@main
enum Program {
  static func main() {
    Terminal.endQuietlyOnClosedPipe()
    LongSeries.giveBackAtOnce()
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let word = arguments.first, !word.hasPrefix("-"), word != "help", !commands.contains(word) {
      Terminal.error(
        escapedControls("error: no command is called '\(word)'\(nearest(word, among: commands))"))
      exit(64)
    }
    do {
      var command = try InterphaseCommand.parseAsRoot(arguments)
      try command.run()
    } catch is InputsFailed {
      exit(1)
    } catch let failure as UsageFailure {
      Terminal.error(failure.message)
      exit(64)
    } catch let failure as SidecarFailure {
      let said = failure.diagnostic
      Terminal.error(escapedControls("error: \(failure.path): \(said.place): \(said.message)"))
      exit(64)
    } catch let failure as OutputFailure where failure.kind == .journal || failure.kind == .inUse {
      Terminal.error(escapedControls("error: \(failure.path): -: \(failure.reason)"))
      exit(64)
    } catch let failure as OutputFailure {
      Terminal.error(escapedControls("error: \(failure.path): -: \(failure.reason)"))
      exit(1)
    } catch let failure as ReadFailure {
      Terminal.error("error: \(failure.diagnostic.place): \(failure.diagnostic.message)")
      exit(1)
    } catch {
      finish(error, arguments: arguments)
    }
  }

  private static var commands: [String] {
    InterphaseCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
  }

  /// Help, version, usage errors, and what nobody expected.
  private static func finish(_ error: any Error, arguments: [String]) -> Never {
    let code = InterphaseCommand.exitCode(for: error)
    let message = InterphaseCommand.fullMessage(for: error)
    if code == .success {
      Terminal.out(message)
      if message.contains("USAGE:"), let example = example(of: arguments) {
        Terminal.out("\nExample\n\(example)")
      }
      exit(0)
    }
    if code == .validationFailure {
      Terminal.error(message)
      exit(64)
    }
    Terminal.error(
      """
      error: -: a defect of Interphase \(interphaseVersion): \(message)
      please report it with this command: interphase \(arguments.joined(separator: " "))
      """)
    exit(70)
  }

  private static func example(of arguments: [String]) -> String? {
    for argument in arguments {
      let command = InterphaseCommand.configuration.subcommands.first {
        $0.configuration.commandName == argument
      }
      if let command = command as? any ExampleCommand.Type { return command.example }
    }
    return "interphase run TestData/demo -o results"
  }
}

/// A wrong use of the command line: exit 64.
struct UsageFailure: Error {
  /// What was wrong and what would be right.
  var message: String

  init(_ message: String) { self.message = "error: \(message)" }
}
