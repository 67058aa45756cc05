// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "EmbedTundish",
  dependencies: [.package(name: "tundish", path: "../..")],
  targets: [
    .executableTarget(
      name: "EmbedTundish",
      dependencies: [.product(name: "Tundish", package: "tundish")],
      path: "Sources"
    )
  ]
)
