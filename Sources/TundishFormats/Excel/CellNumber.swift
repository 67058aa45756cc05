// The texts of numbers in cells, looked at without making a text or a number of them.
extension [UInt8] {
  /// The number that digits, and a minus in front or not, are; nil for other texts and beyond 18 digits.
  var wholeNumber: Int64? {
    let start = first == UInt8(ascii: "-") ? 1 : 0
    guard count > start, count - start <= 18 else { return nil }
    var number: Int64 = 0
    for i in start..<count {
      let digit = self[i] &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      number = number &* 10 &+ Int64(digit)
    }
    return start == 0 ? number : 0 &- number
  }

  /// Whether this is a decimal as the shortest text of a number is written: at most 15 digits, no zero
  /// at the end behind the point, one digit at least in front of it, not small.
  ///
  /// Of texts with so few digits no two mean the same number, so there is no shorter one.
  var isShortDecimal: Bool {
    let start = count > 0 && self[0] == UInt8(ascii: "-") ? 1 : 0
    guard count > start + 2, count <= start + 16, self[count - 1] != UInt8(ascii: "0") else {
      return false
    }
    var point: Int?
    for i in start..<count {
      if self[i] == UInt8(ascii: "."), point == nil {
        point = i
      } else if self[i] &- UInt8(ascii: "0") > 9 {
        return false
      }
    }
    guard let point, point > start, point < count - 1 else { return false }
    if self[start] == UInt8(ascii: "0") {
      // `0.0001` has an exponent in some writings, and `01.5` is no number.
      return point == start + 1 && self[point + 1] != UInt8(ascii: "0")
    }
    return true
  }
}
