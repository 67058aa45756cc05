/// The obvious reader of an event log in CSV: one pass over the bytes, without quotes, checks and guesses.
enum PlainCSV {
  /// Reads the rows into arrays, words as numbers in the order in which they are first seen.
  static func columns(_ bytes: [UInt8]) -> (ids: [Int], words: [Int], days: [Int], amounts: [Int]) {
    var (ids, words, days, amounts): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    var codes: [ArraySlice<UInt8>: Int] = [:]
    var place = (bytes.firstIndex(of: newline) ?? 0) + 1
    while place < bytes.count {
      ids.append(number(bytes, &place))
      let start = place
      while bytes[place] != comma { place += 1 }
      let word = bytes[start..<place]
      let code = codes[word] ?? codes.count
      codes[word] = code
      words.append(code)
      place += 1
      let year = number(bytes, &place)
      let month = number(bytes, &place)
      let day = number(bytes, &place)
      days.append(PlainDate(year: year, month: month, day: day).dayNumber)
      while bytes[place] != comma { place += 1 }
      place += 1
      let whole = number(bytes, &place)
      amounts.append(whole * 100 + number(bytes, &place))
    }
    return (ids, words, days, amounts)
  }

  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")

  /// Reads digits and goes past the byte behind them.
  private static func number(_ bytes: [UInt8], _ place: inout Int) -> Int {
    var number = 0
    while (0x30...0x39).contains(bytes[place]) {
      number = number * 10 + Int(bytes[place] - 0x30)
      place += 1
    }
    place += 1
    return number
  }
}
