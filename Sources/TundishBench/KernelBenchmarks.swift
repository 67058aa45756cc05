import TundishColumns

/// Single kernels, each beside the plain loop that says the same.
enum KernelBenchmarks {
  static let rowCount = 1_000_000

  static let all: [Benchmark] = [blend, search]

  /// CASE with one condition over two columns of numbers.
  private static let blend = Benchmark(
    name: "kernel.blend",
    valueCount: rowCount,
    scalar: {
      let mask = (0..<rowCount).map { $0 * 7919 % 10 < 3 }
      let values = (0..<rowCount).map { Int64($0) }
      return {
        var sum: Int64 = 0
        var chosen: [Int64] = []
        chosen.reserveCapacity(rowCount)
        for row in 0..<rowCount { chosen.append(mask[row] ? values[row] : -1) }
        for value in chosen { sum &+= value }
        return sum > 0
      }
    },
    prepare: {
      let mask = (0..<rowCount).map { $0 * 7919 % 10 < 3 }
      let values = Column.integers((0..<rowCount).map { Int64($0) }, type: .bigint)
      let other = Column.constant(.integer(-1), type: .bigint, count: rowCount)
      return {
        guard let chosen = values.blended(with: other, where: mask) else { return false }
        return chosen.value(at: 0) == .integer(0) && chosen.value(at: 1) == .integer(-1)
      }
    }
  )

  /// A word looked for in texts of about forty bytes.
  private static let search = Benchmark(
    name: "kernel.search",
    valueCount: rowCount,
    scalar: {
      let (texts, needle) = searched()
      return {
        texts.filter { text in
          text.indices.contains { place in
            place + needle.count <= text.count
              && needle.indices.allSatisfy { text[place + $0] == needle[$0] }
          }
        }.count == rowCount / 10
      }
    },
    prepare: {
      let (texts, needle) = searched()
      return {
        var found = 0
        for text in texts where bytesFirstIndex(of: needle.span, in: text.span) != nil {
          found += 1
        }
        return found == rowCount / 10
      }
    }
  )

  private static func searched() -> (texts: [[UInt8]], needle: [UInt8]) {
    let texts = (0..<rowCount).map { row in
      Array("deal \(row) of a customer, \(row % 10 == 0 ? "a renewal" : "revenue is new")".utf8)
    }
    return (texts, Array("renewal".utf8))
  }
}
