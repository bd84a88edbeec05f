// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that a plain `swift build` never needs libFuzzer. See docs/fuzzing.md.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "Interphase", path: "..")],
  targets: [
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: ["CFuzzer", .product(name: "Interphase", package: "Interphase")],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
  ]
)
