// swift-tools-version: 6.2

import PackageDescription

/// Settings shared by every Swift target.
///
/// No `unsafeFlags`: a package that uses them cannot be a dependency of clients on older tools.
let swiftSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "tundish",
  products: [
    .library(name: "Tundish", targets: ["Tundish"]),
    .executable(name: "tundish", targets: ["TundishCLI"]),
    .executable(name: "tundish-test", targets: ["TundishTestRunner"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // MARK: Engine libraries, lowest first

    .target(name: "TundishSyntax", swiftSettings: swiftSettings),
    // CByteMasks: see there.
    .target(
      name: "TundishColumns",
      dependencies: ["CByteMasks"],
      swiftSettings: swiftSettings
    ),
    .systemLibrary(
      name: "CZlib",
      pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]
    ),
    .systemLibrary(
      name: "CZstd",
      pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"]), .yum(["libzstd-devel"]), .brew(["zstd"])]
    ),
    .systemLibrary(
      name: "CBzip2",
      providers: [.apt(["libbz2-dev"]), .yum(["bzip2-devel"]), .brew(["bzip2"])]
    ),
    .systemLibrary(
      name: "CZip",
      pkgConfig: "libzip",
      providers: [.apt(["libzip-dev"]), .yum(["libzip-devel"]), .brew(["libzip"])]
    ),
    .systemLibrary(
      name: "CExpat",
      pkgConfig: "expat",
      providers: [.apt(["libexpat1-dev"]), .yum(["expat-devel"]), .brew(["expat"])]
    ),
    // A header of inlined functions: Swift cannot gather the high bits of a vector (movemask), and its
    // best substitute finds the bytes that structure a CSV file at 1.8 GB/s instead of 6.3.
    .systemLibrary(name: "CByteMasks"),
    .target(
      name: "TundishFormats",
      dependencies: [
        "TundishColumns", "CByteMasks", "CZlib", "CZstd", "CBzip2", "CZip", "CExpat",
      ],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "TundishEngine",
      dependencies: ["TundishSyntax", "TundishColumns"],
      resources: [.embedInCode("Prelude/sales.tnd")],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "Tundish",
      dependencies: ["TundishSyntax", "TundishColumns", "TundishFormats", "TundishEngine"],
      swiftSettings: swiftSettings
    ),

    // MARK: Rims

    .systemLibrary(
      name: "CEditLine",
      pkgConfig: "libedit",
      providers: [.apt(["libedit-dev"]), .yum(["libedit-devel"]), .brew(["libedit"])]
    ),
    .target(
      name: "TundishREPL",
      dependencies: ["Tundish", "TundishSyntax", "CEditLine"],
      swiftSettings: swiftSettings
    ),
    // The allocator's policy is not in the module Glibc.
    .systemLibrary(name: "CMalloc"),
    .executableTarget(
      name: "TundishCLI",
      dependencies: [
        "CMalloc", "Tundish", "TundishREPL",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "TundishBench",
      dependencies: ["Tundish", "TundishColumns", "TundishFormats"],
      exclude: ["instructions.sh"],
      swiftSettings: swiftSettings
    ),

    // MARK: Tests

    .target(
      name: "TundishTestSupport",
      dependencies: ["Tundish"],
      path: "Tests/TundishTestSupport",
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "TundishTestRunner",
      dependencies: ["TundishTestSupport"],
      path: "Tests/TundishTestRunner",
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "TundishFuzz",
      dependencies: ["Tundish", "TundishTestSupport"],
      path: "Tests/Fuzz",
      exclude: ["LOG.md"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishSyntaxTests",
      dependencies: ["TundishSyntax", "TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishColumnsTests",
      dependencies: ["TundishColumns", "TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishFormatsTests",
      dependencies: ["TundishFormats", "TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishEngineTests",
      dependencies: ["TundishEngine", "TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishTests",
      dependencies: ["Tundish", "TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishGoldenTests",
      dependencies: ["Tundish", "TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishREPLTests",
      dependencies: ["TundishREPL", "TundishCLI", "TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "TundishTidyTests",
      dependencies: ["TundishTestSupport"],
      swiftSettings: swiftSettings
    ),
  ],
  swiftLanguageModes: [.v6]
)
