internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// `getvariable('name')`: what SET VARIABLE has set; NULL where it has not.
  func bindVariable(_ written: Expression, _ range: SourceRange) -> BoundExpression? {
    guard case .literal(.string(let name)) = written.unwrapped.kind else {
      report(.callForm("getvariable takes the name of a variable as a constant", at: range))
      return nil
    }
    guard let variable = environment.settings.variables[foldedKey(name)] else {
      return .null(.null, range: range)
    }
    return BoundExpression(.literal(variable.value), type: variable.type, range: range)
  }

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
