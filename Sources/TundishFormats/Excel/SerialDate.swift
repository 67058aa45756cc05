/// Days of Excel: 1 is 1900-01-01, and 60 a leap day that 1900 did not have.
enum SerialDate {
  /// The number of days from 1899-12-30 to 1970-01-01.
  static let epochOffset: Int64 = 25_569
  /// The number of days from 1899-12-30 to 1904-01-01.
  private static let offset1904: Int64 = 1_462
  private static let microsecondsPerDay: Int64 = 86_400_000_000
  /// The first number beyond 9999-12-31.
  private static let limit = 2_958_466.0

  /// The text of a serial number; nil where it is no day.
  static func text(_ serial: Double, _ kind: Workbook.NumberKind, from1904: Bool) -> String? {
    guard serial >= 0, serial < limit else { return nil }
    // Serial numbers keep milliseconds.
    var microseconds = Int64((serial * 86_400_000).rounded()) * 1_000
    if kind == .duration || kind == .time && serial < 1 { return clock(microseconds) }
    if from1904 {
      microseconds += offset1904 * microsecondsPerDay
    } else if serial < 60 {
      // In front of the leap day that never was, numbers are one day behind.
      microseconds += microsecondsPerDay
    }
    let time = microseconds % microsecondsPerDay
    var bytes: [UInt8] = []
    bytes.appendDate(microseconds / microsecondsPerDay - epochOffset)
    let date = String(decoding: bytes, as: UTF8.self)
    return kind == .date && time == 0 ? date : "\(date) \(clock(time))"
  }

  /// The day of a whole serial number behind the leap day that never was, counted from 1970-01-01; nil
  /// for others.
  static func day(_ serial: Int64, _ from1904: Bool) -> Int64? {
    guard serial >= 60, Double(serial) < limit else { return nil }
    return serial - epochOffset + (from1904 ? offset1904 : 0)
  }

  private static func clock(_ microseconds: Int64) -> String {
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let seconds = microseconds / 1_000_000
    let text = "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    let rest = microseconds % 1_000_000 / 1_000
    return rest > 0 ? text + "." + String(String(rest + 1_000).dropFirst()) : text
  }
}
