/// Takes wrappers away from records, and flattens them where asked.
struct JSONPreparation {
  let flattens: Bool
  /// Whether a member `attributes` was dropped.
  private(set) var droppedAttributes = false

  init(flattens: Bool) {
    self.flattens = flattens
  }

  /// Returns a record as its columns are made of it.
  mutating func prepared(_ record: JSONValue) -> JSONValue {
    guard case .object(let members) = record else { return record }
    var flat: [JSONValue.Member] = []
    for member in members {
      if member.name == "attributes", case .object = member.value,
        case .string = member.value["type"]
      {
        droppedAttributes = true
        if let reference = member.value["referenceId"] {
          flat.append(JSONValue.Member(name: "referenceId", value: reference))
        }
      } else if flattens {
        flatten(member, prefix: "", into: &flat)
      } else {
        flat.append(member)
      }
    }
    return .object(flat)
  }

  private func flatten(
    _ member: JSONValue.Member,
    prefix: String,
    into flat: inout [JSONValue.Member]
  ) {
    let name = prefix.isEmpty ? member.name : "\(prefix)_\(member.name)"
    guard case .object(let members) = member.value else {
      flat.append(JSONValue.Member(name: name, value: member.value))
      return
    }
    for inner in members where inner.name != "attributes" {
      flatten(inner, prefix: name, into: &flat)
    }
  }
}
