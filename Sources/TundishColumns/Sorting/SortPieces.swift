/// Rows to sort, cut into pieces by the most significant bits of their words: all words of a piece
/// are less than those of the next.
struct SortPieces {
  /// The fewest rows that are worth cutting.
  static let leastRowCount = 65_536
  /// The bits by which rows are told apart.
  private static let bucketBits = 12
  /// The rows that a piece should have: enough to pay for its start, few enough for their words to
  /// stay in the cache, and for a cancelled sort to end soon.
  private static let wantedRowCount = 32_768

  /// Where each piece begins in `rows`; one more element than there are pieces.
  private let starts: [Int]
  /// The rows, piece by piece, ascending within a piece.
  private let rows: [Int32]

  /// Cuts the rows of some words of so many bits.
  init(_ words: [UInt64], bits: Int) {
    let shift = UInt64(max(0, bits - Self.bucketBits))
    let counts = Self.counts(words, shift: shift)
    var pieceOfBucket = [Int32](repeating: 0, count: counts.count)
    var starts = [0]
    var end = 0
    for bucket in counts.indices {
      pieceOfBucket[bucket] = Int32(starts.count - 1)
      end += counts[bucket]
      if end - starts[starts.count - 1] >= Self.wantedRowCount, end < words.count {
        starts.append(end)
      }
    }
    starts.append(words.count)
    self.starts = starts
    rows = Self.distributed(words, shift: shift, pieceOfBucket, starts)
  }

  /// The number of pieces.
  var count: Int { starts.count - 1 }

  /// The rows of a piece, ascending.
  func rows(of piece: Int) -> [Int32] { Array(rows[starts[piece]..<starts[piece + 1]]) }

  private static func counts(_ words: [UInt64], shift: UInt64) -> [Int] {
    var counts = [Int](repeating: 0, count: 1 << bucketBits)
    var slots = counts.mutableSpan
    let words = words.span
    for row in words.indices { slots[Int(truncatingIfNeeded: words[row] &>> shift)] &+= 1 }
    return counts
  }

  private static func distributed(
    _ words: [UInt64],
    shift: UInt64,
    _ pieceOfBucket: [Int32],
    _ starts: [Int]
  ) -> [Int32] {
    var rows = [Int32](repeating: 0, count: words.count)
    var next = starts
    var output = rows.mutableSpan
    var places = next.mutableSpan
    let words = words.span
    let pieces = pieceOfBucket.span
    for row in words.indices {
      let piece = Int(pieces[Int(truncatingIfNeeded: words[row] &>> shift)])
      output[places[piece]] = Int32(truncatingIfNeeded: row)
      places[piece] &+= 1
    }
    return rows
  }
}
