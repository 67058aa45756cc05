import Tundish

// Text that is new in each row, and dates.
extension QueryBenchmarks {
  static let texts: [Benchmark] = [
    query("like", "SELECT count(*) FROM deals WHERE account || id LIKE '%999%'") { deals in
      let nine = UInt8(ascii: "9")
      return [
        Double(
          deals.rows.count { row in
            let text = Array("account \(deals.accounts[row])\(row)".utf8)
            return text.indices.dropLast(2).contains {
              text[$0] == nine && text[$0 + 1] == nine && text[$0 + 2] == nine
            }
          }
        )
      ]
    },
    query(
      "regex",
      "SELECT count(*) FROM deals WHERE regexp_matches(account || id, '^account [0-9]*77[0-9]$')"
    ) { deals in
      // The last but two and the last but one digit are sevens.
      [
        Double(
          deals.rows.count { row in
            let digits = Array("\(deals.accounts[row])\(row)".utf8.suffix(3))
            return digits.count == 3 && digits[0] == UInt8(ascii: "7") && digits[1] == digits[0]
          }
        )
      ]
    },
    query(
      "regex.group",
      "SELECT sum(length(regexp_extract(account || '/' || id, '^(.*)/([0-9]+)$', 2))) FROM deals"
    ) { deals in
      [Double(deals.rows.reduce(0) { $0 + String($1).utf8.count })]
    },
    query("upper", "SELECT sum(length(upper(account || ' of ' || owner))) FROM deals") { deals in
      var sum = 0
      for row in deals.rows {
        sum +=
          "account \(deals.accounts[row]) of owner \(deals.owners[row])".uppercased().utf8.count
      }
      return [Double(sum)]
    },
    query("like.codes", "SELECT count(*) FROM deals WHERE account LIKE '%99%'") { deals in
      [Double(deals.accounts.count { has99($0) })]
    },
    query(
      "dates",
      "SELECT sum(year(created)), sum(month(created)), sum(closed - created) FROM deals"
    ) { deals in
      var (years, months, days) = (0, 0, 0)
      for row in deals.rows {
        let date = PlainDate(dayNumber: PlainDeals.firstDay + deals.created[row])
        years += date.year
        months += date.month
        // A deal is closed 31 days after it was created.
        if deals.stages[row] != 0 { days += 31 }
      }
      return [Double(years), Double(months), Double(days)]
    },
  ]

  /// Whether two nines follow each other in a number.
  private static func has99(_ number: Int) -> Bool {
    var rest = number
    while rest >= 10 {
      if rest % 100 == 99 { return true }
      rest /= 10
    }
    return false
  }
}
