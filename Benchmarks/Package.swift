// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that a plain `swift build` of the library never compiles it.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Interphase", path: "..")],
  targets: [
    .executableTarget(
      name: "Bench", dependencies: [.product(name: "Interphase", package: "Interphase")],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
