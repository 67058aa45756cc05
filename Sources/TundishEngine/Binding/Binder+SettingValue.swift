internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// `current_setting('timezone')`: a setting's value as text.
  func bindSettingValue(_ written: Expression, _ range: SourceRange) -> BoundExpression? {
    guard case .literal(.string(let name)) = written.unwrapped.kind else {
      report(.callForm("current_setting takes the name of a setting as a constant", at: range))
      return nil
    }
    guard let entry = SettingList.entry(name) else {
      report(
        .unknownSetting(
          name,
          at: blame(written.range),
          closest: Suggestion.closest(to: name, in: SettingList.all.map(\.name))
        )
      )
      return nil
    }
    return BoundExpression(
      .literal(.text(entry.get(environment.settings))),
      type: .varchar,
      range: range
    )
  }
}
