/// A small seeded generator, so that every input can be made again from two numbers.
struct FuzzRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The generator of one input of a campaign.
  init(seed: UInt64, input: Int) {
    var mixer = FuzzRandom(seed: seed)
    state = mixer.next() ^ (UInt64(truncatingIfNeeded: input) &* 0xD6E8_FEB8_6659_FD93)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to a limit, 0 if there is none.
  mutating func below(_ limit: Int) -> Int {
    limit > 0 ? Int(next() % UInt64(limit)) : 0
  }

  /// True once in so many times.
  mutating func once(in count: Int) -> Bool { below(count) == 0 }

  /// An element of a list; nil if it is empty.
  mutating func element<T>(of list: [T]) -> T? {
    list.isEmpty ? nil : list[below(list.count)]
  }
}
