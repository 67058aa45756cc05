internal import TundishSyntax

/// Whose milestones two words name: a lead's or an opportunity's.
///
/// The lead's if there are leads, unless both are stages of the opportunities' history and neither
/// is declared or built in.
struct EntityRole {
  let model: SalesModel
  let lookup: SchemaLookup

  /// The milestones that a model of leads knows without a history.
  private static let builtIn = ["visitor", "lead", "converted", "opportunity", "customer"]

  /// The role whose entities reach all of some milestones.
  func role(of milestones: [Milestone]) throws(StatementFailure) -> ModelRole {
    guard let leads = model.role(.leads) else { return .opportunities }
    guard model.role(.opportunities) != nil else { return .leads }
    let known = Self.builtIn + leads.milestones.map { foldedText($0.name.text) }
    let isNamed = milestones.contains { !$0.isLabel && known.contains(foldedText($0.name)) }
    guard !isNamed, let history = model.role(.history, of: .opportunities),
      let stage = history.value("stage")
    else { return .leads }
    let labels = try lookup.texts(of: stage, in: history.table)
    let areStages = milestones.allSatisfy { milestone in
      labels.contains {
        milestone.isLabel ? $0 == milestone.name : foldedEqual($0, milestone.name)
      }
    }
    return areStages ? .opportunities : .leads
  }
}
