import Tundish

/// A program that asks its own export two questions: swift run, in this folder.
@main struct EmbedTundish {
  /// A row of the answer: columns match by name, `win_rate` as `winRate`.
  struct OwnerWinRate: Decodable {
    let owner: String
    let winRate: Double?
  }

  static func main() throws {
    let database = try Database()
    for message in try database.load("../win_rates/data/").messages { print(message) }

    let rates = try database.query(
      "win_rate by owner where lead_source = $source",
      ["source": "referral"]
    )
    for row in try rates.decode(OwnerWinRate.self) {
      print(row.owner, row.winRate ?? .nan)
    }

    // A mistake is a value too: what is wrong, where, and what would work.
    do {
      try database.query("win_rat by owner")
    } catch let error as TundishError {
      print(error)
    }
  }
}
