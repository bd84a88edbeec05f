// swift-tools-version: 6.2
import PackageDescription

// The arrows of docs/architecture.md are the `dependencies` below: a module sees only what stands
// to its right. No technique module depends on another, and no simulation depends on a technique.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let real = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// What every technique module may see: units, tables, bytes, the reader protocol and mathematics.
let technique: [Target.Dependency] = [
  "Units", "Tables", "Bytes", "Reading", "NumericalMethods", real,
]

let package = Package(
  name: "Interphase",
  products: [
    .library(name: "Interphase", targets: ["Interphase"]),
    .executable(name: "interphase", targets: ["CommandLineTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // MARK: System libraries
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

    // MARK: C: number loops for each instruction set
    .target(name: "CKernels"),

    // MARK: Ground: quantities, series, bytes, mathematics
    module("Units", []),
    module("Tables", ["Units", "CKernels"]),
    module("Bytes", ["Units", "Tables", "CKernels", "CZlib", "CXML"]),
    module("Reading", ["Units", "Tables", "Bytes"]),
    module("NumericalMethods", ["CKernels", real]),

    // MARK: Techniques: formats and analysis, none knows another
    module("DelimitedText", ["Units", "Tables", "Bytes", "Reading"]),
    module("ForceMicroscopy", technique),
    module("XRayAbsorption", technique),
    module(
      "IonBeamAnalysis",
      ["Units", "Tables", "Bytes", "Reading", "NumericalMethods", "Configuration", real]),
    module("Cycling", technique),
    module("SimulationFiles", ["Units", "Tables", "Bytes", "Reading", "Configuration"]),

    // MARK: Simulations: take measured parameters, know no instrument
    module("Materials", ["Units", "Tables"]),
    module("Configuration", ["Units", "Tables", yams]),
    module(
      "Recipes", ["Units", "Tables", "Bytes", "Reading", "DelimitedText", "Configuration"]),
    module("FilmElasticity", ["Units", "NumericalMethods", "CKernels", real]),
    module("Simulation", ["Units", "Tables", "Bytes", "Materials", "Configuration"]),
    module(
      "Plating",
      [
        "Units", "Tables", "Bytes", "NumericalMethods", "Materials", "FilmElasticity",
        "Configuration", "Simulation", real,
      ]),
    module(
      "Delamination",
      [
        "Units", "Tables", "Bytes", "NumericalMethods", "Materials", "FilmElasticity",
        "Configuration", "Simulation", real,
      ]),
    module(
      "Sweeping",
      [
        "Units", "Tables", "Bytes", "NumericalMethods", "Materials", "Configuration", "Simulation",
        "Plating", "Delamination", real,
      ]),
    module(
      "Verification",
      [
        "Units", "Tables", "CKernels", "NumericalMethods", "Materials", "FilmElasticity",
        "Configuration", "Simulation", "Plating", "Delamination", real,
      ]),

    // MARK: What a file says twice
    module(
      "CrossChecks",
      [
        "Units", "Tables", "NumericalMethods", "XRayAbsorption", "IonBeamAnalysis", real,
      ]),

    // MARK: From a folder to a report
    module(
      "FormatRegistry",
      [
        "Units", "Tables", "Bytes", "Reading", "DelimitedText", "ForceMicroscopy",
        "XRayAbsorption", "IonBeamAnalysis", "Cycling", "SimulationFiles", "Recipes",
      ]),
    module("Output", ["Units", "Tables", "Bytes", "CSQLite"]),
    module(
      "Study",
      [
        "Units", "Tables", "Bytes", "Reading", "FormatRegistry", "ForceMicroscopy",
        "XRayAbsorption", "Cycling", "IonBeamAnalysis", "CrossChecks", "Materials", "Configuration",
        "Simulation",
        "Plating", "Delamination", "Sweeping", "Output",
      ]),
    module(
      "Report",
      [
        "Units", "Tables", "Output", "Study", "ForceMicroscopy", "XRayAbsorption", "Cycling",
        "IonBeamAnalysis", "Materials", "Simulation", "Sweeping",
      ]),

    // MARK: What users call
    module(
      "Interphase",
      [
        "Units", "Tables", "Bytes", "Reading", "NumericalMethods", "DelimitedText",
        "ForceMicroscopy", "XRayAbsorption", "IonBeamAnalysis", "Cycling", "SimulationFiles",
        "Recipes", "Materials",
        "Configuration", "FilmElasticity", "Simulation", "Plating", "Delamination", "Sweeping",
        "Verification", "FormatRegistry", "CrossChecks", "Output",
        "Study", "Report",
      ]),
    .executableTarget(
      name: "CommandLineTool", dependencies: ["Interphase", argumentParser],
      swiftSettings: settings),

    // MARK: Tests
    .target(
      name: "TestSupport",
      dependencies: ["Units", "Tables", "Bytes", "Reading", "FormatRegistry", "Output"],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests("UnitsTests", ["Units", "TestSupport"]),
    tests("TablesTests", ["Units", "Tables", "TestSupport"]),
    tests("BytesTests", ["Units", "Tables", "Bytes", "TestSupport"]),
    tests("ConfigurationTests", ["Units", "Tables", "Configuration", "TestSupport"]),
    tests("NumericalMethodsTests", ["NumericalMethods", "TestSupport", real]),
    tests("FormatTests", ["Interphase", "TestSupport"]),
    tests("RecipesTests", ["Interphase", "TestSupport"]),
    tests("CyclingTests", ["Interphase", "TestSupport"]),
    tests("ForceMicroscopyTests", ["Interphase", "TestSupport"]),
    tests("XRayAbsorptionTests", ["Interphase", "TestSupport", real]),
    tests("IonBeamAnalysisTests", ["Interphase", "TestSupport", real]),
    tests("FilmElasticityTests", ["Interphase", "TestSupport"]),
    tests("PlatingTests", ["Interphase", "TestSupport"]),
    tests("DelaminationTests", ["Interphase", "TestSupport"]),
    tests("SweepingTests", ["Interphase", "TestSupport"]),
    tests("VerificationTests", ["Interphase", "CKernels", "TestSupport"]),
    tests("OutputTests", ["Interphase", "TestSupport"]),
    tests("StudyTests", ["Interphase", "TestSupport"]),
    tests("CrossChecksTests", ["Interphase", "TestSupport"]),
    tests("CommandLineTests", ["Interphase", "TestSupport"]),
  ]
)
