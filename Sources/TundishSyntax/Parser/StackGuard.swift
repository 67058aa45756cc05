/// Measures how much stack a recursion has used, so that deep text gives a diagnostic on small
/// stacks too.
///
/// The nesting limit alone would have to suit debug builds, whose frames are several times larger.
/// Secondary threads have 512 KB; the budget leaves half of that to callers.
struct StackGuard {
  /// How many bytes of stack may be used below the guard's creation.
  static let byteBudget: UInt = 256 * 1024

  private let base: UInt

  init() {
    base = Self.address()
  }

  /// Whether the budget is used up.
  var isExhausted: Bool {
    let here = Self.address()
    return (here > base ? here - base : base - here) > Self.byteBudget
  }

  /// An address in the current frame.
  ///
  /// It is only compared, never dereferenced.
  @inline(never)
  private static func address() -> UInt {
    var marker: UInt8 = 0
    return unsafe withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }
}
