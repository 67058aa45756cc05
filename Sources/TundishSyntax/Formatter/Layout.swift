/// Text with places where lines may break: what the formatter builds and then lays out.
///
/// A group is printed on one line if it fits, else each of its own breaks becomes a line end; inner
/// groups are decided again.
indirect enum Layout: Sendable {
  /// Text as it is.
  case text(String)
  /// A space, or a line end in a broken group.
  case line
  /// Nothing, or a line end in a broken group.
  case softLine
  /// A line end, which breaks the groups around it.
  case hardLine
  /// One after the other.
  case sequence([Layout])
  /// Lines inside are indented one step further.
  case nest(Layout)
  /// A unit that is broken as a whole.
  case group(Layout)

  /// The text's width in columns that is aimed at.
  static let width = 100

  static let empty = Layout.sequence([])

  /// Whether a hard line stands inside.
  private var mustBreak: Bool {
    switch self {
    case .hardLine: true
    case .text, .line, .softLine: false
    case .sequence(let parts): parts.contains { $0.mustBreak }
    case .nest(let inner), .group(let inner): inner.mustBreak
    }
  }

  /// Lays the text out.
  func rendered(width: Int = Layout.width) -> String {
    var output = ""
    var column = 0
    var stack: [(indent: Int, isFlat: Bool, layout: Layout)] = [(0, false, self)]
    while let (indent, isFlat, layout) = stack.popLast() {
      switch layout {
      case .text(let text):
        output += text
        column += text.count
      case .line where isFlat:
        output += " "
        column += 1
      case .softLine where isFlat: break
      case .line, .softLine, .hardLine:
        while output.last == " " { output.removeLast() }
        output += "\n" + String(repeating: " ", count: indent)
        column = indent
      case .sequence(let parts):
        for part in parts.reversed() { stack.append((indent, isFlat, part)) }
      case .nest(let inner):
        stack.append((indent + 2, isFlat, inner))
      case .group(let inner):
        let fits = isFlat || !inner.mustBreak && inner.fits(in: width - column)
        stack.append((indent, fits, inner))
      }
    }
    return output
  }

  /// Whether it fits on one line of the given width.
  private func fits(in width: Int) -> Bool {
    var room = width
    var stack = [self]
    while let layout = stack.popLast() {
      switch layout {
      case .text(let text): room -= text.count
      case .line: room -= 1
      case .softLine, .hardLine: break
      case .sequence(let parts): stack += parts.reversed()
      case .nest(let inner), .group(let inner): stack.append(inner)
      }
      if room < 0 { return false }
    }
    return true
  }
}

extension Layout: ExpressibleByStringLiteral {
  init(stringLiteral value: String) {
    self = .text(value)
  }
}

extension Layout: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: Layout...) {
    self = .sequence(elements)
  }
}

extension Sequence where Element == Layout {
  /// The elements with a separator between them.
  func joined(by separator: Layout) -> Layout {
    var parts: [Layout] = []
    for element in self {
      if !parts.isEmpty { parts.append(separator) }
      parts.append(element)
    }
    return .sequence(parts)
  }

  /// The elements with commas between them.
  var commaSeparated: Layout { joined(by: [",", .line]) }

  /// The elements in parentheses, one per line where they do not fit on one.
  var inParentheses: Layout {
    .group(["(", .nest([.softLine, commaSeparated]), .softLine, ")"])
  }
}
